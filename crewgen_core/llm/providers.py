"""Who serves models: the providers that crewgen suggests, what each needs in the environment, and what is there.

Every other provider that LiteLLM knows works too, by its LiteLLM name. Only names of variables are looked at and shown,
never their values.
"""

from collections.abc import Mapping

from crewgen_core.models.value import Value


class Provider(Value):
    """One provider of models."""

    prefix: str
    """First part of its models' LiteLLM names ("openai" in "openai/gpt-5-mini")."""
    name: str
    needs: tuple[tuple[str, ...], ...]
    """Environment variables it needs; of each group any one is enough. Empty when it needs none."""
    suggested: tuple[str, ...]
    """Models to start with, the usual one first; all are in the price map and have no end announced. Empty where the
    map lists none."""

    def missing(self, environment: Mapping[str, str]) -> tuple[str, ...]:
        """Return the variables that still have to be set, of each open group the first."""
        return tuple(group[0] for group in self.needs if not any(environment.get(name) for name in group))

    def found(self, environment: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of those variables that are set."""
        return tuple(name for group in self.needs for name in group if environment.get(name))


# Variables: the provider pages of docs.litellm.ai. Suggestions: a middle model of each, then a small, then a large one.
PROVIDERS: tuple[Provider, ...] = (
    Provider(
        prefix="openai",
        name="OpenAI",
        needs=(("OPENAI_API_KEY",),),
        suggested=("openai/gpt-5-mini", "openai/gpt-5-nano", "openai/gpt-5.1"),
    ),
    Provider(
        prefix="anthropic",
        name="Anthropic",
        needs=(("ANTHROPIC_API_KEY",),),
        suggested=("anthropic/claude-sonnet-5", "anthropic/claude-haiku-4-5", "anthropic/claude-opus-5"),
    ),
    Provider(
        prefix="gemini",
        name="Google Gemini",
        needs=(("GEMINI_API_KEY", "GOOGLE_API_KEY"),),
        suggested=("gemini/gemini-3.5-flash", "gemini/gemini-2.5-flash-lite", "gemini/gemini-2.5-pro"),
    ),
    Provider(
        prefix="mistral",
        name="Mistral",
        needs=(("MISTRAL_API_KEY",),),
        suggested=("mistral/mistral-medium-latest", "mistral/mistral-small-latest", "mistral/mistral-large-latest"),
    ),
    Provider(
        prefix="groq",
        name="Groq",
        needs=(("GROQ_API_KEY",),),
        suggested=("groq/openai/gpt-oss-120b", "groq/openai/gpt-oss-20b"),
    ),
    Provider(
        prefix="deepseek",
        name="DeepSeek",
        needs=(("DEEPSEEK_API_KEY",),),
        suggested=("deepseek/deepseek-v4-flash", "deepseek/deepseek-v4-pro"),
    ),
    Provider(prefix="xai", name="xAI", needs=(("XAI_API_KEY",),), suggested=("xai/grok-4.3", "xai/grok-4.6")),
    Provider(
        prefix="azure",
        name="Azure OpenAI",
        needs=(("AZURE_API_KEY",), ("AZURE_API_BASE",), ("AZURE_API_VERSION",)),
        suggested=("azure/gpt-5-mini", "azure/gpt-5.1"),
    ),
    Provider(
        prefix="bedrock",
        name="Amazon Bedrock",
        needs=(
            ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK"),
            ("AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_BEARER_TOKEN_BEDROCK"),
            ("AWS_REGION_NAME", "AWS_REGION"),
        ),
        suggested=("bedrock/amazon.nova-pro-v1:0", "bedrock/amazon.nova-lite-v1:0"),
    ),
    Provider(
        prefix="together_ai",
        name="Together AI",
        needs=(("TOGETHERAI_API_KEY", "TOGETHER_API_KEY", "TOGETHER_AI_API_KEY"),),
        suggested=("together_ai/openai/gpt-oss-120b", "together_ai/Qwen/Qwen3.7-Plus"),
    ),
    Provider(
        prefix="cohere",
        name="Cohere",
        needs=(("COHERE_API_KEY", "CO_API_KEY"),),
        suggested=("cohere/command-a-03-2025", "cohere/command-r7b-12-2024"),
    ),
    Provider(
        prefix="cerebras",
        name="Cerebras",
        needs=(("CEREBRAS_API_KEY",),),
        suggested=("cerebras/gpt-oss-120b", "cerebras/qwen-3.8-27b"),
    ),
    Provider(prefix="openrouter", name="OpenRouter", needs=(("OPENROUTER_API_KEY",),), suggested=()),
    Provider(
        prefix="ollama", name="Ollama (on this machine)", needs=(), suggested=("ollama/llama3.1", "ollama/llama3:8b")
    ),
)


def provider_of(model: str) -> Provider | None:
    """Return the suggested provider that a model's LiteLLM name points to; None for any other."""
    prefix = model.partition("/")[0]
    return next((provider for provider in PROVIDERS if provider.prefix == prefix), None)


def configured_providers(environment: Mapping[str, str]) -> tuple[Provider, ...]:
    """Return the providers whose variables are all set. Ollama needs none, so it is always among them."""
    return tuple(provider for provider in PROVIDERS if not provider.missing(environment))

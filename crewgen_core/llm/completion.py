"""LiteLLM's response, as far as crewgen reads it; a response of another form is a fault, not a crash."""

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class _Message(_Read):
    content: str | None = None


class _Choice(_Read):
    message: _Message
    finish_reason: str | None = None


class _PromptDetails(_Read):
    cached_tokens: NonNegativeInt | None = None


class _Usage(_Read):
    prompt_tokens: NonNegativeInt | None = None
    completion_tokens: NonNegativeInt | None = None
    prompt_tokens_details: _PromptDetails | None = None


class Completion(_Read):
    """What a model said and used. Raises ValidationError for anything that is no completion."""

    choices: tuple[_Choice, ...] = Field(default=())
    usage: _Usage | None = None

    @property
    def text(self) -> str:
        """What the model said, empty when it said nothing."""
        return (self.choices[0].message.content or "") if self.choices else ""

    @property
    def finish_reason(self) -> str:
        """Why it stopped, in OpenAI's words ("stop", "length"); empty when not told."""
        return (self.choices[0].finish_reason or "") if self.choices else ""

    @property
    def tokens_in(self) -> int:
        """Tokens of the prompt; 0 when not told."""
        return (self.usage.prompt_tokens or 0) if self.usage else 0

    @property
    def tokens_cached(self) -> int:
        """Part of the prompt that came from the provider's cache."""
        details = self.usage.prompt_tokens_details if self.usage else None
        return (details.cached_tokens or 0) if details else 0

    @property
    def tokens_out(self) -> int:
        """Tokens of the answer; 0 when not told."""
        return (self.usage.completion_tokens or 0) if self.usage else 0

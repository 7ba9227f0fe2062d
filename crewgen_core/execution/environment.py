"""What a crew needs in the environment of its process, and what that process may see: no key that it does not need."""

from collections.abc import Iterable, Mapping, Sequence

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Tool
from crewgen_core.execution.interpreter import unify
from crewgen_core.llm.providers import PROVIDERS, Provider, provider_of
from crewgen_core.models.crew import Crew
from crewgen_core.models.run import ToolGap

PLACEHOLDER = "not-needed"
"""Stands where a key has to be but none is asked for: in dry runs, and for servers of one's own."""

_SEEN = (
    "PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "CREWAI_TOOLS_ALLOW_UNSAFE_PATHS",
)  # fmt: skip
"""What every process sees: where programs are, how to write, the way to the network, and whether whoever set up this
machine lets file tools read outside of the run's own folder."""

_QUIET = {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_DISABLE_TRACKING": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_DISABLE_VERSION_CHECK": "true",
    "OTEL_SDK_DISABLED": "true",
    "ANONYMIZED_TELEMETRY": "false",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUTF8": "1",
    "NO_COLOR": "1",
}
"""Nobody is told that a crew runs, and nothing is written beside it."""

_BY_BEGINNING = {
    "gpt": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
    "claude": "anthropic",
    "gemini": "gemini",
}
"""Providers of models that are named without one."""


def find_tool_gaps(
    crew: Crew, catalog: Catalog, environment: Mapping[str, str], packages: frozenset[str] | None, *, dry: bool = False
) -> tuple[ToolGap, ...]:
    """Return the tools of a crew that lack keys or packages; ``packages`` is what CrewAI's environment has.

    A dry run needs no keys. None for ``packages``: nobody knows.
    """
    gaps: list[ToolGap] = []
    for tool in tools_of(crew, catalog):
        keys = () if dry else tuple(name for name in tool.environment if not environment.get(name))
        lacking = () if packages is None else tuple(name for name in tool.packages if _package(name) not in packages)
        if keys or lacking:
            gaps.append(ToolGap(tool=tool.key, name=tool.name, missing=(*keys, *lacking)))
    return tuple(gaps)


def tools_of(crew: Crew, catalog: Catalog) -> tuple[Tool, ...]:
    """Return the tools that a crew is granted and the catalog knows, once each."""
    granted = dict.fromkeys(key for part in (*crew.agents, *crew.tasks) for key in part.tools)
    return tuple(catalog.tools[key] for key in granted if key in catalog.tools)


def find_missing_keys(models: Iterable[str], environment: Mapping[str, str], own_server: bool) -> tuple[str, ...]:
    """Return the variables with keys that models need and that are not set.

    ``own_server``: models named "openai/…" are asked at an address of one's own, which may need none.
    """
    providers = dict.fromkeys(filter(None, map(find_provider, models)))
    asked = (provider for provider in providers if not (own_server and provider.prefix == "openai"))
    return tuple(dict.fromkeys(name for provider in asked for name in provider.missing(environment)))


def find_provider(model: str) -> Provider | None:
    """Return who serves a model, also where it is named without its provider; None for any that is not known."""
    if "/" in model:
        return provider_of(model)
    prefix = next((name for start, name in _BY_BEGINNING.items() if model.startswith(start)), "")
    return next((provider for provider in PROVIDERS if provider.prefix == prefix), None)


def quiet_environment(environment: Mapping[str, str], home: str) -> dict[str, str]:
    """Return what the process that runs a crew sees when it starts: no key; ``home`` is a folder of its own."""
    seen = {name: environment[name] for name in _SEEN if name in environment}
    places = dict.fromkeys(("HOME", "CREWAI_STORAGE_DIR", "TMPDIR", "XDG_DATA_HOME", "XDG_CACHE_HOME"), home)
    return seen | _QUIET | places


def choose_keys(
    models: Sequence[str], tools: Sequence[Tool], environment: Mapping[str, str], base_url: str, *, dry: bool = False
) -> dict[str, str]:
    """Return the variables that a crew needs beside: the keys of its models and tools, placeholders in a dry run.

    ``base_url`` is the address of models named "openai/…", "" for OpenAI's own. The process gets them over its line,
    so that nobody reads them in a list of processes.
    """
    names = key_names(models, tools)
    if dry:
        return dict.fromkeys((*names, "OPENAI_API_KEY"), PLACEHOLDER)
    chosen = {name: environment[name] for name in names if environment.get(name)}
    if base_url and any(provider and provider.prefix == "openai" for provider in map(find_provider, models)):
        chosen |= {"OPENAI_BASE_URL": base_url, "OPENAI_API_BASE": base_url}
        chosen.setdefault("OPENAI_API_KEY", PLACEHOLDER)
    return chosen


def key_names(models: Sequence[str], tools: Sequence[Tool]) -> tuple[str, ...]:
    """Return every variable that models and tools may read."""
    providers = filter(None, map(find_provider, models))
    of_models = (name for provider in providers for group in provider.needs for name in group)
    unknown = (f"{model.partition('/')[0].upper()}_API_KEY" for model in models if find_provider(model) is None)
    return tuple(dict.fromkeys((*of_models, *unknown, *(name for tool in tools for name in tool.environment))))


def _package(requirement: str) -> str:
    """Return the package that a requirement names ("selenium>=4" is "selenium")."""
    name = requirement
    for mark in "[<>=!~; ":
        name = name.partition(mark)[0]
    return unify(name)

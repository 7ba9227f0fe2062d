"""Settings: read once at the door from the environment and ``.streamlit/secrets.toml``; everyone below gets arguments.

The environment wins over the file. Keys of model providers stay under their providers' own names (OPENAI_API_KEY …);
they are never part of the settings, and reach only the provider.
"""

import os
import tomllib
from collections.abc import MutableMapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from crewgen_core.errors import UnknownSetting

DEFAULT_RUN_MODEL = "openai/gpt-5.6-luna"
"""A cheap current model with a published capability index (docs/estimator.md)."""

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ROOT / ".streamlit" / "secrets.toml"


class Settings(BaseSettings):
    """What can be configured; each name in capitals with the prefix ``CREWGEN_`` is its environment variable."""

    model_config = SettingsConfigDict(
        env_prefix="CREWGEN_", env_ignore_empty=True, frozen=True, extra="ignore", protected_namespaces=()
    )

    database_url: str = f"sqlite:///{ROOT / 'data' / 'crewgen.db'}"
    """SQLAlchemy address of the database: SQLite, or PostgreSQL ("postgresql://…")."""
    model: str = ""
    """LiteLLM name of the model that generates crews where a person chooses no engine; empty means Built-in."""
    run_model: str = DEFAULT_RUN_MODEL
    """LiteLLM name of the model of agents without one of their own: estimates assume it, exported projects name it."""
    model_deadline_seconds: Annotated[float, Field(gt=0, le=600)] = 30.0
    """Longest that generating may wait for a model, all attempts together, in seconds."""
    model_base_url: str = ""
    """Address of an OpenAI-compatible server for models named "openai/…"; empty means the provider's own."""
    calls_at_once: Annotated[int, Field(ge=1, le=1_000)] = 20
    """Most calls of one provider's models that are open at the same time, over all workers and pages."""
    calls_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Most calls of one provider's models that begin within a minute, likewise; 0 is no limit."""
    workers: Annotated[int, Field(ge=0, le=256)] | None = None
    """Processes that work on jobs while there are any; None: one for each processor, 0: only other machines work."""
    requests_per_minute: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    """Most requests to the API that one person may make within a minute; 0 is no limit."""
    generations_per_day: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    """Most crews that one person may have generated within a day (UTC), rows of jobs among them; 0 is no limit."""
    spend_per_day_usd: Annotated[Decimal, Field(ge=0, le=1_000_000)] = Decimal(0)
    """Most that model calls for one person may cost within a day (UTC), in USD; 0 is no limit."""
    provider_budget_per_day_usd: Annotated[Decimal, Field(ge=0, le=1_000_000)] = Decimal(0)
    """Most that calls of each provider's models may cost within a day (UTC), of all people, in USD; 0 is no limit."""
    token_share: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Part of each limit of a person that one of their tokens may use, so that no program uses up everything."""
    crewai_python: str = ""
    """Interpreter of the environment in which CrewAI is; empty means the one of `make crewai`."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"


def load_settings(secrets: Path = SECRETS, environment: MutableMapping[str, str] = os.environ) -> Settings:
    """Read the settings; raise UnknownSetting for a value that cannot be used.

    Text entries of the secrets file are put into the environment where it has none of that name: LiteLLM and Streamlit
    look for keys there. This happens once, before any request.
    """
    for name, value in _read_secrets(secrets).items():
        environment.setdefault(name, value)
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = "CREWGEN_" + "_".join(str(part) for part in fault["loc"]).upper()
        raise UnknownSetting(f"The setting {name} cannot be used: {fault['msg'].lower()}.") from error


def _read_secrets(path: Path) -> dict[str, str]:
    """Return the entries of the file's top level that are text; the rest of the file is Streamlit's."""
    if not path.is_file():
        return {}
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnknownSetting(f"The file {path.name} cannot be read: it is not valid TOML.") from error
    return {name: value for name, value in entries.items() if isinstance(value, str) and name.isupper()}

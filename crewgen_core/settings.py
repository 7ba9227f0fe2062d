"""Settings: read once at the door from the environment and ``.streamlit/secrets.toml``; everyone below gets arguments.

The environment wins over the file. Keys of model providers stay under their providers' own names (OPENAI_API_KEY …);
they are never part of the settings, and reach only the provider. A section ``[auth]`` as Streamlit's documents describe
it is read as the settings of the login.
"""

import json
import os
import tomllib
from collections.abc import Mapping, MutableMapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

from crewgen_core.errors import UnknownSetting

DEFAULT_RUN_MODEL = "openai/gpt-5.6-luna"
"""A cheap current model with a published capability index (docs/estimator.md)."""

ROOT = Path(__file__).resolve().parent.parent
SECRETS = ROOT / ".streamlit" / "secrets.toml"

RETURN_PATH = "/oauth2callback"
"""Where a provider of logins sends people back to: Streamlit's own path."""

_AUTH = {
    "server_metadata_url": "CREWGEN_OIDC_METADATA_URL",
    "client_id": "CREWGEN_OIDC_CLIENT_ID",
    "client_secret": "CREWGEN_OIDC_CLIENT_SECRET",
    "cookie_secret": "CREWGEN_COOKIE_SECRET",
}
"""Entries of the section [auth] and the settings that they are."""


def _split(value: object) -> object:
    """Return the parts of a list that is written with commas."""
    return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
"""Names, written with commas between them."""


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
    oidc_metadata_url: str = ""
    """Discovery document of the OpenID provider with which people sign in; empty means no login (``door.login``)."""
    oidc_client_id: str = ""
    """What the provider calls this dashboard."""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_client_kwargs: dict[str, str] = {}
    """Further parameters of the question to the provider, as JSON: scope, prompt …"""
    cookie_secret: SecretStr = SecretStr("")
    """What the cookies of those who signed in are signed with: at least 32 characters, the same after a restart."""
    sign_in_hours: Annotated[float, Field(gt=0, le=720)] = 12.0
    """How long a sign-in lasts; afterwards the provider is asked again."""
    public_url: str = ""
    """Address at which people open the dashboard, such as "https://crewgen.example.com"."""
    admins: Names = ()
    """Who is an administrator: emails that the provider calls verified, or subjects ("issuer|sub")."""
    default_role: Literal["viewer", "editor"] = "viewer"
    """Role of whoever signs in first and is not named as administrator."""
    allowed_hosts: Names = ()
    """Names under which the dashboard answers beside localhost and the host of the public address."""
    open_to_network: bool = False
    """Without login: whether other machines may come in, too, as administrators all."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"


def load_settings(secrets: Path = SECRETS, environment: MutableMapping[str, str] = os.environ) -> Settings:
    """Read the settings; raise UnknownSetting for a value that cannot be used.

    Text entries of the secrets file are put into the environment where it has none of that name: LiteLLM and Streamlit
    look for keys there. This happens once, before any request.
    """
    entries = _read_secrets(secrets)
    texts = {name: value for name, value in entries.items() if isinstance(value, str) and name.isupper()}
    for name, value in (texts | _read_auth(entries.get("auth"), secrets.name)).items():
        environment.setdefault(name, value)
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        name = "CREWGEN_" + "_".join(str(part) for part in fault["loc"]).upper()
        raise UnknownSetting(f"The setting {name} cannot be used: {fault['msg'].lower()}.") from error
    except SettingsError as error:
        raise UnknownSetting("The setting CREWGEN_OIDC_CLIENT_KWARGS cannot be used: it is not valid JSON.") from error


def _read_secrets(path: Path) -> dict[str, Any]:
    """Return the entries of the file, none where there is no file."""
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnknownSetting(f"The file {path.name} cannot be read: it is not valid TOML.") from error


def _read_auth(section: object, file: str) -> dict[str, str]:
    """Return the section [auth] as settings; a provider in a section of its own, such as [auth.google], counts too."""
    if not isinstance(section, Mapping):
        return {}
    auth = cast("Mapping[str, Any]", section)
    sections = cast("list[dict[str, Any]]", [value for value in auth.values() if isinstance(value, dict)])
    providers = [provider for provider in sections if "client_id" in provider]
    if len(providers) > 1:
        raise UnknownSetting(f"The section [auth] of {file} names {len(providers)} providers; people sign in with one.")
    merged = {**auth, **(providers[0] if providers else {})}
    found = {setting: str(merged[name]) for name, setting in _AUTH.items() if name in merged}
    if "client_kwargs" in merged:
        found["CREWGEN_OIDC_CLIENT_KWARGS"] = json.dumps(merged["client_kwargs"])
    if "redirect_uri" in merged:
        address = str(merged["redirect_uri"])
        if not address.endswith(RETURN_PATH):
            raise UnknownSetting(f"The redirect_uri in the section [auth] of {file} does not end with {RETURN_PATH}.")
        found["CREWGEN_PUBLIC_URL"] = address.removesuffix(RETURN_PATH)
    return found

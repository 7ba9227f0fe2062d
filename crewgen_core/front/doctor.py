"""Says what is configured, what is missing, and what to do about it."""

import os
import sys
from collections.abc import Mapping
from typing import Literal

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.day_limits import read_day_limits
from crewgen_core.door.login import LOOPBACK_NAMES, host_of, read_login
from crewgen_core.errors import CrewgenError
from crewgen_core.execution.interpreter import explain_missing
from crewgen_core.llm.prices import load_prices
from crewgen_core.llm.providers import configured_providers
from crewgen_core.models.value import Value
from crewgen_core.numbers import format_usd
from crewgen_core.settings import Settings
from crewgen_core.storage.database import Database


class Check(Value):
    """One thing that was looked at."""

    name: str
    status: Literal["ok", "optional", "fault"]
    """"optional" is missing but not needed, "fault" keeps something from working."""
    message: str
    hint: str = ""
    """What to do, empty when there is nothing to do."""


def examine(settings: Settings, catalog: Catalog, environment: Mapping[str, str] = os.environ) -> tuple[Check, ...]:
    """Look at everything that crewgen needs or can use; no secret is read, only whether it is set."""
    return (
        _check_python(),
        _check_access(settings),
        _check_database(settings),
        _check_catalog(catalog),
        _check_prices(),
        _check_providers(environment),
        _check_default_model(settings),
        _check_limits(settings),
        _check_tools(catalog, environment),
        _check_crewai(settings),
    )


def _check_python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    return Check(name="Python", status="ok", message=f"Python {version} runs the dashboard.")


def _check_access(settings: Settings) -> Check:
    """Say who may come in."""
    try:
        login = read_login(settings)
    except CrewgenError as fault:
        return Check(name="Access", status="fault", message=str(fault), hint=fault.hint)
    if login is None and settings.open_to_network:
        message = "There is no login, and everybody on the network may see, change and spend everything."
        return Check(name="Access", status="fault", message=message, hint="Configure a login (README).")
    if login is None:
        message = "There is no login: only this machine is served."
        return Check(name="Access", status="ok", message=message, hint="To let others in, configure a login (README).")
    message = f"People sign in at {login.public_url} with {login.provider}."
    if login.public_url.startswith("http://") and host_of(login.public_url) not in LOOPBACK_NAMES:
        hint = "Put a server with HTTPS in front: over plain HTTP anybody on the way can take a sign-in over."
        return Check(name="Access", status="fault", message=message, hint=hint)
    return Check(name="Access", status="ok", message=message)


def _check_database(settings: Settings) -> Check:
    try:
        Database.open(settings.database_url).close()
    except CrewgenError as fault:
        return Check(name="Database", status="fault", message=str(fault), hint=fault.hint)
    kind = settings.database_url.partition(":")[0]
    return Check(name="Database", status="ok", message=f"The {kind} database opens and is up to date.")


def _check_catalog(catalog: Catalog) -> Check:
    message = (
        f"{len(catalog.domains)} domains, {len(catalog.skills)} skills, {len(catalog.roles)} roles, "
        f"{len(catalog.steps)} steps and {len(catalog.tools)} tools."
    )
    return Check(name="Catalog", status="ok", message=message)


def _check_prices() -> Check:
    known = len(load_prices())
    if not known:
        hint = "Install the packages again with `make run`."
        return Check(name="Prices", status="fault", message="The price list of LiteLLM was not found.", hint=hint)
    return Check(name="Prices", status="ok", message=f"Prices of {known:,} models from the installed LiteLLM.")


def _check_providers(environment: Mapping[str, str]) -> Check:
    with_key = [provider.name for provider in configured_providers(environment) if provider.needs]
    if with_key:
        return Check(name="Providers", status="ok", message=f"Keys are set for {', '.join(with_key)}.")
    return Check(
        name="Providers",
        status="optional",
        message="No key of a model provider is set; crews are made by the built-in engine.",
        hint="To let a model refine crews, set a key (OPENAI_API_KEY …) in the environment or .streamlit/secrets.toml.",
    )


def _check_default_model(settings: Settings) -> Check:
    if settings.model:
        return Check(name="Default engine", status="ok", message=f"Crews are made with {settings.model}.")
    return Check(name="Default engine", status="ok", message="Crews are made by the built-in engine, without a model.")


def _check_limits(settings: Settings) -> Check:
    day, per_minute = read_day_limits(settings), settings.requests_per_minute
    told = (
        f"{per_minute:,} requests within a minute" if per_minute else "",
        f"{day.generations:,} crews a day" if day.generations else "",
        f"{format_usd(day.spend_usd)} a day for models" if day.spend_usd else "",
    )
    of_person = ", ".join(filter(None, told))
    messages = [f"Each person may use {of_person}."] if of_person else ["Nothing is limited for people."]
    if day.provider_usd:
        messages.append(f"Each provider's models may cost {format_usd(day.provider_usd)} a day.")
    return Check(name="Limits", status="ok", message=" ".join(messages))


def _check_tools(catalog: Catalog, environment: Mapping[str, str]) -> Check:
    missing = {
        variable for tool in catalog.tools.values() for variable in tool.environment if not environment.get(variable)
    }
    ready = sum(1 for tool in catalog.tools.values() if not set(tool.environment) & missing)
    message = (
        f"{ready} of {len(catalog.tools)} tools can be used when a crew runs; the others need keys that are not set."
    )
    hint = f"Set the keys of the tools you want, for example {min(missing)}." if missing else ""
    return Check(name="Tools", status="optional" if missing else "ok", message=message, hint=hint)


def _check_crewai(settings: Settings) -> Check:
    missing = explain_missing(settings.crewai_python)
    if missing is None:
        return Check(
            name="CrewAI", status="ok", message="CrewAI is set up in an environment of its own: crews can run."
        )
    return Check(
        name="CrewAI",
        status="fault" if settings.crewai_python else "optional",
        message=missing,
        hint="Crews can be made, checked and exported without it; `make crewai` sets it up.",
    )

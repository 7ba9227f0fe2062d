"""Engines and models: what is configured and where it comes from, and what each provider of models needs."""

from collections.abc import Collection
from urllib.parse import urlsplit

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.models.design import BUILT_IN
from pages.shared.plain_text import plain

_MEANINGS = {
    "model": "Default engine",
    "run_model": "Model that estimates assume",
    "model_deadline_seconds": "Longest wait for a model",
    "model_base_url": "Server of openai/… models",
    "database_url": "Database",
}
"""The settings that people ask about, in a few words, by field."""


def show_configuration(crewgen: Crewgen) -> None:
    """Show each setting with its value, its variable, and whether it was set or is the default."""
    st.subheader("Configuration", anchor=False)
    st.caption(
        "Read once at the start, from environment variables or `.streamlit/secrets.toml`; the environment wins. "
        "Restart crewgen after a change."
    )
    for field, meaning in _MEANINGS.items():
        origin = "set" if field in crewgen.settings.model_fields_set else "default"
        what, value = st.columns([2, 3], gap="small")
        what.markdown(f"{plain(meaning)}  \n:small[:gray[`CREWGEN_{field.upper()}`]]")
        value.markdown(f"**{plain(_describe(crewgen, field))}** :small[:gray[({origin})]]")


def show_providers(crewgen: Crewgen) -> None:
    """Show a card for each provider of models, those that can be used first."""
    st.subheader("Model providers", anchor=False)
    st.caption(
        "Whether a variable is set is all that is looked at: no key is ever shown. Any other provider that LiteLLM "
        "knows works too, by the LiteLLM name of its model."
    )
    environment = crewgen.knowledge.environment
    with st.grid(3, border=True, key="providers", min_column_width=260) as grid:
        for provider, ready in sorted(crewgen.models.list_providers(), key=lambda entry: not entry[1]):
            with grid.cell():
                state = ":green-badge[:material/check: ready]" if ready else ":gray-badge[not set up]"
                st.markdown(f"**{provider.name}** {state}")
                _show_needs(provider.needs, environment)
                _show_suggested(provider.suggested)


def _show_needs(needs: tuple[tuple[str, ...], ...], environment: Collection[str]) -> None:
    """Show the variables of a provider, each group of alternatives on a line, with a mark for what is set."""
    if not needs:
        st.markdown(":small[Needs no key; its server has to run.]")
    for group in needs:
        found = [name for name in group if name in environment]
        mark = ":green[:material/check:]" if found else ":gray[:material/remove:]"
        names = " or ".join(f"`{name}`" for name in found or group)
        st.markdown(f":small[{mark} {names} {'is set' if found else 'is not set'}]")


def _show_suggested(models: tuple[str, ...]) -> None:
    names = "  \n".join(f":small[`{model}`]" for model in models) or ":small[see the provider's own list]"
    st.markdown(f":small[:gray[Models to start with]]  \n{names}")


def _describe(crewgen: Crewgen, field: str) -> str:
    """Return the value of a setting as people may see it: addresses without the name and password in them."""
    value = getattr(crewgen.settings, field)
    if field == "model":
        return value or BUILT_IN
    if field == "model_deadline_seconds":
        return f"{value:g} seconds"
    if field.endswith("_url"):
        return _without_password(value) if value else "the provider's own"
    return str(value)


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    return address.replace(parts.netloc, parts.netloc.rpartition("@")[2]).partition("?")[0]

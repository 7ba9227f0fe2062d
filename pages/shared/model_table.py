"""The models that crewgen knows, as a table to search."""

from collections.abc import Sequence

import streamlit as st

from crewgen_core.models.known_model import KnownModel
from crewgen_core.numbers import format_count, format_tokens
from pages.shared.plain_text import plain

MOST_SHOWN = 12
"""Models shown at once; the rest on demand, so that the page and not a box within it scrolls."""

_ALL = "All providers"

_HEADER = (
    "| Model | Capability | Price (USD per million) | Speed | Horizon | Context | Switched off |\n"
    "|:--|:--|:--|:--|:--|:--|:--|"
)

_ENDINGS = {"past": "red", "soon": "orange"}


def show_model_table(models: Sequence[KnownModel]) -> None:
    """Show the models that search and provider find."""
    with st.grid(2, min_column_width=240):
        wanted = st.text_input(
            "Search models", type="search", live=True, key="model_search", placeholder="Name, label or provider"
        )
        providers = sorted({model.provider for model in models if model.provider})
        provider = st.selectbox("Provider", [_ALL, *providers], key="model_provider")
    found = find_models(models, wanted, "" if provider == _ALL else provider)
    if not found:
        st.info("No model has all of these words. Try fewer, or another provider; below, any model can be added.")
        return
    st.caption(f"{len(found)} of {format_count(len(models), 'model')}, the most capable first")
    whole = len(found) <= MOST_SHOWN or st.toggle(f"Show all {len(found)}", key="all_models", persist_state="session")
    with st.container(key="model_table"):
        st.markdown("\n".join([_HEADER, *map(_row, found if whole else found[:MOST_SHOWN])]))


def find_models(models: Sequence[KnownModel], wanted: str, provider: str = "") -> list[KnownModel]:
    """Return the models of the provider ("": all) whose name, label or provider hold every word of the search."""
    words = wanted.lower().split()
    return [
        model
        for model in models
        if provider in ("", model.provider)
        and all(word in f"{model.name} {model.label} {model.provider}".lower() for word in words)
    ]


def _row(model: KnownModel) -> str:
    badge = " :blue-badge[added]" if not model.shipped else " :blue-badge[corrected]" if model.correction else ""
    cells = (
        f"**{plain(model.label)}**{badge} :small[:gray[{plain(model.name)}]]",
        plain(model.capability) if model.eci is not None else f":gray[{model.capability}]",
        plain(model.prices) if model.price_source else f":gray[{model.prices}]",
        plain(model.speed) if model.speed_source.status == "measured" else f":gray[{plain(model.speed)}]",
        f"{model.horizon_minutes:,.0f} min" if model.horizon_minutes is not None else ":gray[–]",
        plain(format_tokens(model.context_tokens, "")) if model.context_tokens else ":gray[–]",
        _show_end(model),
    )
    return f"| {' | '.join(cells)} |"


def _show_end(model: KnownModel) -> str:
    color = _ENDINGS.get(model.ending)
    return f":{color}-badge[{plain(model.end)}]" if color else plain(model.end) or ":gray[–]"

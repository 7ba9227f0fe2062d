"""Provenance: which engine made a crew, with what effort, and what happened on the way."""

import streamlit as st

from crewgen_core.models.design import Provenance
from crewgen_core.numbers import format_seconds, format_tokens, format_usd
from pages.shared.plain_text import plain


def show_engine(provenance: Provenance) -> None:
    """Show who made the crew as a badge, and why it was not the model that was asked."""
    icon = ":material/memory:" if provenance.engine == "catalog" else ":material/smart_toy:"
    st.markdown(f":blue-badge[{icon} {plain(provenance.label)}]")


def show_fallback(provenance: Provenance) -> None:
    """Say why the built-in crew is shown although a model was asked; nothing otherwise."""
    if provenance.fallback_reason:
        asked = plain(provenance.model or "a model")
        st.warning(
            f"This is the built-in crew, because {asked} could not be used: {plain(provenance.fallback_reason)}",
            icon=":material/swap_horiz:",
        )


def show_source(provenance: Provenance) -> None:
    """Say that the crew was taken from an earlier request, where it was; nothing otherwise."""
    if provenance.source:
        st.caption(f":material/history: {plain(provenance.source)} To ask again, tick “Ask the model afresh”.")


def show_provenance(provenance: Provenance) -> None:
    """Show the effort of the generation and the notes on the model's answer."""
    show_fallback(provenance)
    show_source(provenance)
    cost = format_usd(provenance.cost_usd)
    facts = {
        "Engine": provenance.label,
        "Model asked": provenance.model or "none",
        "Model calls": str(provenance.calls),
        "Tokens read": format_tokens(provenance.tokens_in),
        "Tokens written": format_tokens(provenance.tokens_out),
        "Cost of generating": "unknown (the price of the model is not known)" if provenance.cost_usd is None else cost,
        "Time": f"{format_seconds(provenance.seconds)}, of it {format_seconds(provenance.model_seconds)} for the model",
    }
    st.table({name: plain(fact) for name, fact in facts.items()}, border="horizontal", width="content")
    if provenance.template is not None:
        st.markdown(f":material/dashboard_customize: {plain(provenance.template.label)}")
        _show_list("How the template was adapted", provenance.template.adaptations)
    _show_list("High-risk tools", provenance.cautions)
    _show_list("What was done with the model's answer", provenance.notes)


def _show_list(title: str, sentences: tuple[str, ...]) -> None:
    if sentences:
        st.markdown(f"**{title}**\n" + "".join(f"\n- {plain(sentence)}" for sentence in sentences))

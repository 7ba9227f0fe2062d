"""Models: the table, what is known about one of them with every source, and a form for what a person knows better."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.models.known_model import KnownModel, Source
from crewgen_core.models.model_correction import (
    BOUNDS,
    LONGEST_LABEL,
    LONGEST_NAME,
    LONGEST_SOURCE,
    ModelCorrection,
    read_correction,
)
from pages.shared.computation_view import STATUS_WORDS
from pages.shared.model_table import show_model_table
from pages.shared.plain_text import plain
from pages.shared.problems import problems_shown, show_problem
from pages.shared.session import front_door

_CHOICE = "model_choice"
_PROBLEM, _DONE, _ROUND = "correction_problem", "correction_done", "correction_round"
"""Keys of the session: what went wrong, what was done, and how often the fields were renewed."""

_REASONS = {"As known": None, "Yes": True, "No": False}


@st.fragment
def show_models() -> None:
    """Show table, one model, and the form; what is saved counts from the next estimate on."""
    st.subheader("Models", anchor=False)
    st.caption(
        "What estimates rest on. Capability is the Epoch Capabilities Index (GPT-5 is 150) with its 90% interval; "
        "horizon is METR's: minutes of human work that a model gets right half the time. Context is how many tokens "
        "it reads at once. Speeds are medians of price classes until three own calls were measured. Choose a model "
        "below to see each figure's source, and to correct or add one."
    )
    with problems_shown():
        crewgen = front_door()
        models = crewgen.models.list_models()
        if crewgen.models.fault:
            st.warning(plain(crewgen.models.fault), icon=":material/warning:")
        show_model_table(models)
        _show_one(crewgen, models)


def _show_one(crewgen: Crewgen, models: Sequence[KnownModel]) -> None:
    typed = st.text_input(
        "Look at, correct or add a model",
        max_chars=LONGEST_NAME,
        key=_CHOICE,
        placeholder="LiteLLM name, or a part of it (such as gpt-5-mini or haiku)",
        on_change=_forget_messages,
    )
    done, problem = st.session_state.pop(_DONE, None), st.session_state.get(_PROBLEM)
    if done:
        st.success(plain(done), icon=":material/check:")
    if isinstance(problem, CrewgenError):
        show_problem(problem)
    name = " ".join(typed.split())
    known = next((model for model in models if model.name == name), None)
    if not name:
        return
    if known is None and (suggested := crewgen.models.suggest(name)):
        st.pills("Is one of these meant?", suggested, key="model_suggestion", on_change=_take_suggestion)
        if "/" not in name:
            st.info(
                f"LiteLLM knows no model {plain(name)}. Choose one, or type a full name with its provider in front."
            )
            return
    with st.container(border=True, key="one_model"):
        st.markdown(f"**{plain(known.label if known else name)}** :small[:gray[{plain(name)}]]")
        if known:
            st.markdown("\n".join(f"- {line}" for line in _list_facts(known)))
        else:
            st.markdown(":small[Not in the table yet. Its price is taken from LiteLLM where that has one.]")
        _show_form(crewgen, name, known)


def _take_suggestion() -> None:
    _forget_messages()
    st.session_state[_CHOICE] = st.session_state["model_suggestion"]


def _show_form(crewgen: Crewgen, name: str, known: KnownModel | None) -> None:
    entered = known.correction if known and known.correction else ModelCorrection(model="none")
    with st.form("correction", border=False), st.grid(2, min_column_width=240):
        st.text_input(
            "Label",
            entered.label,
            max_chars=LONGEST_LABEL,
            key=_key(name, "label"),
            placeholder=known.label if known else name,
        )
        for figure, bound in BOUNDS.items():
            value = getattr(entered, figure)
            st.text_input(
                f"{bound.title}, {bound.unit}",
                "" if value is None else f"{Decimal(str(value)).normalize():f}",
                max_chars=30,
                key=_key(name, figure),
                placeholder=_known_figure(known, figure),
            )
        st.selectbox(
            "Thinks before it answers",
            list(_REASONS),
            list(_REASONS.values()).index(entered.reasons),
            key=_key(name, "reasons"),
        )
        st.text_input(
            "Where the figures are from",
            entered.source,
            max_chars=LONGEST_SOURCE,
            key=_key(name, "source"),
            placeholder="In a sentence, such as: price list of our contract of May 2026",
        )
        st.form_submit_button("Save", key="save_correction", icon=":material/save:", on_click=_save, args=(name,))
    if known and known.correction:
        st.button(
            "Remove this model" if not known.shipped else "Remove the correction",
            key="remove_correction",
            icon=":material/undo:",
            on_click=_remove,
            args=(name,),
        )


def _list_facts(model: KnownModel) -> Iterator[str]:
    """Yield every figure with its source and date; what is not known is said."""
    if model.eci is None and model.horizon_minutes is None:
        yield "**Quality unknown**: a typical model of its price class is assumed, so intervals are wider."
    if model.eci_source:
        yield _line("Capability", model.capability, model.eci_source)
    if model.horizon_source:
        yield _line("Horizon", f"{model.horizon_minutes:,.0f} minutes", model.horizon_source)
    if model.price_source and model.input_usd is not None:
        cached = f", {model.cache_read_usd.normalize():f} cached" if model.cache_read_usd is not None else ""
        yield _line("Price", f"{model.prices}{cached} (USD per million tokens)", model.price_source)
    else:
        yield "**Price unknown**: crews with it get no cost."
    yield _line("Speed", f"{model.tokens_per_s:.0f} output tokens per second", model.speed_source)
    if model.measured and model.speed_source.status != "measured":
        calls = f"{model.measured.tokens_per_s:.0f} output tokens per second in {model.measured.calls} own calls"
        yield f"Measured, but what was entered counts: {plain(calls)}"
    yield _line("First answer", f"{model.first_answer_s:.1f} seconds", model.first_answer_source)
    yield f"**Thinks before it answers**: {'yes' if model.reasons else 'no'}"
    if model.context_tokens:
        yield f"**Context**: {model.context_tokens:,} tokens :small[:gray[(LiteLLM)]]"
    if model.ends_on:
        yield f"**Switched off**: {plain(model.end)} :small[:gray[(LiteLLM)]]"
    if model.note:
        yield plain(model.note)


def _line(what: str, value: str, source: Source) -> str:
    day = f", {source.date.day} {source.date:%b %Y}" if source.date and source.status != "assumption" else ""
    return f"**{what}**: {plain(value)} :small[:gray[{plain(f'({source.text}{day}; {STATUS_WORDS[source.status]})')}]]"


def _known_figure(known: KnownModel | None, figure: str) -> str:
    value = getattr(known, figure, None) if known else None
    return "not known" if value is None else f"{float(value):.6g}"


def _save(name: str) -> None:
    """Store what the fields hold; where it cannot be used, say so and leave the fields as they are."""
    texts = {field: st.session_state.get(_key(name, field), "") for field in ("label", "source", *BOUNDS)}
    reasons = _REASONS[st.session_state.get(_key(name, "reasons"), "As known")]
    _forget_messages()
    try:
        saved = front_door().models.correct(read_correction({"model": name, **texts, "reasons": reasons}))
    except CrewgenError as fault:
        st.session_state[_PROBLEM] = fault
        return
    st.session_state[_CHOICE] = saved
    st.session_state[_DONE] = f"Saved for {saved}. It counts from the next estimate on."
    _renew_fields()


def _remove(name: str) -> None:
    _forget_messages()
    try:
        front_door().models.forget(name)
    except CrewgenError as fault:
        st.session_state[_PROBLEM] = fault
        return
    st.session_state[_DONE] = f"What was entered about {name} is removed."
    _renew_fields()


def _forget_messages() -> None:
    st.session_state[_PROBLEM] = None


def _renew_fields() -> None:
    """Let the fields start from what is stored."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _key(name: str, field: str) -> str:
    return f"correction/{name}/{field}/{st.session_state.get(_ROUND, 0)}"

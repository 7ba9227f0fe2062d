"""Changing a crew in one's own words: a field, what came of it, and what is different now."""

import streamlit as st

from crewgen_core.errors import CrewgenError, EditConflict
from crewgen_core.front.crews import Refined
from crewgen_core.models.design import BUILT_IN, Provenance
from crewgen_core.models.refinement import LONGEST_WISH, Refinement
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_tokens, format_usd
from pages.shared.difference_view import show_differences
from pages.shared.draft import WorkingCrew, own_draft
from pages.shared.editing import describe, discard, refuse
from pages.shared.long_text import read_text
from pages.shared.objective_form import list_engines
from pages.shared.plain_text import plain
from pages.shared.session import front_door

EXAMPLES = (
    "Make it cheaper",
    "Make it faster",
    "Add a fact check",
    "No web access",
    "Two agents only",
    "Let a person approve the last step",
    "Write it in German for executives",
)

FEW, MOST_HEIGHT = 8, 420
"""More differences than a few are shown in a frame of so many pixels, so that the tabs stay near."""

_RESULT, _NEXT, _EXAMPLE, _ENGINE = "refined", "next_wish", "refine_example", "refine_engine"


def show_refining(working: WorkingCrew) -> None:
    """Show the field and what came of the last wish; a wish that was done is a new version at once."""
    wish_key = f"wish_{working.base.crew_id}"
    if _NEXT in st.session_state:
        st.session_state[wish_key] = st.session_state.pop(_NEXT)
    with st.container(border=True, key="refining"):
        with st.form("refine_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                "Change this crew in your own words",
                key=wish_key,
                persist_state="session",
                placeholder="Make it cheaper and add a legal review",
            )
            _show_engines()
            clicked = st.form_submit_button("Refine", key="refine", icon=":material/auto_fix_high:")
        st.pills(
            "Examples", EXAMPLES, key=_EXAMPLE, label_visibility="collapsed", on_change=_take_example, args=(wish_key,)
        )
        if clicked:
            _refine(working, str(st.session_state[wish_key] or ""))
            st.rerun()
        with st.container():  # always there, full or empty: else what stands below would be rebuilt
            _show_result(working)


def _take_example(wish_key: str) -> None:
    """Put the example into the field; it is not yet done."""
    chosen = st.session_state.get(_EXAMPLE)
    if chosen:
        st.session_state[wish_key] = chosen
    st.session_state[_EXAMPLE] = None


def _show_engines() -> None:
    """Offer the models that can be asked; nothing where there are none."""
    st.session_state.setdefault(_ENGINE, front_door().settings.model or BUILT_IN)
    engines = list_engines(st.session_state[_ENGINE])
    if len(engines) > 1:
        st.selectbox(
            "Ask, if not understood",
            engines,
            key=_ENGINE,
            persist_state="session",
            width=230,
            help="Built-in does everyday wishes at once and at no cost. A model is asked once, for what Built-in does "
            "not understand.",
        )


def _read_engine() -> str:
    chosen = st.session_state.get(_ENGINE) or BUILT_IN
    return "" if chosen == BUILT_IN else chosen


def _refine(working: WorkingCrew, typed: str) -> None:
    """Do the wish; what is not done stays in the field."""
    st.session_state.pop(_RESULT, None)
    try:
        wish = read_text(typed, "wish", LONGEST_WISH)
    except CrewgenError as problem:
        refuse(problem)
        return
    if not wish:
        refuse(CrewgenError("There is no wish yet.", "Say what should change, such as “make it cheaper”."))
        return
    edited = working.crew if working.changed else None
    try:
        with st.spinner("Changing the crew"):
            done = front_door().crews.refine(
                working.base.crew_id,
                wish,
                _read_engine(),
                expected=working.base.number,
                edited=edited,
                edit_note=describe(working),
            )
    except EditConflict as problem:
        _meet_newer(working, problem)
        return
    except CrewgenError as problem:
        refuse(problem)
        return
    st.session_state[_RESULT] = done
    st.session_state[_NEXT] = ". ".join(one.words for one in done.refinement.not_understood) if _changed(done) else wish
    if _changed(done):
        discard(working)


def _changed(done: Refined) -> bool:
    return done.refinement.changed


def _meet_newer(working: WorkingCrew, problem: EditConflict) -> None:
    """Say that somebody saved a version in between; wish and edits stay."""
    if working.changed:
        working.newer = front_door().crews.get(working.base.crew_id)
        own_draft().crews[working.base.crew_id] = working
    hint = "Your wish is still in the field: look at the newer version, then click Refine again."
    refuse(EditConflict(str(problem), hint))


def _show_result(working: WorkingCrew) -> None:
    done: Refined | None = st.session_state.get(_RESULT)
    if done is None or (done.stored.crew_id, done.stored.number) != (working.base.crew_id, working.base.number):
        return
    made = done.refinement
    if made.changed:
        st.markdown(
            f":green-badge[:material/check: version {done.stored.number}] "
            f":blue-badge[{plain(made.provenance.label)}] {plain(_say_effort(made.provenance))}\n"
            + "".join(f"\n- {plain(sentence)}" for sentence in made.done)
        )
        if done.kept_edits is not None:
            st.caption(f"Your unsaved changes were saved before, as version {done.kept_edits}.")
    for remark in made.remarks:
        st.info(plain(remark), icon=":material/info:")
    for one in made.not_understood:
        st.warning(plain(one.why), icon=":material/help:")
    if not made.changed and made.provenance.calls:
        st.caption(plain(f"{made.provenance.model} was asked: {_say_effort(made.provenance)}"))
    if made.changed:
        _show_effect(made)
        count = format_count(len(made.differences), "difference")
        height = MOST_HEIGHT if len(made.differences) > FEW else "content"
        with st.expander(f"What is different ({count})", expanded=True), st.container(height=height, border=False):
            show_differences(made.differences)
    st.button("Hide", key="hide_refinement", type="tertiary", icon=":material/close:", on_click=_hide)


def _hide() -> None:
    st.session_state.pop(_RESULT, None)


def _show_effect(made: Refinement) -> None:
    """Show chance of success, cost and duration of a run after the wish, each with what it was before."""
    before, after = made.before, made.after
    costs = [None if effect.cost_usd is None else effect.cost_usd.p50 for effect in (before, after)]
    figures = (
        ("Chance of success", format_percent(before.success.p50), format_percent(after.success.p50)),
        ("Cost per run", format_usd(costs[0]), format_usd(costs[1])),
        ("Duration", format_seconds(before.duration_s.p50), format_seconds(after.duration_s.p50)),
    )
    with st.container(horizontal=True, key="refinement_effect"):
        for label, was, now in figures:
            st.markdown(f":small[:gray[{label}]] {plain(was)} → **{plain(now)}**", width="content")


def _say_effort(provenance: Provenance) -> str:
    """Return what asking a model took; nothing where none was asked."""
    if not provenance.calls:
        return ""
    tokens = f"{format_tokens(provenance.tokens_in, unit='')} + {format_tokens(provenance.tokens_out)}"
    cost = "cost unknown" if provenance.cost_usd is None else format_usd(provenance.cost_usd)
    return f"{format_count(provenance.calls, 'call')}, {tokens}, {cost}, {format_seconds(provenance.model_seconds)}"


def say_maker(provenance: Provenance) -> str:
    """Return who refined a version, with the effort: "Refined by Built-in"."""
    effort = _say_effort(provenance)
    return f"refined by {provenance.label}" + (f" ({effort})" if effort else "")

"""Alternatives: the crews that clearly differ, side by side, with the reasons for their order; one can be taken."""

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.alternative import Alternative, Comparison
from crewgen_core.models.design import Design
from crewgen_core.numbers import (
    format_count,
    format_percent,
    format_seconds,
    format_tokens,
    format_usd,
    percent_range,
    seconds_range,
    tokens_range,
    usd_range,
)
from pages.shared.chart import show_chart
from pages.shared.draft import WorkingCrew
from pages.shared.editing import take_crew
from pages.shared.handover import CREW_TABS
from pages.shared.plain_text import plain
from pages.shared.problems import show_problem
from pages.shared.report import SCORE_HELP, summarize_findings
from pages.shared.session import front_door

_KEY, TAB = "alternatives", "Alternatives"
_ICON = ":material/compare_arrows:"


def show_hint(working: WorkingCrew, design: Design | None) -> None:
    """Say in one line which other crews there are, with a way to them; nothing where there are none."""
    comparison = _compare(working, design)
    with st.container(horizontal=True, vertical_alignment="center", key="alternatives_hint"):
        if not isinstance(comparison, Comparison) or len(comparison.alternatives) < 2:
            return  # the place stays: what came and went above the tabs would rebuild their fields
        facts = [_say_briefly(alternative) for alternative in comparison.alternatives]
        st.markdown(f":small[:gray[{len(facts)} crews to choose from:] {' · '.join(facts)}]", width="content")
        st.button("Compare them", key="compare_alternatives", type="tertiary", icon=_ICON, on_click=_open_tab)


def show_alternatives(working: WorkingCrew, design: Design | None) -> None:
    """Show the crews side by side, the best bet first, with a button to take each that is not shown already."""
    comparison = _compare(working, design)
    if comparison is None:
        st.info("This crew was imported without an objective, so there is nothing to compose other crews from.")
        return
    if isinstance(comparison, CrewgenError):
        show_problem(comparison)
        return
    _show_intervals(comparison)
    for remark in comparison.remarks:
        st.caption(plain(remark))
    if working.changed:
        st.caption("You have unsaved changes. Taking a crew is one more of them, and Undo brings yours back.")
    for column, alternative in zip(st.columns(len(comparison.alternatives)), comparison.alternatives, strict=True):
        with column, st.container(border=True, key=f"alternative_{alternative.kind}"):
            _show_alternative(alternative, working)


def _compare(working: WorkingCrew, design: Design | None) -> Comparison | CrewgenError | None:
    """Return the comparison for the crew as it is now, computed once for each state; None without an objective."""
    objective = working.base.objective
    if objective is None:
        return None
    asked = (objective, working.crew, _name_maker(working, design))
    known = st.session_state.get(_KEY)
    if known is None or known[0] != asked:
        try:
            known = asked, front_door().alternatives(*asked)
        except CrewgenError as problem:
            known = asked, problem
        st.session_state[_KEY] = known
    return known[1]


def _name_maker(working: WorkingCrew, design: Design | None) -> str:
    if design is None:
        return "an import" if working.crew == working.base.crew else "an import, edited"
    made_by = design.provenance.label
    return made_by if working.crew == design.crew else f"{made_by}, edited"


def _open_tab() -> None:
    st.session_state[CREW_TABS] = TAB


def _say_briefly(alternative: Alternative) -> str:
    cost = alternative.estimate.cost_usd
    chance = format_percent(alternative.estimate.success.p50)
    figures = f"{chance} success, {format_usd(cost.p50 if cost else None)}"
    shown = " (shown)" if alternative.shown and alternative.kind != "given" else ""
    return f"**{plain(alternative.title)}**{shown} {plain(figures)}"


def _show_intervals(comparison: Comparison) -> None:
    from crewgen_core.figures.alternatives import build_alternatives, describe_alternatives, tabulate_alternatives

    words, table = describe_alternatives(comparison), tabulate_alternatives(comparison)
    show_chart(build_alternatives(comparison), words, table, "alternatives_chart")


def _show_alternative(alternative: Alternative, working: WorkingCrew) -> None:
    st.subheader(f"{alternative.rank}. {alternative.title}", anchor=False)
    with st.container(horizontal=True):
        if alternative.rank == 1:
            st.badge("best bet", color="green", icon=":material/thumb_up:")
        if alternative.shown:
            st.badge("shown", color="blue")
        st.badge(plain(alternative.made_by), color="gray")
    st.markdown("\n".join(f"- {plain(reason)}" for reason in alternative.reasons))
    _show_button(alternative, working)
    _show_figures(alternative)
    _show_parts(alternative)


def _show_button(alternative: Alternative, working: WorkingCrew) -> None:
    if alternative.shown:
        return
    saved = working.changed and alternative.crew == working.base.crew
    taken = st.button(
        "Take this crew",
        key=f"take_{alternative.kind}",
        icon=":material/swap_horiz:",
        disabled=saved,
        help="This is the saved version: discard your changes to get back to it." if saved else None,
    )
    if taken:
        take_crew(working, alternative.note, alternative.crew)
        st.rerun()


def _show_figures(alternative: Alternative) -> None:
    estimate = alternative.estimate
    cost = estimate.cost_usd
    figures = {
        "Success": (format_percent(estimate.success.p50), percent_range(estimate.success)),
        "Cost": (format_usd(cost.p50 if cost else None), usd_range(cost)),
        "Duration": (format_seconds(estimate.duration_s.p50), seconds_range(estimate.duration_s)),
        "Tokens": (format_tokens(estimate.tokens.p50, unit=""), tokens_range(estimate.tokens)),
    }
    lines = [
        f":gray[{name}:] **{plain(typical)}** :small[:gray[{plain(spread)}]]"
        for name, (typical, spread) in figures.items()
    ]
    score = f"{alternative.report.score:.1f} of 10, {summarize_findings(alternative.report)}"
    st.markdown("\\\n".join([*lines, f":gray[Score by the rules:] {plain(score)}"]), help=SCORE_HELP)


def _show_parts(alternative: Alternative) -> None:
    crew = alternative.crew
    roles = "\n".join(f"- {plain(agent.role or agent.key)}" for agent in crew.agents)
    st.markdown(f"**{format_count(len(crew.agents), 'agent')}**\n\n{roles}")
    tasks = "\n".join(
        f"1. {plain(task.name or task.key)}"
        + (" :blue-badge[only here]" if task.key in alternative.only_here else "")
        + (" :violet-badge[a person confirms]" if task.human_input else "")
        for task in crew.tasks
    )
    st.markdown(f"**{format_count(len(crew.tasks), 'task')}, in order**\n\n{tasks}")
    st.caption(f"process: {crew.process} · coordination: {crew.coordination} · oversight: {crew.oversight}")

"""The history of runs: filtered by crew and state, a page at a time; and on Home, which of them wait for a person."""

from collections.abc import Mapping, Sequence

import streamlit as st

from crewgen_core.models.run import OPEN_RUN_STATES, Run, RunState
from crewgen_core.numbers import format_count
from pages.shared.address import RUN, note_list, read_passed, write_passed
from pages.shared.handover import ONE_RUN, RUNS
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import problems_shown
from pages.shared.run_words import STATES, badge, describe_run
from pages.shared.session import front_door

PAGE = 8
"""Runs on a page."""

NAMED = 3
"""Waiting runs that Home names."""

_PASSED = "runs"
"""The name in the address of the pages passed."""

_STATES, _CREW = "states", "of_crew"

CHOICES: Mapping[str, tuple[RunState, ...]] = {
    "going on": ("starting", "running"),
    **{name: (state,) for state, name in STATES.items() if state not in ("starting", "running")},
}
"""What the history can be filtered by."""


def show_runs() -> None:
    """Show all runs with their filters; while one of them is open, their states follow."""
    running = front_door().running
    crews = front_door().run_reports.list_crews()
    if not crews:
        return
    st.subheader("History", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.session_state.get(_CREW) not in crews:
            st.session_state[_CREW] = None
        st.selectbox(
            "Crew",
            list(crews),
            index=None,
            key=_CREW,
            bind="query-params",
            format_func=lambda crew_id: f"{shorten(crews.get(crew_id, ''), 60)} (crew {crew_id})",
            placeholder="All crews",
            on_change=_first_page,
            width=280,
        )
        st.pills(
            "State",
            list(CHOICES),
            selection_mode="multi",
            key=_STATES,
            bind="query-params",
            on_change=_first_page,
            wrap=True,  # in a second line on a phone
        )
    some_open = bool(running.count_runs(states=OPEN_RUN_STATES))
    st.fragment(_show_page, run_every="3s" if some_open else None)()


def _show_page() -> None:
    note_list(RUNS)
    passed = read_passed(_PASSED)
    crew_id: int | None = st.session_state.get(_CREW)
    chosen: Sequence[str] = st.session_state.get(_STATES) or ()
    states: list[RunState] = [state for choice in chosen for state in CHOICES[choice]]
    with problems_shown():
        found = front_door().running.list_runs(crew_id, states or None, PAGE + 1, passed[-1] if passed else None)
        if not found:
            st.info("No run is like that.", icon=":material/search_off:")
        _show_cards(found[:PAGE])
        if passed or len(found) > PAGE:
            _show_turning(found[:PAGE], more=len(found) > PAGE)


def show_runs_of_crew(crew_id: int) -> None:
    """Show the latest runs of one crew."""
    runs = front_door().running.list_runs(crew_id, limit=NAMED)
    if runs:
        st.subheader("Latest runs of this crew", anchor=False)
        _show_cards(runs)


def show_open_runs() -> None:
    """Say on another page which runs wait for a person and how many are going on; nothing where there are none."""
    running = front_door().running
    waiting = running.list_runs(states=("waiting",), limit=NAMED + 1)
    others = running.count_runs(states=("starting", "running"))
    if not waiting and not others:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="open_runs"):
        for run in waiting[:NAMED]:
            st.page_link(
                ONE_RUN,
                label=f"{plain(shorten(run.crew_name, 60))} waits for your answer",
                icon=":material/front_hand:",
                query_params={RUN: str(run.id)},
            )
        if len(waiting) > NAMED:
            st.page_link(RUNS, label="More runs wait for answers", icon=":material/front_hand:")
        if others:
            verb = "is" if others == 1 else "are"
            st.page_link(RUNS, label=f"{format_count(others, 'run')} {verb} going on", icon=":material/play_circle:")


def _show_cards(runs: Sequence[Run]) -> None:
    with st.grid(2, min_column_width=320, border=True, key="runs") as grid:
        for run in runs:
            with grid.cell():
                _link(run)
                st.markdown(f"{badge(run)} :small[:gray[{plain(describe_run(run))}]]")
                if run.open:
                    st.progress(min(1.0, run.tasks_done / max(1, run.task_count)))
                elif run.reason:
                    st.caption(plain(shorten(run.reason, 160)))


def _link(run: Run) -> None:
    label = f"**{plain(shorten(run.crew_name, 90))}**"
    st.page_link(ONE_RUN, label=label, icon="", query_params={RUN: str(run.id)}, help=f"Open run {run.id}")


def _show_turning(runs: Sequence[Run], *, more: bool) -> None:
    with st.container(horizontal=True):
        passed = read_passed(_PASSED)
        st.button("Newer", icon=":material/chevron_left:", key="runs_newer", disabled=not passed, on_click=_newer)
        st.button(
            "Older",
            icon=":material/chevron_right:",
            icon_position="right",
            key="runs_older",
            disabled=not more,
            on_click=_older,
            args=(runs[-1].id if runs else 0,),
        )


def _first_page() -> None:
    write_passed(_PASSED, [])


def _older(last: int) -> None:
    write_passed(_PASSED, [*read_passed(_PASSED), last])


def _newer() -> None:
    write_passed(_PASSED, read_passed(_PASSED)[:-1])

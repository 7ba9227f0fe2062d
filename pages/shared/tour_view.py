"""The guided tour: five steps over the pages, each a line at the top of its page, reached by ``?tour=3`` too."""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from pages.shared.handover import GENERATE, HOME, ONE_CREW, OPTIMIZE, RUNS
from pages.shared.problems import problems_shown
from pages.shared.session import front_door

_STEP = "tour"
"""Key of the session's state, and parameter of the address: the step that is shown, from 1."""


@dataclass(frozen=True)
class Step:
    """One step: where it is, and what is said there."""

    page: Path
    title: str
    text: str
    of_crew: bool = False
    """Whether the page shows a crew."""

    @property
    def url_path(self) -> str:
        """Path of its page in the address."""
        return "" if self.page == HOME else self.page.stem


STEPS = (
    Step(
        HOME,
        "Begin with an objective",
        "Say what should exist in the end, for whom, and from what. What you made is found here again.",
    ),
    Step(
        GENERATE,
        "Have a crew designed",
        "The built-in engine takes a second and needs no key. Budget, deadline and team size count from the start.",
    ),
    Step(
        ONE_CREW,
        "Look at a crew",
        "Plan, team, check, and an estimate with its range and what it rests on. Ask “Why?” of any part, and edit it.",
        of_crew=True,
    ),
    Step(
        OPTIMIZE,
        "Make it cheaper, faster or surer",
        "Move goal and limits, and the best crew follows. Each change is applied and undone by itself.",
        of_crew=True,
    ),
    Step(
        RUNS,
        "Run it, and report",
        "A dry run costs nothing. A real one is held against the estimate. Every crew has its report under “Report”.",
        of_crew=True,
    ),
)


def offer_tour() -> None:
    """Show the way into the tour in the sidebar."""
    if _read_step() is None:
        with st.sidebar:
            show_tour_button("sidebar")


def show_tour_button(place: str) -> None:
    """Show a button that begins the tour; ``place`` tells it from others."""
    if st.button("Take the tour", key=f"take_tour_{place}", icon=":material/tour:", type="tertiary"):
        _go_to(1)


def show_tour(page: StreamlitPage) -> None:
    """Show the step of the tour that whoever looks at this page is at; nothing for who takes none."""
    number = _read_step()
    if number is None:
        return
    step = STEPS[number - 1]
    here = page.url_path == step.url_path
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="tour"):
        st.markdown(f":blue-badge[Tour, {number} of {len(STEPS)}] **{step.title}.** {step.text}", width="stretch")
        with st.container(horizontal=True, width="content", gap="small"):
            if st.button("Leave the tour", key="tour_leave", type="tertiary"):
                _leave()
            if number > 1 and st.button("Back", key="tour_back", icon=":material/arrow_back:"):
                _go_to(number - 1)
            if not here and st.button("Show me", key="tour_here", type="primary"):
                _go_to(number)
            if here and number < len(STEPS) and st.button("Next", key="tour_next", type="primary"):
                _go_to(number + 1)
            if here and number == len(STEPS) and st.button("Finish", key="tour_finish", type="primary"):
                _leave()


def _read_step() -> int | None:
    """Return the step that the address names, else the one that the session is at."""
    named = st.query_params.get(_STEP, "")
    if named in map(str, range(1, len(STEPS) + 1)):
        st.session_state[_STEP] = int(named)
    return st.session_state.get(_STEP)


def _go_to(number: int) -> NoReturn:
    """Open the page of a step; one about a crew shows the crew that is open, else one that ran, else the newest."""
    step, crew_id = STEPS[number - 1], st.query_params.get("crew")
    st.session_state[_STEP] = number
    if step.of_crew and crew_id is None:
        crew_id = _find_crew()
    query = {"crew": crew_id} if step.of_crew and crew_id is not None else {}
    st.switch_page(step.page, query_params={**query, _STEP: str(number)})


def _find_crew() -> str | None:
    """Return the number of a crew to show; None where there is none."""
    ran = front_door().run_reports.list_crews()
    found = next(iter(ran), None) or next((row.id for row in front_door().crews.list(limit=1)), None)
    return None if found is None else str(found)


def _leave() -> NoReturn:
    """End the tour, and remember that it was taken."""
    st.session_state.pop(_STEP, None)
    st.query_params.pop(_STEP, None)
    with problems_shown():
        front_door().tour.finish()
    st.rerun()

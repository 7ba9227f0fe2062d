"""What can be done with a stored crew, the same row wherever a crew is shown: each one click away, each an address."""

from collections.abc import Collection, Mapping
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shared.address import CREW
from pages.shared.handover import CREW_TABS, EXPORT_TAB, ONE_CREW, OPTIMIZE, REPORT_TAB, RUNS, TEMPLATES, VALIDATE
from pages.shared.plain_text import plain
from pages.shared.starring import show_star

_ACTIONS: tuple[tuple[str, str, Path, str, str], ...] = (
    ("Open", ":material/open_in_full:", ONE_CREW, "", "Plan, team, figures and versions; to look at and edit."),
    ("Validate", ":material/fact_check:", VALIDATE, "", "Check its newest version again, and mend what is found."),
    ("Optimize", ":material/speed:", OPTIMIZE, "", "Find a cheaper, faster or more successful crew for the same."),
    ("Run", ":material/play_circle:", RUNS, "", "Run it on CrewAI and watch it: dry, at no cost, or for real."),
    ("Export", ":material/download:", ONE_CREW, EXPORT_TAB, "Take it away as a CrewAI project or a crewgen file."),
    ("Report", ":material/summarize:", ONE_CREW, REPORT_TAB, "A web page or a PDF for stakeholders."),
    ("Template", ":material/dashboard_customize:", TEMPLATES, "", "Make a template of it, to be filled anew."),
)


def show_crew_actions(
    crew_id: int,
    without: Collection[str] = (),
    small: bool = False,
    row: DeltaGenerator | None = None,
    closed: Mapping[str, str] = {},
) -> None:
    """Show the row for a stored crew; ``without`` are actions that the page itself is, by name.

    A link that leads to the page it is on would leave the address as it is: pages leave those out. They stand in a
    ``row`` that a page has already, else in one of their own. What is ``closed`` says why, by name of the action.
    ``small`` ones, in a list, explain themselves where the crew is opened: a tip for each of 48 links made the browser
    take nearly twice as long to go on to another page (``python -m benchmarks.pages``).
    """
    with row if row is not None else st.container(horizontal=True, gap="small", vertical_alignment="center"):
        for name, icon, page, tab, tip in _ACTIONS:
            if name not in without:
                st.page_link(
                    page,
                    label=f":small[{name}]" if small else name,
                    icon=icon,
                    query_params={CREW: str(crew_id)} | ({CREW_TABS: tab} if tab else {}),
                    help=plain(closed[name]) if name in closed else None if small else tip,
                    disabled=name in closed,
                    width="content",
                )
        if not small:
            show_star("crew", crew_id)

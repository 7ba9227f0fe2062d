"""The crew graph on a crew's page: what is clicked on, or chosen from the list, opens beside it, to read and edit."""

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.table import Cell, Table
from pages.shared.chart import offer_table, show_chart
from pages.shared.crew_editor import show_agent_card, show_task_card
from pages.shared.draft import WorkingCrew
from pages.shared.plain_text import plain, shorten

Colour = Literal["agent", "cost", "time", "risk"]

_GRAPH, _PART, _COLOUR = "crew_graph", "crew_graph_part", "crew_graph_colour"
"""Keys of the figure, of the list of parts, and of what colours the tasks."""

_COLOURS: Mapping[Colour, str] = {"agent": "Agent", "cost": "Cost", "time": "Time", "risk": "Risk"}

_HELP = (
    "Squares are agents, circles their tasks from first to last. A line runs from a result to the task that works from "
    "it. The thick line is the critical path: the chain of tasks that takes longest, so that no run can be shorter. "
    "Risk is the chance that a task alone comes out wrong."
)


def show_graph_of(working: WorkingCrew, estimate: Estimate) -> str | None:
    """Show the graph of a crew with the part that is chosen in it; return the path of that part."""
    from crewgen_core.figures.crew_graph import build_crew_graph
    from crewgen_core.figures.crew_graph_words import Heat, describe_crew_graph, tabulate_crew_graph

    crew = working.crew
    if not crew.tasks and not crew.agents:
        return None
    names = _name_parts(crew)
    if st.session_state.get(_PART) not in names:
        st.session_state[_PART] = None
    chosen: str | None = st.session_state[_PART]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        colour: Colour | None = st.segmented_control(
            "Colour tasks by",
            list(_COLOURS),
            format_func=lambda it: _COLOURS[it],
            default="agent",
            required=True,
            key=_COLOUR,
            persist_state="session",
            help=_HELP,
            width="content",
        )
        st.selectbox(
            "Look at",
            list(names),
            index=None,
            format_func=lambda it: names[it],
            placeholder="Choose here, or click in the graph",
            key=_PART,
            width=340,
        )
    heat: Heat | None = None if colour in (None, "agent") else colour
    figure = build_crew_graph(crew, estimate, heat=heat, chosen=chosen)
    alt, table = describe_crew_graph(crew, estimate), tabulate_crew_graph(crew, estimate)
    if chosen is None:
        _show_figure(figure, alt)
    else:
        with st.grid(2, min_column_width=330, key="crew_graph_and_part") as grid:
            with grid.cell():
                _show_figure(figure, alt)
            with grid.cell():
                _show_part(working, chosen)
    _show_table(table)
    return chosen


def _name_parts(crew: Crew) -> dict[str, str]:
    """Return what the list calls each task and agent, by its path."""
    tasks = {f"tasks/{it.key}": f"{at}. {shorten(it.name or it.key, 70)}" for at, it in enumerate(crew.tasks, start=1)}
    return tasks | {f"agents/{it.key}": f"Agent: {shorten(it.role or it.key, 60)}" for it in crew.agents}


def _show_figure(figure: Any, alt: str) -> None:  # noqa: ANN401 Plotly stays in figures
    show_chart(figure, alt, None, _GRAPH, on_click=_take_click)


def _take_click() -> None:
    """Choose what was clicked on; what is chosen already is let go."""
    for point in st.session_state[_GRAPH].selection.points:
        given: str | list[str] | None = point.get("customdata")
        path = given[0] if isinstance(given, list) else given
        if path:
            st.session_state[_PART] = None if path == st.session_state.get(_PART) else path
            return


def _show_part(working: WorkingCrew, path: str) -> None:
    kind, _, key = path.partition("/")
    if kind == "tasks":
        at = next(at for at, task in enumerate(working.crew.tasks) if task.key == key)
        show_task_card(working, at)
    else:
        at = next(at for at, agent in enumerate(working.crew.agents) if agent.key == key)
        show_agent_card(working, at)


def _say_cell(value: Cell) -> str:
    return plain(value) if isinstance(value, str) else "not known" if value is None else f"{value:,.4g}"


def _show_table(table: Table) -> None:
    """Show the graph as a table that can be read aloud."""
    opened = st.expander("The graph as a table", icon=":material/table:", key="crew_graph_table", on_change="rerun")
    if opened.open:
        with opened:
            st.table(
                [dict(zip(table.columns, map(_say_cell, row), strict=True)) for row in table.rows], hide_index=True
            )
            offer_table(table, "crew_graph_data")

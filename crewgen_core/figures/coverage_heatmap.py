"""Which agent covers which skill, and how well."""

import plotly.graph_objects as go

from crewgen_core.figures.canvas import drawn_once, new_canvas, say
from crewgen_core.figures.labels import agent_name, hover_text, short_label, two_lines
from crewgen_core.models.crew import Crew
from crewgen_core.models.report import CoverageCell, Report
from crewgen_core.models.table import Table

MOST_ON_TWO_LINES = 5
"""Agents whose names have room on two lines each, upright, on a phone."""

UPRIGHT = 2
"""Rows as high as upright names are, beside the room that every figure has below."""


@drawn_once
def build_coverage_heatmap(crew: Crew, report: Report) -> go.Figure:
    """Draw skills by agents with the proficiency in each cell; "•" marks a skill that the agent's tasks ask for."""
    skills = list(dict.fromkeys(cell.skill for cell in report.coverage))
    agents = list(dict.fromkeys(cell.agent for cell in report.coverage))
    figure = new_canvas("Skills by agent (level 1 to 10, • used)", rows=len(skills) + UPRIGHT)
    if not skills:
        return say(figure, "There are no skills to cover.")
    cells = {(cell.skill, cell.agent): cell for cell in report.coverage}
    table = [[cells.get((skill, agent)) for agent in agents] for skill in skills]
    figure.add_trace(
        go.Heatmap(
            x=list(range(len(agents))),
            y=list(range(len(skills))),
            z=[[cell.proficiency if cell and cell.proficiency else None for cell in row] for row in table],
            text=[[_mark(cell) for cell in row] for row in table],
            texttemplate="%{text}",
            hovertext=[[_describe(crew, cell) for cell in row] for row in table],
            hovertemplate="%{hovertext}<extra></extra>",
            hoverongaps=False,
            zmin=0,
            zmax=10,
            xgap=2,
            ygap=2,
            showscale=False,  # each cell has its level, and a phone no room for a scale beside them
        )
    )
    figure.update_layout(xaxis={"showgrid": False, "zeroline": False}, yaxis={"showgrid": False, "zeroline": False})
    name = two_lines if len(agents) <= MOST_ON_TWO_LINES else short_label
    figure.update_xaxes(
        tickmode="array",
        tickvals=list(range(len(agents))),
        ticktext=[name(agent_name(crew, agent)) for agent in agents],
        autotickangles=[0, 90],  # upright only where they have no room beside each other; only the browser knows
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(skills))),
        ticktext=[short_label(skill) for skill in skills],
        autorange="reversed",
    )
    return figure


def describe_coverage_heatmap(crew: Crew, report: Report) -> str:
    """Say in words what the figure shows: who covers each skill, and how well."""
    parts: list[str] = []
    for skill in dict.fromkeys(cell.skill for cell in report.coverage):
        able = [
            f"{agent_name(crew, cell.agent)} {cell.proficiency}"
            for cell in report.coverage
            if cell.skill == skill and cell.proficiency
        ]
        parts.append(f"{skill}: {', '.join(able) or 'nobody'}")
    return f"Level, 1 to 10, of each agent in each skill that the crew needs. {'; '.join(parts) or 'No skills'}."


def tabulate_coverage_heatmap(crew: Crew, report: Report) -> Table:
    """Return each skill of each agent."""
    rows = [
        (cell.skill, agent_name(crew, cell.agent), cell.proficiency, "yes" if cell.used else "no")
        for cell in report.coverage
    ]
    return Table(title="Skills by agent", columns=("skill", "agent", "level, 1 to 10", "used"), rows=tuple(rows))


def _mark(cell: CoverageCell | None) -> str:
    if cell is None or not cell.proficiency:
        return ""
    return f"{cell.proficiency}{' •' if cell.used else ''}"


def _describe(crew: Crew, cell: CoverageCell | None) -> str:
    if cell is None:
        return ""
    return hover_text(
        cell.skill,
        f"Agent: {agent_name(crew, cell.agent)}",
        f"Proficiency: {cell.proficiency} of 10",
        "Used by its tasks" if cell.used else "Not used by its tasks",
    )

"""The crew graph: agents side by side, their tasks below them in order, and who works from whose results.

Every task has a row of its own, so names never meet, whether there are three tasks or thirty, on a phone or on a wall.
Lines run down from a result to what is made of it; the critical path is thick. Colour says who does a task, or how much
it costs, takes or risks; with the states of a run, how far it is.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from crewgen_core.estimation.work import sources_of
from crewgen_core.figures.canvas import LINE, drawn_once, new_canvas, say
from crewgen_core.figures.crew_graph_words import (
    LINE_CHARS,
    Heat,
    States,
    describe_agent,
    describe_task,
    find_critical_path,
    label_task,
    many_tasks,
    measure_heat,
)
from crewgen_core.figures.labels import agent_name, short_label
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.run import TaskRunState

NODE_SIZE, AGENT_SIZE = 20, 18
"""Pixels of the circle of a task and of the square of an agent."""

RING_SIZE = NODE_SIZE + 12
"""Pixels of the ring around a task that a run is at, or that is chosen."""

ROW, ROW_OF_MANY = 58, 42
"""Pixels of a row: three lines of words, or two where there are many tasks."""

LEGEND_LINE = 14
"""Pixels that each agent adds to the height: on a phone, the legend has a line for each."""

NOT_BEGUN = 0.3
"""Opacity of a task that a run has not come to."""

CRITICAL = "rgb(217,98,43)"
"""Of the critical path: three times as bright as black or darker than white, so it is seen on both."""

HEAT_SCALE = [[0, "rgb(244,213,141)"], [0.5, "rgb(224,123,57)"], [1, "rgb(155,29,58)"]]

RINGS: tuple[tuple[TaskRunState, str, str, str], ...] = (
    ("running", "Running now", "circle-open", "#2f7fd6"),
    ("waiting", "Waits for a person", "diamond-open", "#d97706"),
    ("failed", "Failed", "x-thin-open", "#d93636"),
)
"""State, name in the legend, symbol and colour, which can be seen on white and on black."""


class _Plan:
    """Where everything stands: a lane for each agent, a row for each task."""

    def __init__(self, crew: Crew) -> None:
        self.crew = crew
        self.sources = sources_of(crew)
        self.agents = _list_agents(crew)
        self.lanes = {key: lane for lane, key in enumerate(self.agents)}
        share = min(0.42, 0.1 + 0.055 * len(self.agents))
        """Of the width: lanes on the left, names on the right."""
        self.width = max(len(self.agents), 1) / share
        self.label_chars = int((1 - share) * LINE_CHARS)

    def point(self, at: int) -> tuple[float, float]:
        """Return where a task stands, by its position."""
        return float(self.lanes[self.crew.tasks[at].agent]), float(at)


@drawn_once
def build_crew_graph(
    crew: Crew,
    estimate: Estimate | None = None,
    *,
    heat: Heat | None = None,
    chosen: str | None = None,
    states: States | None = None,
) -> go.Figure:
    """Draw agents as squares, tasks as circles below them, and lines from each result to what is made of it.

    With an ``estimate``, the critical path is thick and every task has its figures; ``heat`` then colours the tasks by
    cost, time or risk. ``chosen`` (a path such as "tasks/write_brief") gets a ring. With the ``states`` of a run, tasks
    that it has not come to are pale, and a ring is around those that it is at. A dependency that CrewAI cannot meet,
    because the task does not come before, is a dotted line; so a cycle is seen. A click gives the path of what was
    clicked on as ``customdata``.
    """
    plan = _Plan(crew)
    figure = new_canvas("Who does what, and from whose results")
    if not crew.tasks and not crew.agents:
        return say(figure, "This crew has no agents and no tasks.")
    chain = find_critical_path(crew, estimate)
    _draw_lines(figure, plan, chain)
    for key in plan.agents:
        _draw_agent(figure, plan, key, estimate, heat, states, chain)
    if heat is not None and estimate is not None:
        _draw_heat(figure, plan, estimate, heat, chain)
    _draw_rings(figure, plan, chosen, states or {})
    _draw_names(figure, plan, estimate, heat)
    if chain:
        line = {"color": CRITICAL, "width": 4}
        figure.add_trace(go.Scatter(x=[None], y=[None], mode="lines", name="Critical path", line=line))
    row = ROW_OF_MANY if many_tasks(crew) else ROW
    height = row * (len(crew.tasks) + 1) + 120 + LEGEND_LINE * len(plan.agents)
    figure.update_layout(height=height, showlegend=True)
    figure.update_xaxes(visible=False, range=[-0.6, plan.width - 0.6])
    figure.update_yaxes(visible=False, range=[len(crew.tasks) - 0.3, -1.6])
    return figure


def _list_agents(crew: Crew) -> list[str | None]:
    """Return the agents in their order, the same as on every figure; then whoever else has a task."""
    known: list[str | None] = [agent.key for agent in crew.agents]
    managers = [crew.manager.key] if crew.manager is not None else []
    return list(dict.fromkeys([*known, *(task.agent for task in crew.tasks), *managers]))


def _draw_lines(figure: go.Figure, plan: _Plan, chain: Sequence[int]) -> None:
    """Draw a line for each dependency; those that a longer way implies are faint."""
    critical = set(pairwise(chain))
    reach = _find_reach(plan.sources)
    shapes: list[dict[str, Any]] = []  # Any: what Plotly takes
    for at, before in enumerate(plan.sources):
        for source in before:
            implied = any(source in reach[other] for other in before if other != source)
            on_chain = (source, at) in critical
            line = {"color": CRITICAL if on_chain else LINE, "width": 4 if on_chain else 0.7 if implied else 1.8}
            shapes.append(_curve(plan, source, at, line))
    shapes += [_curve(plan, start, at, {"color": LINE, "dash": "dot", "width": 2}) for start, at in _list_unmet(plan)]
    figure.update_layout(shapes=shapes)


def _curve(plan: _Plan, start: int, end: int, line: dict[str, Any]) -> dict[str, Any]:
    """Return a line that leaves a task downwards and comes to the next from above, around those between them."""
    (x0, y0), (x1, y1) = plan.point(start), plan.point(end)
    bow = 0.45 if x0 == x1 and abs(y1 - y0) > 1 else 0.0
    pull = (y1 - y0) * 0.5
    path = f"M {x0},{y0} C {x0 - bow},{y0 + pull} {x1 - bow},{y1 - pull} {x1},{y1}"
    return {"type": "path", "path": path, "line": line, "layer": "below"}


def _find_reach(sources: Sequence[Sequence[int]]) -> list[set[int]]:
    """Return, for each task, all that it builds on, over however many steps."""
    reach: list[set[int]] = []
    for before in sources:
        reach.append(set(before).union(*(reach[it] for it in before)))
    return reach


def _list_unmet(plan: _Plan) -> list[tuple[int, int]]:
    position = {task.key: at for at, task in reversed(list(enumerate(plan.crew.tasks)))}
    return [
        (position[key], at)
        for at, task in enumerate(plan.crew.tasks)
        for key in task.depends_on
        if key in position and position[key] not in plan.sources[at]
    ]


def _draw_agent(
    figure: go.Figure,
    plan: _Plan,
    key: str | None,
    estimate: Estimate | None,
    heat: Heat | None,
    states: States | None,
    chain: Sequence[int],
) -> None:
    """Draw an agent at the head of its lane, and its tasks unless heat colours them."""
    tasks = plan.crew.tasks
    own = [] if heat is not None and estimate is not None else [at for at, it in enumerate(tasks) if it.agent == key]
    figure.add_trace(
        go.Scatter(
            name=short_label(agent_name(plan.crew, key)),
            x=[plan.lanes[key]] * (1 + len(own)),
            y=[-1, *own],
            mode="markers",
            marker={
                "size": [AGENT_SIZE] + [NODE_SIZE] * len(own),
                "symbol": ["square"] + ["circle"] * len(own),
                "opacity": [1.0] + [_opacity(tasks[at].key, states) for at in own],
                "line": _outline([-1, *own], chain),
            },
            customdata=[_agent_path(plan.crew, key)] + [f"tasks/{tasks[at].key}" for at in own],
            hovertext=[describe_agent(plan.crew, key)] + [describe_task(plan.crew, at, estimate) for at in own],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _agent_path(crew: Crew, key: str | None) -> str:
    """Return the path of an agent; empty for one that cannot be looked at."""
    return f"agents/{key}" if crew.agent(key) is not None else ""


def _draw_heat(figure: go.Figure, plan: _Plan, estimate: Estimate, heat: Heat, chain: Sequence[int]) -> None:
    """Draw the tasks, the hotter the more they cost, take or risk; those of which it is not known are grey."""
    title, values = measure_heat(estimate, heat)
    tasks = plan.crew.tasks[: len(values)]
    known = [value for value in values if value is not None]
    for at_known in (True, False):
        own = [at for at, value in enumerate(values[: len(tasks)]) if (value is not None) == at_known]
        if not own:
            continue
        marker: dict[str, Any] = {"size": NODE_SIZE, "line": _outline(own, chain), "color": LINE}
        if at_known:
            marker |= {
                "color": [values[at] for at in own],
                "colorscale": HEAT_SCALE,
                "cmin": 0,
                "cmax": max(known) or 1,
                "colorbar": {
                    "title": {"text": title, "side": "top"},
                    "orientation": "h",
                    "thickness": 10,
                    "len": 0.5,
                    "x": 1,
                    "xanchor": "right",
                    "y": 1,
                    "yanchor": "bottom",
                    "nticks": 4,
                },
            }
        points = [plan.point(at) for at in own]
        figure.add_trace(
            go.Scatter(
                x=[x for x, _ in points],
                y=[y for _, y in points],
                mode="markers",
                name="Not known",
                showlegend=not at_known,
                marker=marker,
                customdata=[f"tasks/{tasks[at].key}" for at in own],
                hovertext=[describe_task(plan.crew, at, estimate) for at in own],
                hovertemplate="%{hovertext}<extra></extra>",
            )
        )


def _outline(rows: Sequence[int], chain: Sequence[int]) -> dict[str, Any]:
    on_chain = [at in chain for at in rows]
    return {"color": [CRITICAL if it else LINE for it in on_chain], "width": [3 if it else 1 for it in on_chain]}


def _draw_rings(figure: go.Figure, plan: _Plan, chosen: str | None, states: States) -> None:
    for state, name, symbol, colour in RINGS:
        at = [plan.point(row) for row, task in enumerate(plan.crew.tasks) if states.get(task.key) == state]
        if at:
            _draw_ring(figure, at, name, {"symbol": symbol, "color": colour, "line": {"width": 3}})
    kind, _, key = (chosen or "").partition("/")
    if kind == "tasks":
        at = [plan.point(row) for row, task in enumerate(plan.crew.tasks) if task.key == key][:1]
    else:
        at = [(float(plan.lanes[key]), -1.0)] if kind == "agents" and key in plan.lanes else []
    if at:
        _draw_ring(figure, at, "", {"symbol": "circle-open", "color": LINE, "line": {"width": 4}})


def _draw_ring(figure: go.Figure, at: Sequence[tuple[float, float]], name: str, marker: dict[str, Any]) -> None:
    figure.add_trace(
        go.Scatter(
            x=[x for x, _ in at],
            y=[y for _, y in at],
            mode="markers",
            name=name,
            showlegend=bool(name),
            marker={"size": RING_SIZE} | marker,
            hoverinfo="skip",
        )
    )


def _draw_names(figure: go.Figure, plan: _Plan, estimate: Estimate | None, heat: Heat | None) -> None:
    """Write what each task is called beside its row; what is written can be clicked on, too."""
    rows = range(len(plan.crew.tasks))
    figure.add_trace(
        go.Scatter(
            x=[len(plan.agents) - 0.35] * len(rows),
            y=list(rows),
            mode="text",
            text=[label_task(plan.crew, at, plan.label_chars, estimate, heat) for at in rows],
            textposition="middle right",
            textfont={"size": 12 if many_tasks(plan.crew) else 13},
            customdata=[f"tasks/{task.key}" for task in plan.crew.tasks],
            showlegend=False,
            hovertext=[describe_task(plan.crew, at, estimate) for at in rows],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _opacity(key: str, states: States | None) -> float:
    return NOT_BEGUN if states is not None and states.get(key, "pending") == "pending" else 1.0

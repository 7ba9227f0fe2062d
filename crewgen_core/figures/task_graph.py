"""The task graph: who builds on whom, layer under layer, coloured by agent; with the states of a run, how far it is."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from crewgen_core.estimation.work import sources_of
from crewgen_core.figures.canvas import LINE, new_canvas, say
from crewgen_core.figures.labels import agent_name, hover_text, short_label, wrapped_label
from crewgen_core.models.crew import Crew, Task
from crewgen_core.models.run import TaskRunState
from crewgen_core.models.table import Table

ROWS_PER_LAYER = 3
NODE_SIZE, LABEL_HEIGHT = 22, 32
"""Pixels; an arrow starts below the label of its node."""

RING_SIZE = NODE_SIZE + 10
"""Pixels of the ring around a task that a run is at."""

NOT_BEGUN = 0.3
"""Opacity of a task that a run has not come to."""

RINGS: tuple[tuple[TaskRunState, str, str, str], ...] = (
    ("running", "Running now", "circle-open", "#2f7fd6"),
    ("waiting", "Waits for a person", "diamond-open", "#d97706"),
    ("failed", "Failed", "x-thin-open", "#d93636"),
)
"""State, name in the legend, symbol and colour, which can be seen on white and on black."""

States = Mapping[str, TaskRunState]
"""How far a run is with each task, by key."""

Point = tuple[float, float]


def build_task_graph(crew: Crew, states: States | None = None) -> go.Figure:
    """Draw the tasks in layers from top to bottom, an arrow from each to those that work from its result.

    With the states of a run, tasks that it has not come to are pale, and a ring is around those that it is at.

    A dependency that CrewAI cannot meet, because the task does not come before, is a dotted line; so a cycle is seen.
    """
    sources = sources_of(crew)
    points = _place(sources)
    layers = len({y for _, y in points})
    figure = new_canvas("Tasks, and which work from whose results", rows=ROWS_PER_LAYER * layers)
    if not crew.tasks:
        return say(figure, "This crew has no tasks.")
    for at, before in enumerate(sources):
        for source in before:
            _draw_arrow(figure, points[source], points[at])
    for key in dict.fromkeys(_agent_keys(crew)):
        _draw_nodes(figure, crew, key, points, states)
    _draw_rings(figure, crew, points, states or {})
    _draw_unmet(figure, crew, sources, points)
    widest = max(abs(x) for x, _ in points) + 0.7
    figure.update_xaxes(visible=False, range=[-widest, widest])
    figure.update_yaxes(visible=False, range=[min(y for _, y in points) - 0.7, 0.5])
    return figure


def describe_task_graph(crew: Crew, states: States | None = None) -> str:
    """Say in words what the figure shows: each task with those that it works from, and how far a run is with it."""
    names = {task.key: task.name or task.key for task in reversed(crew.tasks)}
    parts = [
        f"{task.name or task.key}"
        + (f" (works from {', '.join(names.get(key, key) for key in task.depends_on)})" if task.depends_on else "")
        + (f": {states[task.key]}" if states and task.key in states else "")
        for task in crew.tasks
    ]
    return f"Task graph, in order. {'; '.join(parts) or 'No tasks'}."


def tabulate_task_graph(crew: Crew) -> Table:
    """Return the tasks with who does them and what they work from, by key."""
    columns = ("key", "task", "agent", "works from", "skills", "tools", "human work, minutes", "runs beside others")
    rows = [
        (
            *(task.key, task.name, agent_name(crew, task.agent), ", ".join(task.depends_on)),
            *(", ".join(task.skills), ", ".join(task.tools)),
            *(task.human_minutes, "yes" if task.async_execution else "no"),
        )
        for task in crew.tasks
    ]
    return Table(title="Tasks and what they work from", columns=columns, rows=tuple(rows))


def _place(sources: Sequence[Sequence[int]]) -> list[Point]:
    """Put each task one layer below the lowest that it works from, and the tasks of a layer side by side."""
    layers: list[int] = []
    for before in sources:
        layers.append(1 + max((layers[at] for at in before), default=-1))
    members: dict[int, list[int]] = defaultdict(list)
    for at, layer in enumerate(layers):
        members[layer].append(at)
    return [
        (members[layer].index(at) - (len(members[layer]) - 1) / 2, -float(layer)) for at, layer in enumerate(layers)
    ]


def _agent_keys(crew: Crew) -> list[str | None]:
    """Return the agent of each task, those of the crew first and in its order: the same colours on every figure."""
    used = [task.agent for task in crew.tasks]
    return [agent.key for agent in crew.agents if agent.key in used] + used


def _draw_arrow(figure: go.Figure, start: Point, end: Point) -> None:
    figure.add_annotation(
        x=end[0],
        y=end[1],
        ax=start[0],
        ay=start[1],
        xref="x",
        yref="y",
        axref="x",
        ayref="y",
        text="",
        showarrow=True,
        arrowhead=2,
        arrowwidth=1.4,
        arrowcolor=LINE,
        standoff=NODE_SIZE / 2 + 2,
        startstandoff=NODE_SIZE / 2 + LABEL_HEIGHT,
    )


def _draw_unmet(figure: go.Figure, crew: Crew, sources: Sequence[Sequence[int]], points: list[Point]) -> None:
    position = {task.key: at for at, task in reversed(list(enumerate(crew.tasks)))}
    xs: list[float | None] = []
    ys: list[float | None] = []
    for at, task in enumerate(crew.tasks):
        for other in (position[key] for key in task.depends_on if key in position):
            if other not in sources[at]:
                xs += [points[other][0], points[at][0], None]
                ys += [points[other][1], points[at][1], None]
    if xs:
        line = {"dash": "dot", "color": LINE}
        figure.add_trace(go.Scatter(x=xs, y=ys, mode="lines", line=line, name="Cannot be met", hoverinfo="skip"))


def _draw_rings(figure: go.Figure, crew: Crew, points: list[Point], states: States) -> None:
    for state, name, symbol, colour in RINGS:
        at = [point for task, point in zip(crew.tasks, points, strict=True) if states.get(task.key) == state]
        if at:
            figure.add_trace(
                go.Scatter(
                    x=[x for x, _ in at],
                    y=[y for _, y in at],
                    mode="markers",
                    name=name,
                    marker={"size": RING_SIZE, "symbol": symbol, "color": colour, "line": {"width": 3}},
                    hoverinfo="skip",
                )
            )


def _draw_nodes(
    figure: go.Figure, crew: Crew, agent: str | None, points: list[Point], states: States | None = None
) -> None:
    own = [(task, point) for task, point in zip(crew.tasks, points, strict=True) if task.agent == agent]
    widest = max(Counter(y for _, y in points).values())
    figure.add_trace(
        go.Scatter(
            x=[x for _, (x, _) in own],
            y=[y for _, (_, y) in own],
            mode="markers+text",
            name=short_label(agent_name(crew, agent)),
            marker={"size": NODE_SIZE, "opacity": [_opacity(task, states) for task, _ in own]},
            text=[wrapped_label(task.name, widest) for task, _ in own],
            textposition="bottom center",
            hovertext=[_describe(crew, task) for task, _ in own],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _opacity(task: Task, states: States | None) -> float:
    return NOT_BEGUN if states is not None and states.get(task.key, "pending") == "pending" else 1.0


def _describe(crew: Crew, task: Task) -> str:
    return hover_text(
        task.name,
        f"Agent: {agent_name(crew, task.agent)}",
        f"Works from: {', '.join(task.depends_on)}" if task.depends_on else "",
        f"Skills: {', '.join(task.skills)}" if task.skills else "",
        f"Tools: {', '.join(task.tools)}" if task.tools else "",
        f"Human work: {task.human_minutes:g} minutes",
        "Runs beside others" if task.async_execution else "",
        "A person reviews the result" if task.human_input else "",
    )

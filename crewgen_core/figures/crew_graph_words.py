"""The words of the crew graph: names beside its rows, what is shown on hover, the graph as sentences and as a table."""

from collections.abc import Mapping
from textwrap import wrap
from typing import Literal

from crewgen_core.estimation.schedule import longest_chain
from crewgen_core.estimation.work import sources_of
from crewgen_core.figures.labels import agent_name, hover_text, interval, plain_label
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate, TaskEstimate
from crewgen_core.models.run import TaskRunState
from crewgen_core.models.table import Cell, Table
from crewgen_core.numbers import count_minutes, format_percent, format_seconds, format_usd

Heat = Literal["cost", "time", "risk"]
"""What tasks can be coloured by: what they cost, how long they take, how likely they fail on their own."""

States = Mapping[str, TaskRunState]
"""How far a run is with each task, by key."""

LINE_CHARS = 56
"""Characters that a phone has room for, lanes included."""

MANY = 14
"""Tasks from which on there is room for two lines each instead of three."""


def many_tasks(crew: Crew) -> bool:
    """Tell whether the rows have to be narrow."""
    return len(crew.tasks) > MANY


def label_task(crew: Crew, at: int, chars: int, estimate: Estimate | None, heat: Heat | None) -> str:
    """Return the number and name of a task on one or two lines, and its figures where there is room; free of markup."""
    task = crew.tasks[at]
    name = f"{at + 1}. {' '.join((task.name or task.key).split())}"
    share, many = _share(estimate, at), many_tasks(crew)
    lines = wrap(name, chars, max_lines=1 if many and heat else 2, placeholder="…", break_long_words=True)
    said = "<br>".join(map(plain_label, lines)) or "(no name)"
    if share is None or (many and heat is None):
        return said
    facts = {
        "cost": format_usd(share.cost_usd.p50 if share.cost_usd else None),
        "time": format_seconds(share.duration_s.p50),
        "risk": f"{format_percent(1 - share.success.p50)} risk",
    }
    shown = [facts["cost"], facts["time"]] if heat is None else [f"<b>{facts[heat]}</b>"]
    shown += ["beside others"] if task.async_execution else []
    shown += ["a person reviews"] if task.human_input else []
    return f"{said}<br><span style='font-size:11px'>{' · '.join(shown)}</span>"


def describe_task(crew: Crew, at: int, estimate: Estimate | None = None) -> str:
    """Return what is shown on hover over a task."""
    task, share = crew.tasks[at], _share(estimate, at)
    return hover_text(
        task.name,
        f"Agent: {agent_name(crew, task.agent)}",
        f"Works from: {', '.join(task.depends_on)}" if task.depends_on else "",
        f"Skills: {', '.join(task.skills)}" if task.skills else "",
        f"Tools: {', '.join(task.tools)}" if task.tools else "",
        f"Human work: {count_minutes(task.human_minutes)}",
        f"Cost: {format_usd(share.cost_usd.p50 if share.cost_usd else None)}" if share else "",
        f"Takes {interval(share.duration_s, 's')}" if share else "",
        f"Success on its own: {format_percent(share.success.p50)}" if share else "",
        "Runs beside others" if task.async_execution else "",
        "A person reviews the result" if task.human_input else "",
    )


def describe_agent(crew: Crew, key: str | None) -> str:
    """Return what is shown on hover over an agent."""
    agent = crew.agent(key)
    tasks = [task for task in crew.tasks if task.agent == key]
    return hover_text(
        agent_name(crew, key),
        f"Tasks: {len(tasks)}",
        f"Skills: {', '.join(skill.name for skill in agent.skills[:6])}" if agent and agent.skills else "",
        f"Tools: {', '.join(agent.tools[:6])}" if agent and agent.tools else "",
    )


def measure_heat(estimate: Estimate, heat: Heat) -> tuple[str, list[float | None]]:
    """Return what is measured, with its unit, and its value for each task; None where it is not known."""
    shares = estimate.by_task
    if heat == "cost":
        return "Cost (USD)", [float(it.cost_usd.p50) if it.cost_usd else None for it in shares]
    if heat == "time":
        return "Time (s)", [it.duration_s.p50 for it in shares]
    return "Risk (%)", [100 * (1 - it.success.p50) for it in shares]


def describe_crew_graph(crew: Crew, estimate: Estimate | None = None, states: States | None = None) -> str:
    """Say in words what the figure shows: each task with its agent and what it works from; how far a run is with it."""
    names = {task.key: task.name or task.key for task in reversed(crew.tasks)}
    parts = [
        f"{at}. {task.name or task.key}, by {agent_name(crew, task.agent)}"
        + (f" (works from {', '.join(names.get(key, key) for key in task.depends_on)})" if task.depends_on else "")
        + (f": {states[task.key]}" if states and task.key in states else "")
        for at, task in enumerate(crew.tasks, start=1)
    ]
    chain = [crew.tasks[at].name or crew.tasks[at].key for at in find_critical_path(crew, estimate)]
    path = f" Critical path: {', then '.join(chain)}." if chain else ""
    return f"Crew graph, tasks in order. {'; '.join(parts) or 'No tasks'}.{path}"


def find_critical_path(crew: Crew, estimate: Estimate | None) -> tuple[int, ...]:
    """Return the positions of the tasks on the critical path, in order; none where no task works from another."""
    sources = sources_of(crew)
    if estimate is None or len(estimate.by_task) != len(crew.tasks) or not any(sources):
        return ()
    return longest_chain(sources, [task.duration_s.p50 for task in estimate.by_task])


def tabulate_crew_graph(crew: Crew, estimate: Estimate | None = None) -> Table:
    """Return the tasks with who does them and what they work from, by key; with an estimate, their figures too."""
    columns = ("key", "task", "agent", "works from", "skills", "tools", "human work, minutes", "runs beside others")
    figures = ("cost, USD", "duration, seconds", "success on its own")
    rows: list[tuple[Cell, ...]] = []
    for at, task in enumerate(crew.tasks):
        share = _share(estimate, at)
        cost = float(share.cost_usd.p50) if share and share.cost_usd else None
        rows.append(
            (
                *(task.key, task.name, agent_name(crew, task.agent), ", ".join(task.depends_on)),
                *(", ".join(task.skills), ", ".join(task.tools)),
                *(task.human_minutes, "yes" if task.async_execution else "no"),
                *((cost, share.duration_s.p50, share.success.p50) if share else (None, None, None) if estimate else ()),
            )
        )
    return Table(
        title="Tasks and what they work from",
        columns=(*columns, *figures) if estimate else columns,
        rows=tuple(rows),
    )


def _share(estimate: Estimate | None, at: int) -> TaskEstimate | None:
    return estimate.by_task[at] if estimate is not None and at < len(estimate.by_task) else None

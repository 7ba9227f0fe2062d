"""The report about a crew: what it is for, who does what, what to expect of it, and what may go wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crewgen_core.catalog.entries import Tool
from crewgen_core.estimation.schedule import schedule
from crewgen_core.estimation.work import sources_of
from crewgen_core.models.alternative import Alternative, Comparison
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.document import Bar, Bars, Block, Document, Graph, Grid, Node, Point, Points, Prose, Section
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.failure import Cause
from crewgen_core.models.stored import StoredCrew
from crewgen_core.numbers import (
    format_count,
    format_percent,
    format_seconds,
    format_usd,
    format_when,
    percent_range,
    seconds_range,
    usd_range,
)
from crewgen_core.reports.demo import DEMO
from crewgen_core.reports.estimates import describe_basis, describe_shares, list_figures
from crewgen_core.reports.risks import list_risks, summarize_risks

LONGEST_NAME = 60
"""Characters of a role where it stands beside others."""

MANAGER_DECIDES = "the manager decides"


@dataclass(frozen=True)
class CrewFacts:
    """Everything that the report about a crew is made from."""

    stored: StoredCrew
    analysis: Analysis | None
    """None for a crew without an objective that can be read."""
    comparison: Comparison | None
    """The crew beside others for its objective; None without one."""
    causes: tuple[Cause, ...]
    tools: Mapping[str, Tool]
    run_model: str
    """The model of agents without one of their own."""
    made_at: datetime


def report_crew(facts: CrewFacts) -> Document:
    """Return the report about a crew."""
    stored, crew = facts.stored, facts.stored.crew
    version = f"version {stored.number}" + ("" if stored.number == stored.newest else f" of {stored.newest}")
    return Document(
        title=crew.name,
        subtitle=stored.objective.text if stored.objective else crew.objective,
        made=f"{DEMO if stored.demo else ''}Crew {stored.crew_id}, {version}. "
        f"Report made by crewgen on {format_when(facts.made_at)}.",
        summary=tuple(_summarize(facts)),
        sections=(
            Section(title="How it works", blocks=tuple(_draw_plan(crew, stored.estimate)), new_page=True),
            Section(title="Who does the work", blocks=(_list_agents(facts),)),
            Section(title="What each task delivers", blocks=(_list_tasks(crew),)),
            describe_shares(stored.estimate, crew),
            *_list_alternatives(facts.comparison),
            Section(title="What may go wrong", blocks=tuple(_list_risks(facts))),
            describe_basis(stored.estimate),
        ),
    )


def _summarize(facts: CrewFacts) -> Iterator[Block]:
    """Say what fits on a page."""
    crew, estimate, report = facts.stored.crew, facts.stored.estimate, facts.stored.report
    yield list_figures(estimate)
    yield Prose(text=report.verdict)
    wanted = ", ".join(thing.name for thing in facts.analysis.deliverables) if facts.analysis else ""
    points = [
        Point(mark="Delivers", text=wanted) if wanted else None,
        Point(mark="Team", text=_say_team(crew)),
        Point(mark="Way of working", text=_say_process(crew)),
        *summarize_risks(report, facts.causes, crew, facts.tools),
        _say_rank(facts.comparison),
    ]
    yield Points(points=tuple(point for point in points if point))
    yield Prose(text=_say_basis(estimate), quiet=True)


def _list_risks(facts: CrewFacts) -> Iterator[Block]:
    return list_risks(facts.stored.report, facts.causes, facts.stored.crew, facts.tools, facts.analysis)


def _say_team(crew: Crew) -> str:
    roles = ", ".join(_name(agent.role) for agent in crew.agents)
    led = f", led by a {_name(crew.manager.role)}" if crew.process == "hierarchical" and crew.manager else ""
    return f"{format_count(len(crew.agents), 'agent')} for {format_count(len(crew.tasks), 'task')}: {roles}{led}."


def _say_process(crew: Crew) -> str:
    checks = sum(task.human_input for task in crew.tasks)
    by_people = f"; a person looks at {format_count(checks, 'result')}" if checks else ""
    how = "A manager hands out the tasks" if crew.process == "hierarchical" else "One task after the other"
    beside = sum(task.async_execution for task in crew.tasks)
    also = f", {beside} of them beside others" if beside else ""
    return f"{how}{also}{by_people}."


def _say_rank(comparison: Comparison | None) -> Point | None:
    if comparison is None or len(comparison.alternatives) < 2:
        return None
    shown = next((one for one in comparison.alternatives if one.shown), None)
    best = comparison.alternatives[0]
    if shown is None:
        return None
    if shown is best:
        return Point(mark="Alternatives", text=f"The best bet of {len(comparison.alternatives)} that were compared.")
    return Point(
        mark="Alternatives",
        tone="warning",
        text=f"The {best.title.lower()} was ranked before this one: {' '.join(best.reasons[:1])}",
    )


def _say_basis(estimate: Estimate) -> str:
    count = format_count(estimate.own_outcomes, "own outcome")
    state = "corrected by" if estimate.own_outcomes else "not yet corrected by any of your"
    behind = f"{state} {count}" if estimate.own_outcomes else f"{state} own outcomes"
    return (
        "All figures are estimates, not promises: the typical value, and the range of 8 in 10 simulated runs. "
        f"They rest on published measurements of models, named at the end, and are {behind}."
    )


def _draw_plan(crew: Crew, estimate: Estimate) -> Iterator[Block]:
    sources = sources_of(crew)
    typical = [task.duration_s.p50 for task in estimate.by_task]
    spans = schedule([task.async_execution for task in crew.tasks], sources, typical) if typical else ()
    groups = {agent.key: at for at, agent in enumerate(crew.agents)}
    layers: list[int] = []
    for before in sources:
        layers.append(1 + max((layers[at] for at in before), default=-1))
    decides = [span.decides for span in spans] or [False] * len(crew.tasks)
    yield Graph(
        nodes=tuple(
            Node(
                name=task.name or task.key,
                note=_who(crew, task),
                group=groups.get(task.agent or "", len(groups)),
                layer=layer,
                decides=deciding,
            )
            for task, layer, deciding in zip(crew.tasks, layers, decides, strict=True)
        ),
        arrows=tuple(_list_arrows(sources)),
        text="; ".join(f"{task.name} ({_who(crew, task)})" for task in crew.tasks) or "No tasks",
    )
    yield Prose(text="Strong boxes decide how long a run takes; the colour says who does the work.", quiet=True)
    if spans:
        yield Bars(
            bars=tuple(
                Bar(
                    name=task.name or task.key,
                    start=span.start,
                    end=span.end,
                    note=format_seconds(span.end - span.start),
                    group=groups.get(task.agent or "", len(groups)),
                    strong=span.decides,
                )
                for task, span in zip(crew.tasks, spans, strict=True)
            ),
            axis="typical run, from its start",
            ends=format_seconds(max(span.end for span in spans)),
        )


def _list_arrows(sources: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield who works from whom, without what follows from the rest: a drawing of everything would hide its shape."""
    behind: list[set[int]] = []
    for at, before in enumerate(sources):
        implied = {other for source in before for other in behind[source]}
        behind.append(implied | set(before))
        yield from ((source, at) for source in before if source not in implied)


def _list_agents(facts: CrewFacts) -> Grid:
    crew = facts.stored.crew
    rows = [_describe_agent(facts, agent) for agent in crew.agents]
    if crew.process == "hierarchical" and crew.manager:
        manager = crew.manager
        rows.insert(
            0, (manager.role, manager.goal, "hands out and checks the work", "", manager.model or facts.run_model)
        )
    return Grid(
        columns=("Role", "Goal", "Skills (1 to 10)", "Tools", "Model"), rows=tuple(rows), widths=(2.4, 4, 3, 2.2, 2.4)
    )


def _describe_agent(facts: CrewFacts, agent: Agent) -> tuple[str, ...]:
    tools = ", ".join(facts.tools[key].name if key in facts.tools else key for key in agent.tools)
    skills = ", ".join(f"{skill.name} {skill.proficiency}" for skill in agent.skills)
    return agent.role, agent.goal, skills, tools or "none", agent.model or facts.run_model


def _list_tasks(crew: Crew) -> Grid:
    number = {task.key: str(at) for at, task in enumerate(crew.tasks, 1)}
    return Grid(
        columns=("#", "Task", "Done by", "Works from", "Result"),
        rows=tuple(
            (
                number[task.key],
                task.name,
                _who(crew, task),
                ", ".join(number.get(key, key) for key in task.depends_on) or "the objective",
                task.expected_output + (" A person looks at it." if task.human_input else ""),
            )
            for task in crew.tasks
        ),
        widths=(0.6, 3, 2.5, 1.8, 5),
    )


def _list_alternatives(comparison: Comparison | None) -> Iterator[Section]:
    if comparison is None or len(comparison.alternatives) < 2:
        return
    grid = Grid(
        columns=("#", "Crew", "Agents", "Tasks", "Success", "Cost per run", "Duration"),
        rows=tuple(map(_describe_alternative, comparison.alternatives)),
        widths=(0.6, 3, 1.2, 1.2, 2.4, 2.8, 2.8),
        numbers=(2, 3),
    )
    reasons = [Point(mark=one.title, text=" ".join(one.reasons)) for one in comparison.alternatives if one.reasons]
    remarks = [Prose(text=remark, quiet=True) for remark in comparison.remarks]
    yield Section(title="Alternatives", blocks=(grid, Points(points=tuple(reasons)), *remarks))


def _describe_alternative(one: Alternative) -> tuple[str, ...]:
    estimate = one.estimate
    cost = format_usd(estimate.cost_usd.p50 if estimate.cost_usd else None)
    return (
        str(one.rank),
        one.title + (" (this report)" if one.shown else ""),
        str(len(one.crew.agents)),
        str(len(one.crew.tasks)),
        f"{format_percent(estimate.success.p50)} ({percent_range(estimate.success)})",
        f"{cost} ({usd_range(estimate.cost_usd)})",
        f"{format_seconds(estimate.duration_s.p50)} ({seconds_range(estimate.duration_s)})",
    )


def _who(crew: Crew, task: Task) -> str:
    agent = crew.agent(task.agent)
    if agent is not None:
        return _name(agent.role or agent.key)
    return MANAGER_DECIDES if task.agent is None and crew.process == "hierarchical" else "nobody"


def _name(role: str) -> str:
    words = " ".join(role.split())
    return words if len(words) <= LONGEST_NAME else words[: LONGEST_NAME - 1] + "…"

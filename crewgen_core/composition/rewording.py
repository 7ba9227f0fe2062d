"""Replaces texts that say nothing, or something else than they should: by the draft's, else by plain ones."""

from collections.abc import Collection

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.coverage import find_ground
from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.composition.likeness import compare_roles
from crewgen_core.composition.names import CLOSE_ENOUGH
from crewgen_core.composition.substance import Topic, says_something
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.report import Report

TASK_CODES = frozenset({"CG304", "CG305", "CG306", "CG307", "CG311", "CG312"})
AGENT_CODES = frozenset({"CG301", "CG302", "CG303", "CG311", "CG312"})
"""Findings about the wording of a task or an agent (docs/rules.md)."""

_LONGEST = 500


def reword_formulas(work: CrewInWork, analysis: Analysis, built_in: Crew, catalog: Catalog) -> None:
    """Replace the texts on the bench that are empty, fit any crew, or have nothing to do with the objective."""
    topic = Topic(analysis, built_in)
    for task in list(work.tasks.values()):
        ground = find_ground(task, work, built_in, catalog)
        fits = topic.covers(f"{task.name} {task.description}")
        if fits and says_something(task.description) and says_something(task.expected_output):
            continue
        plain = _plain_task(task, ground, analysis)
        described = fits and says_something(task.description)
        promised = fits and says_something(task.expected_output)
        work.set_task(
            task,
            description=task.description if described else plain.description,
            expected_output=task.expected_output if promised else plain.expected_output,
        )
        now = work.tasks[task.key]
        if (task.description, task.expected_output) != (now.description, now.expected_output) and task.description:
            work.note(f'What the answer said about "{shown(task.name)}" would fit any crew; {_by_whom(ground)}')
    for agent in list(work.agents.values()):
        plain = _plain_agent(agent, _tasks_of(agent, work.tasks.values()), built_in)
        aims, lives = says_something(agent.goal), says_something(agent.backstory)
        work.set_agent(
            agent,
            goal=agent.goal if aims else plain.goal,
            backstory=agent.backstory if lives else plain.backstory,
        )
        now = work.agents[agent.key]
        if (agent.goal, agent.backstory) != (now.goal, now.backstory) and agent.goal + agent.backstory:
            work.note(f'What the answer said about "{shown(agent.role)}" would fit anybody; it was replaced.')


def reword_found(
    crew: Crew, report: Report, analysis: Analysis, built_in: Crew, catalog: Catalog, *, names: bool = False
) -> tuple[Crew, tuple[str, ...]]:
    """Replace the texts that validation found fault with, and say which; ``names`` and roles too, where asked for."""
    work = CrewInWork({agent.key: agent for agent in crew.agents}, {task.key: task for task in crew.tasks})
    for key in _found(report, "task:", TASK_CODES):
        task = work.tasks[key]
        ground = find_ground(task, work, built_in, catalog)
        plain = _plain_task(task, ground, analysis)
        name = ground.name if ground and ground.name not in {other.name for other in crew.tasks} else None
        work.set_task(
            task,
            name=(name or f"Task {list(work.tasks).index(key) + 1}") if names else task.name,
            description=plain.description,
            expected_output=plain.expected_output,
            why=plain.why,
        )
        work.note(f'The words of the answer for "{shown(work.tasks[key].name)}" could not stay; {_by_whom(ground)}')
    for key in _found(report, "agent:", AGENT_CODES):
        agent = work.agents[key]
        plain = _plain_agent(agent, _tasks_of(agent, work.tasks.values()), built_in)
        vague = names or _found(report, "agent:", ("CG301",), key)
        work.set_agent(
            agent,
            role=plain.role if vague else agent.role,
            goal=plain.goal,
            backstory=plain.backstory,
            why=plain.why,
        )
        work.note(f'The words of the answer for "{shown(work.agents[key].role)}" could not stay; they were replaced.')
    return crew.model_copy(update={"agents": tuple(work.agents.values()), "tasks": tuple(work.tasks.values())}), tuple(
        work.notes
    )


def _found(report: Report, kind: str, codes: Collection[str], key: str = "") -> tuple[str, ...]:
    """Return the keys of the parts of a kind that have one of these findings, or whether a certain part has one."""
    places = (finding.where for finding in report.findings if finding.code in codes)
    keys = (place.removeprefix(kind) for place in places if place.startswith(kind))
    return tuple(dict.fromkeys(found for found in keys if not key or found == key))


def _plain_task(task: Task, ground: Task | None, analysis: Analysis) -> Task:
    """Return the built-in task that does the same; without one, the task in plain words."""
    if ground:
        return ground
    name = task.name.rstrip(".")
    description = (
        f"{name}: one part of the work on {analysis.subject}. Use the results of the tasks before it and the material "
        "that is there; where something is missing, say so instead of filling the gap with a guess."
    )
    output = (
        f"The complete result of “{name}” in one text, with the source of every figure and claim and a list of what "
        "remains open."
    )
    return task.model_copy(
        update={
            "description": description,
            "expected_output": output,
            "why": f"The answer of the model has it: {name}.",
        }
    )


def _plain_agent(agent: Agent, tasks: Collection[Task], built_in: Crew) -> Agent:
    """Return the built-in agent of the same role; without one, the agent told by its tasks."""
    own = built_in.agent(agent.key)
    alike = own or next((a for a in built_in.agents if compare_roles(a.role, agent.role) >= CLOSE_ENOUGH), None)
    if alike:
        return alike
    work = "; ".join(task.name for task in tasks)[:_LONGEST]
    trade = agent.skills[0].name if agent.skills else ""
    return agent.model_copy(
        update={
            "role": f"{trade[:1].upper()}{trade[1:]} Specialist" if trade else agent.role,
            "goal": f"Get this done: {work}",
            "backstory": f"Your tasks in this crew: {work}. You say what you could not find or verify.",
            "why": f"Does: {work}",
        }
    )


def _tasks_of(agent: Agent, tasks: Collection[Task]) -> list[Task]:
    return [task for task in tasks if task.agent == agent.key]


def _by_whom(ground: Task | None) -> str:
    return "the draft's words stand there instead." if ground else "plain words stand there instead."

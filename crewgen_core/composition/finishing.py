"""Finishes a crew on the bench: order, equipment, texts nobody wrote, and the way of working."""

from collections.abc import Sequence

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.at_once import choose_levels, costs_success, list_kinds
from crewgen_core.composition.crew_in_work import CrewInWork, shown
from crewgen_core.composition.management import write_manager
from crewgen_core.composition.ordering import order_tasks, task_levels
from crewgen_core.composition.structure import needs_a_person
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Agent, Coordination, Crew, SkillLevel, Task

_TASK_PROFICIENCY = 6
"""Proficiency in a skill that an agent was not said to have, although one of its tasks asks for it [assumption]."""


def finish_crew(work: CrewInWork, analysis: Analysis, built_in: Crew, catalog: Catalog, *, wants_manager: bool) -> Crew:
    """Return the crew; what nobody said about it is as in the built-in one."""
    managed = wants_manager and _may_be_managed(work, built_in)
    _join_loose_ends(work)
    tasks = _order(work)
    levels = task_levels(tasks)
    at_once = set[str]() if managed or len(work.agents) == 1 else _at_once(levels, analysis, catalog)
    if at_once:
        tasks = [task for level in levels for task in level]
    tasks = [_finish_task(task, at_once, last=task is tasks[-1], analysis=analysis) for task in tasks]
    agents = tuple(_finish_agent(work.agents[key], tasks, analysis, catalog) for key in _in_working_order(tasks))
    why = (built_in.manager.why if built_in.manager else "") or f"It divides the work of {len(agents)} agents."
    return Crew(
        name=built_in.name,
        objective=analysis.objective.text,
        process="hierarchical" if managed else "sequential",
        coordination=_coordination(len(agents), managed=managed, parallel=bool(at_once)),
        oversight=built_in.oversight,
        manager=write_manager(analysis, agents, why) if managed else None,
        agents=agents,
        tasks=tuple(tasks),
    )


def restore(crew: Crew, skeleton: Crew, analysis: Analysis) -> Crew:
    """Return a crew made of a skeleton with what finishing it would decide anew and the skeleton decides itself."""
    allowed, last = analysis.objective.allowed_models, crew.tasks[-1].key if crew.tasks else ""
    models = {agent.key: agent.model for agent in skeleton.agents}
    by_hand = {task.key for task in skeleton.tasks if task.human_input}
    return crew.model_copy(
        update={
            "objective": analysis.objective.text,
            "manager": crew.manager and (skeleton.manager or crew.manager),
            "agents": tuple(
                agent.model_copy(update={"model": _choose_model(models.get(agent.key), allowed)})
                for agent in crew.agents
            ),
            "tasks": tuple(
                task.model_copy(update={"human_input": task.key in by_hand or (task.human_input and task.key == last)})
                for task in crew.tasks
            ),
        }
    )


def _may_be_managed(work: CrewInWork, built_in: Crew) -> bool:
    """Tell whether a manager earns what it costs: where the built-in crew for the same work has one."""
    if built_in.manager and len(work.agents) > 1:
        return True
    work.note("A manager costs more than it brings in this crew: its agents work without one.")
    return False


def _order(work: CrewInWork) -> list[Task]:
    tasks, cut = order_tasks(tuple(work.tasks.values()))
    for key, source in cut:
        name, other = shown(work.tasks[key].name), shown(work.tasks[source].name)
        work.note(f'"{name}" and "{other}" waited for each other: the first no longer waits.')
    return tasks


def _join_loose_ends(work: CrewInWork) -> None:
    """Let the last task take up the results that no other takes: a crew hands over what its last task gives."""
    ordered, _ = order_tasks(tuple(work.tasks.values()))
    last = ordered[-1]
    used = {key for task in ordered for key in task.depends_on}
    loose = tuple(task.key for task in ordered[:-1] if task.key not in used)
    if loose:
        work.set_task(work.tasks[last.key], depends_on=(*work.tasks[last.key].depends_on, *loose))


def _at_once(levels: Sequence[Sequence[Task]], analysis: Analysis, catalog: Catalog) -> set[str]:
    """Choose what runs at the same time, by the rule of ``structure``: where it costs no success, or speed counts."""
    kinds = list_kinds([task for level in levels for task in level], catalog)
    if costs_success(kinds) and not analysis.constraints.speed:
        return set()
    return {task.key for task in choose_levels(levels)}


def _finish_task(task: Task, at_once: set[str], *, last: bool, analysis: Analysis) -> Task:
    return task.model_copy(
        update={
            "expected_output": task.expected_output or f"The finished result of: {task.name}",
            "human_input": last and needs_a_person(analysis),
            "async_execution": task.key in at_once and not last,
        }
    )


def _finish_agent(agent: Agent, tasks: Sequence[Task], analysis: Analysis, catalog: Catalog) -> Agent:
    """Give the agent the skills and tools of its tasks, and the texts it lacks."""
    mine = [task for task in tasks if task.agent == agent.key]
    names = [catalog.skills[key].name for task in mine for key in task.skills if key in catalog.skills]
    known = {level.name for level in agent.skills}
    learned = (
        SkillLevel(name=name, proficiency=_TASK_PROFICIENCY) for name in dict.fromkeys(names) if name not in known
    )
    work = "; ".join(task.name for task in mine)
    models = analysis.objective.allowed_models
    return agent.model_copy(
        update={
            "skills": (*agent.skills, *learned),
            "tools": tuple(dict.fromkeys((*agent.tools, *(tool for task in mine for tool in task.tools)))),
            "goal": agent.goal or f"Get this done: {work}"[:500],
            "backstory": agent.backstory or f"Your tasks in this crew: {work}"[:500],
            "why": agent.why or f"Does: {work}"[:500],
            "model": models[0] if models else None,
        }
    )


def _in_working_order(tasks: Sequence[Task]) -> list[str]:
    return list(dict.fromkeys(task.agent for task in tasks if task.agent))


def _coordination(team_size: int, *, managed: bool, parallel: bool) -> Coordination:
    if team_size == 1:
        return "solo"
    if managed:
        return "hierarchical"
    return "parallel" if parallel else "sequential"


def _choose_model(own: str | None, allowed: tuple[str, ...] | None) -> str | None:
    if not allowed:
        return own
    return own if own in allowed else allowed[0]

"""Puts a crew in order after a wish: dependencies, order, tools, labels, and the sentences that name other tasks."""

from collections.abc import Sequence

from crewgen_core.composition.ordering import order_tasks
from crewgen_core.composition.texts import list_work
from crewgen_core.errors import ChangeDoesNotFit
from crewgen_core.models.change import apply_change
from crewgen_core.models.crew import Agent, Coordination, Crew, Oversight, SkillLevel, Task
from crewgen_core.models.report import Finding
from crewgen_core.refinement.work import Declined, Work
from crewgen_core.validation.asynchronous import settle_async
from crewgen_core.validation.context import Context

_TAKEN_ON = 6
"""Proficiency in a skill that an agent takes on with a task (``composition.finishing`` shows the same) [assumption]."""

_MOST_MENDED = 20
"""Fixes applied at most before a wish is declined."""


def settle(before: Work, after: Crew) -> Crew:
    """Return the crew in order; the keys of its parts are unique."""
    crew = before.crew
    after = _settle_tasks(crew, after)
    after = _drop_idle(crew, after)
    after = after.model_copy(update={"agents": tuple(_equip(agent, crew, after, before) for agent in after.agents)})
    after = _settle_sentences(crew, after)
    return _settle_labels(before, after)


def keep_valid(before: Work, after: Work) -> Work:
    """Return the work without errors that were not there before, mended where that can be done. Raises Declined."""
    known = _places(before.report.errors)
    for _ in range(_MOST_MENDED):
        new = [finding for finding in after.report.errors if (finding.code, finding.where) not in known]
        if not new:
            return after
        mended = _mend(after, new)
        if mended is None:
            raise Declined(f"That would leave the crew with an error, so nothing was changed: {new[0].message}")
        after = mended
    raise Declined("That would leave the crew with errors that cannot be mended, so nothing was changed.")


def _places(findings: Sequence[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.where) for finding in findings}


def _mend(work: Work, findings: Sequence[Finding]) -> Work | None:
    for finding in findings:
        if finding.fix is None:
            continue
        try:
            crew = apply_change(work.crew, finding.fix)
        except ChangeDoesNotFit:
            continue
        if crew != work.crew:
            return work.with_crew(crew)
    return None


def _settle_tasks(before: Crew, after: Crew) -> Crew:
    """List each task after what it works from; let the last task work from every loose end that is new."""
    was_open = len(_ends(before.tasks)) > 1
    tasks, cut = order_tasks(after.tasks)
    if cut and not order_tasks(before.tasks)[1]:
        raise Declined("Then tasks would wait for each other, and none of them could ever start.")
    ends = _ends(tasks)
    if len(ends) > 1 and not was_open:
        last = tasks[-1]
        joined = (*last.depends_on, *(task.key for task in ends if task.key != last.key))
        tasks[-1] = last.model_copy(update={"depends_on": joined, "async_execution": False})
    return after.model_copy(update={"tasks": tuple(settle_async(tasks))})


def _ends(tasks: Sequence[Task]) -> list[Task]:
    used = {key for task in tasks for key in task.depends_on}
    return [task for task in tasks if task.key not in used]


def _drop_idle(before: Crew, after: Crew) -> Crew:
    """Take out agents that had tasks and have none any more."""
    worked = {task.agent for task in before.tasks}
    works = {task.agent for task in after.tasks}
    kept = tuple(agent for agent in after.agents if agent.key in works or agent.key not in worked)
    return after.model_copy(update={"agents": kept or after.agents})


def _equip(agent: Agent, crew: Crew, after: Crew, before: Work) -> Agent:
    """Give an agent the tools and skills of tasks that are new to it, and take back the tools of those that it lost."""
    had, has = crew.tasks_of(agent.key), after.tasks_of(agent.key)
    known = crew.agent(agent.key)
    if (
        known
        and [(t.key, t.tools, t.skills) for t in had] == [(t.key, t.tools, t.skills) for t in has]
        and crew.process == after.process
    ):
        return agent
    used_before = {tool for task in had for tool in task.tools}
    used = [tool for task in has for tool in task.tools]
    kept = [tool for tool in agent.tools if tool in used or tool not in used_before]
    wanted = used if after.process == "hierarchical" else []  # there the tools of a task are not handed over
    catalog = before.catalog
    asked_before = {(task.key, skill) for task in had for skill in task.skills}
    known_skills = {before.context.skill_key(level.name) for level in agent.skills}
    learned = [
        catalog.skills[key].name if key in catalog.skills else key
        for task in has
        for key in task.skills
        if (task.key, key) not in asked_before and before.context.skill_key(key) not in known_skills
    ]
    levels = (SkillLevel(name=name, proficiency=_TAKEN_ON) for name in dict.fromkeys(learned))
    return agent.model_copy(
        update={"tools": tuple(dict.fromkeys((*kept, *wanted))), "skills": (*agent.skills, *levels)}
    )


# --- sentences that name others ---------------------------------------------------------------------------------------


def _settle_sentences(before: Crew, after: Crew) -> Crew:
    """Rewrite the sentences of the built-in engine that name tasks or agents where these have changed."""
    tasks = tuple(_rename_sources(task, before, after) for task in after.tasks)
    agents = tuple(_rename_work(agent, before, after) for agent in after.agents)
    manager = after.manager
    if manager and before.manager and manager.backstory == before.manager.backstory:
        old, new = (
            f"team of {len(crew.agents)}: {', '.join(agent.role for agent in crew.agents)}." for crew in (before, after)
        )
        manager = manager.model_copy(update={"backstory": manager.backstory.replace(old, new)})
    return after.model_copy(update={"tasks": tasks, "agents": agents, "manager": manager})


def _rename_sources(task: Task, before: Crew, after: Crew) -> Task:
    earlier = before.task(task.key)
    if earlier is None:
        return task
    old, new = (_build_on(state, crew) for state, crew in ((earlier, before), (task, after)))
    if old == new:
        return task
    if old and old in task.description:
        text = task.description.replace(old, new).replace("  ", " ").strip()
    elif new and not old:
        text = f"{task.description} {new}".strip()
    else:
        return task
    return task.model_copy(update={"description": text})


def _build_on(task: Task, crew: Crew) -> str:
    """Return the sentence by which the built-in engine names what a task works from."""
    names = [f'"{source.name}"' for key in task.depends_on if (source := crew.task(key))]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
    return f"Build on {listed}." if listed else ""


def _rename_work(agent: Agent, before: Crew, after: Crew) -> Agent:
    old, new = (list_work(crew.tasks_of(agent.key)) for crew in (before, after))
    if not old or old == new or old not in agent.backstory:
        return agent
    return agent.model_copy(update={"backstory": agent.backstory.replace(old, new).strip()})


# --- labels -----------------------------------------------------------------------------------------------------------


def _settle_labels(before: Work, after: Crew) -> Crew:
    """Label coordination and oversight as the crew works now, where the change touched them."""
    update: dict[str, object] = {"coordination": _coordination(after)}
    if _watched(before.context) != _watched(context := Context(after, before.catalog, before.analysis, frozenset())):
        update["oversight"] = _oversight(context)
    return after.model_copy(update=update)


def _coordination(crew: Crew) -> Coordination:
    if crew.process == "hierarchical":
        return "hierarchical"
    if len(crew.agents) == 1:
        return "solo"
    if crew.coordination == "collaborative" and any(agent.allow_delegation for agent in crew.agents):
        return "collaborative"
    return "parallel" if any(task.async_execution for task in crew.tasks) else "sequential"


def _watched(context: Context) -> tuple[int, int]:
    return len(context.reviews), sum(task.human_input for task in context.crew.tasks)


def _oversight(context: Context) -> Oversight:
    """Label by what watches: checks by agents and people (as ``composition.structure`` does)."""
    checks, people = _watched(context)
    if checks and people:
        return "intensive"
    return "moderate" if checks > 1 else "light" if checks or people else "none"

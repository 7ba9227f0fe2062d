"""Makes a crew cheaper, faster, more thorough or simpler: tries moves, and keeps those that the estimate bears out.

A move counts only where it makes the figure better and brings no new error or warning. Moves that cost no chance of
success come first; the others are made while more is wanted, and what they cost is said.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from crewgen_core.composition.at_once import start_levels
from crewgen_core.models.crew import Crew
from crewgen_core.numbers import count_minutes
from crewgen_core.refinement.adding import add_found
from crewgen_core.refinement.lookup import Found
from crewgen_core.refinement.settling import settle
from crewgen_core.refinement.tasks import join_tasks, remove_tasks
from crewgen_core.refinement.team import fold
from crewgen_core.refinement.thinking import kindred_models
from crewgen_core.refinement.wishes import Goal, Improve, Limit
from crewgen_core.refinement.work import Declined, Outcome, Work, change_agents, name_of

_ENOUGH = 0.15
"""Share of the figure that a wish for less should save at least, where that can be had [assumption]."""

_WORTH_IT = 0.02
"""Smaller savings are within what an estimate can tell apart; no move is made for less [assumption]."""

_FREE = 0.005
"""Loss of the chance of success, 0 to 1, that counts as none: it disappears in the interval of the estimate."""

_DEAREST = 0.15
"""Largest loss of the chance of success for one wish; who wants more names the change itself [assumption]."""

_MOST_MOVES = 4

_DEAREST_BY_COST: dict[Goal, float] = {"cheaper": 1.0, "faster": 1.25, "thorough": 4.0, "simpler": 1.25}
"""How many times its cost a run may cost then, by goal [assumption]; a dearer model has to be asked for by name."""


class _Move(NamedTuple):
    done: str
    """What it does, without the full stop."""
    crew: Crew


class _Tried(NamedTuple):
    gain: float
    """Share of the figure that is saved; for a thorough crew, what the chance of success gains."""
    loss: float
    """What the chance of success loses, 0 to 1."""
    done: str
    work: Work


def improve(wish: Improve, work: Work) -> Outcome:
    """Make the crew better in one figure. Raises Declined where nothing would."""
    if not work.crew.tasks or not work.crew.agents:
        raise Declined("The crew has nothing to run yet, so nothing about a run can be made better.")
    if wish.goal == "cheaper" and work.estimate.cost_usd is None:
        raise Declined("The price of a model is not known, so whether a change makes the crew cheaper cannot be told.")
    steps = list(_climb(wish.goal, work))
    if not steps and wish.goal == "thorough" and (move := next(_checks(work), None)):
        remark = (
            "The estimate counts one check of a result only, so its figures do not show what a second one is worth."
        )
        return Outcome(move.crew, f"{move.done}.", remarks=(remark,))
    if not steps:
        raise Declined(_WHY_NOT[wish.goal])
    done = "; ".join(step.done for step in steps)
    return Outcome(steps[-1].work.crew, f"{done[:1].upper()}{done[1:]}.")


_WHY_NOT: dict[Goal, str] = {
    "cheaper": "Nothing was found that makes the crew cheaper without putting its result at risk: no task can be "
    "merged, no tool is idle, and no cheaper model of the same provider is good enough. You can still ask to remove a "
    "task or to use another model.",
    "faster": "Nothing was found that makes the crew faster without putting its result at risk or its cost up: no two "
    "tasks can run at the same time, and none can be merged. You can still ask to remove a task or to use another "
    "model.",
    "thorough": "Nothing was found that makes success clearly more likely at up to four times the cost: the result is "
    "checked already. You can let a person approve the last step, or name a better model.",
    "simpler": "Nothing was found that could be merged: each task and each agent has work of its own kind.",
}


def limit_run(wish: Limit, work: Work) -> Outcome:
    """Keep a limit with the objective, and bring the crew within it as far as that can be done."""
    objective = work.objective
    if objective is not None:
        update = {"budget_usd": wish.budget_usd} if wish.budget_usd is not None else {"deadline_minutes": wish.minutes}
        objective = objective.model_copy(update=update)
    crew, done = work.crew, ""
    goal: Goal = "cheaper" if wish.budget_usd is not None else "faster"
    while not _within(wish, work):
        step = next(_climb(goal, work), None)
        if step is None:
            break
        work, crew, done = step.work, step.work.crew, f"{done}{'; ' if done else ''}{step.done}"
    said = f"${wish.budget_usd:f}" if wish.budget_usd is not None else count_minutes(wish.minutes or 0)
    fits = _within(wish, work)
    needs = "cost" if wish.budget_usd is not None else "take"
    verdict = f"9 of 10 runs stay within {said}" if fits else f"a run may still {needs} more than {said}"
    if crew is work.crew and not done and objective is None:
        raise Declined(f"The crew came without an objective that could hold this limit; {verdict}.")
    sentence = f"{done[:1].upper()}{done[1:]}. " if done else ""
    kept = (
        f"The limit of {said} a run is part of the objective now; {verdict}."
        if objective
        else f"{verdict[:1].upper()}{verdict[1:]}."
    )
    return Outcome(crew, sentence + kept, objective)


def _within(wish: Limit, work: Work) -> bool:
    figures = work.estimate
    if wish.budget_usd is not None:
        return figures.cost_usd is not None and figures.cost_usd.p90 <= wish.budget_usd
    return figures.duration_s.p90 <= (wish.minutes or 0) * 60


def _climb(goal: Goal, work: Work) -> Iterator[_Tried]:
    """Yield the moves that are made, one after the other, each with the work after it."""
    start, saved = work, 0.0
    for _ in range(_MOST_MOVES if goal in ("cheaper", "faster") else 1):
        tried = [found for move in _MOVES[goal](work) if (found := _try(move, goal, work, start))]
        free = [one for one in tried if one.loss <= _FREE]
        left = _DEAREST - max(0.0, start.estimate.success.p50 - work.estimate.success.p50)
        bearable = [one for one in tried if one.loss <= left]
        if free:
            best = max(free, key=lambda one: one.gain)
        elif bearable and saved < _ENOUGH:
            best = min(bearable, key=lambda one: one.loss / one.gain)
        else:
            return
        yield best
        work = best.work
        saved = 1 - _figure(goal, work) / _figure(goal, start) if goal != "thorough" else 1.0


def _try(move: _Move, goal: Goal, work: Work, start: Work) -> _Tried | None:
    """Return what a move brings; None where it brings nothing, a new error or warning, or costs far more."""
    try:
        after = work.with_crew(settle(work, move.crew))
    except Declined:
        return None
    loss = work.estimate.success.p50 - after.estimate.success.p50
    before = _figure(goal, work)
    gain = -loss if goal == "thorough" else 1 - _figure(goal, after) / before if before else 0.0
    least = _FREE if goal == "thorough" else _WORTH_IT
    if gain < least or _cost(after) > _DEAREST_BY_COST[goal] * _cost(start):
        return None
    known = {(finding.code, finding.where) for finding in work.report.findings}
    if any(f.severity != "advice" and (f.code, f.where) not in known for f in after.report.findings):
        return None
    return _Tried(gain, max(0.0, loss), move.done, after)


def _cost(work: Work) -> float:
    cost = work.estimate.cost_usd
    return float(cost.p50) if cost else 0.0


def _figure(goal: Goal, work: Work) -> float:
    figures = work.estimate
    if goal == "cheaper":
        return _cost(work)
    if goal == "simpler":
        return float(len(work.crew.tasks) + len(work.crew.agents))
    return figures.duration_s.p50


# --- moves ------------------------------------------------------------------------------------------------------------


def _cheaper(work: Work) -> Iterator[_Move]:
    yield from _without_manager(work)
    yield from _without_delegation(work)
    yield from _without_idle_tools(work)
    yield from _with_merged_tasks(work)
    yield from _without_second_check(work)
    yield from _with_other_model(work)


def _faster(work: Work) -> Iterator[_Move]:
    yield from _without_manager(work)
    yield from _without_delegation(work)
    together = start_levels(work.crew) if work.crew.process == "sequential" else work.crew
    if together != work.crew:
        yield _Move("independent tasks run at the same time", together)
    yield from _with_merged_tasks(work)
    yield from _without_second_check(work)
    yield from _with_other_model(work)


def _thorough(work: Work) -> Iterator[_Move]:
    yield from _checks(work)
    yield from _with_other_model(work)


def _checks(work: Work) -> Iterator[_Move]:
    """Add a check of another kind than those that are there."""
    for skill in ("fact_checking", "quality_review"):
        steps = work.catalog.steps_by_skill.get(skill)
        if not steps or any(skill in task.skills for task in work.crew.tasks):
            continue
        try:
            added = add_found(Found(steps[0], known_by=skill.replace("_", " ")), skill.replace("_", " "), work)
        except Declined:
            continue
        yield _Move(added.done.rstrip("."), added.crew)


def _simpler(work: Work) -> Iterator[_Move]:
    yield from _without_manager(work)
    yield from _with_merged_tasks(work)
    for one, other in pairwise(work.crew.agents):
        yield _Move(f"{name_of(one)} took over from {name_of(other)}", fold(work.crew, other.key, one.key))


_MOVES: dict[Goal, Callable[[Work], Iterator[_Move]]] = {
    "cheaper": _cheaper,
    "faster": _faster,
    "thorough": _thorough,
    "simpler": _simpler,
}


def _without_manager(work: Work) -> Iterator[_Move]:
    crew = work.crew
    if crew.process == "hierarchical" and all(crew.agent(task.agent) for task in crew.tasks):
        flat = crew.model_copy(update={"process": "sequential", "manager": None})
        yield _Move("the crew works without a manager", flat)


def _without_delegation(work: Work) -> Iterator[_Move]:
    keys = {agent.key for agent in work.crew.agents if agent.allow_delegation}
    if keys:
        yield _Move("no agent delegates any more", change_agents(work.crew, keys, allow_delegation=False))


def _without_idle_tools(work: Work) -> Iterator[_Move]:
    """Take back tools that none of an agent's tasks names, where all of them name tools."""
    if work.crew.process != "sequential":
        return
    idle: dict[str, tuple[str, ...]] = {}
    for agent in work.crew.agents:
        tasks = work.crew.tasks_of(agent.key)
        used = {tool for task in tasks for tool in task.tools}
        if tasks and all(task.tools for task in tasks) and set(agent.tools) - used:
            idle[agent.key] = tuple(tool for tool in agent.tools if tool in used)
    if idle:
        crew = work.crew
        for key, tools in idle.items():
            crew = change_agents(crew, {key}, tools=tools)
        yield _Move("took back tools that no task uses", crew)


def _with_merged_tasks(work: Work) -> Iterator[_Move]:
    """Merge two tasks of the same agent of which one follows the other; a check stays a task of its own."""
    crew = work.crew
    for task in crew.tasks:
        for key in task.depends_on:
            source = crew.task(key)
            if source is None or source.agent != task.agent or {task.key, key} & work.context.reviews:
                continue
            joined = join_tasks(crew, [source, task])
            if joined is not None:
                yield _Move(f"merged {name_of(source)} and {name_of(task)} into one task", joined)


def _without_second_check(work: Work) -> Iterator[_Move]:
    """Leave out a check where another one stays, and one whose result nobody writes."""
    reviews = [task for task in work.crew.tasks if task.key in work.context.reviews]
    asked = {skill.key for skill in work.analysis.skills if skill.weight >= _NAMED} if work.analysis else set[str]()
    for task in reviews[:-1]:
        if not asked.intersection(task.skills) and not task.human_input:
            yield _Move(f"took out {name_of(task)}, as another check follows", remove_tasks(work.crew, {task.key}))


_NAMED = 0.5
"""Weight from which the objective's own words call for a skill (``validation.coverage``)."""


def _with_other_model(work: Work) -> Iterator[_Move]:
    """Let all agents think with another model of the same provider, or that the objective allows."""
    models = {agent.model or work.knowledge.run_model for agent in work.crew.agents}
    if len(models) > 1:
        return
    current = models.pop()
    for name in kindred_models(current, work.knowledge, work.objective):
        crew = change_agents(work.crew, {agent.key for agent in work.crew.agents}, model=name)
        if crew.manager:
            crew = crew.model_copy(update={"manager": crew.manager.model_copy(update={"model": name})})
        yield _Move(f"every agent thinks with {name} instead of {current}", crew)

"""Levers: what one change to one task would do to the whole."""

from collections.abc import Iterator
from dataclasses import replace

from crewgen_core.estimation.computation.case import Case, Outcomes
from crewgen_core.estimation.success import (
    coordination_of,
    crew_load,
    effective_load,
    logit_of,
    sigmoid,
    with_team,
)
from crewgen_core.estimation.work import Work
from crewgen_core.models.computation import Lever, Outcome
from crewgen_core.models.crew import Crew, SkillLevel, Task

CERTAIN, CONFIRMED, SKILLED, HALVED = (
    "It could not fail (a bound, not a choice)",
    "A person confirms it",
    "Its agent becomes good at its first skill",
    "Half the work",
)

LEAST_GAIN = 0.001
"""Gain of success, 0 to 1, below which a lever is not worth a line."""

MOST_TASKS = 8
"""Tasks that are looked at, those of the greatest load: with the others there is little to win."""

NOTHING_LEFT = 1e-9
"""Load that stands for none, where the logarithm of none would be asked."""


def list_levers(case: Case, works: tuple[Work, ...], base: Outcome, outcomes: Outcomes) -> Iterator[Lever]:
    """Yield what raises success, the strongest first."""
    heaviest = sorted(
        range(len(works)), key=lambda at: effective_load(works[at], case.difficulty, case.constants), reverse=True
    )
    found = [lever for at in heaviest[:MOST_TASKS] for lever in _levers_of(case, works, at, works[at], base, outcomes)]
    found.sort(key=lambda it: it.outcome.success, reverse=True)
    yield from (lever for lever in found if lever.outcome.success - base.success >= LEAST_GAIN)


def _levers_of(
    case: Case, works: tuple[Work, ...], at: int, work: Work, base: Outcome, outcomes: Outcomes
) -> Iterator[Lever]:
    task = work.task
    if not work.is_review:
        certain = base.model_copy(update={"success": _without_load(case, works, at)})
        yield Lever(task=task.key, name=task.name, change=CERTAIN, possible=False, outcome=certain)
    if work.review != "human" and not work.is_review:
        yield _change(outcomes, case, at, task.model_copy(update={"human_input": True}), CONFIRMED)
    if not work.specialist and work.agent is not None and task.skills:
        skill = SkillLevel(name=task.skills[0])
        agents = tuple(
            agent.model_copy(update={"skills": (*agent.skills, skill)}) if agent.key == work.agent.key else agent
            for agent in case.crew.agents
        )
        outcome = outcomes.of(replace(case, crew=case.crew.model_copy(update={"agents": agents})))
        yield Lever(task=task.key, name=task.name, change=SKILLED, possible=True, outcome=outcome)
    yield _change(outcomes, case, at, task.model_copy(update={"human_minutes": task.human_minutes / 2}), HALVED)


def _change(outcomes: Outcomes, case: Case, at: int, task: Task, change: str) -> Lever:
    crew: Crew = case.crew
    tasks = (*crew.tasks[:at], task, *crew.tasks[at + 1 :])
    outcome = outcomes.of(replace(case, crew=crew.model_copy(update={"tasks": tasks})))
    return Lever(task=task.key, name=task.name, change=change, possible=True, outcome=outcome)


def _without_load(case: Case, works: tuple[Work, ...], at: int) -> float:
    """Return the chance of success if this task could not fail."""
    own = effective_load(works[at], case.difficulty, case.constants)
    left = max(crew_load(works, case.difficulty, case.constants) - own, NOTHING_LEFT)
    coordination = coordination_of(case.crew)
    return sigmoid(with_team(logit_of(left, case.constants), works, coordination, case.constants))

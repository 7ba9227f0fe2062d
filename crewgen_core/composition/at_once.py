"""What runs at the same time: as far as CrewAI lets it, and where that costs no success or time counts more."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.constants import Constants, load_constants
from crewgen_core.catalog.entries import Activity
from crewgen_core.catalog.kind_of_work import checks_results, find_kind
from crewgen_core.composition.ordering import task_levels
from crewgen_core.models.crew import Crew, Task

Part = TypeVar("Part")


def choose_levels(levels: Sequence[Sequence[Part]]) -> list[Part]:
    """Return the parts of those levels of several that one part alone follows: these can run at the same time.

    CrewAI lets a task that must wait start only when all that run at once are done, and refuses that one of them takes
    the result of another (crewai/crew.py); a level between two single ones keeps to both rules.
    """
    return [part for level, following in pairwise(levels) if len(level) > 1 and len(following) == 1 for part in level]


def costs_success(kinds: Iterable[Activity], constants: Constants | None = None) -> bool:
    """Tell whether agents that do such work at the same time succeed less often than one agent, as far as is measured.

    ``kinds`` are those of all tasks of the crew but reviews, in list order; the figure is the estimate's own.
    """
    effect = (constants or load_constants()).find_team_effect(kinds, "parallel")
    return effect is not None and effect.value < 0


def list_kinds(tasks: Sequence[Task], catalog: Catalog) -> list[Activity]:
    """Return the kind of work of each task that is no review of others."""
    return [find_kind(task, catalog) for task in tasks if not (task.depends_on and checks_results(task, catalog))]


def start_levels(crew: Crew) -> Crew:
    """Return the crew with every level of several tasks that one task alone follows run at once.

    What a person confirms is not among them, since the question would be overlooked (rule CG128).
    """
    levels = task_levels(crew.tasks)
    chosen = {task.key for task in choose_levels(levels) if not task.human_input}
    if not chosen:
        return crew
    tasks = (
        task.model_copy(update={"async_execution": True}) if task.key in chosen else task
        for level in levels
        for task in level
    )
    return crew.model_copy(update={"tasks": tuple(tasks)})

"""Finishing the rows of jobs as a worker would, in this process."""

from collections.abc import Collection

from crewgen_core.app import Crewgen
from crewgen_core.models.job import Figures, FinishedItem, Item, ItemQuery
from crewgen_core.models.objective import Objective
from crewgen_core.storage import job_items, jobs

REASON = "The model gave *no* usable answer."


def finish_rows(crewgen: Crewgen, job_id: int, failing: Collection[int] = (), most: int = 1_000) -> None:
    """Design a crew for every pending row, at most ``most`` of them; those at the ``failing`` positions fail."""
    pending = crewgen.bulk.list_items(job_id, ItemQuery(states=("pending",)), most).items
    done = [_fail(item) if item.position in failing else _design(crewgen, item) for item in pending]
    with crewgen.database.begin() as connection:
        jobs.mark_started(connection, job_id)
        job_items.finish(connection, job_id, done)


def _fail(item: Item) -> FinishedItem:
    return FinishedItem(id=item.id, state="failed", failure_reason=REASON, seconds=0.1)


def _design(crewgen: Crewgen, item: Item) -> FinishedItem:
    made = crewgen.generate(Objective.model_validate({"text": item.objective, **item.requirements}))
    design = made.design
    return FinishedItem(
        id=item.id,
        crew_id=made.crew_id,
        crew_name=design.crew.name,
        version_number=1,
        engine="Built-in",
        domain=design.analysis.domain_name,
        figures=Figures.of(design.report, design.estimate, design.crew),
        seconds=0.1,
    )

"""What jobs do with crews that are stored already: check and mend them, or optimize them."""

from collections.abc import Callable
from dataclasses import dataclass

from crewgen_core.front.optimizing import Optimizing
from crewgen_core.jobs.craft import Store
from crewgen_core.models.change import Change, apply_changes
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.job import Figures, FinishedItem, Item, Job
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Report
from crewgen_core.models.stored import StoredCrew
from crewgen_core.storage import crews, optimizations
from crewgen_core.storage.database import Database, Transaction

STORED = "Stored"
"""Engine of a row whose crew was there already."""


@dataclass(frozen=True)
class FollowUp:
    """Works on stored crews, as the front door does it."""

    database: Callable[[], Database]
    review: Callable[[Crew, Objective | None], tuple[Report, Estimate]]
    mend: Callable[[Crew, Objective | None], tuple[Crew, tuple[Change, ...]]]
    optimizing: Optimizing

    def check(self, job: Job, item: Item) -> Store:
        """Check the newest version of a row's crew; with ``apply``, store it with every fix that validation offers.

        Raises NotFound.
        """
        stored = self._read(item)
        crew, fixes = self.mend(stored.crew, stored.objective)
        mended = job.settings.apply and bool(fixes)
        crew = crew if mended else stored.crew
        report, estimate = self.review(crew, stored.objective)
        notice = _tell_fixes(len(fixes), job.settings.apply)

        def store(connection: Transaction) -> FinishedItem:
            number = stored.number
            if mended:
                number = crews.save_version(
                    connection,
                    stored.crew_id,
                    crew,
                    report,
                    estimate,
                    "Mended in a job",
                    number,
                    stored.objective,
                    in_job=True,
                ).number
            return _finish(item, crew, number, Figures.of(report, estimate, crew), notice=notice)

        return store

    def optimize(self, job: Job, item: Item) -> Store:
        """Optimize the newest version of a row's crew and keep the optimization; with ``apply``, store the better crew.

        Raises NotFound, CannotOptimize.
        """
        stored = self._read(item)
        settings = job.settings
        made = self.optimizing.optimize(stored.crew, settings.goal or "balanced", settings.limits, stored.objective)
        before = Figures.of(stored.report, stored.estimate, stored.crew)
        crew, report, estimate = stored.crew, stored.report, stored.estimate
        if made.changes:
            crew = apply_changes(stored.crew, made.changes)
            report, estimate = self.review(crew, stored.objective)

        def store(connection: Transaction) -> FinishedItem:
            kept = optimizations.create(connection, stored.crew_id, stored.number, made)
            number = stored.number
            if settings.apply and made.changes:
                number = crews.save_version(
                    connection,
                    stored.crew_id,
                    crew,
                    report,
                    estimate,
                    f"Optimized for {made.goal}",
                    number,
                    stored.objective,
                    in_job=True,
                ).number
                optimizations.set_applied(connection, kept.row.id, tuple(range(len(made.changes))), number)
            return _finish(item, crew, number, Figures.of(report, estimate, crew), before, made.verdict)

        return store

    def _read(self, item: Item) -> StoredCrew:
        with self.database().read() as connection:
            return crews.get(connection, item.crew_id or 0)


def _finish(
    item: Item, crew: Crew, number: int, figures: Figures, before: Figures | None = None, notice: str = ""
) -> FinishedItem:
    return FinishedItem(
        id=item.id,
        notice=notice,
        crew_id=item.crew_id,
        crew_name=crew.name,
        version_number=number,
        engine=STORED,
        domain=item.domain,
        figures=figures,
        before=before,
    )


def _tell_fixes(number: int, applied: bool) -> str:
    if not number:
        return ""
    return f"{number} {'fix' if number == 1 else 'fixes'} {'applied' if applied else 'offered'}."

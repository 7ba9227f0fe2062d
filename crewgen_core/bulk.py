"""The front door's part for bulk: a table of objectives in, a crew for every row out."""

import os
from collections.abc import Callable, Sequence
from decimal import Decimal

from crewgen_core.errors import UnusableJob
from crewgen_core.jobs.workplace import Workplace
from crewgen_core.llm.prices import price_of
from crewgen_core.logs import get_log
from crewgen_core.models.job import Job, NewItem, NewJob
from crewgen_core.settings import Settings
from crewgen_core.storage import job_items, jobs
from crewgen_core.storage.database import Database


class Bulk:
    """Everything that can be asked about jobs."""

    def __init__(
        self, settings: Settings, database: Callable[[], Database], find_database: Callable[[], Database | None]
    ) -> None:
        """``find_database`` returns None as long as there is no database; nothing is opened before it is needed."""
        self._settings = settings
        self._database = database
        self._find_database = find_database
        self._log = get_log("bulk")

    # --- jobs -----------------------------------------------------------------------------------------------------

    def start_items(self, new: NewJob, items: Sequence[NewItem]) -> Job:
        """Store a job with its rows, all or nothing; workers begin as soon as there are any. Raises UnusableJob."""
        if not items:
            raise UnusableJob("There is no row to work on.", "Choose rows that are good, or correct the file.")
        self._check_budget(new, items)
        with self._database().begin() as connection:
            job_id = jobs.create(connection, new)
            job_items.add(connection, job_id, items)
            job = jobs.get(connection, job_id)
        self._log.info("job started", job=job.id, kind=job.kind, rows=job.total)
        return job

    def get(self, job_id: int) -> Job:
        """Return a job. Raises NotFound."""
        with self._database().read() as connection:
            return jobs.get(connection, job_id)

    def list_jobs(self, limit: int = 20, before: int | None = None) -> tuple[Job, ...]:
        """Return jobs, the newest first, from the id ``before`` on."""
        with self._database().read() as connection:
            return jobs.list_jobs(connection, limit, before)

    def pause(self, job_id: int) -> Job:
        """Begin no more rows of a job; those in hand are finished. Raises NotFound, UnusableJob."""
        with self._database().begin() as connection:
            return jobs.set_state(connection, job_id, "paused")

    def resume(self, job_id: int) -> Job:
        """Go on with a paused job. Raises NotFound, UnusableJob."""
        with self._database().begin() as connection:
            return jobs.set_state(connection, job_id, "running")

    def cancel(self, job_id: int) -> Job:
        """End a job: its rows that are not finished are cancelled, the others stay. Raises NotFound, UnusableJob."""
        with self._database().begin() as connection:
            return jobs.set_state(connection, job_id, "cancelled")

    def retry(self, job_id: int, ids: Sequence[int] = ()) -> int:
        """Work on failed and cancelled rows again, all or the given ones; return how many. Raises NotFound."""
        with self._database().begin() as connection:
            return job_items.retry(connection, job_id, ids)

    def set_budget(self, job_id: int, budget_usd: Decimal | None) -> Job:
        """Change what a job may spend on models, in USD; None is no limit. Raises NotFound."""
        with self._database().begin() as connection:
            return jobs.set_budget(connection, job_id, budget_usd)

    # --- workers --------------------------------------------------------------------------------------------------

    def open_workplace(self, processes: int | None = None, stays: bool = False) -> Workplace:
        """Start worker processes on this machine whenever there is work, until the workplace is closed.

        There are as many as the settings say unless told otherwise; ``stays`` keeps them when there is no work.
        """
        fields = self._settings.model_dump(exclude_none=True)
        environment = {f"CREWGEN_{name.upper()}": str(value) for name, value in fields.items()}
        chosen = self._settings.workers if processes is None else processes
        number = (os.cpu_count() or 1) if chosen is None else chosen
        return Workplace(self._find_database, number, environment, stays).open()

    def _check_budget(self, new: NewJob, items: Sequence[NewItem]) -> None:
        """Raise UnusableJob where a budget cannot be kept, because a price is not known."""
        if new.budget_usd is None:
            return
        for model in sorted({item.model for item in items if item.model}):
            price = price_of(model)
            if price is None or price.cost(1, 1) is None:
                raise UnusableJob(
                    f"The price of {model} is not known, so a budget cannot be kept.",
                    "Leave the budget empty, or choose a model whose price is known.",
                )

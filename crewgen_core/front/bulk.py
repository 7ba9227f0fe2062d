"""The front door's part for bulk: a table of objectives in, a crew for every row out."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from crewgen_core.alternatives.side_by_side import compare_items
from crewgen_core.errors import UnusableJob
from crewgen_core.exports.exported import Exported
from crewgen_core.exports.job_archive import export_job_archive
from crewgen_core.exports.job_table import export_job_csv, export_job_jsonl
from crewgen_core.front.forecasting import forecast
from crewgen_core.front.model_register import suggest_names
from crewgen_core.imports.sheet.encoding import ENCODINGS
from crewgen_core.imports.sheet.mapping import guess_mapping
from crewgen_core.imports.sheet.report import inspect_upload
from crewgen_core.imports.sheet.rows import check_rows
from crewgen_core.imports.sheet.sample import sample_csv
from crewgen_core.imports.sheet.sheet import read_sheet
from crewgen_core.jobs.gate import Limits
from crewgen_core.jobs.workplace import Workplace
from crewgen_core.llm.prices import price_of
from crewgen_core.llm.providers import provider_of
from crewgen_core.logs import get_log
from crewgen_core.models.job import OPEN_STATES, Forecast, Item, ItemPage, ItemQuery, Job, NewItem, NewJob, Progress
from crewgen_core.models.side_by_side import SideBySide
from crewgen_core.models.spread import Spread
from crewgen_core.models.upload import BadRow, ObjectiveRow, SharedRequirements, UploadReport
from crewgen_core.pipeline import Knowledge
from crewgen_core.settings import Settings
from crewgen_core.storage import crews, job_items, job_results, job_spread, jobs, workers
from crewgen_core.storage.database import Database

ResultForm = Literal["csv", "jsonl", "crewai-json", "crewai-yaml", "crewgen"]
"""Rows as a table, or their crews as a ZIP of projects."""

ALL, NOTHING_SHARED = ItemQuery(), SharedRequirements()

RECENT, REASONS = 8, 5
"""Rows and reasons that a progress tells."""


class Bulk:
    """Everything that can be asked about uploads, jobs and what came of them."""

    def __init__(
        self,
        settings: Settings,
        knowledge: Callable[[], Knowledge],
        database: Callable[[], Database],
        find_database: Callable[[], Database | None],
        of_house: "Bulk | None" = None,
    ) -> None:
        """``find_database`` returns None as long as there is no database; nothing is opened before it is needed.

        ``of_house`` is the part that has the workers, where this one acts for a person.
        """
        self._settings = settings
        self._knowledge = knowledge
        self._database = database
        self._find_database = find_database
        self._of_house = of_house
        self._workplace: Workplace | None = None
        self._log = get_log("bulk")

    # --- uploads --------------------------------------------------------------------------------------------------

    def inspect(
        self,
        name: str,
        content: bytes,
        mapping: Mapping[str, str] | None = None,
        shared: SharedRequirements = NOTHING_SHARED,
        encoding: str | None = None,
        delimiter: str | None = None,
        tab: str | None = None,
    ) -> UploadReport:
        """Return what an uploaded CSV or XLSX file holds, after checking every row; nothing is stored.

        Raises UnreadableUpload where it holds no table, UnusableObjective for an unknown shared domain or model.
        """
        return inspect_upload(
            name,
            content,
            shared,
            self._domains,
            is_known_model,
            suggest_names,
            mapping=mapping,
            encoding=encoding,
            delimiter=delimiter,
            tab=tab,
        )

    def sample(self) -> Exported:
        """Return a file that shows all columns, with some rows."""
        return Exported("crewgen_sample.csv", sample_csv(), "text/csv")

    def encodings(self) -> tuple[str, ...]:
        """Return the encodings that can be chosen, as people call them."""
        return tuple(ENCODINGS)

    def forecast(self, report: UploadReport) -> Forecast:
        """Return what a job on the good rows of an upload will cost and take; designs a few of them to know."""
        knowledge = self._knowledge()
        limits = Limits(self._settings.calls_at_once, self._settings.calls_per_minute).for_jobs()
        return forecast(report, knowledge, knowledge.profile_of, limits, self._worker_count())

    def start(
        self,
        name: str,
        content: bytes,
        new: NewJob,
        mapping: Mapping[str, str] | None = None,
        shared: SharedRequirements = NOTHING_SHARED,
        encoding: str | None = None,
        delimiter: str | None = None,
        tab: str | None = None,
        keep_duplicates: bool = True,
    ) -> Job:
        """Store a job with the good rows of an upload, all or nothing; workers begin as soon as there are any.

        Raises UnreadableUpload, UnusableObjective, and UnusableJob where no row is good or a budget cannot be kept.
        """
        sheet = read_sheet(name, content, encoding, delimiter, tab)
        chosen = guess_mapping(sheet.columns) if mapping is None else mapping
        rows = check_rows(sheet, chosen, shared, self._domains, is_known_model, suggest_names)
        new = new.model_copy(
            update={"file_name": name[:300], "model": shared.model or None, "priority": shared.priority}
        )
        return self._store(new, _take_good(rows, keep_duplicates))

    # --- jobs -----------------------------------------------------------------------------------------------------

    def follow_up(self, source_job_id: int, new: NewJob, query: ItemQuery = ALL) -> Job:
        """Store a job that checks or optimizes the crews of another one, all or those that a query finds.

        Raises NotFound, and UnusableJob where there is no crew.
        """
        wanted = query.model_copy(update={"states": ("completed",)})
        with self._database().read() as connection:
            jobs.get(connection, source_job_id)
            found = list(map(_take_crew, job_results.stream_items(connection, source_job_id, wanted)))
        return self._store(new.model_copy(update={"source_job_id": source_job_id}), found)

    def start_items(self, new: NewJob, items: Sequence[NewItem]) -> Job:
        """Store a job with these rows, all or nothing. Raises UnusableJob."""
        return self._store(new, items)

    def get(self, job_id: int) -> Job:
        """Return a job. Raises NotFound."""
        with self._database().read() as connection:
            return jobs.get(connection, job_id)

    def list_jobs(self, limit: int = 20, before: int | None = None) -> tuple[Job, ...]:
        """Return jobs, the newest first, from the id ``before`` on."""
        with self._database().read() as connection:
            return jobs.list_jobs(connection, limit, before)

    def find_unfinished(self, fingerprint: str) -> Job | None:
        """Return the newest job with this fingerprint that is not at its end; None where there is none."""
        with self._database().read() as connection:
            found = [job for job in jobs.find_open(connection) if job.settings.fingerprint == fingerprint]
        return found[-1] if found else None

    def progress(self, job_id: int) -> Progress:
        """Return how far a job is; cheap enough to be asked every second, whatever its size. Raises NotFound."""
        with self._database().read() as connection:
            job = jobs.get(connection, job_id)
            rate = job_results.measure_rate(connection, job_id) if job.state == "running" else None
            return Progress(
                job=job,
                rate=rate,
                seconds_left=job.pending / rate if rate else None,
                workers=workers.count_workers(connection),
                recent=job_results.list_recent(connection, job_id, RECENT) if job.state in OPEN_STATES else (),
                failures=job_results.count_failures(connection, job_id, REASONS) if job.failed else (),
            )

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

    def share(self, job_id: int, shared: bool) -> Job:
        """Let everybody look at a job and its crews and use them, or its owner alone again.

        Raises NotFound, NotAllowed.
        """
        with self._database().begin() as connection:
            return jobs.share(connection, job_id, shared)

    def retry(self, job_id: int, ids: Sequence[int] = ()) -> int:
        """Work on failed and cancelled rows again, all or the given ones; return how many. Raises NotFound."""
        with self._database().begin() as connection:
            return job_items.retry(connection, job_id, ids)

    def set_budget(self, job_id: int, budget_usd: Decimal | None) -> Job:
        """Change what a job may spend on models, in USD; None is no limit. Raises NotFound.

        A job that paused because its budget was used up goes on when it may spend more.
        """
        with self._database().begin() as connection:
            job = jobs.get(connection, job_id)
            more = budget_usd is None or (job.budget_usd is not None and budget_usd > job.budget_usd)
            changed = jobs.set_budget(connection, job_id, budget_usd)
            if job.state == "paused" and job.state_reason and job.resumes_at is None and more:
                return jobs.set_state(connection, job_id, "running")
            return changed

    # --- what came of them ----------------------------------------------------------------------------------------

    def list_items(self, job_id: int, query: ItemQuery = ALL, limit: int = 50, offset: int = 0) -> ItemPage:
        """Return rows of a job, filtered, sorted and paged in the database. Raises NotFound."""
        with self._database().read() as connection:
            return job_results.list_items(connection, job_id, query, limit, offset)

    def list_domains(self, job_id: int) -> tuple[str, ...]:
        """Return the names of the domains that rows of a job have. Raises NotFound."""
        with self._database().read() as connection:
            return job_results.list_domains(connection, job_id)

    def spread(self, job_id: int) -> Spread:
        """Return how the figures of a job's crews are spread, for charts. Raises NotFound."""
        with self._database().read() as connection:
            return job_spread.measure_spread(connection, job_id)

    def compare(self, item_ids: Sequence[int]) -> SideBySide:
        """Return the crews of two to six rows side by side, as they were when the rows were finished.

        Raises NotFound, and UnusableJob for another number or a row without a crew.
        """
        with self._database().read() as connection:
            items = [job_results.get_item(connection, item_id) for item_id in item_ids]
            missing = [item.position for item in items if item.crew_id is None]
            if missing:
                raise UnusableJob(f"Row {missing[0]} has no crew to compare.", "Choose rows that are completed.")
            return compare_items([crews.get(connection, it.crew_id or 0, it.version_number) for it in items])

    def export(self, job_id: int, form: ResultForm, query: ItemQuery = ALL) -> Exported:
        """Return the rows that a query finds as a table that is safe for spreadsheets, or their crews as a ZIP.

        Raises NotFound, and CannotExport for more crews than a ZIP can hold.
        """
        with self._database().read() as connection:
            name = jobs.get(connection, job_id).name
            items = job_results.stream_items(connection, job_id, query)
            if form == "csv":
                return export_job_csv(name, items, job_results.list_extra_columns(connection, job_id))
            if form == "jsonl":
                return export_job_jsonl(name, items)
            return export_job_archive(
                name,
                items,
                lambda item: job_results.load_crew(connection, item),
                form,
                self._knowledge().catalog,
                self._settings.run_model,
            )

    # --- workers --------------------------------------------------------------------------------------------------

    def open_workplace(self, processes: int | None = None, stays: bool = False) -> Workplace:
        """Start worker processes on this machine whenever there is work, until the workplace is closed.

        There are as many as the settings say unless told otherwise; ``stays`` keeps them when there is no work.
        """
        fields = self._settings.model_dump(exclude_none=True)
        environment = {f"CREWGEN_{name.upper()}": str(value) for name, value in fields.items()}
        number = self._worker_count() if processes is None else processes
        self._workplace = Workplace(self._find_database, number, environment, stays).open()
        return self._workplace

    def close_workplace(self) -> None:
        """Stop the workers of this program; what they have in hand is finished within seconds, or later by others."""
        if self._workplace is not None:
            self._workplace.close()
            self._workplace = None

    def expect_work(self) -> None:
        """Start the workers of this program already: somebody is about to ask for a job, and they take seconds."""
        if self._of_house is not None:
            self._of_house.expect_work()
        elif self._workplace is not None:
            self._workplace.expect_work()

    def _worker_count(self) -> int:
        chosen = self._settings.workers
        return (os.cpu_count() or 1) if chosen is None else chosen

    @property
    def _domains(self) -> Mapping[str, str]:
        return {key: domain.name for key, domain in self._knowledge().catalog.domains.items()}

    def _store(self, new: NewJob, items: Iterable[NewItem]) -> Job:
        """Store a job with its rows in one transaction."""
        with self._database().begin() as connection:
            job_id = jobs.create(connection, new)
            if not job_items.add(connection, job_id, items):
                raise UnusableJob(
                    "There is no row to work on.", "Choose rows that can be worked on, or correct the file."
                )
            if new.budget_usd is not None:
                _check_prices(job_items.list_models(connection, job_id))
            job = jobs.get(connection, job_id)
        self._log.info("job started", job=job.id, kind=job.kind, rows=job.total)
        return job


def is_known_model(name: str) -> bool:
    """Tell whether a model can be asked: its price is known, or at least who serves it."""
    return price_of(name) is not None or ("/" in name and provider_of(name) is not None)


def _take_good(rows: Iterable[ObjectiveRow | BadRow], keep_duplicates: bool) -> Iterator[NewItem]:
    for row in rows:
        if isinstance(row, ObjectiveRow) and (keep_duplicates or row.duplicate_of is None):
            tags = ", ".join(row.tags)
            yield NewItem(row.row, row.text, row.name, row.requirements, row.model, row.priority, tags, row.extra)


def _take_crew(item: Item) -> NewItem:
    return NewItem(
        line=item.line,
        text=item.objective,
        name=item.name or item.crew_name[:300],
        requirements=item.requirements,
        priority=item.priority,
        tags=item.tags,
        extra=item.extra,
        crew_id=item.crew_id,
    )


def _check_prices(models: Sequence[str]) -> None:
    """Raise UnusableJob where a budget cannot be kept, because a price is not known."""
    for model in models:
        price = price_of(model)
        if price is None or price.cost(1, 1) is None:
            raise UnusableJob(
                f"The price of {model} is not known, so a budget cannot be kept.",
                "Leave the budget empty, or choose a model whose price is known.",
            )

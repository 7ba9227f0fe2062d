"""What the commands about jobs do: list, change, follow up, wait for and write out jobs, and work on them alone."""

import signal
import sys
from argparse import Namespace
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import sleep
from types import FrameType
from typing import Any

from crewgen_core.app import Crewgen
from crewgen_core.commands.arguments import read_id, read_number
from crewgen_core.commands.output import DONE, print_json, tell, write_file
from crewgen_core.console.jobs import describe_jobs, describe_progress, describe_rows, progress_line
from crewgen_core.errors import CannotExport, NotFound, UnusableJob
from crewgen_core.front.bulk import ResultForm
from crewgen_core.models.job import Item, ItemQuery, Job, JobKind, JobSettings, NewJob, Progress
from crewgen_core.numbers import format_count

NOT_ALL_DONE, FAILED = 1, 2
"""Exit codes: rows were bad, failed or cancelled; the job is paused, so that waiting is of no use."""

LOOK_S = 0.5
"""Seconds between two looks at a job that is waited for."""

FORMS: dict[str, ResultForm] = {".csv": "csv", ".jsonl": "jsonl", ".zip": "crewai-json"}
"""What the ending of a file asks for."""

MOST_BUDGET_USD = 1_000_000
ROWS_AT_ONCE = 1_000
"""Failed rows that are read from the database at once."""


def run_jobs(crewgen: Crewgen, options: Namespace) -> int:
    """List jobs, or change, follow up, wait for or write out one."""
    if options.job is None:
        if any(value not in (None, False) for name, value in vars(options).items() if name not in ("command", "json")):
            raise UnusableJob("Which job is meant is not said.", "Put its number first: jobs 12 --wait, for example.")
        jobs = crewgen.bulk.list_jobs()
        if options.json:
            return print_json({"jobs": [job.model_dump(mode="json") for job in jobs]})
        print(describe_jobs(jobs))
        return DONE
    job_id = _find_job(crewgen, options.job).id
    find_form(options.out, options.force)
    job_id = _change(crewgen, job_id, options)
    with left_as_it_is(job_id):
        progress = wait(crewgen, job_id, options) if options.wait else crewgen.bulk.progress(job_id)
    written = write_results(crewgen, progress.job, options) if options.out else None
    failed = tuple(_list_failed(crewgen, job_id)) if options.failed and not options.out else ()
    if options.json:
        rows = {"failed_rows": [item.model_dump(mode="json") for item in failed]} if options.failed else {}
        print_json({**dump_progress(progress, written), **rows})
    else:
        print_progress(progress, written)
        if failed:
            print(f"\n{describe_rows(failed)}")
    return rate_job(progress.job) if options.wait else DONE


def _find_job(crewgen: Crewgen, text: str) -> Job:
    job_id = read_id(text)
    if job_id is None:
        raise NotFound(f'There is no job "{text[:30]}".', "A job is named by its number; `jobs` lists them.")
    try:
        return crewgen.bulk.get(job_id)
    except NotFound as fault:
        raise NotFound(str(fault), "`jobs` without a number lists them.") from fault


def _change(crewgen: Crewgen, job_id: int, options: Namespace) -> int:
    """Do to a job what the options ask for, and return the job to look at then: a new one where it is followed up."""
    bulk = crewgen.bulk
    if options.budget is not None:
        none = options.budget.lower() == "none"
        text = None if none else options.budget
        amount = "a number of US dollars (or none)"
        bulk.set_budget(job_id, read_number("--budget", text, amount, MOST_BUDGET_USD, UnusableJob))
    if options.pause:
        bulk.pause(job_id)
    if options.resume:
        bulk.resume(job_id)
    if options.cancel:
        bulk.cancel(job_id)
    if options.retry:
        tell(f"{format_count(bulk.retry(job_id), 'row')} to try again.")
    if not (options.validate or options.optimize):
        if options.apply:
            raise UnusableJob("--apply says nothing by itself.", "Give --validate or --optimize GOAL with it.")
        return job_id
    kind: JobKind = "optimize" if options.optimize else "validate"
    verb = f"Optimize for {options.optimize}" if options.optimize else "Check"
    settings = JobSettings(goal=options.optimize, apply=options.apply)
    new = NewJob(name=f"{verb}: {bulk.get(job_id).name}"[:300], kind=kind, settings=settings)
    job = bulk.follow_up(job_id, new)
    tell(f"Job {job.id} has {format_count(job.total, 'crew')} to work on.")
    return job.id


def _list_failed(crewgen: Crewgen, job_id: int) -> Iterator[Item]:
    query, offset = ItemQuery(states=("failed",)), 0
    while items := crewgen.bulk.list_items(job_id, query, ROWS_AT_ONCE, offset).items:
        yield from items
        offset += len(items)


@contextmanager
def left_as_it_is(job_id: int) -> Generator[None]:
    """Say how to go on when Ctrl-C ends the waiting: the job stays."""
    try:
        yield
    except KeyboardInterrupt:
        tell(f"Job {job_id} stays as it is. To go on: python -m crewgen_core jobs {job_id} --wait")
        raise


def wait(crewgen: Crewgen, job_id: int, options: Namespace) -> Progress:
    """Work on a job with workers of this command's own, until it is at its end or paused, and return how it stands."""
    shown = sys.stderr.isatty() and not options.json
    progress = crewgen.bulk.progress(job_id)
    if progress.job.state != "running":
        return progress
    workplace = crewgen.bulk.open_workplace()
    try:
        while progress.job.state == "running":
            if shown:
                print(f"\r{progress_line(progress):<79}", end="", file=sys.stderr, flush=True)
            sleep(LOOK_S)
            progress = crewgen.bulk.progress(job_id)
    except KeyboardInterrupt:
        if shown:
            tell("\nStopping …")
        raise
    else:
        if shown:
            print(f"\r{'':<79}\r", end="", file=sys.stderr, flush=True)
    finally:
        workplace.close()
    return progress


def find_form(out: str | None, force: bool) -> ResultForm | None:
    """Return what to write, None where nothing is. Raises CannotExport before a job is begun for nothing."""
    if out is None:
        return None
    path = Path(out)
    form = FORMS.get(path.suffix.lower())
    if form is None or path.is_dir():
        raise CannotExport(f"{out} does not say what to write.", f"Let its name end in {', '.join(FORMS)}.")
    if path.exists() and not force:
        raise CannotExport(f"{path} is there already.", "Choose another path, or replace it with --force.")
    return form


def write_results(crewgen: Crewgen, job: Job, options: Namespace) -> Path | None:
    """Write the rows of a job, or their crews; None for a paused job of an upload, whose results are not all there."""
    form = find_form(options.out, options.force)
    if form is None or (options.command == "bulk" and job.state == "paused"):
        return None
    states = ("failed",) if options.command == "jobs" and options.failed else ()
    return write_file(crewgen.bulk.export(job.id, form, ItemQuery(states=states)), options.out, options.force)


def rate_job(job: Job) -> int:
    """Return the exit code for a job that was waited for."""
    if job.state in ("running", "paused"):
        return FAILED
    return NOT_ALL_DONE if job.failed or job.cancelled else DONE


def dump_progress(progress: Progress, written: Path | None) -> dict[str, Any]:
    """Return how far a job is, and where its results were written, as plain values."""
    return {**progress.model_dump(mode="json"), **({"written": str(written)} if written else {})}


def print_progress(progress: Progress, written: Path | None) -> None:
    """Print how far a job is, how a paused one goes on, and where its results were written."""
    job = progress.job
    print(describe_progress(progress))
    if job.state == "paused":
        of_budget = bool(job.state_reason) and job.resumes_at is None and job.budget_usd is not None
        more = f"--budget USD (now {job.budget_usd})" if of_budget else "--resume"
        tell(f"To go on: python -m crewgen_core jobs {job.id} {more} --wait")
    if written:
        print(f"\n{written}")


def run_worker(crewgen: Crewgen, options: Namespace) -> int:
    """Work on jobs until stopped, with a process for each processor or as many as asked for."""
    stop = Event()

    def end(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    workplace = crewgen.bulk.open_workplace(options.processes, stays=True)
    processes = "1 process" if workplace.number == 1 else f"{workplace.number:,} processes"
    tell(f"Working on jobs with {processes}; Ctrl-C ends it.")
    try:
        stop.wait()
    finally:
        workplace.close()
    return DONE

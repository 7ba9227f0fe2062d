"""What the command ``bulk`` does: a file of objectives in, its crews out.

The same command again waits for the job that it started, as long as that is not done.
"""

import hashlib
import json
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crewgen_core.app import Crewgen
from crewgen_core.commands.arguments import read_number, tell_unusable
from crewgen_core.commands.jobs import (
    FAILED,
    MOST_BUDGET_USD,
    NOT_ALL_DONE,
    dump_progress,
    find_form,
    left_as_it_is,
    print_progress,
    rate_job,
    wait,
    write_results,
)
from crewgen_core.commands.output import DONE, print_json, tell
from crewgen_core.console.jobs import describe_forecast, describe_upload
from crewgen_core.errors import UnreadableUpload, UnusableJob
from crewgen_core.imports.sheet.sheet import LARGEST_FILE
from crewgen_core.models.job import Forecast, Job, JobSettings, NewJob
from crewgen_core.models.upload import SharedRequirements, UploadReport
from crewgen_core.numbers import format_count

SAME = "is at work on this very file with the same settings already; --again starts another one."


@dataclass(frozen=True)
class _Upload:
    """A file as it was given on the command line."""

    name: str
    content: bytes
    shared: SharedRequirements
    reading: dict[str, Any]
    """How its table is read: mapping, encoding, delimiter, tab, as ``Bulk`` takes them."""

    def fingerprint(self, new: NewJob, keeps_duplicates: bool) -> str:
        """Return what tells this file with these settings from all others."""
        settings = [self.shared.model_dump(mode="json"), new.model_dump(mode="json"), self.reading, keeps_duplicates]
        found = hashlib.sha256(json.dumps([self.name, settings], sort_keys=True).encode())
        found.update(self.content)
        return found.hexdigest()


def run_bulk(crewgen: Crewgen, options: Namespace) -> int:
    """Make a crew for every good row of a file: check it, say what it will cost, start a job, wait, write results."""
    find_form(options.out, options.force)
    upload = _read_upload(crewgen, options)
    report = crewgen.bulk.inspect(upload.name, upload.content, shared=upload.shared, **upload.reading)
    if not options.json:
        print(describe_upload(report, options.skip_duplicates), flush=True)
    if options.check or not report.good:
        return _end_check(crewgen, report, options)
    new = _new_job(upload, options)
    earlier = None if options.again else crewgen.bulk.find_unfinished(new.settings.fingerprint)
    forecast = None if earlier else _forecast(crewgen, report, options)
    job = earlier or _start(crewgen, upload, new, options)
    with left_as_it_is(job.id):
        rows = f"has {format_count(job.total, 'row')} to work on."
        tell(f"Job {job.id} {SAME if earlier else rows}")
        progress = crewgen.bulk.progress(job.id) if options.no_wait else wait(crewgen, job.id, options)
    written = write_results(crewgen, progress.job, options) if options.out and not options.no_wait else None
    if options.json:
        document = {"upload": _dump_upload(report), "forecast": forecast and forecast.model_dump(mode="json")}
        print_json({**document, "resumed": earlier is not None, **dump_progress(progress, written)})
    else:
        print_progress(progress, written)
        if options.no_wait:
            tell("The dashboard or `python -m crewgen_core worker` works on it, where one is running.")
    code = DONE if options.no_wait else rate_job(progress.job)
    return max(code, NOT_ALL_DONE if report.bad else DONE)


def _start(crewgen: Crewgen, upload: _Upload, new: NewJob, options: Namespace) -> Job:
    keeps = not options.skip_duplicates
    return crewgen.bulk.start(
        upload.name, upload.content, new, shared=upload.shared, keep_duplicates=keeps, **upload.reading
    )


def _end_check(crewgen: Crewgen, report: UploadReport, options: Namespace) -> int:
    """Say what a job would cost, and end; without a good row there is nothing to start."""
    forecast = _forecast(crewgen, report, options) if report.good else None
    if options.json:
        print_json({"upload": _dump_upload(report), "forecast": forecast and forecast.model_dump(mode="json")})
    if not options.check:
        tell("There is no good row, so no job was started.")
        return FAILED
    return NOT_ALL_DONE if report.bad else DONE


def _forecast(crewgen: Crewgen, report: UploadReport, options: Namespace) -> Forecast:
    forecast = crewgen.bulk.forecast(report)
    if not options.json:
        print(f"\n{describe_forecast(forecast)}\n", flush=True)
    return forecast


def _read_upload(crewgen: Crewgen, options: Namespace) -> _Upload:
    """Return the file and how it is read. Raises UnreadableUpload, UnusableObjective for a limit that is none."""
    try:
        shared = SharedRequirements(
            context=options.context,
            domain=options.domain,
            budget_usd=options.budget_usd,
            deadline_minutes=options.deadline_minutes,
            max_agents=options.max_agents,
            preferences=options.preferences,
            model=crewgen.settings.model if options.model is None else options.model,
            priority=options.priority,
        )
    except ValidationError as error:
        raise tell_unusable(error) from error
    path = Path(options.file)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)  # one byte more than is allowed: enough to refuse it
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise UnreadableUpload(
            f"{options.file} cannot be read: {reason}.", "Give the path of a CSV or XLSX file."
        ) from error
    delimiter = {"tab": "\t", "\\t": "\t"}.get(options.delimiter, options.delimiter)
    reading = {"encoding": options.encoding, "delimiter": delimiter, "tab": options.tab}
    chosen = dict(map(_split_choice, options.map))
    if chosen:
        reading["mapping"] = _complete_mapping(crewgen, path.name, content, reading, chosen)
    return _Upload(path.name, content, shared, reading)


def _split_choice(text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not equals:
        raise UnreadableUpload(f'--map needs FIELD=COLUMN, not "{text[:50]}".', 'Write --map objective="What to do".')
    return field.strip(), column.strip()


def _complete_mapping(
    crewgen: Crewgen, name: str, content: bytes, reading: dict[str, Any], chosen: dict[str, str]
) -> dict[str, str]:
    """Return the chosen columns, and the recognised ones of all other fields; an empty choice is no column."""
    try:
        found = crewgen.bulk.inspect(name, content, **reading).mapping
    except UnreadableUpload as fault:
        if not fault.columns:
            raise
        found = dict(fault.mapping)
    kept = {field: column for field, column in found.items() if column not in chosen.values()}
    return {field: column for field, column in {**kept, **chosen}.items() if column}


def _new_job(upload: _Upload, options: Namespace) -> NewJob:
    budget = read_number("--job-budget", options.job_budget, "a number of US dollars", MOST_BUDGET_USD, UnusableJob)
    name = options.name if options.name is not None else Path(upload.name).stem[:300]
    try:
        new = NewJob(name=name, budget_usd=budget, settings=JobSettings(fall_back=options.fall_back))
    except ValidationError as error:
        raise tell_unusable(error) from error
    fingerprint = upload.fingerprint(new, not options.skip_duplicates)
    return new.model_copy(update={"settings": new.settings.model_copy(update={"fingerprint": fingerprint})})


def _dump_upload(report: UploadReport) -> dict[str, Any]:
    document = report.model_dump(mode="json", exclude={"preview", "bad_rows", "duplicate_rows"})
    bad_rows = [bad._asdict() for bad in report.bad_rows]
    return {**document, "bad_rows": bad_rows, "duplicate_rows": [row._asdict() for row in report.duplicate_rows]}

"""What the command about outcomes does: list, record, read in and forget what came of runs."""

import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from crewgen_core.app import Crewgen
from crewgen_core.commands.arguments import read_id
from crewgen_core.commands.output import DONE, print_json, tell, write_file
from crewgen_core.console.outcomes import describe_calibration, describe_import, describe_outcome, describe_outcomes
from crewgen_core.errors import NotFound, UnreadableUpload, UnusableOutcome
from crewgen_core.imports.sheet.cells import CellFault, read_count, read_minutes, read_usd
from crewgen_core.imports.sheet.outcome_rows import MOST_TOKENS, read_comment, read_moment, read_rating, read_yes
from crewgen_core.models.objective import clean_text
from crewgen_core.models.outcome import OutcomeEntry, OutcomeQuery, OutsideRun, StoredOutcome

BAD_ROWS = 1
"""Exit code: rows of the file cannot be recorded."""

MOST_LISTED = 1_000

Read = TypeVar("Read")


def run_outcomes(crewgen: Crewgen, options: Namespace) -> int:
    """List outcomes, or do what is said with them."""
    return _ACTIONS[options.action or "list"](crewgen, options)


def run_calibration(crewgen: Crewgen, options: Namespace) -> int:
    """Say how good predictions were so far."""
    report = crewgen.outcomes.report_calibration(options.template)
    if options.json:
        return print_json(report.model_dump(mode="json"))
    print(describe_calibration(report))
    return DONE


def _list(crewgen: Crewgen, options: Namespace) -> int:
    given = vars(options)  # without an action there are none of its options
    limit = _read("--limit", given.get("limit"), lambda text: read_count(text, "number", MOST_LISTED))
    crew = given.get("crew")
    query = OutcomeQuery(crew_id=None if crew is None else _find_number(crew, "crew"))
    found = crewgen.outcomes.list_outcomes(query, 20 if limit is None else limit)
    count = crewgen.outcomes.count(query)
    if options.json:
        return print_json({"count": count, "outcomes": [it.model_dump(mode="json") for it in found]})
    print(describe_outcomes(found, count))
    return DONE


def _add(crewgen: Crewgen, options: Namespace) -> int:
    now = datetime.now(UTC)
    minutes = _read("--minutes", options.minutes, lambda text: read_minutes(text, "duration"))
    run = OutsideRun(
        crew_id=_find_number(options.crew, "crew"),
        number=None if options.version is None else _find_number(options.version, "version"),
        **_read_entry(options),
        cost_usd=_read("--cost-usd", options.cost_usd, lambda text: Decimal(str(read_usd(text, "cost")))),
        tokens=_read("--tokens", options.tokens, lambda text: read_count(text, "number of tokens", MOST_TOKENS)),
        duration_s=None if minutes is None else minutes * 60,
        ran_at=_read("--ran-at", options.ran_at, lambda text: read_moment(text, now)),
    )
    return _tell_recorded(crewgen.outcomes.record_outside(run), options)


def _record_run(crewgen: Crewgen, options: Namespace) -> int:
    entry = OutcomeEntry(**_read_entry(options))
    return _tell_recorded(crewgen.outcomes.record_run(_find_number(options.run, "run"), entry), options)


def _import(crewgen: Crewgen, options: Namespace) -> int:
    path = Path(options.file)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableUpload(
            f"{options.file} cannot be read: {error.strerror}.", "Give a CSV or XLSX file."
        ) from error
    made = crewgen.outcomes.import_file(path.name, content, options.again, options.check)
    if options.json:
        rows = [row._asdict() for row in made.bad_rows]
        known = [row._asdict() for row in made.known]
        print_json({**made.model_dump(mode="json"), "bad_rows": rows, "known": known, "checked_only": options.check})
    else:
        print(describe_import(made, options.check))
    return BAD_ROWS if made.bad_rows else DONE


def _sample(crewgen: Crewgen, options: Namespace) -> int:
    file = crewgen.outcomes.sample()
    if options.out is None:
        sys.stdout.write(file.content.decode("utf-8-sig"))
    else:
        print(write_file(file, options.out, options.force))
    return DONE


def _delete(crewgen: Crewgen, options: Namespace) -> int:
    outcome_id = _find_number(options.outcome, "outcome")
    crewgen.outcomes.delete(outcome_id)
    tell(f"Outcome {outcome_id} is forgotten: nothing is learned from it any more.")
    return DONE


_ACTIONS: dict[str, Callable[[Crewgen, Namespace], int]] = {
    "list": _list,
    "add": _add,
    "for-run": _record_run,
    "import": _import,
    "sample": _sample,
    "delete": _delete,
}


def _tell_recorded(outcome: StoredOutcome, options: Namespace) -> int:
    if options.json:
        return print_json(outcome.model_dump(mode="json"))
    print(describe_outcome(outcome))
    return DONE


def _read_entry(options: Namespace) -> dict[str, Any]:
    """Return what a person says about a run, by field."""
    return {
        "succeeded": _read("--succeeded", options.succeeded, read_yes),
        "rating": _read("--rating", options.rating, read_rating),
        "comment": _read("--comment", clean_text(options.comment), read_comment),
    }


def _read(option: str, text: str | None, read: Callable[[str], Read]) -> Read | None:
    """Return the value of an option, read like a cell of a table; None where it is not given."""
    try:
        return None if text is None else read(text)
    except CellFault as fault:
        raise UnusableOutcome(f"{option}: {fault}", "Nothing was recorded. Correct it and try again.") from fault


def _find_number(text: str, what: str) -> int:
    number = read_id(text)
    if not number:
        raise NotFound(f'There is no {what} "{text[:30]}".', f"Name it by its number, such as {what} 12.")
    return number

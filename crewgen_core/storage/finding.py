"""Finding things of every kind by words, and describing those that are known by name.

Every function works within a transaction of ``Database`` and shows only what who asks may see.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, Row, select

from crewgen_core.models.found import Findable, Findings, Found
from crewgen_core.models.objective import clean_text
from crewgen_core.numbers import format_count, format_when
from crewgen_core.storage import ownership, runs
from crewgen_core.storage.crew_search import find_crews
from crewgen_core.storage.plurals import contains_any
from crewgen_core.storage.tables import crew_tables, job_tables, run_tables, template_tables

_crews = crew_tables.crews
_jobs = job_tables.jobs
_runs = run_tables.runs
_templates = template_tables.dynamic_crew_templates

LONGEST_ABOUT = 160
"""Characters that tell a thing apart."""

MOST_CREWS_OF_RUNS = 50
"""Crews found whose runs are looked for."""

LARGEST_ID = 2**31 - 1


def search(connection: Connection, wanted: str, limit: int) -> Findings:
    """Return crews, jobs and templates that have the text in name or description, and runs of such crews.

    At most ``limit`` of each kind; nothing for an empty text.
    """
    wanted = clean_text(wanted)
    crews = find_crews(connection, wanted, MOST_CREWS_OF_RUNS)
    if crews is None:
        return Findings()
    ids = connection.scalars(crews).all()
    jobs, templates = _jobs.c, _templates.c
    in_job = contains_any(wanted, jobs.name, jobs.file_name)
    in_template = contains_any(wanted, templates.name, templates.description)
    return Findings(
        crews=_find(connection, "crew", _crews.c.id.in_(ids[:limit]), limit),
        jobs=_find(connection, "job", in_job, limit),
        templates=_find(connection, "template", in_template & templates.is_active.is_(True), limit),
        runs=_find(connection, "run", _runs.c.crew_id.in_(ids), limit),
    )


def describe(connection: Connection, names: Iterable[tuple[Findable, str]]) -> tuple[Found, ...]:
    """Return the things of these names that who asks may see, in the same order; what is gone is left out."""
    wanted = list(names)
    found: dict[tuple[Findable, str], Found] = {}
    for thing in ("crew", "job", "template", "run"):
        keys = [key for kind, key in wanted if kind == thing]
        if keys:
            for one in _find(connection, thing, _named(thing, keys), len(keys)):
                found[thing, one.key] = one
    return tuple(found[name] for name in wanted if name in found)


def _named(thing: Findable, keys: Sequence[str]) -> ColumnElement[bool]:
    if thing == "template":
        return _templates.c.key.in_(keys)
    ids = [int(key) for key in keys if key.isascii() and key.isdecimal() and int(key) <= LARGEST_ID]
    return {"crew": _crews, "job": _jobs, "run": _runs}[thing].c.id.in_(ids)


def _find(connection: Connection, thing: Findable, which: ColumnElement[bool], limit: int) -> tuple[Found, ...]:
    table = {"crew": _crews, "job": _jobs, "run": _runs, "template": _templates}[thing]
    seen = runs.narrow(connection) if thing == "run" else ownership.narrow(connection, table)
    rows = connection.execute(_COLUMNS[thing].where(which, *seen).order_by(table.c.id.desc()).limit(limit))
    return tuple(Found(thing=thing, key=str(row[0]), name=row.name, about=_tell(thing, row)) for row in rows)


_COLUMNS = {
    "crew": select(_crews.c.id, _crews.c.name, _crews.c.objective),
    "job": select(_jobs.c.id, _jobs.c.name, _jobs.c.state, _jobs.c.total, _jobs.c.created_at),
    "template": select(_templates.c.key, _templates.c.name, _templates.c.description),
    "run": select(_runs.c.id, _runs.c.crew_name.label("name"), _runs.c.state, _runs.c.dry, _runs.c.created_at),
}


def _tell(thing: Findable, row: Row[*tuple[object, ...]]) -> str:
    match thing:
        case "crew":
            text = row.objective
        case "template":
            text = row.description
        case "job":
            text = f"{row.state} · {format_count(row.total, 'row')} · {format_when(row.created_at)}"
        case "run":
            text = f"{'dry run' if row.dry else 'run'} {row[0]} · {row.state} · {format_when(row.created_at)}"
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_ABOUT else f"{line[: LONGEST_ABOUT - 1]}…"

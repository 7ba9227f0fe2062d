"""Versions of crews: how a state of a crew is written and read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Row, select

from crewgen_core.errors import EditConflict, NotFound
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Provenance
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Report
from crewgen_core.models.stored import VersionFigures, VersionRow
from crewgen_core.storage import ownership
from crewgen_core.storage.documents import read_value
from crewgen_core.storage.money import read_usd, to_micro_usd
from crewgen_core.storage.rows import number_rows
from crewgen_core.storage.staff import add_agents
from crewgen_core.storage.tables import crew_tables

_crews, _versions = crew_tables.crews, crew_tables.crew_versions

FIGURES = (
    _versions.c.agent_count,
    _versions.c.task_count,
    _versions.c.error_count,
    _versions.c.score,
    _versions.c.success,
    _versions.c.cost_micro_usd,
    _versions.c.duration_s,
)


@dataclass(frozen=True)
class State:
    """What a version keeps of a crew."""

    crew: Crew
    report: Report
    estimate: Estimate
    objective: Objective | None = None
    """What the crew is for, with its limits; None for a crew that came without one."""
    template: tuple[str, int] | None = None
    """Key and version of the template that it was made from."""


def list_versions(connection: Connection, crew_id: int) -> tuple[VersionRow, ...]:
    """Return all versions of a crew, newest first. Raises NotFound when there is no such crew."""
    rows = connection.execute(
        select(
            *(_versions.c[it] for it in ("number", "parent_number", "note", "created_at", "provenance", "made_by")),
            *FIGURES,
        )
        .where(_versions.c.crew_id == crew_id, *ownership.narrow_by_crew(connection, _versions.c.crew_id))
        .order_by(_versions.c.number.desc())
    ).all()
    if not rows:
        raise NotFound(f"There is no crew {crew_id}.")
    names = ownership.name_people(connection, (row.made_by for row in rows))
    return tuple(
        VersionRow(
            crew_id=crew_id,
            number=row.number,
            parent_number=row.parent_number,
            note=row.note,
            created_at=row.created_at,
            figures=read_figures(row),
            provenance=read_provenance(row, f"version {row.number} of crew {crew_id}"),
            made_by_name=names.get(row.made_by, ""),
        )
        for row in rows
    )


def is_newest() -> ColumnElement[bool]:
    """Return the condition that joins a crew to its newest version."""
    return (_versions.c.crew_id == _crews.c.id) & (_versions.c.number == _crews.c.newest_number)


def add_versions(
    connection: Connection, versions: Sequence[dict[str, object]], states: Sequence[State], now: datetime
) -> None:
    """Store versions with the agents of their states."""
    ids = number_rows(connection, _versions, versions)
    add_agents(connection, ((at, state.crew, state.report) for at, state in zip(ids, states, strict=True)), now)


def write_version(
    crew_id: int, state: State, note: str, now: datetime, number: int, maker: int | None
) -> dict[str, object]:
    """Return the row of a version; ``maker`` is the id of who saves it."""
    crew, estimate = state.crew, state.estimate
    cost = estimate.cost_usd
    return {
        "crew_id": crew_id,
        "number": number,
        "note": note,
        "crew": crew,
        "report": state.report,
        "estimate": estimate,
        "agent_count": len(crew.agents),
        "task_count": len(crew.tasks),
        "error_count": len(state.report.errors),
        "score": state.report.score,
        "success": estimate.success.p50,
        "cost_micro_usd": None if cost is None else to_micro_usd(cost.p50),
        "duration_s": estimate.duration_s.p50,
        "made_by": maker,
        "created_at": now,
    }


def read_provenance(row: Row[*tuple[object, ...]], where: str) -> Provenance | None:
    """Return who refined this version, None where nobody did. Raises StorageFault."""
    return None if row.provenance is None else read_value(Provenance, row.provenance, where)


def read_figures(row: Row[*tuple[object, ...]]) -> VersionFigures:
    """Return the figures of a version, from its row."""
    return VersionFigures(
        agent_count=row.agent_count,
        task_count=row.task_count,
        error_count=row.error_count,
        score=row.score,
        success=row.success,
        cost_usd=read_usd(row.cost_micro_usd),
        duration_s=row.duration_s,
    )


def explain_conflict(connection: Connection, crew_id: int, expected: int) -> EditConflict | NotFound:
    """Return why a version cannot be saved after the one that is expected to be the newest."""
    newer = connection.execute(
        select(_versions.c.number, _versions.c.note, _versions.c.created_at, _versions.c.made_by)
        .join_from(_crews, _versions, is_newest())
        .where(_crews.c.id == crew_id)
    ).first()
    if newer is None:
        return NotFound(f"There is no crew {crew_id}.")
    if newer.number < expected:
        return NotFound(f"There is no version {expected} of crew {crew_id}; its newest is version {newer.number}.")
    saved = f"saved at {newer.created_at:%H:%M} UTC on {newer.created_at.day} {newer.created_at:%B %Y}"
    if maker := ownership.name_people(connection, [newer.made_by]).get(newer.made_by):
        saved += f" by {maker}"
    note = f' as "{newer.note}"' if newer.note else ""
    return EditConflict(f"Version {newer.number} of this crew was {saved}{note}; your edit started from {expected}.")

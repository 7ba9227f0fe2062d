"""How much is stored, for a first look."""

from typing import get_args

from sqlalchemy import Connection, and_, func, or_, select

from crewgen_core.models.stored import Counts, RequestState
from crewgen_core.storage.metrics import GENERATION_COST
from crewgen_core.storage.money import to_usd
from crewgen_core.storage.ownership import count_rows, narrow, sees_everything
from crewgen_core.storage.requests import OPEN_STATES
from crewgen_core.storage.tables import crew_tables, request_tables


def count(connection: Connection) -> Counts:
    """Return the numbers of crews, versions and requests, and what generating cost, as far as it is known.

    For those who do not see everything, of what they see. Requests are counted as they were made and paid, also those
    whose crew was deleted since. Rows of jobs that failed are no requests here: the job tells
    them.
    """
    if not sees_everything(connection):
        return _count_seen(connection)
    requests, kinds = request_tables.generation_requests, request_tables.request_kinds
    days = request_tables.request_days
    opened = connection.execute(
        select(requests.c.generation_status, func.count())
        .where(requests.c.generation_status.in_(OPEN_STATES))
        .group_by(requests.c.generation_status)
    ).all()
    ended = connection.execute(
        select(kinds.c.state, func.sum(days.c.requests), func.sum(days.c.cost_micro_usd), func.sum(days.c.unpriced))
        .join_from(days, kinds, kinds.c.id == days.c.kind_id)
        .where(days.c.grain == "month", or_(kinds.c.state == "completed", kinds.c.origin == "single"))
        .group_by(kinds.c.state)
    ).all()
    return Counts(
        crews=count_rows(connection, crew_tables.crews),
        versions=_count_versions(connection),
        requests=dict.fromkeys(get_args(RequestState), 0)
        | {row[0]: row[1] for row in opened}
        | {row[0]: int(row[1]) for row in ended},
        unknown_costs=sum(int(row[3]) for row in ended),
        generation_usd=to_usd(sum(int(row[2]) for row in ended)),
    )


def _count_versions(connection: Connection) -> int:
    crews = crew_tables.crews
    deleted = select(func.sum(crews.c.newest_number)).where(crews.c.deleted_at.is_not(None))
    made = connection.scalar(select(func.count()).select_from(crew_tables.crew_versions)) or 0
    return made - (connection.scalar(deleted) or 0)


def _count_seen(connection: Connection) -> Counts:
    """Return the same of what who asks may see: row by row, since the tally sums up over everybody."""
    crews, requests, metrics = crew_tables.crews, request_tables.generation_requests, request_tables.generation_metrics
    number, versions = connection.execute(
        select(func.count(), func.sum(crews.c.newest_number)).where(*narrow(connection, crews))
    ).one()
    priced = and_(metrics.c.generation_request_id == requests.c.id, metrics.c.metric_name == GENERATION_COST)
    of_state = connection.execute(
        select(
            requests.c.generation_status,
            func.count().label("requests"),
            func.count(metrics.c.id).label("priced"),
            func.coalesce(func.sum(metrics.c.metric_value), 0).label("micro_usd"),
        )
        .join_from(requests, metrics, priced, isouter=True)
        .where(*narrow(connection, requests))
        .group_by(requests.c.generation_status)
    ).all()
    return Counts(
        crews=number,
        versions=versions or 0,
        requests=dict.fromkeys(get_args(RequestState), 0) | {row[0]: row.requests for row in of_state},
        unknown_costs=sum(row.requests - row.priced for row in of_state if row[0] == "completed"),
        generation_usd=to_usd(sum(int(row.micro_usd) for row in of_state)),
    )


def count_open(connection: Connection) -> int:
    """Return how many requests wait or are being worked on; rows of jobs are not among them."""
    status = request_tables.generation_requests.c.generation_status
    return connection.scalar(select(func.count()).where(status.in_(OPEN_STATES))) or 0

"""How much is stored, for a first look."""

from typing import get_args

from sqlalchemy import BigInteger, Connection, cast, func, select

from crewgen_core.models.stored import Counts, RequestState
from crewgen_core.storage import tables
from crewgen_core.storage.metrics import GENERATION_COST
from crewgen_core.storage.money import to_usd


def count(connection: Connection) -> Counts:
    """Return the numbers of crews, versions and requests, and what generating cost, as far as it is known."""
    requests, metrics = tables.generation_requests, tables.generation_metrics
    states = connection.execute(
        select(requests.c.generation_status, func.count()).group_by(requests.c.generation_status)
    ).all()
    spent = select(func.sum(cast(metrics.c.metric_value, BigInteger))).where(metrics.c.metric_name == GENERATION_COST)
    priced = select(metrics.c.generation_request_id).where(metrics.c.metric_name == GENERATION_COST)
    unknown = select(func.count()).where(requests.c.generation_status == "completed", requests.c.id.not_in(priced))
    return Counts(
        crews=connection.scalar(select(func.count()).select_from(tables.crews)) or 0,
        versions=connection.scalar(select(func.count()).select_from(tables.crew_versions)) or 0,
        requests=dict.fromkeys(get_args(RequestState), 0) | {row[0]: row[1] for row in states},
        unknown_costs=connection.scalar(unknown) or 0,
        generation_usd=to_usd(int(connection.scalar(spent) or 0)),
    )

"""Metrics: what happened over a range of days."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import ValidationError
from starlette.responses import Response

from crewgen_core.api.problems import REFUSED, Refusal
from crewgen_core.api.reply import reply
from crewgen_core.api.routing import FrontDoor, make_router
from crewgen_core.front.analytics import usual_period
from crewgen_core.models.analytics import EndState, Origin, Overview, Period, Quality, Scope, Spending
from crewgen_core.models.value import Value

router = make_router("Metrics", "/generation")

Day = Annotated[date | None, Query(json_schema_extra={"pattern": "^20[0-9]{2}-"}, examples=["2026-11-01"])]
Names = Annotated[list[Annotated[str, Query(max_length=200)]], Query(max_length=50)]
ALL: list[str] = []


class Metrics(Value):
    """What happened over a range of days, the range before beside it."""

    overview: Overview
    spending: Spending
    quality: Quality


@router.get(
    "/metrics", response_model=Metrics, summary="What happened over a range of days", operation_id="get_metrics"
)
def get_metrics(
    front_door: FrontDoor,
    first: Day = None,
    last: Day = None,
    model: Names = ALL,
    domain: Names = ALL,
    template: Names = ALL,
    state: Annotated[list[EndState], Query(max_length=2)] = [],  # noqa: B006 never changed
    origin: Annotated[list[Origin], Query(max_length=2)] = [],  # noqa: B006 likewise
) -> Response:
    """Return how much was asked for, what came of it, what it cost and how good it was.

    `first` and `last` are days in UTC, both in the range; left out, it is the last 30 days. Filters may be given more
    than once; "" is Built-in, an unknown domain, or no template.
    """
    scope = Scope(
        period=_read_period(first, last),
        models=tuple(model),
        domains=tuple(domain),
        templates=tuple(template),
        states=tuple(state),
        origins=tuple(origin),
    )
    asked = front_door.analytics
    return reply(Metrics(overview=asked.overview(scope), spending=asked.spending(scope), quality=asked.quality(scope)))


def _read_period(first: date | None, last: date | None) -> Period:
    """Return the range; one end alone takes thirty days on its other side. Raises Refusal for one that ends first."""
    usual = usual_period()
    try:
        if first is None:
            return usual if last is None else usual_period(today=last)
        return Period(first=first, last=last or max(first, usual.last))
    except ValidationError as error:
        hint = "Give a last day that is not before the first."
        raise Refusal(REFUSED, "The range of days ends before it begins.", hint) from error

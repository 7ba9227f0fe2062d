"""How the figures of a job's crews differ: read in one pass over a few columns, without a row of objects for each."""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import pairwise
from math import ceil, floor, isnan, log10, nan
from typing import Any, Literal

from sqlalchemy import Connection, select

from crewgen_core.models.spread import (
    FENCE,
    CrewPoint,
    Distribution,
    DomainSpread,
    EngineCount,
    Outlier,
    Quartiles,
    Spread,
)
from crewgen_core.storage import jobs
from crewgen_core.storage.tables import job_tables

_items = job_tables.job_items

MOST_OUTLIERS, MOST_POINTS = 20, 2_000

MOST_BINS = 24
"""A distribution has twice the cube root of the number of crews as bins (the Rice rule), about, but no more than so."""

FINEST = 1e-9
"""Least width of a bin; money is in millionths."""

FAR_OUT, TAIL = 3.0, 1.5
"""A distribution ends so many interquartile ranges beyond the upper quartile (what Tukey calls far out), where the rest
would make it half as wide again."""


class _Columns:
    """The figures of all crews, column by column, in the order of the rows; a cost that is not known is NaN."""

    def __init__(self) -> None:
        self.ids = array("q")
        self.success = array("d")
        self.cost = array("d")
        self.duration = array("d")
        self.domains: list[str] = []
        self.engines: Counter[str] = Counter()

    def add(self, rows: Iterable[Any]) -> None:
        """Take over rows as they come out of the database; there is at least one."""
        ids, success, micro_usd, duration, domains, engines = zip(*rows, strict=True)
        self.ids.extend(ids)
        self.success.extend(success)
        self.cost.extend(nan if cost is None else cost / 1e6 for cost in micro_usd)
        self.duration.extend(duration)
        self.domains.extend(domains)
        self.engines.update(engines)


def measure_spread(connection: Connection, job_id: int) -> Spread:
    """Return how the figures of the crews of a job differ. Raises NotFound."""
    jobs.get(connection, job_id)
    columns = _read_columns(connection, job_id)
    costs, durations = sorted(_known(columns.cost)), sorted(columns.duration)
    found = [*_find_outliers(columns, "cost", costs), *_find_outliers(columns, "duration", durations)]
    farthest = nlargest(MOST_OUTLIERS, found)
    marked = {columns.ids[at] for _, at, *_ in farthest}
    drawn = _choose_points(columns, len(costs), marked)
    names = _read_names(connection, [*marked, *(columns.ids[at] for at in drawn)])
    return Spread(
        crews=len(columns.ids),
        success=_distribute(sorted(columns.success)),
        cost_usd=_distribute(costs),
        duration_s=_distribute(durations),
        domains=_by_domain(columns),
        engines=tuple(EngineCount(engine=name, count=count) for name, count in columns.engines.most_common()),
        outliers=tuple(_name_outlier(columns.ids[at], names, figure, *rest) for _, at, figure, *rest in farthest),
        outlier_count=len(found),
        points=tuple(
            CrewPoint(
                item_id=columns.ids[at],
                name=names[columns.ids[at]][1],
                cost_usd=columns.cost[at],
                success=columns.success[at],
                outlier=columns.ids[at] in marked,
            )
            for at in drawn
        ),
    )


def find_quartiles(ordered: Sequence[float]) -> Quartiles:
    """Return the quartiles, interpolated between neighbours, of values in their order; there is at least one."""
    q1, median, q3 = (_rank(ordered, share) for share in (0.25, 0.5, 0.75))
    low, high = _fences(q1, q3)
    first = min(bisect_left(ordered, low), len(ordered) - 1)
    last = max(bisect_right(ordered, high) - 1, 0)
    return Quartiles(low=min(ordered[first], q1), q1=q1, median=median, q3=q3, high=max(ordered[last], q3))


def _read_columns(connection: Connection, job_id: int) -> _Columns:
    item = _items.c
    wanted = (item.id, item.success, item.cost_micro_usd, item.duration_s, item.domain, item.engine)
    query = select(*wanted).where(item.job_id == job_id, item.success.is_not(None)).order_by(item.id)
    columns = _Columns()
    for rows in connection.execute(query.execution_options(yield_per=5_000)).partitions():
        columns.add(rows)
    return columns


def _known(values: Iterable[float]) -> Iterator[float]:
    return (value for value in values if not isnan(value))


def _rank(ordered: Sequence[float], share: float) -> float:
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def _fences(q1: float, q3: float) -> tuple[float, float]:
    return q1 - FENCE * (q3 - q1), q3 + FENCE * (q3 - q1)


def _distribute(ordered: Sequence[float]) -> Distribution | None:
    """Return the values in bins of a round width; None without values."""
    if not ordered:
        return None
    quartiles = find_quartiles(ordered)
    low, high = ordered[0], ordered[-1]
    far_out = quartiles.q3 + FAR_OUT * (quartiles.q3 - quartiles.q1)
    last = ordered[bisect_right(ordered, far_out) - 1]
    if quartiles.q3 > quartiles.q1 and high - low > TAIL * (last - low):
        high = last
    bins = min(MOST_BINS, ceil(2 * len(ordered) ** (1 / 3)))
    width = _round_width(max((high - low) / bins or abs(low) / 10 or 1.0, FINEST))
    start = floor(low / width + 1e-9)  # 0.3 / 0.05 is a little less than 6
    edges = [round(at * width, 12) for at in range(start, floor(high / width) + 2)]
    edges[0] = min(edges[0], low)
    places = [bisect_left(ordered, edge) for edge in edges]
    return Distribution(
        edges=tuple(edges),
        counts=tuple(right - left for left, right in pairwise(places)),
        above=len(ordered) - places[-1],
        quartiles=quartiles,
    )


def _round_width(least: float) -> float:
    """Return 1, 2, 2.5 or 5 times a power of ten, at least so much."""
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= least * 0.999)


def _by_domain(columns: _Columns) -> tuple[DomainSpread, ...]:
    rows: dict[str, list[int]] = {}
    for at, domain in enumerate(columns.domains):
        rows.setdefault(domain, []).append(at)
    found: list[DomainSpread] = []
    for domain, places in rows.items():
        costs = sorted(_known(columns.cost[at] for at in places))
        found.append(
            DomainSpread(
                domain=domain,
                count=len(places),
                success=find_quartiles(sorted(columns.success[at] for at in places)),
                cost_usd=find_quartiles(costs) if costs else None,
            )
        )
    return tuple(sorted(found, key=lambda it: (-it.count, it.domain)))


_Figure = Literal["cost", "duration"]
_Found = tuple[float, int, _Figure, float, float, float]
"""How far beyond what is usual, place among the crews, figure, value, and the two ends of what is usual."""


def _find_outliers(columns: _Columns, figure: _Figure, ordered: Sequence[float]) -> list[_Found]:
    if not ordered:
        return []
    q1, q3 = _rank(ordered, 0.25), _rank(ordered, 0.75)
    low, high = _fences(q1, q3)
    scale = (q3 - q1) or abs(q3) or 1.0
    values = columns.cost if figure == "cost" else columns.duration
    return [
        (max(low - value, value - high) / scale, at, figure, value, low, high)
        for at, value in enumerate(values)
        if value < low or value > high  # never true of NaN
    ]


def _name_outlier(
    item_id: int, names: Mapping[int, tuple[int, str]], figure: _Figure, value: float, low: float, high: float
) -> Outlier:
    line, name = names[item_id]
    return Outlier(
        item_id=item_id, line=line, name=name, figure=figure, value=value, usual_low=max(low, 0.0), usual_high=high
    )


def _choose_points(columns: _Columns, priced: int, marked: set[int]) -> list[int]:
    """Return the places of all crews with a cost; of many, those of every so-manieth and of what is marked."""
    places = (at for at, cost in enumerate(columns.cost) if not isnan(cost))
    step = -(-priced // MOST_POINTS)
    return [at for rank, at in enumerate(places) if rank % step == 0 or columns.ids[at] in marked]


def _read_names(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Return the line of each item and what people call it."""
    item = _items.c
    query = select(item.id, item.line, item.position, item.name, item.crew_name).where(item.id.in_(set(ids)))
    return {
        row.id: (row.line, row.name or row.crew_name or f"Row {row.line or row.position}")
        for row in connection.execute(query)
    }

"""What people, tokens and providers use of a day: the crews that they have generated, and money for models.

Every function works within a transaction of ``Database``, those that take something within ``begin()``. Something is
taken first, then held against the limits, and given back where it was too much, all in one transaction: others wait for
the rows until it ends, and see either all of it or nothing. Rows are taken in the order of their names, last of all
that a transaction takes, so that two writers on one server never wait for each other in a circle.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from crewgen_core.day_limits import refuse
from crewgen_core.models.limit import PROVIDER, TOKEN, DayLimits, LimitKind, LimitStanding, Spender
from crewgen_core.storage.clock import tell_ms
from crewgen_core.storage.database import person_of
from crewgen_core.storage.money import read_usd, to_micro_usd, to_usd, write_usd
from crewgen_core.storage.tables import people_tables

_usage = people_tables.usage_days
_COUNTED = ("generations", "spent_micro_usd", "reserved_micro_usd")


@dataclass(frozen=True)
class Cost:
    """What a call that ended cost, beside what was reserved for it when it began."""

    spender: Spender
    provider: str
    day: date
    """On which it began."""
    reserved_micro_usd: int
    micro_usd: int


def take_generation(connection: Connection, limits: DayLimits) -> None:
    """Count a crew that whoever asks wants generated. Raises LimitReached."""
    spender = Spender.of(person_of(connection))
    granted, full = grant_generations(connection, spender, limits, 1)
    if full and not granted:
        raise refuse(full, tell_now(connection))


def grant_generations(
    connection: Connection, spender: Spender, limits: DayLimits, wanted: int
) -> tuple[int, LimitStanding | None]:
    """Count as many of the wanted crews as fit; return how many, and the limit that is full where that is fewer."""
    if wanted <= 0:
        return 0, None
    day = tell_day(connection)
    subjects = spender.subjects
    _add(connection, day, {name: {"generations": wanted} for name in subjects})
    if limits.generations is None:
        return wanted, None
    used = {name: row["generations"] for name, row in _read(connection, day, subjects).items()}
    most = {name: _limit_generations(name, limits) or 0 for name in subjects}
    worst = max(subjects, key=lambda name: used[name] - most[name])
    over = min(wanted, max(0, used[worst] - most[worst]))
    if not over:
        return wanted, None
    _add(connection, day, {name: {"generations": -over} for name in subjects})
    left = Decimal(min(used[worst] - over, most[worst]))
    return wanted - over, _stand("generations", worst, left, Decimal(most[worst]), day)


def reserve(
    connection: Connection, spender: Spender, provider: str, limits: DayLimits, micro_usd: int
) -> tuple[str, LimitStanding] | None:
    """Reserve the most that a call may cost; where that is too much for a limit, return that limit and reserve nothing.

    It comes with the name under which its use is counted.
    """
    day = tell_day(connection)
    limit_of = _limit_money(spender, provider, limits)
    _add(connection, day, {name: {"reserved_micro_usd": micro_usd} for name in limit_of})
    if not limits.of_money or not micro_usd:
        return None
    for name, row in _read(connection, day, limit_of).items():
        most, used = limit_of[name], row["spent_micro_usd"] + row["reserved_micro_usd"]
        if most is not None and used > most:
            _add(connection, day, {one: {"reserved_micro_usd": -micro_usd} for one in limit_of})
            kind: LimitKind = "provider" if name.startswith(PROVIDER) else "spend"
            return name, _stand(kind, name, to_usd(used - micro_usd), to_usd(most), day)
    return None


def settle(connection: Connection, costs: Sequence[Cost]) -> None:
    """Put what calls cost in the place of what was reserved for them, on the days on which they began."""
    sums: dict[date, dict[str, dict[str, int]]] = {}
    for cost in costs:
        for name in (*cost.spender.subjects, PROVIDER + cost.provider):
            row = sums.setdefault(cost.day, {}).setdefault(name, dict.fromkeys(_COUNTED, 0))
            row["reserved_micro_usd"] -= cost.reserved_micro_usd
            row["spent_micro_usd"] += cost.micro_usd
    for day, rows in sorted(sums.items()):
        _add(connection, day, rows)


def read_standings(connection: Connection, spender: Spender, limits: DayLimits) -> tuple[LimitStanding, ...]:
    """Return how much a spender has used today of each limit of a day, set or not."""
    day, subjects = tell_day(connection), spender.subjects
    rows = _read(connection, day, subjects)
    told: list[LimitStanding] = []
    for name in subjects:
        most = _limit_generations(name, limits)
        used = Decimal(rows[name]["generations"])
        told.append(_stand("generations", name, used, None if most is None else Decimal(most), day))
    for name in subjects:
        money = _limit_spend(name, limits)
        told.append(_stand("spend", name, _sum_money(rows[name]), read_usd(money), day))
    return tuple(told)


def read_providers(connection: Connection, limits: DayLimits) -> tuple[LimitStanding, ...]:
    """Return how much was used today of the budget of each provider that was asked."""
    day = tell_day(connection)
    query = select(_usage).where(_usage.c.day == day, _usage.c.subject.startswith(PROVIDER, autoescape=True))
    rows = connection.execute(query.order_by(_usage.c.subject)).mappings()
    return tuple(_stand("provider", row["subject"], _sum_money(row), limits.provider_usd, day) for row in rows)


def tell_now(connection: Connection) -> datetime:
    """Return the time by the clock of the database."""
    return datetime.fromtimestamp(tell_ms(connection) / 1000, UTC)


def tell_day(connection: Connection) -> date:
    """Return the day that it is (UTC) by the clock of the database."""
    return tell_now(connection).date()


def day_of(started_ms: int) -> date:
    """Return the day (UTC) of a moment in milliseconds since 1970."""
    return datetime.fromtimestamp(started_ms / 1000, UTC).date()


def _limit_money(spender: Spender, provider: str, limits: DayLimits) -> dict[str, int | None]:
    """Return the limits in micro-dollars of all whom a call concerns; None is no limit."""
    found = {name: _limit_spend(name, limits) for name in spender.subjects}
    of_all = write_usd(limits.provider_usd)
    return {**found, PROVIDER + provider: of_all}


def _limit_generations(name: str, limits: DayLimits) -> int | None:
    if limits.generations is None:
        return None
    return max(1, limits.of_token(limits.generations)) if name.startswith(TOKEN) else limits.generations


def _limit_spend(name: str, limits: DayLimits) -> int | None:
    if limits.spend_usd is None:
        return None
    micro_usd = to_micro_usd(limits.spend_usd)
    return limits.of_token(micro_usd) if name.startswith(TOKEN) else micro_usd


def _stand(kind: LimitKind, name: str, used: Decimal, limit: Decimal | None, day: date) -> LimitStanding:
    whose = name.removeprefix(PROVIDER) if kind == "provider" else "token" if name.startswith(TOKEN) else "person"
    resets_at = datetime.combine(day + timedelta(days=1), time(), UTC)
    return LimitStanding(kind=kind, whose=whose, used=used, limit=limit, resets_at=resets_at)


def _sum_money(row: Mapping[Any, Any]) -> Decimal:
    return to_usd(row["spent_micro_usd"] + row["reserved_micro_usd"])


def _add(connection: Connection, day: date, changes: Mapping[str, Mapping[str, int]]) -> None:
    """Add to what is counted, in the order of names."""
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(_usage)
    sums = {name: _usage.c[name] + insert.excluded[name] for name in _COUNTED}
    zero = dict.fromkeys(_COUNTED, 0)
    rows = [{"subject": name, "day": day, **zero, **change} for name, change in sorted(changes.items())]
    connection.execute(insert.on_conflict_do_update(index_elements=["subject", "day"], set_=sums), rows)


def _read(connection: Connection, day: date, names: Iterable[str]) -> dict[str, Mapping[Any, Any]]:
    """Return what is counted for each name, in the order of names."""
    wanted = sorted(names)
    query = select(_usage).where(_usage.c.day == day, _usage.c.subject.in_(wanted))
    found = {row["subject"]: row for row in connection.execute(query).mappings()}
    return {name: found.get(name, dict.fromkeys(_COUNTED, 0)) for name in wanted}

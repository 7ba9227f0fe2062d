"""Analytics: what happened over a range of days, in figures that charts, tables and programs show."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from crewgen_core.models.value import Value

Grain = Literal["day", "week", "month"]
EndState = Literal["completed", "failed"]
Origin = Literal["single", "bulk"]

MOST_DAYS, MOST_WEEKS = 45, 27
"""Longest ranges that are shown by day and by week: a chart has room for some forty bars."""


class Period(Value):
    """A range of days in UTC, both ends in it."""

    first: date = Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))
    last: date = Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("a range ends on its first day or later")
        return self

    @property
    def days(self) -> int:
        """Number of its days."""
        return (self.last - self.first).days + 1

    @property
    def grain(self) -> Grain:
        """What its charts are divided into."""
        if self.days <= MOST_DAYS:
            return "day"
        return "week" if self.days <= 7 * MOST_WEEKS else "month"

    def before(self) -> "Period | None":
        """Return the range of as many days that ends the day before; None where it would begin before 2000."""
        last = self.first - timedelta(days=1)
        first = last - timedelta(days=self.days - 1)
        return None if first.year < 2000 else Period(first=first, last=last)

    def cut(self) -> "tuple[Period, ...]":
        """Return its days, weeks from Monday, or months, in order; the outer ones end where the range ends."""
        parts: list[Period] = []
        first = self.first
        while first <= self.last:
            last = min(_end_of(first, self.grain), self.last)
            parts.append(Period(first=first, last=last))
            first = last + timedelta(days=1)
        return tuple(parts)


def _end_of(day: date, grain: Grain) -> date:
    if grain == "day":
        return day
    if grain == "week":
        return day + timedelta(days=6 - day.weekday())
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return following - timedelta(days=1)


class Scope(Value):
    """What is looked at: a range of days, and of each filter the values that count; none chosen lets all count."""

    period: Period
    models: tuple[str, ...] = ()
    """LiteLLM names of the models that were asked; "" is Built-in."""
    domains: tuple[str, ...] = ()
    """Catalog keys; "" is for requests whose domain is not known."""
    templates: tuple[str, ...] = ()
    """Keys of templates; "" is for crews made without one."""
    states: tuple[EndState, ...] = ()
    origins: tuple[Origin, ...] = ()
    """"single" from a page or the command line, "bulk" as a row of a job."""
    demo: bool = True
    """Whether demo data counts too."""

    @property
    def filtered(self) -> bool:
        """True where a filter is set."""
        return bool(self.models or self.domains or self.templates or self.states or self.origins)


class Choices(Value):
    """What filters can be set to, as far as anything has it."""

    models: tuple[str, ...]
    domains: tuple[str, ...]
    templates: tuple[str, ...]
    template_names: dict[str, str]
    """Names of those of them that there still are, by key."""


class Predicted(Value):
    """What estimates said of the crews that were generated."""

    crews: int = Field(ge=1)
    mean: float
    """Mean of the typical (P50) chances of success."""
    p10: float
    """Mean of the lower ends of their intervals; ``p90`` of the upper ones."""
    p90: float


class Actual(Value):
    """What came of runs, from their outcomes."""

    runs: int = Field(ge=1)
    succeeded: int = Field(ge=0)
    low: float
    """90 % Wilson interval of the share that succeeded, with ``high``."""
    high: float
    expected: float
    """Mean of the chances that were predicted for the same runs."""

    @property
    def rate(self) -> float:
        """Share that succeeded, 0 to 1."""
        return self.succeeded / self.runs


class Spent(Value):
    """Money, exact, and how often nobody knows the amount."""

    usd: Decimal = Decimal(0)
    unknown: int = Field(default=0, ge=0)
    """Generations, or parts of runs, whose cost is not known: they are not in ``usd``."""


class Headline(Value):
    """The figures of a range in one line each."""

    requests: int = Field(ge=0)
    completed: int = Field(ge=0)
    failed: int = Field(ge=0)
    predicted: Predicted | None
    actual: Actual | None
    median_s: float | None
    """Median of the seconds that generating took; at most 5 % off."""
    generating: Spent
    running: Spent


class Bucket(Value):
    """One day, week or month."""

    period: Period
    completed: int = 0
    failed: int = 0
    predicted: Predicted | None = None
    actual: Actual | None = None


class EngineShare(Value):
    """Who made crews."""

    model: str
    """LiteLLM name; "" is Built-in."""
    fallback: bool
    """True: Built-in made them because this model failed."""
    crews: int


class TemplateShare(Value):
    """Crews made from a template."""

    template: str
    """Its key; "" is for those made without one."""
    name: str
    """What it is called now; its key where it was deleted, "" for those made without one."""
    crews: int


class Overview(Value):
    """How much was asked for, and what came of it."""

    scope: Scope
    now: Headline
    before: Headline | None
    """The same number of days before; None where there are no such days."""
    open: int
    """Requests that wait or are being worked on at this moment, whatever the range."""
    buckets: tuple[Bucket, ...]
    engines: tuple[EngineShare, ...]
    templates: tuple[TemplateShare, ...]


class ModelSpend(Value):
    """What one model cost."""

    model: str
    purpose: Literal["generating", "running"]
    total: Spent
    by_bucket: tuple[Decimal, ...]
    """USD, for each day, week or month of the range."""


class RoleSpend(Value):
    """What agents of one role cost in runs."""

    role: str
    runs: int
    calls: int
    tokens: int
    total: Spent


class Spending(Value):
    """What models cost."""

    scope: Scope
    parts: tuple[Period, ...]
    models: tuple[ModelSpend, ...]
    """The dearest first."""
    roles: tuple[RoleSpend, ...]
    """The dearest first, at most ``MOST_ROLES``."""
    generating: Spent
    running: Spent


class Times(Value):
    """How long generating took: quantiles are at most 5 % off (``crewgen_core.time_scale``)."""

    crews: int = Field(ge=0)
    median_s: float | None
    p90_s: float | None


class EngineTimes(Times):
    """The same for one engine."""

    model: str
    """LiteLLM name of the model that was asked; "" is Built-in."""
    fallback: bool


class Problem(Value):
    """Failures with the same reason."""

    reason: str
    """With "…" for numbers and names."""
    fell_back: bool
    """True: the built-in crew was made instead; False: the request came to nothing."""
    count: int
    requests: tuple[int, ...]
    """Some of the requests, the newest first."""
    jobs: tuple[int, ...]
    """Some of the jobs that have such rows, the newest first."""


class Quality(Value):
    """How good it was and how long it took."""

    scope: Scope
    buckets: tuple[Bucket, ...]
    times: tuple[Times, ...]
    """For each bucket."""
    engines: tuple[EngineTimes, ...]
    problems: tuple[Problem, ...]
    """The most frequent first, at most ``MOST_PROBLEMS``."""
    problem_count: int
    """All different reasons."""

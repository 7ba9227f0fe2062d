"""The front door's part for analytics: what happened over a range of days, read from one state of the database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crewgen_core.models.analytics import (
    Bucket,
    Choices,
    EngineShare,
    EngineTimes,
    Headline,
    ModelSpend,
    Overview,
    Period,
    Quality,
    Scope,
    Spending,
    TemplateShare,
    Times,
)
from crewgen_core.storage import counts, run_figures, tally_reading
from crewgen_core.storage.database import Database, Transaction
from crewgen_core.storage.run_figures import read_actual, read_cost
from crewgen_core.storage.tally_reading import fold, read_predicted, read_spent
from crewgen_core.time_scale import find_quantile

MOST_ROLES, MOST_PROBLEMS = 15, 12
"""Roles and reasons that are listed; there may be many more."""

USUAL_DAYS = 30

OF_OTHERS = "Templates of others"
"""What stands in the place of the keys of templates that who asks may not see; no key is written so."""


class Analytics:
    """Everything that can be asked about what happened."""

    def __init__(self, database: Callable[[], Database]) -> None:
        """The database is opened when first asked."""
        self._database = database

    def find_span(self) -> Period | None:
        """Return the days from the first to the last request, run or outcome; None where there is nothing yet."""
        with self._database().read() as connection:
            spans = tally_reading.find_span(connection), run_figures.find_run_span(connection)
        days = [day for span in spans for day in span if day]
        return Period(first=min(days), last=max(days)) if days else None

    def choices(self) -> Choices:
        """Return what filters can be set to: models, domains, templates."""
        with self._database().read() as connection:
            models, domains, templates = (
                tally_reading.list_values(connection, name) for name in ("model", "domain", "template_key")
            )
            names = tally_reading.name_templates(connection)
            hidden = tally_reading.find_hidden_templates(connection)
        return Choices(
            models=models,
            domains=domains,
            templates=tuple(key for key in templates if key not in hidden),
            template_names=names,
        )

    def overview(self, scope: Scope) -> Overview:
        """Return how much was asked for and what came of it, with the range before beside it."""
        period = scope.period
        with self._database().read() as connection:
            by_day = tally_reading.sum_up(connection, scope, period, "state", "day")
            made = [
                row
                for row in tally_reading.sum_up(connection, scope, period, "state", "model", "fallback", "template_key")
                if row.state == "completed"
            ]
            outcomes = run_figures.list_outcomes(connection, scope, period)
            before = period.before()
            return Overview(
                scope=scope,
                now=_sum_up(connection, scope, period, by_day, outcomes),
                before=before and self._look_at(connection, scope, before),
                open=counts.count_open(connection),
                buckets=_fill(period, by_day, outcomes),
                engines=_share_engines(made),
                templates=_share_templates(
                    made, tally_reading.name_templates(connection), tally_reading.find_hidden_templates(connection)
                ),
            )

    def spending(self, scope: Scope) -> Spending:
        """Return what models cost: for generating and for running, by model and by the role of agents."""
        period = scope.period
        with self._database().read() as connection:
            generating = tally_reading.sum_up(connection, scope, period, "model", "day")
            running = run_figures.sum_usage(connection, scope, period)
            roles = run_figures.list_roles(connection, scope, MOST_ROLES)
        asked = [row for row in generating if row.model]  # Built-in costs nothing
        spent = [
            *_spend_by_model(period, asked, "generating"),
            *_spend_by_model(period, running, "running"),
        ]
        return Spending(
            scope=scope,
            parts=period.cut(),
            models=tuple(sorted(spent, key=lambda one: (-one.total.usd, one.model, one.purpose))),
            roles=roles,
            generating=read_spent(generating),
            running=read_cost(running),
        )

    def quality(self, scope: Scope) -> Quality:
        """Return how good crews were, predicted and actual, how long generating took, and why it failed."""
        period = scope.period
        with self._database().read() as connection:
            by_day = tally_reading.sum_up(connection, scope, period, "state", "day")
            outcomes = run_figures.list_outcomes(connection, scope, period)
            times = tally_reading.count_times(connection, scope, period, "day")
            by_engine = tally_reading.count_times(connection, scope, period, "model", "fallback")
            problems = tally_reading.list_problems(connection, scope)
        folded = fold(period.cut(), [(day, steps) for (day,), steps in times.items()])
        engines = [
            EngineTimes(model=model, fallback=fallback, **_measure([steps]).model_dump())
            for (model, fallback), steps in by_engine.items()
        ]
        return Quality(
            scope=scope,
            buckets=_fill(period, by_day, outcomes),
            times=tuple(_measure(part) for part in folded),
            engines=tuple(sorted(engines, key=lambda one: (-one.crews, one.model, one.fallback))),
            problems=problems[:MOST_PROBLEMS],
            problem_count=len(problems),
        )

    def _look_at(self, connection: Transaction, scope: Scope, period: Period) -> Headline:
        rows = tally_reading.sum_up(connection, scope, period, "state")
        return _sum_up(connection, scope, period, rows, run_figures.list_outcomes(connection, scope, period))


def usual_period(days: int = USUAL_DAYS, today: date | None = None) -> Period:
    """Return the last days up to today, UTC."""
    last = today or datetime.now(UTC).date()
    return Period(first=last - timedelta(days=days - 1), last=last)


def _sum_up(connection: Transaction, scope: Scope, period: Period, rows: list[Any], outcomes: list[Any]) -> Headline:
    completed, failed = (sum(row.requests for row in rows if row.state == state) for state in ("completed", "failed"))
    return Headline(
        requests=completed + failed,
        completed=completed,
        failed=failed,
        predicted=read_predicted(rows),
        actual=read_actual(outcomes),
        median_s=_measure(list(tally_reading.count_times(connection, scope, period).values())).median_s,
        generating=read_spent(rows),
        running=read_cost(run_figures.sum_usage(connection, scope, period)),
    )


def _fill(period: Period, rows: list[Any], outcomes: list[Any]) -> tuple[Bucket, ...]:
    parts = period.cut()
    counted = fold(parts, [(row.day, row) for row in rows])
    came = fold(parts, [(row.day, row) for row in outcomes])
    return tuple(
        Bucket(
            period=part,
            completed=sum(row.requests for row in of if row.state == "completed"),
            failed=sum(row.requests for row in of if row.state == "failed"),
            predicted=read_predicted(of),
            actual=read_actual(outcome),
        )
        for part, of, outcome in zip(parts, counted, came, strict=True)
    )


def _measure(counted: list[dict[int, int]]) -> Times:
    steps: dict[int, int] = {}
    for one in counted:
        for step, requests in one.items():
            steps[step] = steps.get(step, 0) + requests
    return Times(crews=sum(steps.values()), median_s=find_quantile(steps, 0.5), p90_s=find_quantile(steps, 0.9))


def _share_engines(rows: list[Any]) -> tuple[EngineShare, ...]:
    found: dict[tuple[str, bool], int] = {}
    for row in rows:
        found[row.model, row.fallback] = found.get((row.model, row.fallback), 0) + row.requests
    shares = [EngineShare(model=model, fallback=fallback, crews=crews) for (model, fallback), crews in found.items()]
    return tuple(sorted(shares, key=lambda one: (-one.crews, one.model, one.fallback)))


def _share_templates(rows: list[Any], names: dict[str, str], hidden: frozenset[str]) -> tuple[TemplateShare, ...]:
    """Sum up by template; those of others, which who asks may not see, together and without a name."""
    found: dict[str, int] = {}
    for row in rows:
        key = OF_OTHERS if row.template_key in hidden else row.template_key
        found[key] = found.get(key, 0) + row.requests
    shares = [TemplateShare(template=key, name=names.get(key, key), crews=crews) for key, crews in found.items()]
    return tuple(sorted(shares, key=lambda one: (-one.crews, one.name, one.template)))


def _spend_by_model(period: Period, rows: list[Any], purpose: Any) -> list[ModelSpend]:  # noqa: ANN401 a literal
    """Sum up what each model cost, in all and for each part of the range."""
    read = read_spent if purpose == "generating" else read_cost
    of_model: dict[str, list[Any]] = {}
    for row in rows:
        of_model.setdefault(row.model, []).append(row)
    return [
        ModelSpend(
            model=model,
            purpose=purpose,
            total=read(of),
            by_bucket=tuple(read(part).usd for part in fold(period.cut(), [(row.day, row) for row in of])),
        )
        for model, of in of_model.items()
    ]

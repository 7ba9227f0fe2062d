"""Figures of analytics: what they draw, say and hold as a table, for nothing, for a little and for anything."""

import json
import math
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewgen_core.figures.analytics_axis import name_part, name_period, space_counts, space_seconds
from crewgen_core.figures.analytics_requests import build_requests, describe_requests, tabulate_requests
from crewgen_core.figures.analytics_shares import (
    MOST_BARS,
    build_shares,
    describe_shares,
    list_engines,
    list_templates,
    tabulate_shares,
)
from crewgen_core.figures.analytics_spend import (
    MOST_MODELS,
    build_roles,
    build_spend,
    describe_roles,
    describe_spend,
    tabulate_roles,
    tabulate_spend,
)
from crewgen_core.figures.analytics_success import build_success, describe_success, tabulate_success
from crewgen_core.figures.analytics_times import (
    build_engine_times,
    build_times,
    describe_engine_times,
    describe_times,
    tabulate_engine_times,
    tabulate_times,
)
from crewgen_core.models.analytics import (
    Actual,
    Bucket,
    EngineShare,
    EngineTimes,
    ModelSpend,
    Period,
    Predicted,
    RoleSpend,
    Scope,
    Spending,
    Spent,
    TemplateShare,
    Times,
)

WEEK = Period(first=date(2026, 3, 2), last=date(2026, 3, 8))
DAYS = WEEK.cut()
COUNTS = st.integers(0, 10**7)


def bucket(at: int, completed: int = 0, failed: int = 0, chance: float | None = None, ran: int = 0) -> Bucket:
    predicted = Predicted(crews=completed, mean=chance, p10=chance / 2, p90=chance) if chance and completed else None
    actual = Actual(runs=ran, succeeded=ran // 2, low=0.1, high=0.9, expected=0.5) if ran else None
    return Bucket(period=DAYS[at], completed=completed, failed=failed, predicted=predicted, actual=actual)


def quiet(*busy: Bucket) -> tuple[Bucket, ...]:
    """A week in which nothing happened but this."""
    of = {it.period: it for it in busy}
    return tuple(of.get(day, bucket(at)) for at, day in enumerate(DAYS))


def spend(model: str, purpose: str, *amounts: str, unknown: int = 0) -> ModelSpend:
    by_bucket = tuple(map(Decimal, amounts)) + (Decimal(0),) * (len(DAYS) - len(amounts))
    total = Spent(usd=sum(by_bucket, Decimal(0)), unknown=unknown)
    return ModelSpend.model_validate({"model": model, "purpose": purpose, "total": total, "by_bucket": by_bucket})


def spending(*models: ModelSpend, roles: tuple[RoleSpend, ...] = ()) -> Spending:
    nothing = Spent(usd=Decimal(0), unknown=0)
    return Spending(
        scope=Scope(period=WEEK), parts=DAYS, models=models, roles=roles, generating=nothing, running=nothing
    )


def test_with_nothing_every_figure_says_so_and_has_no_bars() -> None:
    times = (Times(crews=0, median_s=None, p90_s=None),) * len(DAYS)
    for figure, said in (
        (build_requests(quiet(), WEEK), describe_requests(quiet(), WEEK)),
        (build_success(quiet(), WEEK), describe_success(quiet())),
        (build_times(times, DAYS, WEEK), describe_times(times, DAYS, WEEK)),
        (build_engine_times(()), describe_engine_times(())),
        (build_shares("Templates", []), describe_shares("Templates", [])),
        (build_spend(spending(), WEEK), describe_spend(spending())),
        (build_roles(()), describe_roles(())),
    ):
        assert not figure.data
        assert figure.layout.annotations[0].text == said


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=7, max_size=7))
def test_bars_hold_what_was_completed_and_failed(counts: list[tuple[int, int]]) -> None:
    buckets = tuple(bucket(at, *both) for at, both in enumerate(counts))
    figure = build_requests(buckets, WEEK)
    assert json.loads(figure.to_json())
    drawn = [tuple(trace.y) for trace in figure.data]
    assert drawn in ([], [tuple(it[0] for it in counts), tuple(it[1] for it in counts)])
    assert [row[2:] for row in tabulate_requests(buckets).rows] == counts


def test_requests_are_told_with_the_day_of_the_most() -> None:
    said = describe_requests(quiet(bucket(1, 3, 1), bucket(4, 2)), WEEK)
    assert said == ("6 requests from 2 Mar 2026 to 8 Mar 2026: 5 completed and 1 failed (17%). The most, 4: 3 Mar.")


def test_success_is_drawn_where_it_is_known_and_empty_elsewhere() -> None:
    buckets = quiet(bucket(0, 2, chance=0.5), bucket(3, 1, chance=0.8, ran=4))
    band, mean, actual = build_success(buckets, WEEK).data
    assert (list(mean.x), list(mean.y)) == ([0, 3], [50, 80])
    assert (list(actual.x), list(actual.y)) == ([3], [50])
    assert list(actual.error_y.array) == [pytest.approx(40)]
    assert len(band.x) == 4
    assert "2 of 4 runs succeeded (50%)" in describe_success(buckets)
    rows = tabulate_success(buckets).rows
    assert len(rows) == 7
    assert rows[1][2:] == (0, None, None, None, 0, None, None, None, None, None)


def test_actual_success_is_unknown_without_outcomes() -> None:
    assert "No run of this range has an outcome yet." in describe_success(quiet(bucket(0, 2, chance=0.5)))


def test_times_are_drawn_for_days_with_crews() -> None:
    none = Times(crews=0, median_s=None, p90_s=None)
    times = (Times(crews=9, median_s=0.02, p90_s=3.0), none, Times(crews=1, median_s=40.0, p90_s=40.0)) + (none,) * 4
    median, p90 = build_times(times, DAYS, WEEK).data
    assert (list(median.x), list(median.y), list(p90.y)) == ([0, 2], [0.02, 40.0], [3.0, 40.0])
    assert "Slowest: 4 Mar, median 40 s" in describe_times(times, DAYS, WEEK)
    assert len(tabulate_times(times, DAYS).rows) == 7


def test_engines_are_told_apart_from_those_that_stood_in() -> None:
    engines = (
        EngineTimes(model="", fallback=False, crews=5, median_s=0.02, p90_s=0.1),
        EngineTimes(model="a/b", fallback=True, crews=1, median_s=30.0, p90_s=31.0),
    )
    (bars,) = build_engine_times(engines).data
    assert list(bars.x) == [0.02, 30.0]
    assert list(bars.error_x.array) == [pytest.approx(0.08), 1.0]
    assert [row[0] for row in tabulate_engine_times(engines).rows] == ["Built-in", "Built-in because a/b failed"]
    assert list_engines([EngineShare(model="a/b", fallback=False, crews=2)]) == [("a/b", 2)]


def test_templates_are_named_as_people_know_them() -> None:
    templates = [
        TemplateShare(template="market-brief", name="Market brief", crews=3),
        TemplateShare(template="", name="", crews=2),
    ]
    assert list_templates(templates) == [("Market brief", 3), ("Without a template", 2)]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.text(max_size=80), st.integers(1, 10**7)), min_size=1, max_size=30))
def test_any_names_can_be_drawn_and_the_rest_is_said(shares: list[tuple[str, int]]) -> None:
    figure = build_shares("Reasons", shares, "request")
    assert json.loads(figure.to_json())
    assert len(figure.data[0].x) == min(len(shares), MOST_BARS)
    assert ("not drawn" in describe_shares("Reasons", [("A", 1)] * len(shares))) == (len(shares) > MOST_BARS)
    assert sum(float(row[2]) for row in tabulate_shares("Reasons", shares).rows) == pytest.approx(1)


def test_spend_of_many_models_is_drawn_with_the_rest_as_one() -> None:
    models = [spend(f"p/m{at}", "running", "0.5", "0.25") for at in range(MOST_MODELS + 2)]
    drawn = build_spend(spending(*models), WEEK).data
    assert len(drawn) == MOST_MODELS + 1
    assert (drawn[-1].name, list(drawn[-1].y[:3])) == ("2 others", [1.0, 0.5, 0.0])
    amounts = [row[4] for row in tabulate_spend(spending(*models)).rows]
    assert sum(float(it) for it in amounts if it is not None) == pytest.approx(0.75 * len(models))


def test_what_nobody_knows_the_price_of_is_said_and_not_drawn_as_nothing() -> None:
    told = spending(spend("p/new", "generating", unknown=3))
    assert not build_spend(told, WEEK).data
    assert "p/new, generating: $0 + 3 of unknown price" in describe_spend(told)


def test_roles_are_told_with_runs_calls_and_tokens() -> None:
    role = RoleSpend(role="Analyst", runs=2, calls=6, tokens=9_000, total=Spent(usd=Decimal("1.5"), unknown=0))
    assert list(build_roles((role,)).data[0].x) == [1.5]
    assert "Analyst: $1.50" in describe_roles((role,))
    assert tabulate_roles((role,)).rows == (("Analyst", 2, 6, 9_000, 1.5, 0),)


@given(st.integers(1, 10**9))
def test_an_axis_of_counts_has_whole_numbers_and_few_of_them(highest: int) -> None:
    step = space_counts(highest)["dtick"]
    assert isinstance(step, int)
    assert step >= 1
    assert highest / step <= 5


@given(st.lists(st.floats(1e-3, 1e6), max_size=20))
def test_an_axis_of_seconds_holds_them_all_and_names_few_marks(seconds: list[float]) -> None:
    axis = space_seconds(seconds)
    low, high = axis["range"]
    assert all(low - 1e-9 <= math.log10(it) <= high + 1e-9 for it in seconds)
    assert low < high
    assert 1 <= len(axis["tickvals"]) <= 6
    assert len(set(axis["ticktext"])) == len(axis["tickvals"])


def test_days_weeks_and_months_are_named() -> None:
    quarter = Period(first=date(2026, 3, 1), last=date(2026, 3, 1) + timedelta(days=89))
    years = Period(first=date(2025, 1, 1), last=date(2026, 12, 31))
    assert name_part(DAYS[0], WEEK) == "2 Mar"
    assert name_part(quarter.cut()[1], quarter) == "week of 2 Mar"
    assert name_part(years.cut()[0], years) == "Jan 2025"
    assert name_period(Period(first=WEEK.first, last=WEEK.first)) == "2 Mar 2026"

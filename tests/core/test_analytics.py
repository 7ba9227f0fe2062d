"""What analytics says is what happened: sums are those of the parts, filters part what there is, nothing is made up."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy import delete

from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.front.analytics import usual_period
from crewgen_core.models.analytics import Period, Scope
from crewgen_core.models.job import NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.settings import Settings
from crewgen_core.storage import jobs, requests
from crewgen_core.storage.tables import request_tables
from crewgen_core.storage.tally import Kind
from tests.support.designs import make_design
from tests.support.history import MODEL, Made, add_run, count_requests

FIRST = date(2026, 1, 20)
KINDS = (
    Kind("completed", "single"),
    Kind("completed", "bulk", domain="sales"),
    Kind("completed", "single", MODEL, domain="sales", template_key="brief"),
    Kind("completed", "bulk", MODEL, True, problem="The model did not answer."),
    Kind("failed", "single", problem="The objective is empty."),
    Kind("failed", "bulk", MODEL, problem="The model did not answer."),
)
MADE = st.builds(
    Made,
    day=st.integers(0, 250).map(lambda days: FIRST + timedelta(days=days)),
    kind=st.sampled_from(KINDS),
    seconds=st.floats(0.005, 60),
    success=st.floats(0, 1),
    cost_usd=st.none() | st.decimals(0, 2, places=6),
)


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    door = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"))
    yield door
    door.database.close()


def store(crewgen: Crewgen, made: list[Made]) -> None:
    """Make these the only requests that there are."""
    with crewgen.database.begin() as connection:
        for table in (request_tables.request_times, request_tables.request_days):
            connection.execute(delete(table))
        count_requests(connection, made)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(MADE, max_size=30), st.integers(0, 250), st.integers(0, 260))
def test_what_a_range_sums_up_is_what_was_made_in_it(crewgen: Crewgen, made: list[Made], start: int, length: int):
    store(crewgen, made)
    first = FIRST + timedelta(days=start)
    scope = Scope(period=Period(first=first, last=first + timedelta(days=length)))
    within = [one for one in made if scope.period.first <= one.day <= scope.period.last]
    completed = [one for one in within if one.kind.state == "completed"]
    seen = crewgen.analytics.overview(scope)
    assert (seen.now.completed, seen.now.failed) == (len(completed), len(within) - len(completed))
    assert sum(bucket.completed for bucket in seen.buckets) == seen.now.completed
    assert sum(bucket.failed for bucket in seen.buckets) == seen.now.failed
    assert sum(share.crews for share in seen.engines) == len(completed)
    assert sum(share.crews for share in seen.templates) == len(completed)
    assert seen.now.generating.usd == sum((one.cost_usd or Decimal(0) for one in within), Decimal(0))
    assert seen.now.generating.unknown == sum(one.cost_usd is None for one in within)
    if completed:
        assert seen.now.predicted is not None
        mean = sum(one.success for one in completed) / len(completed)
        assert seen.now.predicted.mean == pytest.approx(mean, abs=1e-6)
    else:
        assert seen.now.predicted is None
    for bucket in seen.buckets:
        of = [one for one in completed if bucket.period.first <= one.day <= bucket.period.last]
        assert bucket.completed == len(of)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(MADE, max_size=30), st.sampled_from(["models", "domains", "templates", "states", "origins"]))
def test_the_values_of_a_filter_part_what_there_is(crewgen: Crewgen, made: list[Made], name: str):
    store(crewgen, made)
    values = {
        "models": ("", MODEL),
        "domains": ("", "sales"),
        "templates": ("", "brief"),
        "states": ("completed", "failed"),
        "origins": ("single", "bulk"),
    }[name]
    whole = Scope(period=Period(first=FIRST, last=FIRST + timedelta(days=260)))
    parts = [whole.model_copy(update={name: (value,)}) for value in values]
    everything = crewgen.analytics.overview(whole).now
    some = [crewgen.analytics.overview(part).now for part in parts]
    assert sum(one.requests for one in some) == everything.requests
    assert sum((one.generating.usd for one in some), Decimal(0)) == everything.generating.usd
    spent = [crewgen.analytics.spending(part).generating for part in [whole, *parts]]
    assert spent[0].usd == sum((one.usd for one in spent[1:]), Decimal(0)) == everything.generating.usd
    times = [sum(it.crews for it in crewgen.analytics.quality(part).times) for part in [whole, *parts]]
    assert times[0] == sum(times[1:]) == everything.completed


@given(st.integers(0, 20_000), st.integers(0, 900))
def test_a_range_is_parted_without_gaps(start: int, length: int):
    first = date(2020, 1, 1) + timedelta(days=start)
    period = Period(first=first, last=first + timedelta(days=length))
    parts = period.cut()
    assert (parts[0].first, parts[-1].last) == (period.first, period.last)
    assert all(after.first - before.last == timedelta(days=1) for before, after in pairwise(parts))
    assert len(parts) <= 45
    earlier = period.before()
    assert earlier is not None
    assert (earlier.days, earlier.last) == (period.days, period.first - timedelta(days=1))


def test_a_range_that_ends_before_it_begins_is_none():
    with pytest.raises(ValidationError):
        Period(first=date(2026, 2, 1), last=date(2026, 1, 31))


def test_with_nothing_stored_nothing_is_made_up(crewgen: Crewgen):
    scope = Scope(period=usual_period())
    seen = crewgen.analytics.overview(scope).now
    assert (seen.requests, seen.predicted, seen.actual, seen.median_s) == (0, None, None, None)
    assert crewgen.analytics.spending(scope).models == ()
    assert crewgen.analytics.quality(scope).problems == ()
    assert crewgen.analytics.find_span() is None


def test_times_are_told_by_engine_and_fallbacks_apart(crewgen: Crewgen):
    quick = [Made(FIRST, KINDS[0], seconds=0.02)] * 9 + [Made(FIRST, KINDS[0], seconds=2.0)]
    store(crewgen, [*quick, Made(FIRST, KINDS[2], seconds=10), Made(FIRST, KINDS[3], seconds=31)])
    quality = crewgen.analytics.quality(Scope(period=Period(first=FIRST, last=FIRST)))
    told = {(it.model, it.fallback): it for it in quality.engines}
    assert told["", False].median_s == pytest.approx(0.02, rel=0.051)
    assert told["", False].p90_s == pytest.approx(0.02, rel=0.051)
    assert told[MODEL, False].median_s == pytest.approx(10, rel=0.051)
    assert told[MODEL, True].crews == 1
    assert quality.times[0].crews == 12


def test_failures_are_counted_by_reason_with_some_to_open(crewgen: Crewgen):
    store(crewgen, [Made(FIRST, KINDS[4]), Made(FIRST, KINDS[5]), Made(FIRST, KINDS[4]), Made(FIRST, KINDS[3])])
    with crewgen.database.begin() as connection:  # what was counted is there to open
        for _ in range(4):
            requests.create(connection, Objective(text="Write a brief about churn for the board."))
            jobs.create(connection, NewJob(name="Spring"))
    problems = crewgen.analytics.quality(Scope(period=Period(first=FIRST, last=FIRST))).problems
    assert [(it.reason, it.fell_back, it.count, it.requests, it.jobs) for it in problems] == [
        ("The objective is empty.", False, 2, (3,), ()),
        ("The model did not answer.", False, 1, (), (2,)),
        ("The model did not answer.", True, 1, (4,), ()),
    ]


def test_a_real_request_is_counted_with_its_cost_and_its_failure(crewgen: Crewgen):
    crewgen.generate(Objective(text="Write a brief about churn for the board."))
    with pytest.raises(CrewgenError):
        crewgen.generate(Objective(text="?"))
    with crewgen.database.begin() as connection:
        design = make_design(cost_usd=Decimal("0.0123"), model=MODEL)
        requests.store_designs(connection, [design, make_design(cost_usd=None)], [MODEL, MODEL])
        requests.create(connection, design.objective)
    scope = Scope(period=usual_period(7))
    seen = crewgen.analytics.overview(scope)
    assert (seen.now.completed, seen.now.failed, seen.open) == (3, 1, 1)
    assert (seen.now.generating.usd, seen.now.generating.unknown) == (Decimal("0.0123"), 1)
    assert crewgen.analytics.choices().models == ("", MODEL)
    assert crewgen.analytics.find_span() == Period(first=scope.period.last, last=scope.period.last)
    spending = crewgen.analytics.spending(scope)
    assert [(it.model, it.purpose, it.total.usd, it.total.unknown) for it in spending.models] == [
        (MODEL, "generating", Decimal("0.0123"), 1)
    ]


def test_runs_are_told_by_model_and_role_and_their_outcomes_with_an_interval(crewgen: Crewgen):
    made = crewgen.generate(Objective(text="Write a brief about churn for the board."))
    agent = made.design.crew.agents[0]
    day = usual_period().last
    with crewgen.database.begin() as connection:
        add_run(connection, made.crew_id, day, [(agent.key, MODEL, 1_500), ("boss", MODEL, None)], succeeded=True)
        add_run(connection, made.crew_id, day, [(agent.key, MODEL, 500)], succeeded=False)
        add_run(connection, made.crew_id, day, [(agent.key, MODEL, 9_999)], dry=True)
    scope = Scope(period=usual_period())
    spending = crewgen.analytics.spending(scope)
    assert (spending.running.usd, spending.running.unknown) == (Decimal("0.002"), 1)
    assert [(it.role, it.runs, it.total.usd, it.total.unknown) for it in spending.roles] == [
        (agent.role, 2, Decimal("0.002"), 0),
        ("boss", 1, Decimal(0), 1),
    ]
    actual = crewgen.analytics.overview(scope).now.actual
    assert actual is not None
    assert (actual.runs, actual.succeeded, actual.expected) == (2, 1, pytest.approx(0.4))
    assert actual.low < actual.rate < actual.high


def test_filters_hold_for_runs_by_the_request_of_their_crew(crewgen: Crewgen):
    made = crewgen.generate(Objective(text="Write a brief about churn for the board."))
    imported = crewgen.crews.save(made.design.crew)
    day = usual_period().last
    with crewgen.database.begin() as connection:
        add_run(connection, made.crew_id, day, succeeded=True, template="brief")
        add_run(connection, imported.crew_id, day, succeeded=True)
    whole = Scope(period=usual_period())

    def count(**chosen: tuple[str, ...]) -> int:
        actual = crewgen.analytics.overview(whole.model_copy(update=chosen)).now.actual
        return actual.runs if actual else 0

    assert count() == 2
    assert count(models=("",)) == 1
    assert count(models=(MODEL,)) == 0
    assert count(templates=("brief",)) == 1
    assert count(templates=("",)) == 1
    assert count(domains=(made.design.analysis.domain,), origins=("single",)) == 1
    assert count(states=("failed",)) == 0

"""Figures about templates from a database with outcomes: intervals, what is behind them, and versions that do worse."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.learning.measures import wilson
from crewgen_core.models.outcome import OutsideRun
from crewgen_core.settings import Settings
from crewgen_core.storage import template_figures
from tests.support.templates import market_template

KEY = "market-brief"


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", log_level="ERROR"), environment={})
    crewgen.templates.create(market_template())
    yield crewgen
    crewgen.database.close()


def use(crewgen: Crewgen) -> int:
    return crewgen.templates.use(KEY, model="").crew_id


def judge(crewgen: Crewgen, crew_id: int, succeeded: int, runs: int, cost: str = "0.10", seconds: float = 60) -> None:
    """Record so many runs of a crew, the first of which succeeded."""
    for number in range(runs):
        run = OutsideRun(
            crew_id=crew_id, succeeded=number < succeeded, cost_usd=Decimal(cost), duration_s=seconds + number
        )
        crewgen.outcomes.record_outside(run)


def edit(crewgen: Crewgen) -> None:
    stored = crewgen.templates.get(KEY)
    changed = crewgen.templates.rebuild(stored.template, {"description": f"After version {stored.number}."})
    crewgen.templates.edit(KEY, changed, "Edited", stored.number)


def test_without_runs_there_is_no_share_and_every_interval_is_open(crewgen: Crewgen):
    figures = crewgen.templates.measure(KEY)
    assert (figures.uses, figures.success.runs, figures.success.rate) == (0, 0, None)
    assert (figures.success.low, figures.success.high) == (0, 1)
    assert (figures.versions, figures.trend, figures.warning) == ((), (), "")
    assert [it.ratio for it in figures.comparisons] == [None, None, None]


def test_success_is_counted_by_version_with_its_interval_and_the_runs_behind_it(crewgen: Crewgen):
    judge(crewgen, use(crewgen), 3, 4)
    edit(crewgen)
    judge(crewgen, use(crewgen), 1, 2)
    use(crewgen)
    figures = crewgen.templates.measure(KEY)
    assert figures.uses == 3
    assert (figures.success.succeeded, figures.success.runs) == (4, 6)
    assert (figures.success.low, figures.success.high) == wilson(4, 6)
    assert [(it.label, it.succeeded, it.runs) for it in figures.versions] == [("Version 2", 1, 2), ("Version 1", 3, 4)]
    assert [(it.number, it.uses) for it in figures.version_uses] == [(2, 2), (1, 1)]
    assert 0 < figures.success.mean < 1


def test_a_newest_version_that_does_clearly_worse_is_pointed_out(crewgen: Crewgen):
    judge(crewgen, use(crewgen), 10, 10)
    edit(crewgen)
    judge(crewgen, use(crewgen), 2, 10)
    warning = crewgen.templates.measure(KEY).warning
    assert warning.startswith("Version 2 does worse than version 1: 2 of 10 runs succeeded, and 10 of 10 before.")
    assert "Go back to version 1" in warning


@pytest.mark.parametrize("newest", [(1, 4), (7, 10), (10, 10)], ids=["too few runs", "within chance", "as good"])
def test_a_version_is_not_called_worse_by_few_runs_or_by_chance(crewgen: Crewgen, newest: tuple[int, int]):
    judge(crewgen, use(crewgen), 8, 10)
    edit(crewgen)
    judge(crewgen, use(crewgen), *newest)
    assert crewgen.templates.measure(KEY).warning == ""


def test_cost_and_time_are_compared_with_crews_without_a_template_as_shares_of_their_predictions(crewgen: Crewgen):
    other = crewgen.crews.save(crewgen.templates.preview(KEY).crew).crew_id
    judge(crewgen, use(crewgen), 5, 10, cost="0.05", seconds=50)
    judge(crewgen, other, 5, 10, cost="0.10", seconds=100)
    cost, duration, _ = crewgen.templates.measure(KEY).comparisons
    assert cost.ratio == pytest.approx(0.5, rel=0.01)
    assert duration.ratio == pytest.approx(0.5, rel=0.1)
    assert duration.low is not None
    assert duration.high is not None
    assert duration.low < duration.ratio < duration.high < 0.6
    assert (cost.count, cost.other_count) == (10, 10)


def test_uses_and_runs_are_counted_by_day_and_week(crewgen: Crewgen):
    judge(crewgen, use(crewgen), 2, 3)
    use(crewgen)
    with crewgen.database.read() as connection:
        days = template_figures.read_days(connection, KEY)
    assert (sum(it.uses for it in days), sum(it.succeeded for it in days), sum(it.runs for it in days)) == (2, 2, 3)
    trend = crewgen.templates.measure(KEY).trend
    assert {it.first.weekday() for it in trend} == {0}
    assert (sum(it.uses for it in trend), sum(it.runs for it in trend)) == (2, 3)


def test_templates_that_were_used_are_compared_the_best_first(crewgen: Crewgen):
    judge(crewgen, use(crewgen), 0, 8)
    judge(crewgen, crewgen.templates.use("market-entry-brief", model="").crew_id, 8, 8)
    assert [it.label for it in crewgen.templates.compare_all()] == ["Market entry brief", "Market brief"]

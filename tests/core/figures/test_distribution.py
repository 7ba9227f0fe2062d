"""The spread of the simulated runs: all of them, with the ranks and the limit where they belong."""

import pytest

from crewgen_core.figures.distribution import (
    build_distribution,
    describe_distribution,
    say_chance,
    tabulate_distribution,
)
from crewgen_core.models.computation import Histogram
from crewgen_core.models.value import Quantiles

RUNS = Histogram(
    unit="seconds",
    edges=(60, 120, 180, 240),
    counts=(3_000, 5_000, 1_900),
    above=100,
    quantiles=Quantiles(p10=70, p50=140, p90=200),
    limit=210,
    within=0.92,
)


def test_bars_hold_the_runs_and_lines_mark_the_ranks_and_the_limit() -> None:
    bars, p10, p50, p90, deadline = build_distribution(RUNS).data
    assert list(bars.y) == [3_000, 5_000, 1_900]
    assert [line.x[0] for line in (p10, p50, p90, deadline)] == pytest.approx([70 / 60, 140 / 60, 200 / 60, 3.5])


def test_a_limit_far_outside_does_not_press_the_runs_together() -> None:
    figure = build_distribution(RUNS.model_copy(update={"limit": 86_400.0, "within": 1.0}))
    assert figure.layout.xaxis.range[1] < 5
    assert figure.layout.annotations[-1].text == "Deadline →"


def test_the_chance_to_keep_the_limit_is_said_in_words() -> None:
    assert say_chance(RUNS) == "In 92% of the runs the duration stays within the deadline of 3.5 min."
    assert say_chance(RUNS.model_copy(update={"limit": None, "within": None})) == ""
    budget = RUNS.model_copy(update={"unit": "USD", "limit": 210.0})
    assert "within the budget of $210" in describe_distribution(budget)


def test_the_table_holds_every_run() -> None:
    assert sum(row[2] for row in tabulate_distribution(RUNS).rows) == 10_000


def test_where_there_is_nothing_to_draw_a_sentence_says_why() -> None:
    assert build_distribution(None, "The cost is not known.").layout.annotations[0].text == "The cost is not known."
    assert describe_distribution(None, "The cost is not known.") == "The cost is not known."


def test_without_a_limit_there_are_the_ranks_only() -> None:
    free = build_distribution(RUNS.model_copy(update={"limit": None, "within": None}))
    assert [mark.text for mark in free.layout.annotations] == ["P10", "P50", "P90"]
    assert free.layout.xaxis.range[0] == 1

"""Suggestions: which templates, why, in which order, and how much ranking them so costs while it learns."""

import math
import random
from statistics import mean

from crewgen_core.templates.shipped_files import list_fingerprints, read_shipped
from crewgen_core.templates.suggesting import Record, SuggestionIndex
from crewgen_core.templates.track_record import (
    BONUS,
    compare_medians,
    compare_rates,
    learn_success,
)
from tests.support.templates import market_template

SHIPPED = SuggestionIndex([(read_shipped(key), 1) for key in list_fingerprints()])


def first(text: str) -> str | None:
    return next((found.key for found in SHIPPED.suggest(text, {})), None)


def test_the_template_that_fits_comes_first_and_says_by_which_words():
    assert first("Size the market for heat pumps in Norway and compare competitors") == "market-entry-brief"
    assert first("Screen 80 applications for a data engineer and shortlist five") == "hiring-shortlist"
    assert first("Review our lease contract for liability and termination risks") == "contract-review"
    assert first("Design a module with six lessons on photosynthesis") == "course-module"
    found = SHIPPED.suggest("Review our lease contract for liability and termination risks", {})[0]
    assert {"contract", "liability"} <= set(found.words)


def test_nothing_is_suggested_where_nothing_fits():
    assert first("") is None
    assert first("Bake a cake") is None
    assert first("zzz qqq") is None


def test_of_two_that_fit_alike_the_one_that_does_better_comes_first():
    index = SuggestionIndex([(market_template(key="a"), 1), (market_template(key="b"), 1)])
    records = {"a": Record(0.5, 2, 20), "b": Record(0.5, 18, 20)}
    found = index.suggest("Size the market for cargo bikes", records)
    assert [it.key for it in found] == ["b", "a"]
    assert (found[0].succeeded, found[0].runs) == (18, 20)
    assert not found[0].worth_trying


def test_one_that_is_first_only_because_little_is_known_of_it_is_marked():
    index = SuggestionIndex([(market_template(key="known"), 1), (market_template(key="new"), 1)])
    found = index.suggest("Size the market for cargo bikes", {"known": Record(0.5, 52, 100), "new": Record(0.5)})
    assert [(it.key, it.worth_trying) for it in found] == [("new", True), ("known", False)]


def test_the_prior_is_worth_seven_to_nine_runs_for_middling_chances():
    assert learn_success(0.5, 0, 0).mean == 0.5
    after = learn_success(0.5, 8, 8).mean
    assert 0.74 < after < 0.79
    assert learn_success(0.5, 80, 160).sd < learn_success(0.5, 0, 0).sd


def regret(uses: int, seed: int) -> float:
    """Return the mean regret of one person's uses of eight templates whose predictions are off by 0.7 in the logit."""
    chance = random.Random(seed)
    truths = [1 / (1 + math.exp(-chance.gauss(0.4, 1))) for _ in range(8)]
    predicted = [1 / (1 + math.exp(-(math.log(p / (1 - p)) + chance.gauss(0, 0.7)))) for p in truths]
    runs, hits, lost = [0] * 8, [0] * 8, 0.0
    for _ in range(uses):
        known = [learn_success(predicted[at], hits[at], runs[at]) for at in range(8)]
        chosen = max(range(8), key=lambda at: known[at].mean + BONUS * known[at].sd)
        lost += max(truths) - truths[chosen]
        runs[chosen] += 1
        hits[chosen] += chance.random() < truths[chosen]
    return lost / uses


def test_after_200_uses_the_mean_regret_of_the_ranking_is_at_most_three_hundredths():
    assert mean(regret(200, seed) for seed in range(200)) <= 0.03


def test_rates_differ_only_where_the_runs_carry_it():
    gap, low, high = compare_rates(2, 12, 11, 12)
    assert gap == 2 / 12 - 11 / 12
    assert low < gap < high < 0
    assert compare_rates(3, 6, 4, 6)[2] > 0


def test_the_interval_of_a_ratio_of_medians_holds_the_truth_as_often_as_it_says():
    chance, held = random.Random(7), 0
    for _ in range(300):
        ratio = compare_medians(
            [2 * math.exp(chance.gauss(0, 0.5)) for _ in range(25)], [math.exp(chance.gauss(0, 0.5)) for _ in range(30)]
        )
        assert ratio is not None
        held += ratio.low <= 2 <= ratio.high
    assert 0.85 <= held / 300 <= 0.98
    assert compare_medians([1.0] * 4, [1.0] * 50) is None

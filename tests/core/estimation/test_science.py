"""The published and derived figures that docs/estimator.md rests on, reproduced row by row."""

import math
from decimal import Decimal

import pytest

from crewgen_core.catalog.constants import Constants
from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.estimation.cost import cost_of
from crewgen_core.estimation.duration import seconds_of
from crewgen_core.estimation.models import horizon_of
from crewgen_core.estimation.success import kappa, logit_of, review_factor, sigmoid, tool_factor
from crewgen_core.estimation.tokens import TokenUse, count_prompt, count_run
from crewgen_core.llm.prices import ModelPrice
from tests.support.estimation import make_profile

MINUTES = (2, 5, 15, 30, 60, 120, 240, 480)

SUCCESS_BY_HORIZON = {
    5: (0.68, 0.50, 0.29, 0.18, 0.11, 0.07, 0.04, 0.02),
    59: (0.95, 0.89, 0.76, 0.64, 0.50, 0.36, 0.24, 0.15),
    200: (0.98, 0.96, 0.90, 0.83, 0.73, 0.61, 0.46, 0.32),
    484: (0.99, 0.98, 0.95, 0.91, 0.85, 0.76, 0.64, 0.50),
    960: (0.99, 0.99, 0.97, 0.95, 0.91, 0.85, 0.76, 0.64),
}
"""Log-logistic curve with METR's slope (Time Horizon 1.1), without discount, by horizon of the model in minutes."""


def raw_probability(load: float, constants: Constants) -> float:
    return sigmoid(logit_of(load, constants) - constants.success.discount.value)


@pytest.mark.parametrize("horizon", SUCCESS_BY_HORIZON)
def test_the_curve_of_one_task_is_reproduced_row_by_row(horizon: int, constants: Constants) -> None:
    for minutes, expected in zip(MINUTES, SUCCESS_BY_HORIZON[horizon], strict=True):
        assert raw_probability(minutes / horizon, constants) == pytest.approx(expected, abs=0.0101)


EXTERNAL_CHECK = [
    # model, minutes, published rate, its source
    ("gpt-5", 23, 0.650, "SWE-bench Verified with mini-SWE-agent"),
    ("gpt-5-mini", 23, 0.598, "SWE-bench Verified with mini-SWE-agent"),
    ("gemini/gemini-2.5-pro", 121, 0.303, "TheAgentCompany, arXiv 2412.14161"),
]


def test_published_rates_lie_below_the_raw_curve_by_about_the_discount(constants: Constants) -> None:
    residuals: list[float] = []
    for name, minutes, published, _ in EXTERNAL_CHECK:
        fact = load_model_facts().find(name)
        assert fact is not None
        raw = raw_probability(minutes / horizon_of(fact.eci or 0, constants), constants)
        residuals.append(math.log(published / (1 - published)) - math.log(raw / (1 - raw)))
    assert residuals == pytest.approx([-1.15, -0.83, -0.60], abs=0.05)
    all_five = [*residuals, -0.16, -0.48]  # Sonnet 4 and 4.5, which are no longer in the table of models
    assert sum(all_five) / 5 == pytest.approx(constants.success.discount.value, abs=0.05)


HORIZONS = {"gpt-5.6-luna": 432, "claude-haiku-4-5": 59, "gpt-4o-mini": 5, "gpt-6-sol": 960, "zai/glm-5.3-flash": 242}
"""Minutes at top effort by regression of METR's horizons on Epoch's ECI (2026-10-08), capped at 16 hours."""


@pytest.mark.parametrize("name", HORIZONS)
def test_the_horizon_follows_from_the_score(name: str, constants: Constants) -> None:
    fact = load_model_facts().find(name)
    assert fact is not None
    assert fact.eci is not None
    assert horizon_of(fact.eci, constants) == pytest.approx(HORIZONS[name], abs=0.5)


def test_review_removes_the_published_share_of_failures(constants: Constants) -> None:
    assert kappa(constants) == pytest.approx(0.838, abs=0.001)
    assert review_factor("model", constants) == pytest.approx(0.735, abs=0.001)
    assert review_factor("human", constants) == pytest.approx(0.437, abs=0.001)
    assert review_factor("none", constants) == 1


def test_a_helpful_tool_gains_its_logit_and_only_two_count(constants: Constants) -> None:
    gained = logit_of(tool_factor(1, constants), constants) - logit_of(1, constants)
    assert gained == pytest.approx(0.4)
    assert tool_factor(2, constants) == tool_factor(5, constants) < tool_factor(1, constants)


# The worked example: research 60 min (12 calls) -> analysis 45 (6) -> writing 30 (1) -> editing 20 (1), difficulty 2,
# before hidden tokens and cache; results of 1,500 tokens, median persona (52) and task text (92) of crewAI-examples.
CALLS = (12, 6, 1, 1)
WORK_MINUTES = 155
DIFFICULTY = 2
PERSONA, TASK, RESULT = 52, 92, 1_500


def worked_uses(constants: Constants) -> list[TokenUse]:
    uses: list[TokenUse] = []
    for at, calls in enumerate(CALLS):
        schemas = constants.prompt.tool_schema.value if calls > 1 else 0
        prompt = count_prompt(PERSONA, TASK, schemas, RESULT if at else 0, constants)
        uses.append(count_run(prompt, calls, constants.prompt.tool_result.value, RESULT, 0, constants))
    return uses


def test_the_tokens_of_the_worked_example_are_reproduced(constants: Constants) -> None:
    uses = worked_uses(constants)
    assert sum(use.tokens_in for use in uses) == pytest.approx(97_900, rel=0.01)
    assert sum(use.tokens_out for use in uses) == 10_000


WORKED_ROWS = [
    # model (effort), horizon, load, P raw, P, USD per M in, out, cost, seconds to first answer, tokens/s, seconds
    ("claude-sonnet-5-5 (medium)", 661, 0.47, 0.65, 0.51, "2", "10", 0.296, 1.3, 91, 168),
    ("gemini-3.7-flash (low)", 427, 0.73, 0.57, 0.42, "0.75", "3.75", 0.111, 1.3, 285, 94),
    ("gpt-6-luna (high)", 310, 1.00, 0.50, 0.35, "0.1", "0.5", 0.015, 15.2, 124, 417),
    ("claude-haiku-4-5", 46, 6.7, 0.17, 0.10, "1", "5", 0.148, 0.6, 83, 164),
    ("gpt-4o-mini", 5.05, 61, 0.03, 0.02, "0.15", "0.6", 0.021, 0.8, 115, 136),
]


@pytest.mark.parametrize("row", WORKED_ROWS, ids=lambda row: row[0])
def test_load_success_cost_and_time_of_the_worked_example_are_reproduced(row: tuple, constants: Constants) -> None:
    name, horizon, load, raw, success, usd_in, usd_out, cost, first_answer, tokens_per_s, seconds = row
    found = WORK_MINUTES * DIFFICULTY / horizon
    assert found == pytest.approx(load, rel=0.02)
    assert raw_probability(found, constants) == pytest.approx(raw, abs=0.006)
    assert sigmoid(logit_of(found, constants)) == pytest.approx(success, abs=0.006)
    price = ModelPrice(
        model=name, provider="p", input_usd=Decimal(usd_in) / 1_000_000, output_usd=Decimal(usd_out) / 1_000_000
    )
    profile = make_profile(name, first_answer_s=first_answer, tokens_per_s=tokens_per_s).model_copy(
        update={"price": price}
    )
    uses = worked_uses(constants)
    assert sum(cost_of(use, profile) or 0 for use in uses) == pytest.approx(cost, rel=0.01, abs=0.0005)
    took = sum(seconds_of(use, profile, constants.speed.tool_seconds.value) for use in uses)
    assert took == pytest.approx(seconds, abs=1.5)

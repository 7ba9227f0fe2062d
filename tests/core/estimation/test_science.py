"""The published and derived figures that docs/estimator.md rests on, reproduced row by row."""

import math
from decimal import Decimal

import pytest

from crewgen_core.catalog.constants import Constants
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.estimation.cost import cost_of
from crewgen_core.estimation.duration import seconds_of
from crewgen_core.estimation.models import facts_for, horizon_of
from crewgen_core.estimation.simulation import draw_factors, simulate_sums
from crewgen_core.estimation.success import Z90, kappa, logit_of, probability, review_factor, sigmoid, tool_factor
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


# Minutes at top effort by regression of METR's horizons (Time Horizon 1.1) on Epoch's ECI (2026-10-08), capped at 16 h.
HORIZONS = {
    "claude-opus-5-5": 960,
    "claude-sonnet-5-5": 960,
    "claude-fable-5-1": 960,
    "claude-opus-5": 960,
    "claude-opus-4-8": 546,
    "claude-sonnet-5": 422,
    "claude-sonnet-4-6": 253,
    "claude-haiku-4-5": 59,
    "gpt-6-astra": 960,
    "gpt-6.1-sol": 960,
    "gpt-6-sol": 960,
    "gpt-6-luna": 426,
    "gpt-5.6-sol": 851,
    "gpt-5.6-terra": 655,
    "gpt-5.6-luna": 432,
    "gpt-5.5": 612,
    "gpt-5.4-mini": 159,
    "gpt-5.4-nano": 99,
    "gpt-5-mini": 95,
    "gpt-4.1": 24,
    "gpt-4.1-mini": 19,
    "gpt-4o-mini": 5,
    "gemini/gemini-3.8-flash": 450,
    "gemini/gemini-3.7-flash": 484,
    "gemini/gemini-3.5-flash-lite": 89,
    "gemini/gemini-2.5-pro": 92,
    "gemini/gemini-2.5-flash": 46,
    "deepseek/deepseek-v4-pro": 376,
    "deepseek/deepseek-flash": 357,
    "moonshot/kimi-k3": 495,
    "moonshot/kimi-k2.6": 218,
    "zai/glm-5.3": 391,
    "zai/glm-5.3-flash": 242,
    "dashscope/qwen3.8-max": 364,
    "groq/qwen/qwen3.8-27b": 173,
    "xai/grok-4.7": 299,
    "xai/grok-4.6": 435,
    "xai/grok-4.3": 167,
    "minimax/MiniMax-M3": 118,
    "mistral/mistral-medium-3-5": 50,
    "groq/openai/gpt-oss-120b": 40,
    "groq/openai/gpt-oss-20b": 29,
    "together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo": 6,
}

MEASURED = {"claude-opus-4-6": 719, "gpt-5.4": 342, "gpt-5": 203, "gpt-4o": 7, "gemini/gemini-3.1-pro-preview": 384}
"""Minutes that METR measured itself (metr.org/assets/benchmark_results_1_1.yaml), rounded."""


@pytest.mark.parametrize("name", MEASURED)
def test_where_metr_measured_its_own_figure_is_used(name: str, constants: Constants) -> None:
    fact = load_model_facts().find(name)
    assert fact is not None
    assert fact.metr_minutes == pytest.approx(MEASURED[name], abs=0.5)
    effort = constants.horizon.effort_shift.value if fact.reasons else 0
    expected = fact.metr_minutes * 2 ** (constants.horizon.doublings_per_point_above.value * effort)
    found = facts_for(name, load_model_facts(), lambda _: None, constants)
    assert found.horizon_minutes == pytest.approx(min(expected, constants.horizon.cap_minutes.value))


@pytest.mark.parametrize("name", HORIZONS)
def test_the_horizon_follows_from_the_score(name: str, constants: Constants) -> None:
    fact = load_model_facts().find(name)
    assert fact is not None
    assert fact.eci is not None
    assert horizon_of(fact.eci, constants) == pytest.approx(HORIZONS[name], abs=0.55)


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
# It has ReAct prompts, in which a turn leaves the agent's 250 tokens, 700 of the tool and 32 of CrewAI in the next one.
CALLS = (12, 6, 1, 1)
TURN = 250 + 700 + 32
WORK_MINUTES = 155
DIFFICULTY = 2
PERSONA, TASK, RESULT = 52, 92, 1_500


def worked_uses(constants: Constants) -> list[TokenUse]:
    uses: list[TokenUse] = []
    for at, calls in enumerate(CALLS):
        schemas = constants.prompt.tool_schema.value if calls > 1 else 0
        prompt = count_prompt(PERSONA, TASK, schemas, RESULT if at else 0, constants)
        uses.append(count_run(prompt, calls, TURN, RESULT, 0, constants))
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


def logit(share: float) -> float:
    return math.log(share / (1 - share))


PUBLISHED_RATES = [
    # model, raw probability by the curve, published rate, its source
    ("GPT-5", 0.85, 0.650, "SWE-bench Verified with mini-SWE-agent, 23 min"),
    ("GPT-5-mini", 0.77, 0.598, "SWE-bench Verified with mini-SWE-agent, 23 min"),
    ("Claude Sonnet 4", 0.68, 0.648, "SWE-bench Verified with mini-SWE-agent, 23 min"),
    ("Claude Sonnet 4.5", 0.80, 0.706, "SWE-bench Verified with mini-SWE-agent, 23 min"),
    ("Gemini 2.5 Pro", 0.44, 0.303, "TheAgentCompany, arXiv 2412.14161, 121 min"),
]


@pytest.mark.parametrize("row", PUBLISHED_RATES, ids=lambda row: row[0])
def test_with_the_discount_each_published_rate_is_met_within_the_stated_sigma(row: tuple, constants: Constants) -> None:
    _, raw, published, _ = row
    predicted = logit(raw) + constants.success.discount.value
    assert abs(logit(published) - predicted) <= constants.success.sigma.value


INTERVALS = {0.3: (0.15, 0.51), 0.5: (0.29, 0.71), 0.7: (0.49, 0.85), 0.9: (0.79, 0.96)}
"""P10 and P90 of a chance of success, for a logit with sd 0.7."""


@pytest.mark.parametrize("middle", INTERVALS)
def test_intervals_of_success_are_those_of_the_table(middle: float, constants: Constants) -> None:
    found = probability(logit(middle), constants.success.sigma.value)
    assert (found.p10, found.p90) == pytest.approx(INTERVALS[middle], abs=0.006)


def test_the_uncertainty_of_success_covers_its_two_known_parts(constants: Constants) -> None:
    slope = constants.success.slope.value
    horizon, minutes = slope * 0.45, slope * 1  # doublings: residual of the regression, times or divided by two
    assert (horizon, minutes) == pytest.approx((0.26, 0.58), abs=0.005)
    assert math.hypot(horizon, minutes) < constants.success.sigma.value < math.hypot(horizon, minutes) + 0.1


def test_cutting_a_job_into_quarters_lies_between_product_and_weakest_link(constants: Constants) -> None:
    quarter = raw_probability(0.25, constants)
    assert quarter == pytest.approx(0.761, abs=0.001)
    assert quarter**4 == pytest.approx(0.335, abs=0.002)
    assert raw_probability(4 * 0.25, constants) == pytest.approx(0.5)


DIFFICULTIES = [
    # benchmark minutes, real minutes, difficulty, basis
    (23, 20, 1, "SWE-bench Verified: EDI 136.4"),
    (484, 404, 1.2, "GDPval: office texts judged by preference"),
    (1_142, 109, 10, "APEX-Agents: all points of a rubric needed"),
]


@pytest.mark.parametrize("row", DIFFICULTIES, ids=lambda row: row[3])
def test_difficulties_are_benchmark_minutes_over_real_minutes(row: tuple) -> None:
    benchmark, real, difficulty, _ = row
    assert benchmark / real == pytest.approx(difficulty, rel=0.16)
    assert difficulty in {domain.difficulty for domain in load_catalog().domains.values()}


def test_the_default_difficulty_is_the_geometric_mean_and_no_domain_has_any_other(constants: Constants) -> None:
    default = constants.success.default_difficulty.value
    assert math.sqrt(1.2 * 10) == pytest.approx(default, abs=0.05)
    assert {domain.difficulty for domain in load_catalog().domains.values()} <= {1, 1.2, default, 10}


TOOL_GAINS = [("Opus 4.6", 0.40, 0.531), ("Mythos", 0.568, 0.647)]
"""Humanity's Last Exam, without and with tools."""


def test_the_gain_of_a_tool_lies_between_the_two_published_ones(constants: Constants) -> None:
    low, high = sorted(logit(with_tools) - logit(without) for _, without, with_tools in TOOL_GAINS)
    assert (low, high) == pytest.approx((0.33, 0.53), abs=0.01)
    assert low < constants.success.tool_gain.value < high
    allowed = constants.uncertainty.tool_gain
    assert (allowed.low, allowed.high) == pytest.approx((low, high), abs=0.01)


STYLES = {
    # Kim et al., arXiv 2512.08296 v3: logit of a team minus logit of one agent, by benchmark
    "analyze": {"parallel": 0.82, "collaborative": 1.07, "hierarchical": 1.16},  # Finance Agent, single .349
    "operate": {"collaborative": 0.16, "hierarchical": -0.03},  # Workbench, single .629
    "research": {"parallel": -0.58, "collaborative": 0.13, "hierarchical": 0.0},  # BrowseComp-Plus, single .318
    "plan": {"parallel": -1.86, "collaborative": -0.97, "hierarchical": -1.21},  # PlanCraft, single .568
    "make": {"parallel": -0.31, "collaborative": -0.11, "hierarchical": -0.06},  # SWE-bench Verified, single .522
}


def test_effects_of_teams_are_those_of_the_study_and_no_others(constants: Constants) -> None:
    told = {f"{kind}/{style}": value for kind, row in STYLES.items() for style, value in row.items()}
    assert {pair: effect.value for pair, effect in constants.style.items()} == told
    assert constants.team.saturation.value == 0.45
    assert constants.team.weight.value == 0.5


SLICES = {
    # crewAI translations/en.json at commit f4731f502, cl100k tokens
    "role_playing": 17,
    "task": 7,
    "expected_output": 31,
    "context": 15,
    "tool_call": 45,  # CrewAI 1.15.30, counted in runs (docs/estimator.md)
    "manager_persona": 96,
    "delegation_schemas": 183 + 182,
    "tool_schema": 102,
}


@pytest.mark.parametrize("name", SLICES)
def test_the_parts_of_a_prompt_are_as_measured(name: str, constants: Constants) -> None:
    found = getattr(constants.prompt, name)
    assert (found.value, found.status) == (SLICES[name], "measured")


def test_a_trivial_task_reads_what_crewai_reported(constants: Constants) -> None:
    """crewAI PR #756: 158 prompt tokens. Left for persona and task: the lower quarter of crewAI-examples (42, 62)."""
    assert count_prompt(42, 62, 0, 0, constants) == pytest.approx(158, abs=2)


def test_cost_grows_with_calls_about_as_published(constants: Constants) -> None:
    """SWE-bench, whose services cache: cost grows as calls^0.9 to calls^1.56."""
    dollar = Decimal("0.000001")
    price = ModelPrice(model="m", provider="p", input_usd=dollar, output_usd=dollar * 5, cache_read_usd=dollar / 10)
    profile = make_profile(caching="prefix", cache_min_tokens=1_024).model_copy(update={"price": price})
    few, many = (cost_of(count_run(1_000, calls, 700, 1_500, 0, constants), profile) or 0 for calls in (10, 40))
    assert 0.9 <= math.log(many / few) / math.log(4) <= 1.56


def test_the_spread_of_a_task_lies_in_the_published_range(constants: Constants) -> None:
    """2,000 SWE-bench runs: sd of ln cost 0.50 to 0.73; sd of ln calls 0.45."""
    assert 0.5 <= math.hypot(constants.spread.task.value, constants.spread.common.value) <= 0.73
    assert constants.spread.calls.value == 0.45


def test_simulated_cost_agrees_with_the_closed_form(constants: Constants) -> None:
    """Fenton-Wilkinson: the sum of correlated lognormals as one lognormal of the same mean and variance."""
    costs = [0.002 * at for at in range(1, 21)]
    own, common = constants.spread.task.value, constants.spread.common.value
    grown = math.exp((own**2 + common**2) / 2)
    mean = sum(costs) * grown
    variance = sum(
        one * other * grown**2 * (math.exp(common**2 + (own**2 if at == to else 0)) - 1)
        for at, one in enumerate(costs)
        for to, other in enumerate(costs)
    )
    sd = math.sqrt(math.log(1 + variance / mean**2))
    middle = math.log(mean) - sd**2 / 2
    factors = draw_factors(len(costs), constants.spread)
    (found,) = simulate_sums([costs], factors.of_tokens, factors.token_ranks)
    for simulated, z in ((found.p10, -Z90), (found.p50, 0), (found.p90, Z90)):
        assert simulated == pytest.approx(math.exp(middle + z * sd), rel=0.02)


def test_ten_thousand_runs_know_a_percentile_to_about_one_percent(constants: Constants) -> None:
    factors = draw_factors(20, constants.spread)
    runs = factors.of_tokens[:20].sum(axis=0)
    halves = [sorted(runs[start::2])[len(runs) // 4] for start in (0, 1)]
    assert halves[0] == pytest.approx(halves[1], rel=0.02)

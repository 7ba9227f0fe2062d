"""Before and after: the same figures of two estimates, each on its own scale."""

from decimal import Decimal

from crewgen_core.estimation.estimate import estimate
from crewgen_core.figures.before_after import build_before_after, describe_before_after, tabulate_before_after
from crewgen_core.models.change import Effect
from crewgen_core.models.crew import Crew, Task
from crewgen_core.models.value import Quantiles, UsdQuantiles
from tests.support.estimation import make_profile, small_catalog


def effect(success: float, usd: str | None, seconds: float) -> Effect:
    cost = Decimal(usd) if usd is not None else None
    return Effect(
        success=Quantiles(p10=success - 0.1, p50=success, p90=success + 0.1),
        cost_usd=None if cost is None else UsdQuantiles(p10=cost / 2, p50=cost, p90=cost * 2),
        duration_s=Quantiles(p10=seconds / 2, p50=seconds, p90=seconds * 2),
    )


def test_each_figure_is_a_panel_with_both_states_and_their_intervals() -> None:
    chance, cost, time = build_before_after(effect(0.3, "0.05", 250), effect(0.5, "0.06", 120)).data
    assert list(chance.x) == [30, 50]
    assert list(chance.y) == [0, 1]
    assert list(cost.error_x.array) == [0.05, 0.06]
    assert list(time.x) == [250 / 60, 2]
    assert len({trace.xaxis for trace in (chance, cost, time)}) == 3


def test_words_say_what_changed_and_what_did_not() -> None:
    said = describe_before_after(effect(0.3, None, 60), effect(0.5, None, 60))
    assert "Chance of success: 30% → 50%" in said
    assert "Cost per run: unknown, unchanged" in said


def test_a_cost_that_is_not_known_has_no_point() -> None:
    _, cost, _ = build_before_after(effect(0.3, None, 60), effect(0.5, "0.06", 60)).data
    assert (list(cost.x), list(cost.y)) == ([0.06], [1])


def test_two_estimates_show_tokens_too() -> None:
    one, two = (
        estimate(
            Crew(tasks=(Task(key="t", name="T", human_minutes=60, description="x" * length),)),
            {"m": make_profile("m")},
            small_catalog(),
            default_model="m",
        )
        for length in (10, 4_000)
    )
    assert [trace.name for trace in build_before_after(one, two).data][-1] == "Tokens"
    assert tabulate_before_after(one, two).rows[-1][3:] == (two.tokens.p10, two.tokens.p50, two.tokens.p90)

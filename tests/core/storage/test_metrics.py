from decimal import Decimal

from crewgen_core.models.design import Design
from crewgen_core.storage.metrics import measure
from tests.support.designs import UNPRICED, make_design


def test_every_figure_of_a_generation_is_measured_with_its_unit() -> None:
    design = make_design(
        engine="model", seconds=4.5, model_seconds=4, calls=2, tokens_in=900, tokens_out=300, cost_usd=Decimal("0.01")
    )
    metrics = {metric.name: (metric.value, metric.unit) for metric in measure(design)}
    assert metrics == {
        "generation_time": (4.5, "seconds"),
        "model_time": (4, "seconds"),
        "model_calls": (2, "count"),
        "tokens_in": (900, "count"),
        "tokens_out": (300, "count"),
        "generation_cost": (10_000, "micro_usd"),
        "agent_count": (3, "count"),
        "task_count": (3, "count"),
        "validation_score": (design.report.score, "score"),
        "estimated_success_rate": (design.estimate.success.p50, "ratio"),
        "estimated_duration": (design.estimate.duration_s.p50, "seconds"),
        "estimated_cost": (int(design.estimate.cost_usd.p50 * 1_000_000), "micro_usd"),
    }


def test_an_estimate_keeps_its_interval(design: Design) -> None:
    rate = next(metric for metric in measure(design) if metric.name == "estimated_success_rate")
    assert rate.metadata == {"p10": design.estimate.success.p10, "p90": design.estimate.success.p90}


def test_an_unknown_cost_is_left_out() -> None:
    names = {metric.name for metric in measure(make_design(knowledge=UNPRICED, cost_usd=None))}
    assert not names & {"estimated_cost", "generation_cost"}

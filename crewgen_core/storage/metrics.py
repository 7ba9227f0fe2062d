"""The figures about one generation: what making the crew took, and what the crew is and will do."""

from pydantic import JsonValue

from crewgen_core.models.design import Design
from crewgen_core.models.stored import MetricRow
from crewgen_core.models.value import Quantiles
from crewgen_core.storage.money import to_micro_usd

GENERATION_COST = "generation_cost"


def measure(design: Design) -> tuple[MetricRow, ...]:
    """Return all metrics of a design; a figure that is not known is left out, never 0."""
    return (*_measure_generation(design), *_measure_crew(design))


def _measure_generation(design: Design) -> list[MetricRow]:
    made = design.provenance
    metrics = [
        _metric("generation_time", made.seconds, "seconds", "generation"),
        _metric("model_time", made.model_seconds, "seconds", "generation"),
        _metric("model_calls", made.calls, "count", "generation"),
        _metric("tokens_in", made.tokens_in, "count", "generation"),
        _metric("tokens_out", made.tokens_out, "count", "generation"),
    ]
    if made.cost_usd is not None:
        metrics.append(_metric(GENERATION_COST, to_micro_usd(made.cost_usd), "micro_usd", "generation"))
    return metrics


def _measure_crew(design: Design) -> list[MetricRow]:
    estimate = design.estimate
    metrics = [
        _metric("agent_count", len(design.crew.agents), "count", "crew"),
        _metric("task_count", len(design.crew.tasks), "count", "crew"),
        _metric("validation_score", design.report.score, "score", "crew"),
        _metric("estimated_success_rate", estimate.success.p50, "ratio", "crew", _interval(estimate.success)),
        _metric("estimated_duration", estimate.duration_s.p50, "seconds", "crew", _interval(estimate.duration_s)),
    ]
    cost = estimate.cost_usd
    if cost is not None:
        interval: dict[str, JsonValue] = {"p10": to_micro_usd(cost.p10), "p90": to_micro_usd(cost.p90)}
        metrics.append(_metric("estimated_cost", to_micro_usd(cost.p50), "micro_usd", "crew", interval))
    return metrics


def _metric(
    name: str, value: float, unit: str, category: str, metadata: dict[str, JsonValue] | None = None
) -> MetricRow:
    return MetricRow(name=name, value=value, unit=unit, category=category, metadata=metadata or {})


def _interval(figure: Quantiles) -> dict[str, JsonValue]:
    return {"p10": figure.p10, "p90": figure.p90}

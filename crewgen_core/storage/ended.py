"""What is counted of a request that has ended, and of a row of a job that failed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crewgen_core.models.design import Design
from crewgen_core.storage.money import write_usd
from crewgen_core.storage.problem import name_problem
from crewgen_core.storage.tally import Ended, Kind, Origin

_DOMAIN, _TEMPLATE = 200, 100
"""Most characters that the tally keeps of a domain and of a template's key."""


def of_design(
    origin: Origin, request_id: int, design: Design, model: str | None, at: datetime, demo: bool = False
) -> Ended:
    """Return a completed request; ``model`` is the LiteLLM name that was asked, None for Built-in."""
    made, template = design.provenance, design.objective.template or ""
    kind = Kind(
        state="completed",
        origin=origin,
        model=model or "",
        fallback=bool(made.fallback_reason),
        domain=design.analysis.domain[:_DOMAIN],
        template_key=template[:_TEMPLATE],
        problem=name_problem(made.fallback_reason, model or ""),
        demo=demo,
    )
    cost = write_usd(made.cost_usd)
    return Ended(kind, at, request_id, made.seconds, design.estimate.success, cost)


def of_failure(
    origin: Origin,
    number: int,
    limits: Mapping[str, Any],
    model: str | None,
    reason: str,
    at: datetime,
    cost_micro_usd: int = 0,
) -> Ended:
    """Return what failed: ``number`` is of the request, or of the job that the row belongs to.

    ``limits`` are those of the objective, as they are stored.
    """
    kind = Kind(
        state="failed",
        origin=origin,
        model=model or "",
        domain=(limits.get("domain") or "")[:_DOMAIN],
        template_key=(limits.get("template") or "")[:_TEMPLATE],
        problem=name_problem(reason, model or ""),
    )
    return Ended(kind, at, number, cost_micro_usd=cost_micro_usd)

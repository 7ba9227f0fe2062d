"""Judges how involved an objective is, from 1 to 10, and says why."""

from collections.abc import Sequence

from crewgen_core.models.analysis import Deliverable, RequiredSkill, Risk, StatedConstraints, Workstream

_RISK_POINTS = {"high": 1.0, "medium": 0.5, "low": 0.25}


def judge_complexity(
    streams: Sequence[Workstream],
    skills: Sequence[RequiredSkill],
    deliverables: Sequence[Deliverable],
    risks: Sequence[Risk],
    constraints: StatedConstraints,
) -> tuple[int, tuple[str, ...]]:
    """Return the complexity and its reasons.

    An ordinal for people to read, made of counts that they can check [assumption]; no estimate rests on it.
    """
    distinct = [skill for skill in skills if skill.weight >= 0.5]
    items = sum(deliverable.quantity for deliverable in deliverables)
    points = {
        _count(len(streams), "thing to do", "things to do"): 0.6 * len(streams),
        _count(len(distinct), "distinct skill", "distinct skills"): 0.35 * len(distinct),
        _count(items, "item to deliver", "items to deliver"): 0.4 * max(0, min(items, 6) - 1),
        _count(len(constraints.inputs), "source to work from", "sources to work from"): 0.3 * len(constraints.inputs),
        "care needed: " + ", ".join(risk.name for risk in risks): min(
            2.0, sum(_RISK_POINTS[risk.severity] for risk in risks)
        ),
        f"written for {constraints.audience}": 0.3 if constraints.audience else 0,
        f"delivered in {constraints.language}": 0.4 if constraints.language else 0,
    }
    total = 1 + sum(points.values())
    reasons = [reason for reason, value in sorted(points.items(), key=lambda item: -item[1]) if value > 0]
    return max(1, min(10, round(total))), tuple(reasons) or ("a single, simple request",)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"

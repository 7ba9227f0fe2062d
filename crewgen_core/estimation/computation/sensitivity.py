"""What moves the figures most: one input at a time at either end of what it may well be, the others as they are."""

from crewgen_core.estimation.computation.case import Case, Outcomes
from crewgen_core.estimation.computation.inputs import list_inputs
from crewgen_core.estimation.computation.levers import list_levers
from crewgen_core.estimation.work import Work
from crewgen_core.models.computation import Outcome, Sensitivity, Swing


def measure_sensitivity(case: Case, works: tuple[Work, ...]) -> Sensitivity:
    """Return every input that moves a figure, those first that move success most, and the levers by task."""
    outcomes = Outcomes()
    base = outcomes.of(case)
    swings = [
        Swing(
            name=it.name,
            low_setting=it.low_setting,
            high_setting=it.high_setting,
            status=it.range.status,
            source=it.range.source,
            low=outcomes.of(it.low),
            high=outcomes.of(it.high),
        )
        for it in list_inputs(case, works)
    ]
    moving = [swing for swing in swings if swing.low != base or swing.high != base]
    moving.sort(key=lambda it: _moved(it.low, it.high, base), reverse=True)
    return Sensitivity(base=base, swings=tuple(moving), levers=tuple(list_levers(case, works, base, outcomes)))


def _moved(low: Outcome, high: Outcome, base: Outcome) -> float:
    found = (low.success, high.success, base.success)
    return max(found) - min(found)

"""Figures about templates: what the database has, put into words and intervals.

A version is said to do worse than an earlier one only where both have five runs and the 90 % interval of the difference
of their rates (Newcombe 1998) lies below zero: one in twenty such warnings would be chance.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from crewgen_core.learning.measures import wilson
from crewgen_core.models.template_figures import (
    Comparison,
    DayCount,
    SuccessFigure,
    TemplateFigures,
    TrendPart,
    VersionRecord,
)
from crewgen_core.storage import template_figures
from crewgen_core.storage.database import Database
from crewgen_core.templates.suggesting import UNKNOWN_CHANCE
from crewgen_core.templates.track_record import FEWEST_RUNS, compare_medians, compare_rates, learn_success

MOST_WEEKS = 53
"""Weeks of a trend."""


def measure_template(database: Database, key: str, uses: int) -> TemplateFigures:
    """Return all figures about one template."""
    with database.read() as connection:
        predicted, succeeded, runs = template_figures.read_records(connection).get(key, (UNKNOWN_CHANCE, 0, 0))
        versions = template_figures.read_versions(connection, key)
        days = template_figures.read_days(connection, key)
        (cost, others_cost), (duration, others_duration), (making, others_making) = (
            tuple(read(connection, chosen) for chosen in (key, None)) for read in _READERS
        )
    return TemplateFigures(
        key=key,
        uses=uses,
        success=_tell_success("All versions", succeeded, runs, predicted),
        versions=tuple(
            _tell_success(f"Version {it.number}", it.succeeded, it.runs, it.predicted or predicted) for it in versions
        ),
        version_uses=versions,
        trend=_sum_weeks(days),
        comparisons=(
            _compare("Cost of a run", cost, others_cost),
            _compare("Duration of a run", duration, others_duration),
            _compare("Time to generate", making, others_making),
        ),
        warning=warn_of_worse(versions),
    )


def measure_all(database: Database, names: Mapping[str, str]) -> tuple[SuccessFigure, ...]:
    """Return the success of the crews of each template that was used, by its name, the best mean first."""
    with database.read() as connection:
        records = template_figures.read_records(connection)
    figures = [
        _tell_success(names[key], succeeded, runs, predicted)
        for key, (predicted, succeeded, runs) in records.items()
        if key in names
    ]
    return tuple(sorted(figures, key=lambda it: (-it.mean, it.label)))


def warn_of_worse(versions: Sequence[VersionRecord]) -> str:
    """Return a sentence where the newest version does worse than an earlier one and the runs carry it; else ""."""
    if not versions or versions[0].runs < FEWEST_RUNS:
        return ""
    newest = versions[0]
    worse = [
        (gap, earlier)
        for earlier in versions[1:]
        if earlier.runs >= FEWEST_RUNS
        and (gap := compare_rates(newest.succeeded, newest.runs, earlier.succeeded, earlier.runs))[2] < 0
    ]
    if not worse:
        return ""
    (gap, low, high), earlier = min(worse, key=lambda it: it[0][0])
    return (
        f"Version {newest.number} does worse than version {earlier.number}: {newest.succeeded} of {newest.runs} runs "
        f"succeeded, and {earlier.succeeded} of {earlier.runs} before. That is {-gap:.0%} less (90 % interval "
        f"{-high:.0%} to {-low:.0%}). Go back to version {earlier.number}, or see what changed between the two."
    )


def _sum_weeks(days: Sequence[DayCount]) -> tuple[TrendPart, ...]:
    """Return the weeks from the first day to the last, the newest ``MOST_WEEKS`` of them."""
    if not days:
        return ()
    newest = days[-1].day - timedelta(days=days[-1].day.weekday())
    weeks = min(MOST_WEEKS, (newest - days[0].day).days // 7 + 2)
    parts = [newest - timedelta(weeks=back) for back in reversed(range(weeks))]
    sums = {first: [0, 0, 0] for first in parts}
    for it in days:
        if (of := sums.get(it.day - timedelta(days=it.day.weekday()))) is not None:
            of[0] += it.uses
            of[1] += it.succeeded
            of[2] += it.runs
    found = [(first, *sums[first]) for first in parts]
    while found and not any(found[0][1:]):  # the first day may be in the week after
        del found[0]
    return tuple(
        TrendPart(first=first, uses=uses, succeeded=succeeded, runs=runs, low=low, high=high)
        for first, uses, succeeded, runs in found
        for low, high in [wilson(succeeded, runs) if runs else (0.0, 1.0)]
    )


def _tell_success(label: str, succeeded: int, runs: int, predicted: float) -> SuccessFigure:
    known = learn_success(predicted, succeeded, runs)
    low, high = wilson(succeeded, runs) if runs else (0.0, 1.0)
    rate = succeeded / runs if runs else None
    return SuccessFigure(label=label, succeeded=succeeded, runs=runs, rate=rate, low=low, high=high, mean=known.mean)


def _compare(figure: str, own: list[float], others: list[float]) -> Comparison:
    ratio = compare_medians(own, others)
    return Comparison(
        figure=figure,
        ratio=ratio.value if ratio else None,
        low=ratio.low if ratio else None,
        high=ratio.high if ratio else None,
        count=len(own),
        other_count=len(others),
    )


_READERS = (template_figures.read_costs, template_figures.read_durations, template_figures.read_generating)

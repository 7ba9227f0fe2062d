"""What the command about analytics does: print the headline figures of a range of days."""

from argparse import Namespace
from datetime import date

from pydantic import ValidationError

from crewgen_core.app import Crewgen
from crewgen_core.commands.output import DONE, print_json
from crewgen_core.errors import UnusableObjective
from crewgen_core.front.analytics import usual_period
from crewgen_core.models.analytics import Headline, Period, Scope
from crewgen_core.numbers import format_percent, format_seconds, format_spent

NOTHING = "nothing yet"


def run_analytics(crewgen: Crewgen, options: Namespace) -> int:
    """Print the headline figures, with those of as many days before."""
    usual = usual_period()
    last = _read_day("--to", options.to, usual.last)
    first = _read_day("--from", vars(options)["from"], min(usual.first, last))
    try:
        period = Period(first=first, last=last)
    except ValidationError as error:
        raise UnusableObjective(
            f"There are no days from {first} to {last} to look at.",
            "Days are from 2000 to 2099, the earlier one first.",
        ) from error
    seen = crewgen.analytics.overview(Scope(period=period))
    if options.json:
        return print_json(seen.model_dump(mode="json"))
    print(f"{period.first} to {period.last}, days in UTC (in brackets: as many days before)\n")
    before = dict(_list_figures(seen.before)) if seen.before else {}
    for name, value in _list_figures(seen.now):
        print(f"  {name:20}{value}" + (f"  ({before[name]})" if before else ""))
    return DONE


def _read_day(option: str, text: str | None, usual: date) -> date:
    try:
        return usual if text is None else date.fromisoformat(text.strip())
    except ValueError as error:
        raise UnusableObjective(
            f'{option} needs a day, not "{text[:30] if text else ""}".', f"Write {option} 2026-03-31, for example."
        ) from error


def _list_figures(it: Headline) -> list[tuple[str, str]]:
    actual = "no outcomes yet"
    if it.actual:
        low, high = format_percent(it.actual.low), format_percent(it.actual.high)
        actual = f"{format_percent(it.actual.rate)} of {it.actual.runs:,} runs, {low} to {high}"
    return [
        ("Requests", f"{it.requests:,}, {it.failed:,} failed"),
        ("Success, predicted", format_percent(it.predicted.mean) if it.predicted else NOTHING),
        ("Success, actual", actual),
        ("Generating, median", NOTHING if it.median_s is None else format_seconds(it.median_s)),
        ("Spent on generating", format_spent(it.generating.usd, it.generating.unknown)),
        ("Spent on runs", format_spent(it.running.usd, it.running.unknown)),
    ]

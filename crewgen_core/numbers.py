"""Figures for people: as many digits as a figure deserves, always with the unit. All return plain text, no Markdown."""

from datetime import datetime
from decimal import Decimal

from crewgen_core.models.value import Quantiles, UsdQuantiles

UNKNOWN = "unknown"
"""What stands where a price is not known; never a zero."""


def format_usd(amount: Decimal | float | None) -> str:
    """Return "$12.30", "$0.029", "less than $0.0001" or "unknown"."""
    if amount is None:
        return UNKNOWN
    value = float(amount)
    if value == 0:
        return "$0"
    if value < 0.0001:
        return "less than $0.0001"
    if value >= 100:
        return f"${value:,.0f}"
    if value >= 0.1:
        return f"${value:,.2f}"
    return f"${value:.3f}" if value >= 0.01 else f"${value:.4f}"


def format_spent(amount: Decimal, unknown: int) -> str:
    """Return "$0.12", or "$0.12 + 2 of unknown price" where there are generations that nobody knows the cost of."""
    return format_usd(amount) + (f" + {unknown:,} of unknown price" if unknown else "")


def format_seconds(seconds: float) -> str:
    """Return "0.02 s", "45 s", "3.3 min", "12 min", "1 h 05 min"."""
    if seconds < 1:
        return f"{seconds:.2f} s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole / 60:.1f} min" if whole < 597 else f"{round(whole / 60)} min"
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60:02d} min"


def format_tokens(count: float, unit: str = " tokens") -> str:
    """Return "850 tokens", "75.6k tokens", "1.2M tokens"; where the label names the unit already, give ""."""
    if count < 1_000:
        return f"{count:,.0f}{unit}"
    if count < 1_000_000:
        return f"{count / 1_000:.1f}k{unit}" if count < 100_000 else f"{count / 1_000:.0f}k{unit}"
    return f"{count / 1_000_000:.1f}M{unit}"


def format_percent(share: float) -> str:
    """Return a share from 0 to 1 as "34%"; what is not quite nothing or all is not rounded to it."""
    if 0 < share < 0.01:
        return "under 1%"
    if 0.99 < share < 1:
        return "over 99%"
    return f"{share * 100:.0f}%"


def format_minutes(minutes: float) -> str:
    """Return minutes of human work: "45 min", "3 h", "2 h 30 min"."""
    whole = round(minutes)
    if whole < 60:
        return f"{whole} min"
    return f"{whole // 60} h" + (f" {whole % 60} min" if whole % 60 else "")


def count_minutes(minutes: float) -> str:
    """Return minutes as a sentence says them: "1 minute", "2.5 minutes"."""
    return f"{minutes:g} minute{'' if minutes == 1 else 's'}"


def format_when(moment: datetime) -> str:
    """Return a moment as "2026-11-22 14:05 UTC"."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def format_count(count: int, noun: str) -> str:
    """Return "1 task", "3 tasks" or "1,200 tasks"; the noun takes a plain "s"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def usd_range(quantiles: UsdQuantiles | None) -> str:
    """Return the range of 8 in 10 runs: "$0.015 to $0.058", or "unknown"."""
    return UNKNOWN if quantiles is None else f"{format_usd(quantiles.p10)} to {format_usd(quantiles.p90)}"


def seconds_range(quantiles: Quantiles) -> str:
    """Return the range of 8 in 10 runs in seconds, minutes or hours."""
    return f"{format_seconds(quantiles.p10)} to {format_seconds(quantiles.p90)}"


def tokens_range(quantiles: Quantiles) -> str:
    """Return the range of 8 in 10 runs in tokens."""
    return f"{format_tokens(quantiles.p10, unit='')} to {format_tokens(quantiles.p90)}"


def percent_range(quantiles: Quantiles) -> str:
    """Return the range of a chance."""
    return f"{format_percent(quantiles.p10)} to {format_percent(quantiles.p90)}"

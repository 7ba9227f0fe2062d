"""Figures on a terminal: the typical one, and between which two 8 of 10 runs fall."""

from crewgen_core.models.value import Quantiles, UsdQuantiles

MINUTE, _HOUR = 60, 3_600
"""Seconds."""

_CENT = 0.01


def show_typical_cost(cost: UsdQuantiles | None) -> str:
    """Return the typical cost alone."""
    return "unknown" if cost is None else show_usd(float(cost.p50))


def show_chance(chance: Quantiles) -> str:
    """Return a chance with its interval."""
    return f"{chance.p50:.0%} ({chance.p10:.0%} to {chance.p90:.0%})"


def show_cost(cost: UsdQuantiles | None) -> str:
    """Return a cost with its interval."""
    if cost is None:
        return "unknown: the price of a model is not known"
    return f"{show_usd(float(cost.p50))} ({show_usd(float(cost.p10))} to {show_usd(float(cost.p90))})"


def show_duration(seconds: Quantiles) -> str:
    """Return a duration with its interval."""
    return f"{show_time(seconds.p50)} ({show_time(seconds.p10)} to {show_time(seconds.p90)})"


def show_tokens(tokens: Quantiles) -> str:
    """Return a number of tokens with its interval."""
    return f"{tokens.p50:,.0f} ({tokens.p10:,.0f} to {tokens.p90:,.0f})"


def show_usd(amount: float) -> str:
    """Return US dollars with cents, below a dollar to a tenth of a cent, below a cent to a hundredth of one."""
    if amount >= 1 or amount == 0:
        return f"${amount:,.2f}"
    if amount >= _CENT:
        return f"${amount:.3f}"
    return f"${amount:.4f}" if amount >= _CENT / 100 else "under $0.0001"


def show_time(seconds: float) -> str:
    """Return a time in seconds, minutes or hours."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h"

"""Figures for people, as the pages show them: the core's own, so that a figure reads the same in a sentence."""

from crewgen_core.numbers import (
    UNKNOWN,
    format_count,
    format_minutes,
    format_percent,
    format_seconds,
    format_spent,
    format_tokens,
    format_usd,
    format_when,
    percent_range,
    seconds_range,
    tokens_range,
    usd_range,
)

__all__ = [
    "UNKNOWN",
    "format_count",
    "format_minutes",
    "format_percent",
    "format_seconds",
    "format_spent",
    "format_tokens",
    "format_usd",
    "format_when",
    "percent_range",
    "seconds_range",
    "tokens_range",
    "usd_range",
]

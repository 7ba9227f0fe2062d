"""The first look: headline figures beside those of the range before, requests over time, engines, templates."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.models.analytics import Headline, Scope, Spent
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_usd
from pages.shared.analytics_chart import show_figures
from pages.shared.plain_text import plain

NONE = "–"


def show_overview(crewgen: Crewgen, scope: Scope) -> None:
    """Show how much was asked for and what came of it."""
    from crewgen_core.figures import analytics_requests, analytics_shares

    seen = crewgen.analytics.overview(scope)
    _show_headline(seen.now, seen.before)
    if seen.open:
        st.caption(f"{format_count(seen.open, 'request')} being worked on at this moment, in no figure yet.")
    show_figures(
        analytics_requests.build_requests(seen.buckets, scope.period),
        analytics_requests.describe_requests(seen.buckets, scope.period),
        analytics_requests.tabulate_requests(seen.buckets),
        "analytics_requests",
    )
    shares = (
        ("Who made the crews", analytics_shares.list_engines(seen.engines), "analytics_engines"),
        ("Templates", analytics_shares.list_templates(seen.templates), "analytics_templates_used"),
    )
    with st.grid(2, min_column_width=380) as grid:
        for title, of, key in shares:
            with grid.cell():
                show_figures(
                    analytics_shares.build_shares(title, of),
                    analytics_shares.describe_shares(title, of),
                    analytics_shares.tabulate_shares(title, of),
                    key,
                )


def _show_headline(now: Headline, before: Headline | None) -> None:
    """Show each figure with what it was in as many days before; nothing is shown as actual without outcomes."""
    with st.grid(4, min_column_width=155, border=True, key="analytics_headline") as grid:
        for card in _CARDS:
            with grid.cell():
                st.metric(card.label, plain(card.read(now)), help=card.told)
                notes = (card.note(now), f"before: {card.read(before)}" if before else "no days before")
                st.caption(plain(" · ".join(filter(None, notes))))


def _share(it: Headline) -> str:
    return f"{it.failed:,} ({format_percent(it.failed / it.requests)})" if it.requests else NONE


def _predicted(it: Headline) -> str:
    return format_percent(it.predicted.mean) if it.predicted else NONE


def _actual(it: Headline) -> str:
    return format_percent(it.actual.rate) if it.actual else "none yet"


def _interval(it: Headline) -> str:
    if it.actual is None:
        return "no outcomes"
    low, high = format_percent(it.actual.low), format_percent(it.actual.high)
    return f"{low}–{high}, {format_count(it.actual.runs, 'run')}"


def _seconds(it: Headline) -> str:
    return NONE if it.median_s is None else format_seconds(it.median_s)


def _unknown(spent: Spent) -> str:
    return f"+ {spent.unknown:,} of unknown price" if spent.unknown else ""


@dataclass(frozen=True)
class _Card:
    """One figure: its value, what is said below it, and what it means."""

    label: str
    read: Callable[[Headline], str]
    told: str | None = None
    note: Callable[[Headline], str] = lambda _: ""


_CARDS = (
    _Card("Requests", lambda it: f"{it.requests:,}"),
    _Card("Failed", _share, "Of the requests that have ended, failed rows of jobs included."),
    _Card(
        "Success, predicted",
        _predicted,
        "Mean of the typical chances that the estimates of the generated crews gave.",
    ),
    _Card(
        "Success, actual",
        _actual,
        "Share of the runs with an outcome that succeeded, with its 90% interval (Wilson). Without outcomes nothing "
        "is known: judge your runs on the Runs page.",
        _interval,
    ),
    _Card("Generating, median", _seconds, "From objective to estimate; counted in steps, so at most 5% off."),
    _Card("Spent on generating", lambda it: format_usd(it.generating.usd), note=lambda it: _unknown(it.generating)),
    _Card("Spent on runs", lambda it: format_usd(it.running.usd), note=lambda it: _unknown(it.running)),
)

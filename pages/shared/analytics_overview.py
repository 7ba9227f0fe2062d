"""The first look: headline figures beside those of the range before, requests over time, engines, templates."""

from collections.abc import Callable

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.models.analytics import Headline, Scope, Spent
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_spent
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
    with st.container(horizontal=True):
        _show("Requests", f"{now.requests:,}", before, lambda it: f"{it.requests:,}")
        _show("Failed", _share(now), before, _share, "Of the requests that have ended, failed rows of jobs included.")
        _show(
            "Success, predicted",
            _predicted(now),
            before,
            _predicted,
            "Mean of the typical chances that the estimates of the generated crews gave.",
        )
        _show(
            "Success, actual",
            _actual(now),
            before,
            _actual,
            "Share of the runs with an outcome that succeeded, with its 90 % interval (Wilson). Without outcomes "
            "nothing is known: judge your runs on the Runs page.",
        )
        _show(
            "Generating, median",
            _seconds(now),
            before,
            _seconds,
            "From objective to estimate; counted in steps, so at most 5 % off.",
        )
        _show("Spent on generating", _spent(now.generating), before, lambda it: _spent(it.generating))
        _show("Spent on runs", _spent(now.running), before, lambda it: _spent(it.running))


def _show(
    label: str, value: str, before: Headline | None, read: Callable[[Headline], str], told: str | None = None
) -> None:
    with st.container(border=True, width=210):
        st.metric(label, plain(value), help=told)
        st.caption(plain(f"before: {read(before)}") if before else "no days before")


def _share(it: Headline) -> str:
    return f"{it.failed:,} ({format_percent(it.failed / it.requests)})" if it.requests else NONE


def _predicted(it: Headline) -> str:
    return format_percent(it.predicted.mean) if it.predicted else NONE


def _actual(it: Headline) -> str:
    if it.actual is None:
        return "unknown"
    low, high = format_percent(it.actual.low), format_percent(it.actual.high)
    return f"{format_percent(it.actual.rate)} ({low}–{high}, n {it.actual.runs:,})"


def _seconds(it: Headline) -> str:
    return NONE if it.median_s is None else format_seconds(it.median_s)


def _spent(spent: Spent) -> str:
    return format_spent(spent.usd, spent.unknown)

"""The frontier on the page: drawn at once with the first points, and again and again while more are found."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crewgen_core.models.optimization import Optimization, Variant
from crewgen_core.numbers import format_count
from pages.shared.chart import show_chart
from pages.shared.optimize_study import Frontier

POINTS_AT_ONCE = 4
"""Points that are waited for before the chart is drawn again."""

_NAMED = ("today", "chosen", "one agent")


def draw_frontier(place: DeltaGenerator, frontier: Frontier, made: Optimization) -> None:
    """Draw the points that are there, with today's crew, the chosen one and one agent alone."""
    from crewgen_core.figures.frontier import build_frontier, describe_frontier, tabulate_frontier

    shown = _join(frontier.variants, made)
    with place.container():
        words, table = describe_frontier(shown), tabulate_frontier(shown)
        key = f"optimize_frontier_{len(frontier.variants)}{'_complete' if frontier.complete else ''}"
        show_chart(build_frontier(shown), words, table, key)
        st.caption(_say_progress(frontier))  # always one: what is left out of a drawing stays from the one before it


def fill_frontier(place: DeltaGenerator, frontier: Frontier, made: Optimization) -> None:
    """Look for the other points; a click in between interrupts this, and the rerun goes on with it."""
    while not frontier.complete:
        frontier.take(POINTS_AT_ONCE)
        draw_frontier(place, frontier, made)


def _say_progress(frontier: Frontier) -> str:
    if not frontier.complete:
        return ":material/hourglass_top: More points are being looked for."
    count = format_count(len(frontier.variants), "crew")
    return f"{count} that no other one beats in cost, duration and success at once."


def _join(points: Sequence[Variant], made: Optimization) -> tuple[Variant, ...]:
    return (*points, *(variant for variant in made.variants if variant.kind in _NAMED))

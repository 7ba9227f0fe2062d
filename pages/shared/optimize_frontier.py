"""The frontier on the page: drawn at once with the first points, and again and again while more are found."""

from collections.abc import Sequence

import streamlit as st

from crewgen_core.models.optimization import Optimization, Variant
from crewgen_core.numbers import format_count
from pages.shared.chart import show_chart
from pages.shared.optimize_study import Frontier

POINTS_AT_ONCE = 3
"""Points that are waited for before the chart is drawn again: a slider that moves meanwhile waits as long."""

PAUSE = "200ms"

_NAMED = ("today", "chosen", "one agent")


def show_frontier(frontier: Frontier, made: Optimization) -> None:
    """Draw the points that are there, and let this part run again and again until all are found.

    One long run would not do: the fragment that a slider belongs to would wait for its end.
    """
    frontier.drawn = False
    every = None if frontier.complete else PAUSE
    st.fragment(_show_step, run_every=every)(frontier, made)


def _show_step(frontier: Frontier, made: Optimization) -> None:
    completed = frontier.drawn and not frontier.complete and not frontier.take(POINTS_AT_ONCE)
    frontier.drawn = True
    _draw(frontier, made)
    if completed:
        st.rerun()  # the whole page: only that ends the repetition


def _draw(frontier: Frontier, made: Optimization) -> None:
    from crewgen_core.figures.frontier import build_frontier, describe_frontier, tabulate_frontier

    shown = _join(frontier.variants, made)
    words, table = describe_frontier(shown), tabulate_frontier(shown)
    show_chart(build_frontier(shown), words, table, "optimize_frontier_chart")
    if frontier.complete:
        count = format_count(len(frontier.variants), "crew")
        st.caption(f"{count} that no other one beats in cost, duration and success at once.")
    else:
        st.caption(":material/hourglass_top: More points are being looked for.")


def _join(points: Sequence[Variant], made: Optimization) -> tuple[Variant, ...]:
    return (*points, *(variant for variant in made.variants if variant.kind in _NAMED))

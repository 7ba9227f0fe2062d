"""A job for a projector: what came of its rows, what to expect of the crews, the best of them, why some failed."""

import streamlit as st

from crewgen_core.models.job import FailureCount, Figures, Item, ItemQuery, Progress
from crewgen_core.models.spread import Spread
from crewgen_core.numbers import format_count, format_percent, format_seconds, format_usd
from pages.shared.bulk_charts import FIGURES, measure
from pages.shared.bulk_progress import list_figures
from pages.shared.bulk_words import badge, count_rows
from pages.shared.plain_text import plain, shorten
from pages.shared.presentation import draw_large, presented
from pages.shared.session import front_door

LONGEST_NAME, LONGEST_REASON = 80, 200
"""Characters that are read from the back of a room; the rest stands on the job's page."""

MOST_CREWS, MOST_REASONS = 9, 6
"""Crews and reasons on one screen."""

_ESTIMATED = "Estimates of typical runs, not promises; each crew's own page says what they rest on."


def present_job(job_id: int) -> None:
    """Show a job as it stands, one screen after the other. Raises NotFound."""
    bulk = front_door().bulk
    progress = bulk.progress(job_id)
    best = bulk.list_items(job_id, ItemQuery(states=("completed",), order="success", descending=True), MOST_CREWS).items
    spread = measure(progress.job) if progress.job.completed else None
    with presented():
        with st.container(key="slide_title", gap="large"):
            _show_title(progress, spread)
        if spread is not None and spread.crews:
            with st.container(key="slide_spread", gap="medium"):
                _show_spread(spread)
            with st.container(key="slide_domains", gap="medium"):
                _show_domains(spread)
        if best:
            with st.container(key="slide_crews", gap="medium"):
                _show_crews(best, progress.job.completed)
        if progress.failures:
            with st.container(key="slide_failures", gap="medium"):
                _show_failures(progress.failures, progress.job.failed)


def _show_title(progress: Progress, spread: Spread | None) -> None:
    job = progress.job
    st.title(plain(shorten(job.name, LONGEST_NAME)), anchor=False)
    st.markdown(f"{badge(job)} What came of {count_rows(job.total)}.")
    with st.grid(3, min_column_width=260):
        for label, value, below in list_figures(progress):
            st.metric(label, plain(value), plain(below) or None, delta_color="off", delta_arrow="off", border=True)
    if spread is not None and spread.engines:
        made = ", ".join(f"{one.engine or 'unknown'} ({one.count:,})" for one in spread.engines)
        st.caption(plain(f"Made by: {made}."))


def _show_spread(spread: Spread) -> None:
    from crewgen_core.figures.job_distribution import build_job_distribution, describe_job_distribution

    st.header("What to expect of these crews", anchor=False)
    with st.grid(3, min_column_width=330):
        for figure in FIGURES:
            drawn = build_job_distribution(spread, figure)
            draw_large(drawn, describe_job_distribution(spread, figure), f"presented_{figure}")
    st.caption(_ESTIMATED)


def _show_domains(spread: Spread) -> None:
    from crewgen_core.figures.job_domains import build_job_domains, describe_job_domains
    from crewgen_core.figures.job_scatter import build_job_scatter, describe_job_scatter

    st.header("Cost and success", anchor=False)
    with st.grid(2, min_column_width=480):
        draw_large(build_job_scatter(spread), describe_job_scatter(spread), "presented_scatter")
        draw_large(build_job_domains(spread, "success"), describe_job_domains(spread, "success"), "presented_domains")
    st.caption(_ESTIMATED)


def _show_crews(best: tuple[Item, ...], made: int) -> None:
    st.header("The crews" if made <= len(best) else "The crews most likely to succeed", anchor=False)
    with st.grid(3 if len(best) > 4 else 2, min_column_width=330):
        for item in best:
            with st.container(border=True, height="stretch"):
                st.subheader(plain(shorten(item.crew_name or item.name, LONGEST_NAME)), anchor=False)
                if item.figures is not None:
                    st.markdown(_tell(item.figures))
    if made > len(best):
        st.caption(f"{format_count(len(best), 'crew')} of {made:,}; all of them stand on the page of the job.")


def _tell(figures: Figures) -> str:
    told = f"{format_percent(figures.success)} success, {format_usd(figures.cost_usd)} per run"
    return plain(f"{told}, {format_seconds(figures.duration_s)}, {format_count(figures.agents, 'agent')}.")


def _show_failures(failures: tuple[FailureCount, ...], failed: int) -> None:
    st.header(f"Why {count_rows(failed)} failed", anchor=False)
    for failure in failures[:MOST_REASONS]:
        st.markdown(f"**{failure.count:,}** × {plain(shorten(failure.reason, LONGEST_REASON))}")
    if len(failures) > MOST_REASONS:
        st.caption(f"And {len(failures) - MOST_REASONS:,} other reasons: see the page of the job.")

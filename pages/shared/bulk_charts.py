"""Charts over the crews of a job: measured and drawn when they are asked for."""

from typing import Literal

import streamlit as st

from crewgen_core.models.job import Job
from crewgen_core.models.spread import Spread
from crewgen_core.numbers import format_count
from pages.shared.chart import offer_table, show_chart
from pages.shared.plain_text import plain, shorten
from pages.shared.session import front_door

_KEY = "bulk_spread"
"""Key of the session's state: the figures measured last, and of what."""

FIGURES: tuple[Literal["success", "cost", "duration"], ...] = ("success", "cost", "duration")
"""Of which it is shown how they are spread."""

_MOST_OUTLIERS = 8


def show_charts(job: Job) -> None:
    """Show how success, cost and duration are spread over the crews, which domains they have, what stands out."""
    if not job.completed:
        return
    charts = st.expander("Charts", icon=":material/bar_chart:", key=f"bulk_charts_{job.id}", on_change="rerun")
    if charts.open:
        with charts:
            with st.spinner("Measuring the crews"):
                spread = measure(job)
            if spread.crews:
                _draw(spread)
            else:
                st.caption("There are no crews to measure.")


def measure(job: Job) -> Spread:
    """Return the figures, measured again only when rows were finished since."""
    of = (job.id, job.completed)
    known = st.session_state.get(_KEY)
    if known is None or known[0] != of:
        known = st.session_state[_KEY] = of, front_door().bulk.spread(job.id)
    return known[1]


def _draw(spread: Spread) -> None:
    from crewgen_core.figures import job_distribution, job_domains, job_scatter

    with st.grid(3, min_column_width=230):
        for figure in FIGURES:
            with st.container():
                show_chart(
                    job_distribution.build_job_distribution(spread, figure),
                    job_distribution.describe_job_distribution(spread, figure),
                    job_distribution.tabulate_job_distribution(spread, figure),
                    f"job_{figure}",
                )
    with st.grid(2, min_column_width=380):
        with st.container():
            show_chart(
                job_scatter.build_job_scatter(spread),
                job_scatter.describe_job_scatter(spread),
                job_scatter.tabulate_job_scatter(spread),
                "job_scatter",
            )
        with st.container():
            show_chart(
                job_domains.build_job_domains(spread, "success"),
                job_domains.describe_job_domains(spread, "success"),
                job_domains.tabulate_job_domains(spread),
                "job_domains",
            )
    if spread.outliers:
        shown = spread.outliers[:_MOST_OUTLIERS]
        lines = [f"- **{plain(shorten(it.name, 80))}** {plain(job_scatter.describe_outlier(it))}" for it in shown]
        st.markdown(f"**{format_count(spread.outlier_count, 'outlier')}**, the farthest first:\n" + "\n".join(lines))
        offer_table(job_scatter.tabulate_outliers(spread), "job_outliers")

"""How good crews were, how long generating took, and why it failed."""

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.models.analytics import Problem, Scope
from crewgen_core.numbers import format_count
from pages.shared.address import JOB
from pages.shared.analytics_chart import show_figures
from pages.shared.handover import ONE_JOB, open_crew, start_generating
from pages.shared.plain_text import plain


def show_quality(crewgen: Crewgen, scope: Scope) -> None:
    """Show success, times and failures."""
    from crewgen_core.figures import analytics_shares, analytics_success, analytics_times

    quality, period = crewgen.analytics.quality(scope), scope.period
    parts = tuple(it.period for it in quality.buckets)
    show_figures(
        analytics_success.build_success(quality.buckets, period),
        analytics_success.describe_success(quality.buckets),
        analytics_success.tabulate_success(quality.buckets),
        "analytics_success",
    )
    with st.grid(2, min_column_width=380) as grid:
        with grid.cell():
            show_figures(
                analytics_times.build_times(quality.times, parts, period),
                analytics_times.describe_times(quality.times, parts, period),
                analytics_times.tabulate_times(quality.times, parts),
                "analytics_times",
            )
        with grid.cell():
            show_figures(
                analytics_times.build_engine_times(quality.engines),
                analytics_times.describe_engine_times(quality.engines),
                analytics_times.tabulate_engine_times(quality.engines),
                "analytics_engine_times",
            )
    title, problems = "Why requests failed or fell back", analytics_shares.list_problems(quality.problems)
    show_figures(
        analytics_shares.build_shares(title, problems, "request"),
        analytics_shares.describe_shares(title, problems, "request"),
        analytics_shares.tabulate_shares(title, problems, "request"),
        "analytics_problems",
    )
    if left := quality.problem_count - len(quality.problems):
        st.caption(f"{format_count(left, 'rarer reason')} not listed.")
    for at, problem in enumerate(quality.problems):
        _show_problem(crewgen, problem, at)


def _show_problem(crewgen: Crewgen, problem: Problem, at: int) -> None:
    """Show one reason with some requests that had it: those with a crew open it, the others are tried again."""
    with st.container(border=True):
        more = " Built-in took over." if problem.fell_back else ""
        st.markdown(f"**{format_count(problem.count, 'request')}**: {plain(problem.reason)}{more}")
        with st.container(horizontal=True):
            for request_id in problem.requests:
                label = f"Crew of request {request_id}" if problem.fell_back else f"Try request {request_id} again"
                if st.button(label, key=f"analytics_problem_{at}_{request_id}", type="tertiary"):
                    _open(crewgen, request_id)
            for job_id in problem.jobs:
                st.page_link(
                    ONE_JOB, label=f"Job {job_id}", icon=":material/table_rows:", query_params={JOB: str(job_id)}
                )


def _open(crewgen: Crewgen, request_id: int) -> None:
    request = crewgen.get_request(request_id)
    if request.crew_id is not None:
        open_crew(request.crew_id)
    start_generating(request.objective)

"""A new job: what is given, what it holds, what it will cost and take, and its start."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath

import streamlit as st

from crewgen_core.errors import CrewgenError, UnusableObjective
from crewgen_core.models.job import Forecast, JobSettings, NewJob
from crewgen_core.models.upload import SharedRequirements, UploadReport
from crewgen_core.numbers import format_seconds, format_usd
from pages.shared.bulk_actions import keep_problem, take_problem
from pages.shared.bulk_given import Given, given, keep_given
from pages.shared.bulk_preview import show_contents
from pages.shared.bulk_reading import show_reading
from pages.shared.bulk_requirements import read_shared
from pages.shared.bulk_source import ask_for_objectives
from pages.shared.bulk_words import count_rows
from pages.shared.handover import open_job
from pages.shared.limits_view import show_near_limits
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import show_problem
from pages.shared.session import front_door, may_write

_STARTING = "bulk_starting"
"""Key of the session's state: the job that is asked for by a click and not stored yet."""


@dataclass(frozen=True)
class _Asked:
    found: Given
    new: NewJob
    shared: SharedRequirements
    keep_duplicates: bool
    rows: int


def show_new_job() -> None:
    """Show everything that a new job needs, step by step; store it when that was asked for."""
    if asked := st.session_state.get(_STARTING):
        _store(asked)
    with st.container(border=True, key="new_job"):
        st.subheader("New job", anchor=False)
        if problem := take_problem():
            show_problem(problem)
        found = ask_for_objectives()
        if found is None:
            return
        front_door().bulk.expect_work()
        contents = st.container()
        try:
            shared = read_shared()
        except UnusableObjective as problem:
            show_problem(problem)
            return
        with contents:
            with st.spinner("Reading the rows"):
                found.inspect(shared)
            if found.problem:
                show_problem(found.problem)
            show_reading(found)
            if found.report:
                show_contents(found, found.report)
        if found.report and found.report.good:
            _show_start(found, found.report, shared)


def _show_start(found: Given, report: UploadReport, shared: SharedRequirements) -> None:
    asks_models = any(report.models)
    with st.grid(3 if asks_models else 1, min_column_width=220):
        name = st.text_input(
            "Name of the job", _suggest_name(found), max_chars=300, key=f"bulk_name_{found.token}_{found.pasted}"
        )
        budget = (
            st.number_input(
                "Budget of the whole job (USD)",
                min_value=0.01,
                max_value=1_000_000.0,
                value=None,
                step=1.0,
                format="%g",
                key="bulk_job_budget",
                placeholder="No limit",
                persist_state="session",
                help="When it is used up, the job pauses and says so; you can raise it and go on.",
            )
            if asks_models
            else None
        )
        fall_back = asks_models and st.checkbox(
            "Where the model fails, take the Built-in crew",
            key="bulk_fall_back",
            persist_state="session",
            help="Otherwise such a row fails, with the reason, and can be tried again.",
        )
    leave_out = bool(report.duplicates) and st.checkbox(
        f"Leave out {count_rows(report.duplicates, 'duplicate')}", key=f"bulk_leave_out_{found.token}"
    )
    rows = report.good - (report.duplicates if leave_out else 0)
    if found.forecast:
        _show_forecast(found.forecast)
    new = NewJob(
        name=name.strip() or _suggest_name(found),
        file_name=shorten(found.name, 300),
        priority=shared.priority,
        model=shared.model or None,
        budget_usd=None if budget is None else Decimal(str(budget)),
        settings=JobSettings(fall_back=bool(fall_back)),
    )
    st.button(
        f"Start {count_rows(rows)}",
        key="start_job",
        type="primary",
        icon=":material/play_arrow:",
        on_click=_start,
        args=(_Asked(found, new, shared, not leave_out, rows),),
        disabled=not may_write(),
    )
    show_near_limits()


def _start(asked: _Asked) -> None:
    """Let the next run store the job, as a callback; a second click that comes meanwhile finds nothing to start."""
    if given() is asked.found:
        keep_given(None)
        st.session_state[_STARTING] = asked


def _store(asked: _Asked) -> None:
    """Store a job, which takes seconds for a large file; no other run of the page can do it again meanwhile."""
    with st.spinner(f"Storing {count_rows(asked.rows)}"):
        if st.session_state.pop(_STARTING, None) is not asked:
            return
        found = asked.found
        try:
            job = front_door().bulk.start(
                found.name,
                found.content,
                asked.new,
                shared=asked.shared,
                keep_duplicates=asked.keep_duplicates,
                **found.reading(),
            )
        except CrewgenError as problem:
            keep_given(found)  # nothing that was given is lost
            keep_problem(problem)
        else:
            if found.pasted:
                st.session_state["bulk_lines"] = ""
            open_job(job.id)
    st.rerun()


def _show_forecast(forecast: Forecast) -> None:
    with st.grid(2, min_column_width=240):
        low, high = forecast.cost_low_usd, forecast.cost_high_usd
        if not forecast.model_rows:
            cost, spread = "$0", "no model is asked"
        elif forecast.cost_usd is None:
            cost, spread = "unknown", "a price is not known"
        else:
            cost = f"about {format_usd(forecast.cost_usd)}"
            spread = "" if low is None or high is None else f"{format_usd(low)} to {format_usd(high)}"
        _show_figure("Generating will cost", cost, spread)
        between = f"{format_seconds(forecast.seconds_low)} to {format_seconds(forecast.seconds_high)}"
        _show_figure("It will take", f"about {format_seconds(forecast.seconds)}", between)
    if forecast.basis:
        st.caption(plain(" ".join(forecast.basis)))


def _show_figure(label: str, value: str, spread: str) -> None:
    st.metric(label, plain(value), plain(spread) or None, delta_color="off", delta_arrow="off", border=True)


def _suggest_name(found: Given) -> str:
    return "Pasted objectives" if found.pasted else shorten(PurePath(found.name).stem, 200) or "Objectives"

"""A run that has ended: why, its results, what was predicted beside what it took, and how to go on."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Literal

import streamlit as st

from crewgen_core.models.crew import Crew
from crewgen_core.models.run import Run, RunEvent, RunProgress, TaskRun
from crewgen_core.models.run_comparison import Compared, PartComparison, RunComparison
from crewgen_core.numbers import UNKNOWN, format_count, format_percent, format_seconds, format_tokens, format_usd
from pages.shared.chart import show_chart
from pages.shared.crew_actions import show_crew_actions
from pages.shared.deleting import show_delete
from pages.shared.handover import RUNS, open_run, open_running
from pages.shared.outcome_form import show_outcome_of_run
from pages.shared.plain_text import plain
from pages.shared.problems import problems_shown
from pages.shared.run_tasks import show_agents, show_events, show_progress_graph, show_result, show_tasks
from pages.shared.session import for_later, front_door

Measure = Literal["tokens", "cost", "duration"]

_DRY = "A dry run says nothing about success, cost and duration, so there is nothing to compare."

_TILE = "What came of it; below, what was predicted, and the actual figure as a multiple of it."

_MANAGED = (
    "In a hierarchical crew, calls of the manager count with the task that it worked on; predictions count them with "
    "the manager."
)


def show_ended(progress: RunProgress, events: Sequence[RunEvent], crew: Crew) -> None:
    """Show what came of a run, below ``show_reason``."""
    run = progress.run
    show_crew_actions(run.crew_id, without=("Run",), small=True)
    for note in run.notes:
        st.caption(plain(note))
    _show_ways_on(run)
    parts: dict[str, Callable[[], None]] = {
        "Results": lambda: _show_results(run, progress.tasks, crew),
        "Predicted and actual": lambda: _show_comparison(run, crew),
        "Course": lambda: _show_course(progress, events, crew),
    }
    if not run.settings.dry:
        parts["Outcome"] = lambda: show_outcome_of_run(run)
    for tab, show in zip(st.tabs(list(parts), key="run_tabs", on_change="rerun"), parts.values(), strict=True):
        if tab.open:
            with tab, problems_shown():
                show()


def show_reason(run: Run) -> None:
    """Say how a run ended, and why where it did not go through."""
    done = f"{run.tasks_done} of {format_count(run.task_count, 'task')}"
    if run.state == "completed":
        said = "The dry run went through: every task was reached and came back."
        if not run.settings.dry:
            said = "It went through: every task has a result."
        st.success(said, icon=":material/check_circle:")
    elif run.state == "failed":
        st.error(plain(f"It failed after {done}. {run.reason}"), icon=":material/error:")
    else:
        st.warning(plain(f"It was stopped after {done}. {run.reason}"), icon=":material/stop_circle:")


def _show_ways_on(run: Run) -> None:
    running = front_door().running
    costs = "" if run.settings.dry else " It spends money again."
    with st.container(horizontal=True):
        if run.state in ("failed", "stopped") and st.button(
            "Go on from where it ended",
            key="continue_run",
            type="primary",
            icon=":material/resume:",
            help=f"A new run that keeps the results of finished tasks and does only the rest.{costs}",
        ):
            with problems_shown():
                open_run(running.go_on(run.id).id)
        if st.button(
            "Run again",
            key="run_again",
            icon=":material/replay:",
            help=f"A new run of the same version with the same settings.{costs}",
        ):
            with problems_shown():
                open_run(running.again(run.id).id)
        if st.button(
            "Run for real" if run.settings.dry and run.state == "completed" else "Run with other settings",
            key="run_otherwise",
            icon=":material/tune:",
            help="Opens the form; nothing starts by that.",
        ):
            if run.settings.dry and run.state == "completed":
                st.session_state[f"run_{run.crew_id}_kind"] = "Real run"
            open_running(run.crew_id, run.number)
        if run.previous_run_id is not None and st.button(
            f"Run {run.previous_run_id}", key="previous_run", icon=":material/history:", type="tertiary"
        ):
            open_run(run.previous_run_id)
        if run.may_change:
            show_delete("run", run.id, RUNS, "It goes with its outcome.")


def _show_results(run: Run, tasks: Sequence[TaskRun], crew: Crew) -> None:
    with_results = [(number, task) for number, task in enumerate(tasks, start=1) if task.output]
    if not with_results:
        st.info("No task came to a result.")
    else:
        file = front_door().run_reports.export(run.id)
        st.download_button(
            "All results (.txt)",
            for_later(lambda door: door.run_reports.export(run.id).content),
            file_name=file.name,
            mime=file.media_type,
            key="download_results",
            icon=":material/download:",
            on_click="ignore",
        )
    if run.state == "completed" and with_results:
        number, last = with_results[-1]
        with st.container(border=True, key="final_result"):
            st.markdown(f"**Result of the last task: {plain(last.name or last.key)}**")
            show_result(run, last, number, key="final")
    show_tasks(run, tasks, crew)


def _show_comparison(run: Run, crew: Crew) -> None:
    from crewgen_core.figures.run_comparison import (
        build_run_comparison,
        describe_run_comparison,
        tabulate_run_comparison,
    )

    if run.settings.dry:
        st.info(_DRY)
        return
    comparison = front_door().run_reports.compare(run.id)
    _show_whole(run, comparison)
    if run.state != "completed":
        st.caption("The run did not come to its end, so its totals are smaller than what was predicted for all of it.")
    by_tasks = st.segmented_control("Compare", ["Tasks", "Agents"], default="Tasks", required=True, key="compare_by")
    measures: Sequence[Measure] = ("tokens", "cost", "duration") if by_tasks != "Agents" else ("tokens", "cost")
    parts = comparison.tasks if by_tasks != "Agents" else comparison.agents
    with st.grid(2, min_column_width=400):
        for measure in measures:
            with st.container(border=True):
                table = tabulate_run_comparison(parts, f"Predicted and actual, run {run.id}")
                show_chart(
                    build_run_comparison(parts, measure),
                    describe_run_comparison(parts, measure),
                    table,
                    f"compare_{by_tasks}_{measure}",
                )
    if crew.process == "hierarchical":
        st.caption(_MANAGED)
    told = [_tell(part) for part in (comparison.whole, *parts)]
    st.dataframe(told, hide_index=True, column_config={"Part": st.column_config.TextColumn(width=170)})
    st.caption("Predictions here rest on published figures alone; own outcomes correct those shown before a run.")


def _show_whole(run: Run, comparison: RunComparison) -> None:
    whole = comparison.whole
    outcome = front_door().outcomes.find_of_run(run.id)
    came = "not said" if outcome is None else "yes" if outcome.succeeded else "no"
    figures = (
        ("Success", came, f"{format_percent(comparison.success)} predicted"),
        ("Cost", _say(whole.cost_usd.actual, format_usd), _against(whole.cost_usd, format_usd)),
        ("Duration", _say(whole.seconds.actual, format_seconds), _against(whole.seconds, format_seconds)),
        ("Tokens", _say(whole.tokens.actual, _show_tokens), _against(whole.tokens, _show_tokens)),
    )
    with st.grid(4, min_column_width=170):
        for label, value, below in figures:
            st.metric(label, plain(value), plain(below), delta_color="off", delta_arrow="off", border=True, help=_TILE)


def _say(figure: float | None, show: Callable[[float], str]) -> str:
    return UNKNOWN if figure is None else show(figure)


def _against(one: Compared, show: Callable[[float], str]) -> str:
    predicted = _say(one.predicted.p50 if one.predicted else None, show)
    if one.ratio is None:
        return f"{predicted} predicted"
    return f"{one.ratio:.{1 if one.ratio >= 0.1 else 2}f}× of {predicted}"


def _show_tokens(count: float) -> str:
    return format_tokens(count, unit="")


def _tell(part: PartComparison) -> dict[str, str]:
    told = {"Part": part.name if part.key else "Whole run"}
    measures: tuple[tuple[str, Compared, Callable[[float], str]], ...] = (
        ("Tokens", part.tokens, _show_tokens),
        ("Cost", part.cost_usd, format_usd),
        ("Duration", part.seconds, format_seconds),
    )
    for name, one, show in measures:
        told[f"{name} predicted"] = _say(one.predicted.p50 if one.predicted else None, show)
        told[f"{name} actual"] = "—" if one.actual is None else show(one.actual)
    return told


def _show_course(progress: RunProgress, events: Sequence[RunEvent], crew: Crew) -> None:
    from crewgen_core.figures.run_timeline import build_run_timeline, describe_run_timeline, tabulate_run_timeline

    run, tasks, now = progress.run, progress.tasks, datetime.now(UTC)
    show_chart(
        build_run_timeline(crew, run, tasks, now),
        describe_run_timeline(crew, run, tasks, now),
        tabulate_run_timeline(crew, run, tasks, now),
        "run_timeline",
    )
    if run.state != "completed":
        show_progress_graph(crew, tasks, "ended")
    show_agents(progress.agents, dry=run.settings.dry)
    show_events(events)

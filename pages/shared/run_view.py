"""One run: followed while it is open, with the question that it waits with; afterwards, what came of it."""

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.crew import Crew
from crewgen_core.models.run import Run, RunEvent, RunProgress
from crewgen_core.numbers import format_count, format_seconds, format_tokens, format_usd
from pages.shared.crew_actions import show_crew_actions
from pages.shared.facts import show_state
from pages.shared.plain_text import plain
from pages.shared.problems import problems_shown, show_problem
from pages.shared.run_after import show_ended, show_reason
from pages.shared.run_question import keep_typed, show_lost_answers, show_question
from pages.shared.run_tasks import show_agents, show_events, show_progress_graph, show_tasks
from pages.shared.run_words import COLOURS, STATES, describe_run, list_marks, measure_time, say_cost
from pages.shared.session import front_door
from pages.shared.starring import note_opened
from pages.shared.top import send_ahead

_EVENTS = "run_events"
"""Key of the session's state: the run that was looked at last, and its events so far."""

_STOPPING = "run_stopping"
"""Key of the session's state: the run that this person stopped."""


def show_run(run: Run) -> None:
    """Show a run as it stands; it is followed by itself until it ends. Raises NotFound."""
    st.header(plain(run.crew_name), anchor=False)
    if not run.open:
        _show_line(run)
        send_ahead()
        show_reason(run)
    progress, events = _look(run.id)
    crew = front_door().run_reports.read_crew(run.id)
    show_lost_answers(run, progress.question if run.open else None)
    if not run.open:
        show_ended(progress, events, crew)
        note_opened("run", run.id)
        return
    note_opened("run", run.id)
    if progress.question is not None and run.may_change:
        show_question(progress.question, progress.tasks)
    elif progress.question is not None:
        st.info("The run waits for an answer of whoever started it.", icon=":material/front_hand:")
    st.fragment(_follow, run_every="1s")(run, None if progress.question is None else progress.question.id, crew)


def _look(run_id: int) -> tuple[RunProgress, list[RunEvent]]:
    """Return how a run stands, and all its events: those that were read before are kept, only new ones are asked for.

    Raises NotFound.
    """
    known: tuple[int, list[RunEvent]] = st.session_state.get(_EVENTS, (0, []))
    events = known[1] if known[0] == run_id else []
    progress = front_door().running.progress(run_id, events[-1].number if events else 0)
    events = [*events, *progress.events]
    st.session_state[_EVENTS] = (run_id, events)
    return progress, events


def _follow(before: Run, question_id: int | None, crew: Crew) -> None:
    """Show how the run stands now; the whole page runs again when it asks something or ends.

    While a question is on the page nothing but a click takes it away: somebody may be writing an answer.
    """
    with problems_shown():
        progress, events = _look(before.id)
        asked = None if progress.question is None else progress.question.id
        over = not progress.run.open
        if (asked != question_id or over) and (question_id is None or st.session_state.get(_STOPPING) == before.id):
            st.rerun()
        if asked != question_id or over:
            _say_settled(progress)
        _show_live(progress, events, crew)


def _say_settled(progress: RunProgress) -> None:
    said = "The run has ended" if not progress.run.open else "The question above was answered in another window"
    with st.container(horizontal=True, vertical_alignment="center", border=True, key="settled"):
        st.markdown(f"**{said}.** What you have written stays readable.", width="content")
        if st.button("Go on", key="go_on_watching", type="primary", icon=":material/refresh:"):
            st.rerun()


def _show_live(progress: RunProgress, events: list[RunEvent], crew: Crew) -> None:
    run = progress.run
    with st.container(horizontal=True, vertical_alignment="center"):
        _show_line(run)
        show_crew_actions(run.crew_id, without=("Run",), small=True)
        if run.may_change:
            _show_stop(run)
    at = [task.name or task.key for task in progress.tasks if task.state in ("running", "waiting")]
    doing = f" · at work on {', '.join(at)}" if at else " · CrewAI is starting" if run.state == "starting" else ""
    st.progress(
        min(1.0, run.tasks_done / max(1, run.task_count)),
        plain(f"{run.tasks_done} of {run.task_count} tasks{doing}"),
    )
    _show_figures(progress)
    left, right = st.columns([3, 2])
    with left:
        show_tasks(run, progress.tasks, crew)
        show_events(events)
    with right:
        show_progress_graph(crew, progress.tasks, "live")
        show_agents(progress.agents, dry=run.settings.dry)


def _show_line(run: Run) -> None:
    show_state(STATES[run.state], COLOURS[run.state], list_marks(run), describe_run(run))


def _show_stop(run: Run) -> None:
    stopping = st.session_state.get(_STOPPING) == run.id
    clicked = st.button(
        "Stopping" if stopping else "Stop",
        key="stop_run",
        icon=":material/stop_circle:",
        disabled=stopping,
        help="Ends it within two seconds; results of finished tasks are kept.",
        on_click=_stop,
        args=(run.id,),
    )
    if clicked and (problem := st.session_state.pop("run_stop_problem", None)):
        show_problem(problem)


def _stop(run_id: int) -> None:
    keep_typed()
    try:
        front_door().running.stop(run_id)
        st.session_state[_STOPPING] = run_id
    except CrewgenError as problem:
        st.session_state["run_stop_problem"] = problem


def _show_figures(progress: RunProgress) -> None:
    """Show time, spending and tokens so far, each against its limit and what is predicted."""
    run, predicted, limits = progress.run, progress.run.predicted, progress.run.settings
    minutes = limits.deadline_minutes
    time, calls = format_seconds(measure_time(run, progress.question)), format_count(run.usage.calls, "model call")
    if limits.dry:
        st.caption(plain(f"{time} so far · {calls} answered by a stand-in · nothing is spent"))
        return
    figures = (
        ("Time", time, f"{format_seconds(predicted.duration_s)} predicted"),
        ("Spent", say_cost(run), f"{format_usd(predicted.cost_usd)} predicted"),
        ("Tokens", format_tokens(run.usage.tokens, unit=""), f"{format_tokens(predicted.tokens, unit='')} predicted"),
    )
    with st.grid(3, min_column_width=150):
        for label, value, below in figures:
            st.metric(label, plain(value), plain(below), delta_color="off", delta_arrow="off", border=True)
    told = [calls]
    if limits.budget_usd is not None:
        told.append(f"it stops before a call that would pass {format_usd(limits.budget_usd)}")
    if minutes is not None:
        told.append(f"it ends after {format_seconds(minutes * 60)}")
    st.caption(plain(" · ".join(told)))

"""What happens within a run: tasks with their results, agents with what they used, events, and where the run is."""

from collections.abc import Sequence

import streamlit as st

from crewgen_core.models.crew import Crew
from crewgen_core.models.run import AgentRun, Run, RunEvent, TaskRun, TaskRunState
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_count, format_seconds, format_tokens, format_usd
from pages.shared.chart import offer_table, show_chart
from pages.shared.plain_text import plain, shorten
from pages.shared.run_words import TASK_ICONS, TASK_STATES

FEW_EVENTS, MOST_EVENTS = 8, 60
"""Newest events on the page, at once and when more are wanted; the file has all."""

RESULT_HEIGHT = 420
"""Pixels; what is longer scrolls."""

LONG_RESULT = 1_500
"""Characters from which a result scrolls in a box of its own."""


def show_tasks(run: Run, tasks: Sequence[TaskRun], crew: Crew) -> None:
    """Show every task with its state and what it took; each opens to its result, or to what is expected of it."""
    st.markdown("**Tasks**")
    for number, task in enumerate(tasks, start=1):
        label = f"{number}\\. {plain(shorten(task.name or task.key, 110))} :small[:gray[{_describe(task, crew, run)}]]"
        with st.expander(label, icon=TASK_ICONS[task.state], key=f"run_task_{number}"):
            if task.output:
                show_result(run, task, number)
            else:
                st.caption("No result yet. What is expected of it:" if run.open else "No result. What was expected:")
                planned = crew.task(task.key)
                st.text((planned.expected_output if planned else "") or "(nothing is said)")


def show_result(run: Run, task: TaskRun, number: int, key: str = "task") -> None:
    """Show a result as the text that it is, with a button to take it away."""
    with st.container(height=RESULT_HEIGHT if len(task.output) > LONG_RESULT else "content", border=False):
        st.text(task.output)
    st.download_button(
        "Download (.txt)",
        lambda: task.output.encode(),
        file_name=f"run-{run.id}-task-{number}.txt",
        mime="text/plain",
        key=f"download_{key}_{number}",
        icon=":material/download:",
        on_click="ignore",
        type="tertiary",
    )


def _describe(task: TaskRun, crew: Crew, run: Run) -> str:
    agent = crew.agent(task.agent)
    parts = [TASK_STATES[task.state], shorten(agent.role if agent else task.agent or "chosen by the manager", 50)]
    parts += [] if task.seconds is None else [format_seconds(task.seconds)]
    if task.usage.calls and not run.settings.dry:
        parts += [format_tokens(task.usage.tokens), format_usd(task.usage.cost_usd)]
    return plain(" · ".join(parts))


def show_progress_graph(crew: Crew, tasks: Sequence[TaskRun], key: str) -> None:
    """Draw the tasks with a ring around those that the run is at."""
    from crewgen_core.figures.crew_graph import build_crew_graph
    from crewgen_core.figures.crew_graph_words import describe_crew_graph

    states: dict[str, TaskRunState] = {task.key: task.state for task in tasks}
    figure, alt = build_crew_graph(crew, states=states), describe_crew_graph(crew, states=states)
    show_chart(figure, alt, None, f"{key}_run_graph")


def show_agents(agents: Sequence[AgentRun], *, dry: bool) -> None:
    """Show what each agent has used so far, the manager among them."""
    st.markdown("**Agents**")
    lines: list[str] = []
    for agent in agents:
        facts = [format_count(agent.usage.calls, "call")] if agent.usage.calls else ["not at work yet"]
        if agent.usage.calls and not dry:
            facts += [format_tokens(agent.usage.tokens), format_usd(agent.usage.cost_usd), ", ".join(agent.models)]
        lines.append(f"{plain(shorten(agent.role or agent.key, 60))} :small[:gray[{plain(' · '.join(facts))}]]")
    st.markdown("\\\n".join(lines) or "None.")


def show_events(events: Sequence[RunEvent]) -> None:
    """Show what happened, the newest first."""
    st.markdown("**What happened**, the newest first")
    if not events:
        st.caption("Nothing yet.")
        return
    shown = min(len(events), MOST_EVENTS)
    if shown > FEW_EVENTS and not st.toggle(f"The newest {shown}", key="run_events_more", persist_state="session"):
        shown = FEW_EVENTS
    with st.container(border=True, key="run_events_box"):
        st.markdown("\\\n".join(map(_say_event, reversed(events[-shown:]))))
    offer_table(tabulate_events(events), "run_events_data")


def _say_event(event: RunEvent) -> str:
    said = plain(shorten(event.text, 240))
    text = f":red[{said}]" if event.kind == "problem" else f":orange[{said}]" if event.kind == "question" else said
    return f":small[:gray[{event.at:%H:%M:%S}] {text}]"


def tabulate_events(events: Sequence[RunEvent]) -> Table:
    """Return all events, the oldest first."""
    rows = [(e.number, e.at.isoformat(), e.kind, e.task or "", e.agent or "", e.text) for e in events]
    return Table(title="What happened", columns=("number", "at", "kind", "task", "agent", "text"), rows=tuple(rows))

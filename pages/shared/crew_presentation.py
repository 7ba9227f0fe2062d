"""A crew for a projector: what it is for, how it works, who does it, what is done, what to expect."""

from collections.abc import Sequence

import streamlit as st

from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.stored import StoredCrew
from crewgen_core.numbers import format_count, format_seconds
from pages.shared.estimate import list_figures
from pages.shared.plain_text import plain, shorten
from pages.shared.presentation import draw_large, presented
from pages.shared.whose import DEMO_BADGE

LONGEST_OBJECTIVE, LONGEST_GOAL, LONGEST_OUTPUT = 420, 170, 150
"""Characters that are read from the back of a room; the rest stands on the crew's page."""

MOST_TASKS = 9
"""Tasks on one screen."""


def present_crew(stored: StoredCrew) -> None:
    """Show a stored crew, one screen after the other."""
    crew, estimate = stored.crew, stored.estimate
    with presented():
        with st.container(key="slide_title", gap="large"):
            _show_title(stored)
        with st.container(key="slide_graph"):
            _show_graph(crew, estimate)
        with st.container(key="slide_team", gap="medium"):
            _show_team(crew)
        for first in range(0, len(crew.tasks), MOST_TASKS):
            with st.container(key=f"slide_plan_{first}", gap="medium"):
                _show_plan(crew, crew.tasks[first : first + MOST_TASKS], first)
        with st.container(key="slide_estimate", gap="medium"):
            _show_estimate(crew, estimate)


def _show_title(stored: StoredCrew) -> None:
    crew, estimate = stored.crew, stored.estimate
    st.title(plain(crew.name), anchor=False)
    objective = stored.objective.text if stored.objective else crew.objective
    st.markdown(f"{f'{DEMO_BADGE} ' if stored.demo else ''}{plain(shorten(objective, LONGEST_OBJECTIVE))}")
    _show_figures(estimate)
    st.caption(plain(f"{_say_basis(estimate)} Large: the typical run. Below: the range of 8 in 10 simulated runs."))


def _show_figures(estimate: Estimate) -> None:
    with st.grid(3, min_column_width=260):
        for label, typical, spread in list_figures(estimate)[:3]:  # who looks on pays no tokens
            st.metric(label, plain(typical), plain(spread), delta_color="off", delta_arrow="off", border=True)


def _say_basis(estimate: Estimate) -> str:
    counted = format_count(estimate.own_outcomes, "own outcome")
    rests = f"calibrated with {counted}" if estimate.calibrated else f"not calibrated yet, {counted} behind it"
    return f"An estimate, {rests}."


def _show_graph(crew: Crew, estimate: Estimate) -> None:
    from crewgen_core.figures.crew_graph import build_crew_graph
    from crewgen_core.figures.crew_graph_words import describe_crew_graph

    st.header("How it works", anchor=False)
    graph, beside = st.columns([5, 2], vertical_alignment="center", gap="large")
    with graph:
        draw_large(build_crew_graph(crew, estimate), describe_crew_graph(crew, estimate), "presented_graph")
    with beside:
        st.metric("Agents", str(len(crew.agents)))
        st.metric("Tasks", str(len(crew.tasks)))
        reviews = sum(task.human_input for task in crew.tasks)
        st.metric("Results that a person reviews", str(reviews))
        st.metric("Shortest possible run", plain(format_seconds(estimate.critical_path_s)))


def _show_team(crew: Crew) -> None:
    st.header("The team", anchor=False)
    with st.grid(3 if len(crew.agents) > 4 else 2, min_column_width=380):
        if crew.manager is not None:
            _show_member(f":violet-badge[Manager] {plain(crew.manager.role)}", crew.manager.goal)
        for agent in crew.agents:
            _show_member(plain(agent.role or agent.key), _say_what(agent))


def _show_member(title: str, text: str) -> None:
    with st.container(border=True, height="stretch"):
        st.subheader(title, anchor=False)
        st.markdown(plain(shorten(text, LONGEST_GOAL)))


def _say_what(agent: Agent) -> str:
    return agent.goal or ", ".join(skill.name for skill in agent.skills)


def _show_plan(crew: Crew, tasks: Sequence[Task], first: int) -> None:
    st.header("The plan" if not first else "The plan, continued", anchor=False)
    with st.grid(3 if len(tasks) > 4 else 2, min_column_width=380):
        for number, task in enumerate(tasks, start=first + 1):
            with st.container(border=True, height="stretch"):
                st.subheader(f"{number}\\. {plain(task.name or task.key)}", anchor=False)
                agent = crew.agent(task.agent)
                review = " A person reviews it." if task.human_input else ""
                who = plain(agent.role) if agent else "The manager decides who"
                st.markdown(f"**{who}.** {plain(shorten(_say_result(task), LONGEST_OUTPUT))}{review}")


def _say_result(task: Task) -> str:
    """Return what a task hands over, without the conditions on which it is accepted."""
    return task.expected_output.partition("Accepted when:")[0].strip()


def _show_estimate(crew: Crew, estimate: Estimate) -> None:
    from crewgen_core.figures import success_interval, timeline

    st.header("What to expect", anchor=False)
    with st.grid(2, min_column_width=480):
        draw_large(
            success_interval.build_success_interval(crew, estimate),
            success_interval.describe_success_interval(crew, estimate),
            "presented_success",
        )
        draw_large(
            timeline.build_timeline(crew, estimate), timeline.describe_timeline(crew, estimate), "presented_time"
        )
    st.caption(plain(f"{_say_basis(estimate)} Points: the typical run. Lines: the range of 8 in 10 simulated runs."))

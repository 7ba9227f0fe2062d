"""A crew to look at: its agents and tasks as cards, the crew graph and the coverage of skills."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from crewgen_core.models.crew import Agent, Crew, Manager, Task
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.report import Report
from crewgen_core.numbers import format_count, format_minutes
from pages.shared.chart import show_chart
from pages.shared.plain_text import plain


def show_crew_line(crew: Crew) -> None:
    """Show in one line how big the crew is and how it works together."""
    parts = [
        format_count(len(crew.agents), "agent"),
        format_count(len(crew.tasks), "task"),
        f"process: {crew.process}",
        f"coordination: {crew.coordination}",
        f"oversight: {crew.oversight}",
    ]
    st.caption(" · ".join(parts), width="content")


def show_crew_graph(crew: Crew, estimate: Estimate, key: str) -> None:
    """Draw who does what from whose results, and say it as a table."""
    from crewgen_core.figures.crew_graph import build_crew_graph
    from crewgen_core.figures.crew_graph_words import describe_crew_graph, tabulate_crew_graph

    table = tabulate_crew_graph(crew, estimate)
    show_chart(build_crew_graph(crew, estimate), describe_crew_graph(crew, estimate), table, f"{key}_graph")


def show_coverage(crew: Crew, report: Report, key: str) -> None:
    """Draw which agent covers which skill, and how well."""
    from crewgen_core.figures.coverage_heatmap import (
        build_coverage_heatmap,
        describe_coverage_heatmap,
        tabulate_coverage_heatmap,
    )

    figure, alt = build_coverage_heatmap(crew, report), describe_coverage_heatmap(crew, report)
    show_chart(figure, alt, tabulate_coverage_heatmap(crew, report), f"{key}_coverage")


AskWhy = Callable[[str, str, Sequence[str]], None]
"""Shows a button that answers why a part is there: its path, what tells its button apart, and its tools."""


def show_agents(crew: Crew, tools: Mapping[str, str], ask_why: AskWhy | None = None) -> None:
    """Show every agent, and the manager, as a card; ``tools`` names the tools by their keys."""
    if crew.manager is not None:
        with st.container(border=True):
            show_manager(crew.manager)
            if ask_why:
                ask_why("manager", "manager", ())
    for number, agent in enumerate(crew.agents, start=1):
        with st.container(border=True):
            show_agent(agent, crew, tools)
            if ask_why:
                ask_why(f"agents/{agent.key}", f"agent_{number}", agent.tools)


def show_tasks(crew: Crew, tools: Mapping[str, str], ask_why: AskWhy | None = None) -> None:
    """Show every task as a card, in order; ``tools`` names the tools by their keys."""
    for number, task in enumerate(crew.tasks, start=1):
        with st.container(border=True):
            show_task(task, number, crew, tools)
            if ask_why:
                ask_why(f"tasks/{task.key}", f"task_{number}", task.tools)


def show_agent(agent: Agent, crew: Crew, tools: Mapping[str, str]) -> None:
    """Show what one agent is, can do and does."""
    st.markdown(f"**{plain(agent.role or agent.key)}**")
    if agent.goal:
        st.text(agent.goal)
    if agent.backstory:
        with st.expander("Backstory"):
            st.text(agent.backstory)
    facts = {
        "Skills": ", ".join(f"{skill.name} {skill.proficiency}" for skill in agent.skills),
        "Tools": name_tools(agent.tools, tools),
        "Tasks": ", ".join(f'"{task.name}"' for task in crew.tasks_of(agent.key)) or "none",
        "Model": agent.model or "the default of the run",
        "Delegation": "may hand work to others" if agent.allow_delegation else "",
        "Why": agent.why,
    }
    _show_facts(facts)


def show_manager(manager: Manager) -> None:
    """Show the agent that coordinates the others."""
    st.markdown(f":violet-badge[Manager] **{plain(manager.role or manager.key)}**")
    if manager.goal:
        st.text(manager.goal)
    if manager.backstory:
        with st.expander("Backstory"):
            st.text(manager.backstory)
    _show_facts({"Model": manager.model or "the default of the run", "Why": manager.why})


def show_task(task: Task, number: int, crew: Crew, tools: Mapping[str, str]) -> None:
    """Show what is done, by whom, from what, and what must come of it."""
    st.markdown(f"**{number}\\. {plain(task.name or task.key)}**")
    if task.description:
        st.text(task.description)
    agent = crew.agent(task.agent)
    facts = {
        "Agent": agent.role if agent else _missing_agent(task, crew),
        "Works from": ", ".join(f'"{name_task(crew, key)}"' for key in task.depends_on),
        "Expected output": task.expected_output,
        "Tools": name_tools(task.tools, tools),
        "Human work": f"{format_minutes(task.human_minutes)} (assumption)",
        "Review": "a person reviews the result" if task.human_input else "",
        "Timing": "runs beside others" if task.async_execution else "",
        "Why": task.why,
    }
    _show_facts(facts)


def name_task(crew: Crew, key: str) -> str:
    """Return the name of a task, or its key where the crew has no such task."""
    task = crew.task(key)
    return task.name if task and task.name else key


def name_tools(keys: tuple[str, ...], tools: Mapping[str, str]) -> str:
    """Return the names of tools in one line; a tool that the catalog does not know keeps its key."""
    return ", ".join(tools.get(key, key) for key in keys)


def _missing_agent(task: Task, crew: Crew) -> str:
    if task.agent:
        return f"{task.agent} (not in the crew)"
    return "chosen by the manager" if crew.process == "hierarchical" else "nobody"


def _show_facts(facts: Mapping[str, str]) -> None:
    lines = [f":gray[{name}:] {plain(fact)}" for name, fact in facts.items() if fact]
    st.markdown("\\\n".join(lines))

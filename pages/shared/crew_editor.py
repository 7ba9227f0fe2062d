"""Agents and tasks as cards that can be edited in place; every field is an edit of the working crew."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from pydantic import JsonValue

from crewgen_core.errors import UnusableEdit
from crewgen_core.models.change import Change, Edit
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from pages.shared.crew_view import name_task, show_agent, show_manager, show_task
from pages.shared.draft import WorkingCrew
from pages.shared.editing import apply_to, edit, refuse, renew_fields, revision
from pages.shared.explanation_view import show_why
from pages.shared.plain_text import plain, shorten
from pages.shared.session import skill_names, tool_names

_OPEN = "open_editor"
"""Path of the one part that is being edited ("tasks/write_brief")."""

_NOBODY = ""

_LEAST_MINUTES, _MOST_MINUTES = 0.0, 100_000.0
"""Minutes of human work that a task can have (``models.crew.Task``)."""


def show_task_cards(working: WorkingCrew, elsewhere: str | None = None) -> None:
    """Show every task; one of them can be open for editing, for those who may change the crew.

    ``elsewhere`` is the path of a part whose card the page shows already: here, its name stands for it.
    """
    for at, task in enumerate(working.crew.tasks):
        if f"tasks/{task.key}" == elsewhere:
            with st.container(border=True, key=f"shown_{at + 1}_task"):
                st.caption(f"{at + 1}\\. {plain(task.name or task.key)}: see beside the graph above")
        else:
            show_task_card(working, at)
    if working.base.may_change:
        st.button("Add a task", key="add_task", icon=":material/add:", on_click=_add_task, args=(working,))


def show_task_card(working: WorkingCrew, at: int) -> None:
    """Show the task at this position, to be read or, if it is the open one, edited."""
    crew, locked, number, task = working.crew, not working.base.may_change, at + 1, working.crew.tasks[at]
    path = f"tasks/{task.key}"
    with st.container(border=True, key=f"card_{number}_task"):
        if st.session_state.get(_OPEN) == path and not locked:
            _edit_task(working, task, path)
            _show_buttons_of_open(working, path, f'Remove task "{shorten(task.name, 60)}"', _without_task(crew, task))
            return
        show_task(task, number, crew, tool_names())
        with st.container(horizontal=True):
            if not locked:
                st.button("Edit", key=f"edit_task_{number}", icon=":material/edit:", on_click=_open, args=(path,))
            show_why(crew, working.base.objective, path, f"task_{number}", task.tools)


def show_agent_cards(working: WorkingCrew) -> None:
    """Show the manager and every agent; one of them can be open for editing, likewise."""
    crew = working.crew
    if crew.manager is not None:
        with st.container(border=True):
            show_manager(crew.manager)
            show_why(crew, working.base.objective, "manager", "manager")
    for at in range(len(crew.agents)):
        show_agent_card(working, at)
    if working.base.may_change:
        st.button("Add an agent", key="add_agent", icon=":material/person_add:", on_click=_add_agent, args=(working,))


def show_agent_card(working: WorkingCrew, at: int) -> None:
    """Show the agent at this position, to be read or, if it is the open one, edited."""
    crew, locked, number, agent = working.crew, not working.base.may_change, at + 1, working.crew.agents[at]
    path = f"agents/{agent.key}"
    with st.container(border=True, key=f"card_{number}_agent"):
        if st.session_state.get(_OPEN) == path and not locked:
            _edit_agent(working, agent, path)
            removal = _without_agent(crew, agent)
            _show_buttons_of_open(working, path, f'Remove agent "{shorten(agent.role, 60)}"', removal)
            return
        show_agent(agent, crew, tool_names())
        with st.container(horizontal=True):
            if not locked:
                st.button("Edit", key=f"edit_agent_{number}", icon=":material/edit:", on_click=_open, args=(path,))
            show_why(crew, working.base.objective, path, f"agent_{number}", agent.tools)


def _edit_task(working: WorkingCrew, task: Task, path: str) -> None:
    crew, title = working.crew, f'Edit task "{shorten(task.name, 60)}"'
    others = [other.key for other in crew.tasks if other.key != task.key]
    put = _Fields(working, path, title)
    put.title("name", "Name", task.name)
    put.area("description", "Description", task.description, 20_000)
    put.area("expected_output", "Expected output", task.expected_output, 10_000)
    put.choice("agent", "Agent", task.agent, _agent_choices(crew, task), lambda key: _name_agent(crew, key))
    put.several("depends_on", "Works from", task.depends_on, others, lambda key: name_task(crew, key))
    put.several("tools", "Tools", task.tools, list(tool_names()), lambda key: tool_names().get(key, key))
    put.several("skills", "Skills", task.skills, list(skill_names()), lambda key: skill_names().get(key, key))
    put.minutes("human_minutes", "Human work (minutes)", task.human_minutes)
    put.tick("human_input", "A person reviews the result", task.human_input)
    put.tick("async_execution", "Runs beside others", task.async_execution)


def _edit_agent(working: WorkingCrew, agent: Agent, path: str) -> None:
    put = _Fields(working, path, f'Edit agent "{shorten(agent.role, 60)}"')
    put.title("role", "Role", agent.role)
    put.area("goal", "Goal", agent.goal, 5_000)
    put.area("backstory", "Backstory", agent.backstory, 10_000)
    levels = {skill.name: skill.proficiency for skill in agent.skills}
    put.several(
        "skills",
        "Skills",
        tuple(levels),
        sorted(skill_names().values()),
        str,
        lambda names: [{"name": name, "proficiency": levels.get(name, _usual_level())} for name in names],
    )
    put.several("tools", "Tools", agent.tools, list(tool_names()), lambda key: tool_names().get(key, key))
    put.line(
        "model",
        "Model (LiteLLM name; empty takes the default of the run)",
        agent.model or "",
        200,
        lambda it: it or None,
    )
    put.tick("allow_delegation", "May hand work to others", agent.allow_delegation)


class _Fields:
    """Fields of one part: each shows a value and makes an edit of what is typed.

    The crew's value is always the default of its field, so a field that comes back, after its card or its tab was
    closed, shows the crew; what is kept of a field in the session is forgotten whenever it is not drawn.
    """

    def __init__(self, working: WorkingCrew, path: str, title: str) -> None:
        self._working, self._path, self._title = working, path, title

    def line(
        self, name: str, label: str, value: str, most: int, read: Callable[[str], JsonValue] = lambda text: text
    ) -> None:
        st.text_input(label, value, max_chars=most, **self._bind(name, read))

    def title(self, name: str, label: str, value: str) -> None:
        """What a part is called by: it cannot be emptied."""
        what = "a task" if self._path.startswith("tasks/") else "an agent"
        sentence = f"The {label.lower()} of {what} cannot be empty, so “{shorten(value, 60)}” stays."
        st.text_input(label, value, max_chars=500, **self._bind(name, str.strip, bool, sentence))

    def area(self, name: str, label: str, value: str, most: int) -> None:
        """A text that people paste: one that is too long is refused in words, and the crew's comes back."""
        sentence = f"{label} can have {most:,} characters at most. What you typed is longer, so the old text stays."
        st.text_area(label, value, height=120, **self._bind(name, str, lambda text: len(text) <= most, sentence))

    def choice(self, name: str, label: str, value: str | None, options: list[str], show: Callable[[str], str]) -> None:
        bound = self._bind(name, lambda key: key or None)
        st.selectbox(label, options, options.index(value or _NOBODY), format_func=show, **bound)

    def several(
        self,
        name: str,
        label: str,
        values: tuple[str, ...],
        options: list[str],
        show: Callable[[str], str],
        read: Callable[[list[str]], JsonValue] = list,
    ) -> None:
        known = [*options, *(value for value in values if value not in options)]
        st.multiselect(label, known, list(values), format_func=show, **self._bind(name, read))

    def minutes(self, name: str, label: str, value: float) -> None:
        sentence = f"{label} can be from {_LEAST_MINUTES:g} to {_MOST_MINUTES:,.0f}, so {value:g} stays."
        bound = self._bind(
            name,
            lambda number: value if number is None else number,
            lambda number: _LEAST_MINUTES <= number <= _MOST_MINUTES,
            sentence,
        )
        st.number_input(label, None, None, value, 5.0, format="%g", **bound)

    def tick(self, name: str, label: str, value: bool) -> None:
        st.checkbox(label, value, **self._bind(name))

    def _bind(
        self,
        name: str,
        read: Callable[[Any], JsonValue] = lambda it: it,
        fits: Callable[[Any], bool] = lambda it: True,
        sentence: str = "",
    ) -> dict[str, Any]:
        """Return key and callback of a widget; ``sentence`` says why a value does not fit. Any: what widgets hold."""
        key = f"{self._working.base.crew_id}/{self._path}/{name}/{revision()}"
        return {"key": key, "on_change": self._set, "args": (name, key, read, fits, sentence)}

    def _set(
        self, name: str, key: str, read: Callable[[Any], JsonValue], fits: Callable[[Any], bool], sentence: str
    ) -> None:
        value = read(st.session_state[key])
        if not fits(value):
            refuse(UnusableEdit(sentence))
            renew_fields()
            return
        step = Edit(op="set", path=f"{self._path}/{name}", value=value)
        apply_to(self._working, Change(title=self._title, reason="", edits=(step,)))


def _show_buttons_of_open(working: WorkingCrew, path: str, title: str, removal: tuple[Edit, ...]) -> None:
    kind = path.partition("/")[0].removesuffix("s")
    with st.container(horizontal=True):
        st.button("Done", key="close_editor", icon=":material/check:", on_click=_open, args=(None,))
        st.button(
            f"Remove this {kind}",
            key="remove_part",
            icon=":material/delete:",
            on_click=edit,
            args=(working, title, *removal),
        )


def _open(path: str | None) -> None:
    """Open one part, or none; its fields start from the crew."""
    st.session_state[_OPEN] = path
    renew_fields()


def _without_task(crew: Crew, task: Task) -> tuple[Edit, ...]:
    """Return the edits that remove a task and what others had from it."""
    freed = [
        Edit(op="set", path=f"tasks/{other.key}/depends_on", value=[key for key in other.depends_on if key != task.key])
        for other in crew.tasks
        if task.key in other.depends_on
    ]
    return (*freed, Edit(op="remove", path=f"tasks/{task.key}"))


def _without_agent(crew: Crew, agent: Agent) -> tuple[Edit, ...]:
    """Return the edits that remove an agent; its tasks have nobody then, which the check says."""
    freed = [Edit(op="set", path=f"tasks/{task.key}/agent", value=None) for task in crew.tasks_of(agent.key)]
    return (*freed, Edit(op="remove", path=f"agents/{agent.key}"))


def _add_task(working: WorkingCrew) -> None:
    key = _free_key("task", [task.key for task in working.crew.tasks])
    task = Task(key=key, name="New task", agent=working.crew.agents[0].key if working.crew.agents else None)
    edit(working, "Add a task", Edit(op="add", path="tasks", value=task.model_dump(mode="json")))
    _open(f"tasks/{key}")


def _add_agent(working: WorkingCrew) -> None:
    key = _free_key("agent", [agent.key for agent in working.crew.agents])
    agent = Agent(key=key, role="New agent")
    edit(working, "Add an agent", Edit(op="add", path="agents", value=agent.model_dump(mode="json")))
    _open(f"agents/{key}")


def _free_key(stem: str, taken: list[str]) -> str:
    return next(key for number in range(1, len(taken) + 2) if (key := f"{stem}_{number}") not in taken)


def _agent_choices(crew: Crew, task: Task) -> list[str]:
    keys = [_NOBODY, *(agent.key for agent in crew.agents)]
    return keys if task.agent is None or task.agent in keys else [*keys, task.agent]


def _name_agent(crew: Crew, key: str) -> str:
    if key == _NOBODY:
        return "The manager decides" if crew.process == "hierarchical" else "Nobody"
    agent = crew.agent(key)
    return agent.role or key if agent else f"{key} (not in the crew)"


def _usual_level() -> int:
    return SkillLevel(name="any").proficiency

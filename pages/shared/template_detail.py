"""One template: use it, look at its crew, edit it as a new version, see its versions and what came of it."""

from datetime import date

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.objective import Objective
from crewgen_core.models.template import Blank, StoredTemplate
from crewgen_core.numbers import format_count
from pages.shared.address import TEMPLATE
from pages.shared.crew_view import show_agents, show_crew_line, show_tasks
from pages.shared.deleting import show_delete
from pages.shared.difference_view import show_differences
from pages.shared.estimate import show_headline
from pages.shared.generation import generation_runs, start_generation
from pages.shared.handover import ONE_TEMPLATE, TEMPLATES, lead_to, open_generating, start_generating
from pages.shared.objective_form import list_engines
from pages.shared.plain_text import plain
from pages.shared.problems import show_problem
from pages.shared.report import show_verdict
from pages.shared.session import front_door, may_write, tool_names
from pages.shared.starring import note_opened, show_star
from pages.shared.template_editor import show_editor
from pages.shared.template_figures_view import show_template_figures
from pages.shared.template_gallery import TYPE_NAMES, attempt
from pages.shared.whose import explain_locked, mark_demo, show_sharing, tell_maker, tell_whose

BUILT_IN = "Built-in"


def show_template(key: str) -> None:
    """Show the newest version of a template. Raises NotFound."""
    stored = front_door().templates.get(key)
    template = stored.template
    st.title(plain(template.name), anchor=False)
    st.text(template.description)
    uses = f"used {format_count(stored.uses, 'time')}" if stored.uses else "not used yet"
    facts = (
        template.category,
        TYPE_NAMES[template.type],
        f"version {stored.number}",
        uses,
        *tell_whose(stored),
        *template.tags,
    )
    st.markdown(f"{mark_demo(stored)}:small[:gray[{plain(' · '.join(fact for fact in facts if fact))}]]")
    if problem := st.session_state.pop("template_problem", None):
        show_problem(problem)
    if stored.archived:
        st.warning("This template is archived: it is neither suggested nor used until it is restored.")
    _show_actions(stored)
    use, crew, edit, versions, figures = st.tabs(["Use", "Crew", "Edit", "Versions", "Figures"])
    with use:
        _show_use(stored)
    with crew:
        show_crew_line(template.crew)
        st.caption("Blanks stand in double square brackets.")
        show_tasks(template.crew, tool_names())
        show_agents(template.crew, tool_names())
    with edit:
        if locked := explain_locked(stored, "template"):
            st.info(f"{plain(locked)} Duplicate it to have one of your own.", icon=":material/lock:")
        else:
            show_editor(stored)
    with versions:
        _show_versions(stored)
    with figures:
        show_template_figures(key)


def _show_actions(stored: StoredTemplate) -> None:
    key, templates = stored.template.key, front_door().templates
    file = templates.export(key)
    note_opened("template", key)
    with st.container(horizontal=True):
        st.download_button(
            "Export", file.content, file.name, file.media_type, key="export_template", icon=":material/download:"
        )
        st.button(
            "Duplicate",
            key="duplicate_template",
            icon=":material/content_copy:",
            on_click=_copy,
            args=(key,),
            disabled=not may_write(),
        )
        show_star("template", key)
        if not stored.may_change:
            return
        change = templates.restore if stored.archived else templates.archive
        st.button(
            "Restore" if stored.archived else "Archive",
            key="archive_template",
            icon=":material/unarchive:" if stored.archived else ":material/archive:",
            on_click=attempt,
            args=(change, key),
        )
        show_delete("template", key, TEMPLATES, "It goes with all its versions; crews made from it stay.")
        show_sharing(stored, "template", lambda shared: templates.share(key, shared))


def _copy(key: str) -> None:
    stored = attempt(front_door().templates.duplicate, key)
    if stored is not None:
        lead_to(ONE_TEMPLATE, {TEMPLATE: stored.template.key})


def _show_use(stored: StoredTemplate) -> None:
    template = stored.template
    values: dict[str, str] = {}
    with st.grid(min_column_width=260):
        for blank in template.blanks:
            values[blank.name] = _ask(template.key, stored.number, blank)
    engine = st.selectbox("Engine", list_engines(None), key="template_engine", accept_new_options=True)
    try:
        preview = front_door().templates.preview(template.key, values)
    except CrewgenError as problem:
        show_problem(problem)
        return
    with st.container(horizontal=True):
        clicked = st.button(
            "Generate the crew",
            key="use_template",
            type="primary",
            icon=":material/auto_awesome:",
            disabled=stored.archived or not may_write(),
        )
        reworded = st.button(
            "Say it in your own words",
            key="reword_template",
            icon=":material/edit_note:",
            disabled=stored.archived,
            help="Opens the Generate page with this objective to change; the template is adapted to what you write.",
        )
    if clicked and not generation_runs():
        start_generation(preview.objective, "" if engine in (None, BUILT_IN) else engine)
        open_generating()
    if reworded:
        start_generating(Objective(text=preview.objective.text, template=template.key))
    st.subheader("What it will be", anchor=False)
    st.text(preview.objective.text)
    show_headline(preview.estimate)
    show_verdict(preview.report)
    for number, task in enumerate(preview.crew.tasks, start=1):
        agent = preview.crew.agent(task.agent)
        st.markdown(f"{number}. **{plain(task.name)}** · {plain(agent.role if agent else '')}")
        st.caption(plain(task.expected_output))


def _ask(key: str, number: int, blank: Blank) -> str:
    """Ask for what fills a blank; an empty field takes the default."""
    where, about = f"blank_{key}_{number}_{blank.name}", blank.help or None
    match blank.type:
        case "choice":
            chosen = st.selectbox(
                plain(blank.title),
                blank.choices,
                blank.choices.index(blank.default) if blank.default in blank.choices else None,
                key=where,
                format_func=plain,
                help=about,
            )
            return chosen or ""
        case "date":
            day = st.date_input(
                plain(blank.title), date.fromisoformat(blank.default) if blank.default else None, key=where, help=about
            )
            return day.isoformat() if isinstance(day, date) else ""
        case _:
            said = st.text_input(plain(blank.title), blank.default, max_chars=500, key=where, help=about)
            return said or ""


def _show_versions(stored: StoredTemplate) -> None:
    key, rows = stored.template.key, front_door().templates.versions(stored.template.key)
    for row in rows:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**Version {row.number}**")
            st.text(" · ".join([row.note, *tell_maker(row.made_by_name), f"{row.created_at:%d %b %Y, %H:%M} UTC"]))
            if row.number != stored.newest and stored.may_change:
                st.button(
                    "Bring back",
                    key=f"revert_template_{row.number}",
                    on_click=attempt,
                    args=(front_door().templates.revert, key, row.number, stored.newest),
                )
    if len(rows) > 1:
        numbers = [row.number for row in rows]
        with st.container(horizontal=True):
            newer = st.selectbox("Compare version", numbers, 0, key="compare_template")
            older = st.selectbox("with version", numbers, 1, key="compare_template_with")
        show_differences(front_door().templates.compare_versions(key, newer, older))

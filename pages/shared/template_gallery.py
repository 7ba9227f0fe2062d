"""The gallery of templates: searched, filtered, and the ways to get a new one."""

from typing import Any

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.models.template import TEMPLATE_TYPES, TemplateQuery, TemplateRow, TemplateType
from crewgen_core.numbers import format_count
from pages.shared.address import TEMPLATE, note_list
from pages.shared.handover import ONE_TEMPLATE, TEMPLATES, lead_to
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import show_problem
from pages.shared.session import front_door, may_write
from pages.shared.template_figures_view import show_comparison
from pages.shared.top import show_top
from pages.shared.whose import mark_demo, tell_whose

TYPE_NAMES: dict[TemplateType, str] = {"task_based": "Fits any field", "domain_specific": "One field's work"}

_PAGE = 24
_PROBLEM = "template_problem"


def show_gallery() -> None:
    """Show all templates that the filters leave, and how to make a new one."""
    templates = front_door().templates
    show_top(
        "Templates",
        "Crews that are used again: fill the blanks, or say in your own words what is different this time.",
        [
            f"{templates.count(TemplateQuery(type='task_based'))} fit any field",
            f"{templates.count(TemplateQuery(type='domain_specific'))} for one field's work",
        ],
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        _offer_new()
        _offer_import()
        compared = st.toggle("Compare their success", key="compare_templates", bind="query-params")
    if problem := st.session_state.pop(_PROBLEM, None):
        show_problem(problem)
    if compared:
        show_comparison()
    query = _read_query()
    note_list(TEMPLATES)
    found = front_door().templates.count(query)
    rows = front_door().templates.list(query, limit=st.session_state.get("templates_shown", _PAGE))
    st.caption(format_count(found, "template"))
    if not rows:
        st.info("No template is like that. Change the search or the filters.", icon=":material/search_off:")
    with st.grid(min_column_width=300):
        for row in rows:
            _show_card(row)
    if found > len(rows):
        st.button("Show more", key="more_templates", on_click=_show_more, icon=":material/expand_more:")


def attempt(action: Any, *arguments: Any) -> Any:  # noqa: ANN401 whatever the front door gives back
    """Do something in a callback; a fault is kept for the page to show, and None comes back."""
    try:
        return action(*arguments)
    except CrewgenError as problem:
        st.session_state[_PROBLEM] = problem
        return None


def _read_query() -> TemplateQuery:
    categories, tags = front_door().templates.list_labels()
    with st.grid(4, min_column_width=150):
        search = st.text_input("Search", key="template_search", bind="query-params", placeholder="Name or topic")
        kind = st.selectbox(
            "Kind",
            TEMPLATE_TYPES,
            None,
            key="template_type",
            bind="query-params",
            format_func=lambda it: TYPE_NAMES[it],
            placeholder="All",
        )
        category = st.selectbox(
            "Category", categories, None, key="template_category", bind="query-params", placeholder="All"
        )
        tag = st.selectbox("Tag", tags, None, key="template_tag", bind="query-params", placeholder="All")
    archived = st.toggle("Archived ones", key="template_archived", bind="query-params")
    return TemplateQuery(
        search=search or "", type=kind, category=category or "", tag=tag or "", archived=bool(archived)
    )


def _show_card(row: TemplateRow) -> None:
    with st.container(border=True, height="stretch", key=f"template_card_{row.id}"):
        st.markdown(f"**{plain(row.name)}**")
        st.text(shorten(row.description, 180))
        uses = f"used {format_count(row.uses, 'time')}" if row.uses else "not used yet"
        parts = (row.category, TYPE_NAMES[row.type], uses, *tell_whose(row))
        st.markdown(f"{mark_demo(row)}:small[:gray[{plain(' · '.join(part for part in parts if part))}]]")
        st.page_link(
            ONE_TEMPLATE,
            label="Open",
            icon=":material/arrow_forward:",
            query_params={TEMPLATE: row.key},
            width="content",
        )


def _offer_new() -> None:
    with st.popover("New template", icon=":material/add:"):
        st.text_input("Name", key="new_template_name", max_chars=200)
        st.caption(
            "It begins with one agent and one task. To begin with a crew, use “Make a template” among its exports."
        )
        ready = bool((st.session_state.get("new_template_name") or "").strip())
        ready = bool(ready) and may_write()
        st.button("Create", key="create_template", type="primary", disabled=not ready, on_click=_create)


def _create() -> None:
    stored = attempt(front_door().templates.create_empty, st.session_state["new_template_name"])
    if stored is not None:
        lead_to(ONE_TEMPLATE, {TEMPLATE: stored.template.key})


def _offer_import() -> None:
    with st.popover("Import", icon=":material/upload:"):
        file = st.file_uploader("Template file (JSON)", type="json", key="template_file")
        as_version = st.checkbox(
            "Where there is one with its key, make it a new version there",
            key="template_as_version",
            help="Otherwise it gets a key of its own.",
        )
        if file is not None:
            content = file.getvalue()
            st.button(
                "Import it",
                key="import_template",
                type="primary",
                on_click=_import,
                args=(content, as_version),
                disabled=not may_write(),
            )


def _import(content: bytes, as_version: bool) -> None:
    stored = attempt(lambda: front_door().templates.import_file(content, as_version=as_version))
    if stored is not None:
        lead_to(ONE_TEMPLATE, {TEMPLATE: stored.template.key})


def _show_more() -> None:
    st.session_state["templates_shown"] = st.session_state.get("templates_shown", _PAGE) + _PAGE

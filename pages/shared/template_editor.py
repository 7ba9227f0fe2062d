"""Edits a template: its head, its blanks and the texts of its crew; saving makes a new version."""

from typing import Any

import streamlit as st

from crewgen_core.models.template import BLANK_TYPES, SOURCES, TEMPLATE_TYPES, StoredTemplate, Template
from pages.shared.plain_text import plain
from pages.shared.session import front_door, may_write
from pages.shared.template_gallery import TYPE_NAMES, attempt


def show_editor(stored: StoredTemplate) -> None:
    """Show the fields, and a button that saves them as the version after this one."""
    template, mark = stored.template, f"{stored.template.key}_{stored.number}"
    st.caption("A blank stands in a text as [[name]]; each needs a line in the table below.".replace("[", "\\["))
    with st.form(f"edit_template_{mark}", border=False):
        fields = _ask_head(template, mark)
        st.markdown("**Blanks**")
        blanks = st.data_editor(
            [_write_blank(blank.model_dump()) for blank in template.blanks] or [_write_blank({})],
            num_rows="dynamic",
            key=f"edit_blanks_{mark}",
            column_config={
                "name": st.column_config.TextColumn("name", help="Lower case: a to z, digits and _"),
                "type": st.column_config.SelectboxColumn("type", options=list(BLANK_TYPES)),
                "takes": st.column_config.SelectboxColumn("filled from", options=list(SOURCES)),
                "choices": st.column_config.TextColumn("choices (commas)"),
            },
        )
        crew = _ask_crew(template, mark)
        note = st.text_input("What is new", key=f"edit_note_{mark}", max_chars=300, placeholder="Shorter brief")
        saved = st.form_submit_button(
            "Save as a new version", icon=":material/save:", type="primary", disabled=not may_write()
        )
    if saved:
        fields |= {"blanks": [_read_blank(row) for row in blanks if row.get("name")], "crew": crew}
        attempt(
            lambda: front_door().templates.edit(
                template.key, front_door().templates.rebuild(template, fields), note or "Edited", stored.number
            )
        )
        st.rerun()


def _ask_head(template: Template, mark: str) -> dict[str, Any]:
    tags = ", ".join(template.tags)
    keys = [task.key for task in template.crew.tasks]
    names = {task.key: task.name for task in template.crew.tasks}

    def name(key: str) -> str:
        return names.get(key, key)

    texts: dict[str, Any] = {
        "name": st.text_input("Name", template.name, max_chars=255, key=f"edit_name_{mark}"),
        "description": st.text_area("Description", template.description, max_chars=2_000, key=f"edit_about_{mark}"),
        "objective": st.text_area("Objective", template.objective, key=f"edit_objective_{mark}"),
        "optional": st.multiselect(
            "Tasks that may be left out",
            keys,
            list(template.optional),
            key=f"edit_optional_{mark}",
            format_func=name,
        ),
    }
    with st.grid(3, min_column_width=200):
        labels = {
            "type": st.selectbox(
                "Kind",
                TEMPLATE_TYPES,
                TEMPLATE_TYPES.index(template.type),
                key=f"edit_type_{mark}",
                format_func=lambda it: TYPE_NAMES[it],
            ),
            "category": st.text_input("Category", template.category, max_chars=100, key=f"edit_category_{mark}"),
            "tags": _split(st.text_input("Tags (commas)", tags, key=f"edit_tags_{mark}")),
        }
    return texts | labels


def _ask_crew(template: Template, mark: str) -> dict[str, Any]:
    crew = template.crew.model_dump()
    crew["name"] = st.text_input("Name of the crew", template.crew.name, max_chars=300, key=f"edit_crew_{mark}")
    for part, names in (
        ("agents", ("role", "goal", "backstory")),
        ("tasks", ("name", "description", "expected_output")),
    ):
        for at, item in enumerate(crew[part]):
            title = f"{'Agent' if part == 'agents' else 'Task'}: {item[names[0]]}"
            with st.expander(plain(title)):
                for name in names:
                    label = name.replace("_", " ").capitalize()
                    item[name] = st.text_area(label, item[name], key=f"edit_{part}_{at}_{name}_{mark}")
    return crew


def _write_blank(blank: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": blank.get("name", ""),
        "label": blank.get("label", ""),
        "type": blank.get("type", "text"),
        "default": blank.get("default", ""),
        "choices": ", ".join(blank.get("choices", ())),
        "takes": blank.get("takes", ""),
        "help": blank.get("help", ""),
    }


def _read_blank(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: str(value or "") for name, value in row.items()}
    return {**said, "type": said.get("type") or "text", "choices": _split(said.get("choices", ""))}


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())

"""What holds for every row of a new job that says nothing else itself: engine, limits, wishes, priority."""

from decimal import Decimal

import streamlit as st

from crewgen_core.errors import UnusableObjective
from crewgen_core.models.design import BUILT_IN
from crewgen_core.models.job import PRIORITIES, Priority
from crewgen_core.models.objective import MAX_CONTEXT_CHARACTERS
from crewgen_core.models.upload import SharedRequirements
from pages.shared.long_text import read_text
from pages.shared.objective_form import list_engines
from pages.shared.plain_text import plain
from pages.shared.session import domain_names, front_door

MOST_TEMPLATES = 200
"""Templates to choose from, the newest ones."""


def read_shared() -> SharedRequirements:
    """Show the fields; return what they say. Raises UnusableObjective where a text is too long."""
    engine = _read_engine()
    with st.expander("What holds for every row", icon=":material/tune:", key="bulk_requirements"):
        st.caption("A row that says something else in its own columns keeps what it says.")
        context = _ask_text("Context", "bulk_context", "What helps to know: the company, the data at hand.")
        with st.grid(4, min_column_width=200):
            names = domain_names()
            domain = st.selectbox(
                "Domain",
                list(names),
                index=None,
                key="bulk_domain",
                format_func=lambda key: names.get(key, key),
                placeholder="Found out from the text",
                persist_state="session",
            )
            budget = _read_number("Budget (USD per run)", "bulk_budget_usd", 0.0, 1_000_000.0, 0.5)
            deadline = _read_number("Deadline (minutes)", "bulk_deadline", 0.1, 525_600.0, 5.0)
            most = _read_number("Most agents", "bulk_most_agents", 1, 50, 1)
        template = _read_template()
        preferences = _ask_text("Preferences", "bulk_preferences", "How the crews should work, in your own words.")
        priority: Priority = (
            st.segmented_control(
                "Priority",
                list(PRIORITIES),
                format_func=str.capitalize,
                default="normal",
                required=True,
                key="bulk_priority",
                persist_state="session",
                help="A job of high priority gets four times the turns of a normal one, and that one of a low one.",
            )
            or "normal"
        )
    return SharedRequirements(
        context=read_text(context, "context", MAX_CONTEXT_CHARACTERS, UnusableObjective),
        domain=domain,
        budget_usd=None if budget is None else Decimal(str(budget)),
        deadline_minutes=deadline,
        max_agents=None if most is None else int(most),
        template=template,
        preferences=read_text(preferences, "text of preferences", MAX_CONTEXT_CHARACTERS, UnusableObjective),
        model=engine,
        priority=priority,
    )


def _read_engine() -> str:
    """Return the LiteLLM name of the chosen model; "" for the built-in engine."""
    key = "bulk_engine"
    st.session_state.setdefault(key, front_door().settings.model or BUILT_IN)
    chosen = st.selectbox(
        "Engine",
        list_engines(st.session_state[key]),
        key=key,
        accept_new_options=True,
        persist_state="session",
        help="Built-in needs no key and costs nothing. A model is asked once for every row; a row that names a model "
        "of its own is sent to that one.",
    )
    chosen = (chosen or "").strip()
    return "" if chosen == BUILT_IN else chosen


def _read_template() -> str | None:
    """Return the key of the template that crews start from, None for none."""
    names = {row.key: row.name for row in front_door().templates.list(limit=MOST_TEMPLATES)}

    def name(key: str) -> str:
        return plain(names.get(key, key))

    return st.selectbox(
        "Template",
        list(names),
        index=None,
        key="bulk_template",
        format_func=name,
        placeholder="None",
        persist_state="session",
        help="Each crew starts from it and is adapted to its row's objective.",
    )


def _ask_text(label: str, key: str, placeholder: str) -> str:
    return st.text_area(
        label,
        key=key,
        height=80,
        placeholder=placeholder,
        persist_state="session",
    )


def _read_number(label: str, key: str, least: float, most: float, step: float) -> float | None:
    return st.number_input(
        label,
        min_value=least,
        max_value=most,
        value=None,
        step=step,
        format="%g" if isinstance(step, float) else None,
        key=key,
        placeholder="No limit",
        persist_state="session",
    )

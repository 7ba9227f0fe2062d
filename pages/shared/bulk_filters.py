"""Which rows of a job are shown, and in which order; kept while the person looks at a crew and comes back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import streamlit as st

from crewgen_core.models.job import OPEN_STATES, ItemOrder, ItemQuery, ItemState, Job
from pages.shared.session import front_door

_STATES: Mapping[str, tuple[ItemState, ...]] = {
    "All": (),
    "Completed": ("completed",),
    "Failed": ("failed",),
    "Pending": ("pending",),
    "Cancelled": ("cancelled",),
}

_ORDERS: Mapping[ItemOrder, tuple[str, bool]] = {
    "position": ("Order of the file", False),
    "success": ("Chance of success", True),
    "cost": ("Cost", False),
    "duration": ("Duration", False),
    "score": ("Score", True),
    "warnings": ("Warnings", True),
    "agents": ("Agents", True),
    "tasks": ("Tasks", True),
    "name": ("Name", False),
    "finished": ("When finished", True),
}
"""Name of each order, and whether the greatest comes first unless the person wants it otherwise."""


_DOMAINS = "bulk_domains"
"""Key of the session's state: the domains looked up last, and of what."""


def read_query(job: Job) -> ItemQuery:
    """Show the filters of a job; return what they say."""
    state = st.segmented_control(
        "Rows",
        _list_states(job),
        default="All",
        required=True,
        key=_key(job.id, "state"),
        persist_state="session",
        bind="query-params",
        label_visibility="collapsed",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        search = st.text_input(
            "Search",
            type="search",
            live=True,
            key=_key(job.id, "search"),
            placeholder="Words of name, objective, tags or reason",
            persist_state="session",
            bind="query-params",
            width=330,
        )
        order = st.selectbox(
            "Sort by",
            list(_ORDERS),
            format_func=lambda one: _ORDERS[one][0],
            key=_key(job.id, "order"),
            persist_state="session",
            bind="query-params",
            width=200,
        )
        turned = st.toggle("Reverse", key=_key(job.id, "turned"), persist_state="session", bind="query-params")
    more = _read_more(job)
    return ItemQuery(
        states=_STATES[state or "All"],
        search=search.strip(),
        order=order,
        descending=_ORDERS[order][1] != turned,
        **more,
    )


def show_only_failures(job_id: int, reason: str) -> None:
    """Let the filters of a job show the rows that failed for a reason, from the next run of the page on."""
    st.session_state[_key(job_id, "state")] = "Failed"
    st.session_state[_key(job_id, "search")] = reason


def is_narrowed(query: ItemQuery) -> bool:
    """Return whether a query leaves any row out."""
    return query.model_copy(update={"order": "position", "descending": False}) != ItemQuery()


def _list_states(job: Job) -> list[str]:
    """Return the states that rows of this job can have, so that no button leads nowhere."""
    counts = {"Completed": job.completed, "Failed": job.failed, "Pending": job.pending, "Cancelled": job.cancelled}
    chosen = st.session_state.get(_key(job.id, "state"))
    coming = _STATES.keys() - {"Cancelled"} if job.state in OPEN_STATES else ()
    return ["All", *(name for name, count in counts.items() if count or name == chosen or name in coming)]


def _read_more(job: Job) -> dict[str, Any]:  # Any: fields of a query
    with (
        st.expander("More filters", icon=":material/filter_list:", key=_key(job.id, "filters")),
        st.grid(4, min_column_width=180, vertical_alignment="bottom"),
    ):
        domain = st.selectbox(
            "Domain",
            _list_domains(job),
            index=None,
            key=_key(job.id, "domain"),
            placeholder="All domains",
            persist_state="session",
            bind="query-params",
        )
        success = st.number_input(
            "Least chance of success (%)",
            min_value=1,
            max_value=99,
            value=None,
            step=5,
            key=_key(job.id, "success"),
            placeholder="Any",
            persist_state="session",
            bind="query-params",
        )
        cost = st.number_input(
            "Most that a run costs (USD)",
            min_value=0.0,
            max_value=1_000_000.0,
            value=None,
            step=0.05,
            format="%g",
            key=_key(job.id, "cost"),
            placeholder="Any",
            persist_state="session",
            bind="query-params",
        )
        warnings = st.toggle(
            "With warnings",
            key=_key(job.id, "warnings"),
            persist_state="session",
            bind="query-params",
            help="Only crews in which errors or warnings were found.",
        )
    return {
        "domain": domain or "",
        "min_success": None if success is None else success / 100,
        "max_cost_usd": None if cost is None else Decimal(str(cost)),
        "with_warnings": warnings,
    }


def _list_domains(job: Job) -> list[str]:
    """Return the domains of the rows; looked up again only when rows were finished since."""
    known = st.session_state.get(_DOMAINS)
    of = (job.id, job.completed)
    if known is None or known[0] != of:
        known = st.session_state[_DOMAINS] = of, front_door().bulk.list_domains(job.id)
    chosen = st.session_state.get(_key(job.id, "domain"))
    return sorted({*known[1], *([chosen] if chosen else [])}, key=str.lower)


def _key(job_id: int, name: str) -> str:
    return f"bulk_{name}_{job_id}"

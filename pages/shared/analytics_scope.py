"""What analytics looks at: a range of days, and filters."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import streamlit as st

from crewgen_core.figures.analytics_axis import name_period
from crewgen_core.front.analytics import usual_period
from crewgen_core.models.analytics import Choices, EndState, Origin, Period, Scope
from crewgen_core.models.design import BUILT_IN
from pages.shared.plain_text import plain
from pages.shared.session import domain_names, front_door
from pages.shared.whose import ABOUT_DEMO, DEMO_BADGE

RANGES: Mapping[str, int] = {"7 days": 7, "30 days": 30, "90 days": 90}
ALL, CUSTOM = "All", "Custom"
USUAL = "30 days"

_STATES: Mapping[EndState, str] = {"completed": "Completed", "failed": "Failed"}
_ORIGINS: Mapping[Origin, str] = {"single": "One by one", "bulk": "Rows of jobs"}


def choose_scope(span: Period) -> Scope:
    """Show the range and the filters, and return what they are set to; ``span`` are the days with anything on them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.segmented_control(
            "Range", [*RANGES, ALL, CUSTOM], default=USUAL, required=True, key="analytics_range", bind="query-params"
        )
        period = _read_period(chosen or USUAL, span)
        has_demo = front_door().demo.is_loaded()
        with_demo = has_demo and st.toggle(
            "Count the demo", True, key="analytics_demo", bind="query-params", help=ABOUT_DEMO
        )
        with st.popover("Filters", icon=":material/filter_list:", key="analytics_filters"):
            scope = _choose_filters(front_door().analytics.choices(), period)
    scope = scope.model_copy(update={"demo": with_demo or not has_demo})
    mark = f"{DEMO_BADGE} Demo data is counted. " if with_demo else ""
    told = " Filtered: only what fits the filters is counted." if scope.filtered else ""
    st.caption(f"{mark}{name_period(period)}, days in UTC.{told}")
    return scope


def _read_period(chosen: str, span: Period) -> Period:
    if chosen in RANGES:
        return usual_period(RANGES[chosen])
    today = datetime.now(UTC).date()
    if chosen == ALL:
        return Period(first=span.first, last=max(span.last, today))
    usual = usual_period()
    days = st.date_input(
        "Days",
        (usual.first, usual.last),
        min_value=date(2000, 1, 1),
        max_value=date(2099, 12, 31),
        key="analytics_days",
        bind="query-params",
        width=260,
    )
    return Period(first=days[0], last=days[-1]) if days else usual  # while the second end is chosen: one day


def _choose_filters(choices: Choices, period: Period) -> Scope:
    names = domain_names()
    models = st.multiselect(
        "Engine that was asked",
        choices.models,
        format_func=lambda model: plain(model or BUILT_IN),
        placeholder="All",
        key="analytics_models",
        bind="query-params",
    )
    domains = st.multiselect(
        "Domain",
        choices.domains,
        format_func=lambda key: plain(names.get(key, key) or "Not known"),
        placeholder="All",
        key="analytics_domains",
        bind="query-params",
    )
    templates = st.multiselect(
        "Template",
        choices.templates,
        format_func=lambda key: plain(choices.template_names.get(key, key) or "Without a template"),
        placeholder="All",
        key="analytics_templates",
        bind="query-params",
    )
    states: list[EndState] = st.multiselect(
        "State",
        list(_STATES),
        format_func=_STATES.__getitem__,
        placeholder="All",
        key="analytics_states",
        bind="query-params",
    )
    origins: list[Origin] = st.multiselect(
        "Asked for",
        list(_ORIGINS),
        format_func=_ORIGINS.__getitem__,
        placeholder="All",
        key="analytics_origins",
        bind="query-params",
    )
    st.caption("Runs and outcomes are counted by the request that their crew came from.")
    return Scope(
        period=period,
        models=tuple(models),
        domains=tuple(domains),
        templates=tuple(templates),
        states=tuple(states),
        origins=tuple(origins),
    )

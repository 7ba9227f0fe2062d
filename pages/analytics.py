"""Analytics: what was asked for, what came of it, what it cost, over a range of days."""

import streamlit as st

from crewgen_core.figures.analytics_axis import name_period
from crewgen_core.numbers import format_count
from pages.shared.analytics_overview import show_overview
from pages.shared.analytics_quality import show_quality
from pages.shared.analytics_scope import choose_scope
from pages.shared.analytics_spend import show_spend
from pages.shared.calibration_view import show_calibration
from pages.shared.ending import end_page
from pages.shared.handover import GENERATE
from pages.shared.problems import problems_shown
from pages.shared.session import front_door
from pages.shared.top import show_top

with problems_shown(stop=True):
    crewgen = front_door()

with problems_shown(stop=True):
    span = crewgen.analytics.find_span()
show_top(
    "Analytics",
    "What was asked for, what came of it, what it cost and how well it did, over a range of days.",
    [f"on record: {name_period(span)}", format_count(span.days, "day")] if span else ["nothing on record"],
)

if span is None:
    st.info(
        "Nothing has happened yet. Design a crew, or many at once on the Bulk page; what they take, cost and achieve "
        "is shown here.",
        icon=":material/query_stats:",
    )
    st.page_link(GENERATE, label="Design a crew", icon=":material/auto_awesome:")
    end_page()

scope = choose_scope(span)
overview, spend, quality, calibration = st.tabs(
    ["Overview", "Spend", "Quality", "Calibration"], key="analytics_section", bind="query-params"
)

if overview.open:
    with overview, problems_shown():
        show_overview(crewgen, scope)

if calibration.open:
    with calibration, problems_shown():
        show_calibration()

if spend.open:
    with spend, problems_shown():
        show_spend(crewgen, scope)

if quality.open:
    with quality, problems_shown():
        show_quality(crewgen, scope)

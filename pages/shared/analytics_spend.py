"""What models cost, for generating and for running."""

import streamlit as st

from crewgen_core.app import Crewgen
from crewgen_core.models.analytics import Scope
from crewgen_core.numbers import format_spent
from pages.shared.analytics_chart import show_figures
from pages.shared.plain_text import plain


def show_spend(crewgen: Crewgen, scope: Scope) -> None:
    """Show spend over time by model, and spend of runs by role."""
    from crewgen_core.figures import analytics_spend

    spending = crewgen.analytics.spending(scope)
    with st.grid(2, min_column_width=150):
        for label, spent in (("Generating", spending.generating), ("Running", spending.running)):
            st.metric(label, plain(format_spent(spent.usd, spent.unknown)), border=True)
    if spending.generating.unknown or spending.running.unknown:
        st.caption(
            "“Of unknown price” is what nobody knows the price of; it is in no sum, and on the bill of the model's "
            "provider. Enter the price under Settings, and later estimates know it."
        )
    show_figures(
        analytics_spend.build_spend(spending, scope.period),
        analytics_spend.describe_spend(spending),
        analytics_spend.tabulate_spend(spending),
        "analytics_spend",
    )
    show_figures(
        analytics_spend.build_roles(spending.roles),
        analytics_spend.describe_roles(spending.roles),
        analytics_spend.tabulate_roles(spending.roles),
        "analytics_roles",
    )

"""What came of templates, in figures that always say how many runs are behind them."""

import streamlit as st

from pages.shared.analytics_chart import show_figures
from pages.shared.plain_text import plain
from pages.shared.session import front_door


def show_template_figures(key: str) -> None:
    """Show uses, success by version, trend, cost and time of the crews made from a template."""
    from crewgen_core.figures import template_comparison, template_success, template_trend

    figures = front_door().templates.measure(key)
    if figures.warning:
        st.warning(plain(figures.warning), icon=":material/trending_down:")
    success = (figures.success, *figures.versions)
    with st.grid(2, min_column_width=380) as grid:
        with grid.cell():
            title = "Success by version"
            show_figures(
                template_success.build_success(title, success),
                template_success.describe_success(success),
                template_success.tabulate_success(title, success),
                "template_success",
            )
        with grid.cell():
            show_figures(
                template_comparison.build_comparison(figures.comparisons),
                template_comparison.describe_comparison(figures.comparisons),
                template_comparison.tabulate_comparison(figures.comparisons),
                "template_comparison",
            )
    show_figures(
        template_trend.build_trend(figures.trend),
        template_trend.describe_trend(figures.trend),
        template_trend.tabulate_trend(figures.trend),
        "template_trend",
    )
    st.caption(
        "Expected: the prediction and the runs together. Cost and duration of runs are taken as shares of what was "
        "predicted, so that large and small crews can be compared; then the typical share with the template is "
        "divided by the typical one without."
    )


def show_comparison() -> None:
    """Show the success of all templates that were used, the best first."""
    from crewgen_core.figures import template_success

    found = front_door().templates.compare_all()
    if not found:
        st.info("No template was used yet. When crews were made from some, they are compared here.")
        return
    title = "Success of templates, the best first"
    show_figures(
        template_success.build_success(title, found),
        template_success.describe_success(found),
        template_success.tabulate_success(title, found),
        "templates_compared",
    )

"""What came of a template, in figures that always say how many runs are behind them."""

import streamlit as st

from crewgen_core.models.template_figures import Comparison, SuccessFigure
from crewgen_core.numbers import format_count
from pages.shared.plain_text import plain
from pages.shared.session import front_door


def show_figures(key: str) -> None:
    """Show uses, success, cost and time of the crews made from a template."""
    figures = front_door().templates.measure(key)
    if figures.warning:
        st.warning(plain(figures.warning), icon=":material/trending_down:")
    st.metric("Crews made from it", figures.uses)
    rows = [_tell_success(it) for it in (figures.success, *figures.versions)]
    st.table(rows, border="horizontal")
    st.caption("Share of runs that succeeded, with its 90 % interval; beside it the prediction and the runs together.")
    st.table([_tell_comparison(it) for it in figures.comparisons], border="horizontal")
    st.caption(
        "Typical value as a multiple of that of crews made without a template; runs as shares of what was predicted."
    )
    if figures.trend:
        st.table(
            [{"Day": f"{it.day:%d %b %Y}", "Crews": it.uses} for it in figures.trend[-14:]],
            border="horizontal",
            width="content",
        )


def _tell_success(figure: SuccessFigure) -> dict[str, str]:
    interval = f"({figure.low:.0%} to {figure.high:.0%})"
    rate = "no run judged yet" if figure.rate is None else f"{figure.rate:.0%} {interval}"
    return {
        "": figure.label,
        "Succeeded": rate,
        "Runs": f"{figure.succeeded} of {figure.runs}",
        "Expected": f"{figure.mean:.0%}",
    }


def _tell_comparison(figure: Comparison) -> dict[str, str]:
    behind = f"{format_count(figure.count, 'value')} against {figure.other_count}"
    if figure.ratio is None or figure.low is None or figure.high is None:
        return {"": figure.figure, "Multiple": "too few to say", "From": behind}
    return {
        "": figure.figure,
        "Multiple": f"{figure.ratio:.2f} ({figure.low:.2f} to {figure.high:.2f})",
        "From": behind,
    }

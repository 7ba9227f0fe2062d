"""How the simulated runs are spread over cost or duration: a histogram with P10, P50, P90 and the limit."""

from itertools import pairwise

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, new_canvas, say
from crewgen_core.figures.labels import hover_text
from crewgen_core.models.computation import Histogram
from crewgen_core.models.table import Table
from crewgen_core.numbers import format_percent, format_seconds, format_usd

HEIGHT = 320
ROOM_ABOVE = 1.32
"""Height of the axis, in highest bars: the marks stand above them, on two lines so that they keep apart."""

MINUTES_FROM = 180

TITLES = {"USD": "Cost of 10,000 simulated runs", "seconds": "Duration of 10,000 simulated runs"}


@drawn_once
def build_distribution(histogram: Histogram | None, otherwise: str = "All runs are alike.") -> go.Figure:
    """Draw the histogram; ``otherwise`` is the sentence where there is none."""
    if histogram is None:
        return say(new_canvas("10,000 simulated runs"), otherwise)
    figure = new_canvas(TITLES[histogram.unit])
    unit, factor = _scale(histogram)
    edges = [edge * factor for edge in histogram.edges]
    figure.add_trace(
        go.Bar(
            name="Runs",
            x=[(left + right) / 2 for left, right in pairwise(edges)],
            y=list(histogram.counts),
            width=[right - left for left, right in pairwise(edges)],
            hovertext=[
                hover_text(f"{_show(histogram, left)} to {_show(histogram, right)}", f"{count:,} of 10,000 runs")
                for left, right, count in zip(histogram.edges, histogram.edges[1:], histogram.counts, strict=False)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )
    highest = max(histogram.counts)
    ranks = histogram.quantiles
    _mark(figure, "P10", ranks.p10 * factor, highest * 1.06, highest)
    _mark(figure, "P50", ranks.p50 * factor, highest * 1.06, highest)
    _mark(figure, "P90", ranks.p90 * factor, highest * 1.06, highest)
    right = edges[-1]
    if histogram.limit is not None:
        name = "Budget" if histogram.unit == "USD" else "Deadline"
        limit = histogram.limit * factor
        if limit > right * 2:  # far outside, it would press the runs together
            limit, name = right, f"{name} →"
        right = max(right, limit)
        _mark(figure, name, limit, highest * 1.2, highest)
    figure.update_layout(height=HEIGHT, showlegend=False, bargap=0.06)
    figure.update_xaxes(title_text=unit, range=[min([edges[0], *_limits(histogram, factor)]), right * 1.04], nticks=6)
    figure.update_yaxes(title_text="runs", range=[0, highest * ROOM_ABOVE], nticks=5)
    return figure


def describe_distribution(histogram: Histogram | None, otherwise: str = "All runs are alike.") -> str:
    """Say in words what the figure shows: the range of 8 in 10 runs, and the chance to keep the limit."""
    if histogram is None:
        return otherwise
    low, middle, high = (_show(histogram, it) for it in histogram.quantiles.model_dump().values())
    said = f"{TITLES[histogram.unit]}: 10% are at most {low}, half at most {middle}, 90% at most {high}."
    return f"{said} {say_chance(histogram)}".strip()


def say_chance(histogram: Histogram) -> str:
    """Return "In 83% of the runs the cost stays within the budget of $0.05."; nothing where no limit is set."""
    if histogram.limit is None or histogram.within is None:
        return ""
    what, limit = ("cost", "budget") if histogram.unit == "USD" else ("duration", "deadline")
    share = format_percent(histogram.within)
    return f"In {share} of the runs the {what} stays within the {limit} of {_show(histogram, histogram.limit)}."


def tabulate_distribution(histogram: Histogram) -> Table:
    """Return the bins; the last row holds what lies beyond them."""
    columns = (f"from, {histogram.unit}", f"to, {histogram.unit}", "runs")
    bins = zip(histogram.edges, histogram.edges[1:], histogram.counts, strict=False)
    rows: list[tuple[str | int | float | None, ...]] = list(bins)
    rows.append((histogram.edges[-1], None, histogram.above))
    return Table(title=TITLES[histogram.unit], columns=columns, rows=tuple(rows))


def _scale(histogram: Histogram) -> tuple[str, float]:
    if histogram.unit == "USD":
        return "USD per run", 1.0
    return ("minutes", 1 / 60) if histogram.quantiles.p90 >= MINUTES_FROM else ("seconds", 1.0)


def _limits(histogram: Histogram, factor: float) -> list[float]:
    return [] if histogram.limit is None else [histogram.limit * factor * 0.98]


def _show(histogram: Histogram, value: float) -> str:
    return format_usd(value) if histogram.unit == "USD" else format_seconds(value)


def _mark(figure: go.Figure, name: str, x: float, y: float, highest: float) -> None:
    """Draw a line from the axis up to a name."""
    figure.add_trace(
        go.Scatter(
            x=[x, x],
            y=[0, y],
            mode="lines",
            line={"color": LINE, "width": 2, "dash": "dot" if y <= highest * 1.1 else "solid"},
            hoverinfo="skip",
        )
    )
    side = "right" if name.endswith("→") else "center"  # there is no room on the other side of what is far outside
    figure.add_annotation(x=x, y=y, text=name, showarrow=False, xanchor=side, yanchor="bottom")

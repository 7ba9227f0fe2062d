"""The frontier: crews for the same objective by what a run costs and how likely it succeeds, coloured by duration."""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise

import plotly.graph_objects as go

from crewgen_core.figures.canvas import LINE, drawn_once, new_canvas, say
from crewgen_core.figures.labels import hover_text
from crewgen_core.figures.placing import place_labels
from crewgen_core.models.optimization import Variant, VariantKind
from crewgen_core.models.table import Table
from crewgen_core.numbers import (
    format_count,
    format_percent,
    format_seconds,
    format_usd,
    percent_range,
    seconds_range,
    usd_range,
)

HEIGHT, BELOW = 460, 120
"""Pixels of the figure, and of what stands below its inner part: axis and scale of colours."""

TOP = 48

WIDE_RANGE = 8.0
"""How many times more than the cheapest the dearest crew costs when the axis becomes logarithmic."""

SYMBOLS: dict[VariantKind, str] = {
    "frontier": "circle",
    "today": "square",
    "chosen": "star",
    "one agent": "diamond",
    "cheapest": "triangle-down",
    "fastest": "triangle-right",
    "most successful": "triangle-up",
}

NAMES: dict[VariantKind, str] = {
    "today": "Today",
    "chosen": "Chosen",
    "one agent": "One agent",
    "cheapest": "Cheapest",
    "fastest": "Fastest",
    "most successful": "Most successful",
    "frontier": "On the frontier",
}

ON_LINE: frozenset[VariantKind] = frozenset({"frontier", "cheapest", "most successful"})

MOST_TICKS = 6
"""Amounts beside each other that a phone has room for."""

MINUTES_FROM = 180
"""Seconds from which colours count in minutes."""

Point = tuple[float, float]


@drawn_once
def build_frontier(variants: Sequence[Variant]) -> go.Figure:
    """Draw each crew as a point: right is dearer, up is likelier, the colour is the duration.

    What has a name (today's, the chosen one, one agent alone, the extremes) has a form and a label of its own; crews
    of kind "frontier" are small points. A line joins those that are the most successful for their cost. A crew whose
    cost is not known has no place and is not drawn.
    """
    priced = [variant for variant in variants if variant.effect.cost_usd is not None]
    figure = new_canvas("Cost and success (colour: duration)")
    if not priced:
        unknown = "The cost is not known, because the price of a model is not."
        return say(figure, unknown if variants else "No crews to compare.")
    points = [_point_of(variant) for variant in priced]
    logarithmic = _is_wide([cost for cost, _ in points])
    figure.update_layout(height=HEIGHT, margin={"l": 8, "r": 8, "t": TOP, "b": BELOW}, showlegend=False)
    unit, divisor = _unit_of_time(priced)
    _draw_line(figure, priced)
    _draw_points(figure, priced, divisor)
    longest = max(variant.effect.duration_s.p50 for variant in priced) / divisor
    _scale(figure, points, logarithmic, unit, longest)
    _label(figure, priced, logarithmic)
    return figure


def describe_frontier(variants: Sequence[Variant]) -> str:
    """Say in words what the figure shows: the named crews with their figures."""
    named = [_say(variant) for variant in variants if variant.kind != "frontier"]
    others = sum(variant.kind == "frontier" for variant in variants)
    more = f"; {format_count(others, 'more crew')} on the frontier" if others else ""
    return f"Crews by cost, chance of success and duration. {'; '.join(named)}{more}."


def tabulate_frontier(variants: Sequence[Variant]) -> Table:
    """Return the figures of every crew, those without a known cost included."""
    columns = (
        "crew",
        *(f"cost {rank}, USD" for rank in ("P10", "P50", "P90")),
        *(f"success {rank}" for rank in ("P10", "P50", "P90")),
        *(f"duration {rank}, seconds" for rank in ("P10", "P50", "P90")),
        "agents",
        "models",
    )
    rows: list[tuple[str | int | float | None, ...]] = []
    for variant in variants:
        cost, success, took = variant.effect.cost_usd, variant.effect.success, variant.effect.duration_s
        costs = (None, None, None) if cost is None else (float(cost.p10), float(cost.p50), float(cost.p90))
        rows.append(
            (
                NAMES[variant.kind],
                *costs,
                *(success.p10, success.p50, success.p90),
                *(took.p10, took.p50, took.p90),
                variant.agents,
                ", ".join(variant.models),
            )
        )
    return Table(title="Cost and success of the crews", columns=columns, rows=tuple(rows))


def _say(variant: Variant) -> str:
    effect = variant.effect
    cost = format_usd(effect.cost_usd.p50 if effect.cost_usd else None)
    return (
        f"{NAMES[variant.kind]}: {cost}, {format_percent(effect.success.p50)}, {format_seconds(effect.duration_s.p50)}"
    )


def _point_of(variant: Variant) -> Point:
    cost = variant.effect.cost_usd
    return float(cost.p50) if cost else 0.0, variant.effect.success.p50 * 100


def _is_wide(costs: Sequence[float]) -> bool:
    return min(costs) > 0 and max(costs) / min(costs) > WIDE_RANGE


def _unit_of_time(variants: Sequence[Variant]) -> tuple[str, float]:
    longest = max(variant.effect.duration_s.p50 for variant in variants)
    return ("min", 60.0) if longest >= MINUTES_FROM else ("s", 1.0)


def _on_frontier(variants: Sequence[Variant]) -> list[Point]:
    """Return, in order of cost, the points that no cheaper crew equals; one that is only faster lies below the line."""
    found = sorted(_point_of(variant) for variant in variants if variant.kind in ON_LINE)
    highest = accumulate((success for _, success in found), max)
    return [point for point, least in zip(found, [-1.0, *highest], strict=False) if point[1] > least]


def _draw_line(figure: go.Figure, variants: Sequence[Variant]) -> None:
    on_it = _on_frontier(variants)
    if len(on_it) > 1:
        figure.add_trace(
            go.Scatter(
                x=[cost for cost, _ in on_it],
                y=[success for _, success in on_it],
                mode="lines",
                line={"color": LINE, "width": 1.4, "shape": "hv"},  # between two crews there is none: a stair, no slope
                hoverinfo="skip",
            )
        )


def _draw_points(figure: go.Figure, variants: Sequence[Variant], divisor: float) -> None:
    """Draw the nameless first, so that the others lie on top."""
    ordered = sorted(variants, key=lambda variant: variant.kind != "frontier")
    figure.add_trace(
        go.Scatter(
            x=[_point_of(variant)[0] for variant in ordered],
            y=[_point_of(variant)[1] for variant in ordered],
            mode="markers",
            marker={
                "symbol": [SYMBOLS[variant.kind] for variant in ordered],
                "size": [9 if variant.kind == "frontier" else 15 for variant in ordered],
                "color": [variant.effect.duration_s.p50 / divisor for variant in ordered],
                "coloraxis": "coloraxis",
                "line": {"color": LINE, "width": 1.4},
                "opacity": 1,
            },
            hovertext=[_describe(variant) for variant in ordered],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    )


def _describe(variant: Variant) -> str:
    effect = variant.effect
    cost = effect.cost_usd
    return hover_text(
        NAMES[variant.kind],
        f"Cost: {format_usd(cost.p50 if cost else None)} ({usd_range(cost)})",
        f"Success: {format_percent(effect.success.p50)} ({percent_range(effect.success)})",
        f"Duration: {format_seconds(effect.duration_s.p50)} ({seconds_range(effect.duration_s)})",
        format_count(variant.agents, "agent"),
        f"Models: {', '.join(variant.models)}" if variant.models else "",
    )


def _scale(figure: go.Figure, points: Sequence[Point], logarithmic: bool, unit: str, longest: float) -> None:
    """Set ranges by hand: labels are placed by them."""
    low, high = _cost_range([cost for cost, _ in points], logarithmic)
    figure.update_xaxes(
        title={"text": "USD per run" + (" (logarithmic)" if logarithmic else ""), "standoff": 6},
        type="log" if logarithmic else "linear",
        range=[low, high],
        **(logarithmic_ticks(low, high) if logarithmic else {"tickprefix": "$", "nticks": 5}),
    )
    bottom, top = _success_range([success for _, success in points])
    figure.update_yaxes(title_text="success, %", range=[bottom, top], nticks=7)
    figure.update_layout(
        coloraxis={
            "cmin": 0,  # from the shortest on, a second would be all the difference that colours show
            "cmax": longest or 1,
            "colorbar": {
                "orientation": "h",
                "title": {"text": f"duration, {unit}", "side": "bottom"},
                "thickness": 10,
                "yref": "container",
                "y": 0,
                "yanchor": "bottom",
                "len": 1,
                "nticks": 6,
            },
        }
    )


def _cost_range(costs: Sequence[float], logarithmic: bool) -> tuple[float, float]:
    """Return the ends of the axis as Plotly wants them, with room beside the outermost points."""
    low, high = min(costs), max(costs)
    if logarithmic:
        low, high = math.log10(low), math.log10(high)
    room = 0.12 * (high - low) or 0.5 * high or 1.0
    return (low - room if logarithmic else max(low - room, -0.05 * high)), high + room


def logarithmic_ticks(low: float, high: float, unit: str = "$") -> dict[str, object]:
    """Return round amounts between two powers of ten, few enough for a phone, with the unit before them."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    ticks: list[float] = []
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [step * 10.0**decade for decade in decades for step in steps]
        ticks = [tick for tick in ticks if tick and low <= math.log10(tick) <= high]  # 1e-324 is 0
        if len(ticks) <= MOST_TICKS:
            break
    return {"tickmode": "array", "tickvals": ticks, "ticktext": [f"{unit}{tick:g}" for tick in ticks]}


def _success_range(successes: Sequence[float]) -> tuple[float, float]:
    low, high = min(successes), max(successes)
    room = max(0.18 * (high - low), 4.0)
    return max(low - room, -4.0), min(high + room, 104.0)


def _corners(variants: Sequence[Variant]) -> list[Point]:
    """Return where the stair of the frontier turns and half-way up a step: no label should cover that either."""
    steps = list(pairwise(_on_frontier(variants)))
    return [(right, y) for (_, low), (right, high) in steps for y in (low, (low + high) / 2)]


def _label(figure: go.Figure, variants: Sequence[Variant], logarithmic: bool) -> None:
    """Name the points; crews at the same place share a label."""
    left, right = figure.layout.xaxis.range
    bottom, top = figure.layout.yaxis.range

    def spot_of(point: Point) -> Point:
        along = math.log10(point[0]) if logarithmic else point[0]
        return (along - left) / (right - left), (top - point[1]) / (top - bottom)

    names: dict[Point, list[str]] = {}
    for variant in variants:
        if variant.kind != "frontier":
            names.setdefault(_point_of(variant), []).append(NAMES[variant.kind])
    texts = {point: ", ".join(dict.fromkeys(own)) for point, own in sorted(names.items())}
    places = place_labels(
        [(spot_of(point), text) for point, text in texts.items()],
        [spot_of(point) for point in (*map(_point_of, variants), *_corners(variants))],
        HEIGHT - TOP - BELOW,
    )
    for (point, text), place in zip(texts.items(), places, strict=True):
        figure.add_annotation(
            x=math.log10(point[0]) if logarithmic else point[0],
            y=point[1],
            ax=place.right,
            ay=place.down,
            text=text,
            showarrow=True,
            arrowhead=0,
            arrowwidth=1,
            arrowcolor=LINE,
            standoff=8,
            xanchor="center",
            yanchor="middle",
        )

"""Before and after: the four figures of two estimates, one below the other, each on a scale of its own."""

from collections.abc import Callable
from dataclasses import dataclass

import plotly.graph_objects as go

from crewgen_core.figures.canvas import FAINT, LINE, drawn_once, new_canvas
from crewgen_core.figures.labels import hover_text
from crewgen_core.models.change import Effect
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.table import Table
from crewgen_core.models.value import Quantiles, UsdQuantiles
from crewgen_core.numbers import format_percent, format_seconds, format_tokens, format_usd

Figures = Effect | Estimate
"""What has a chance of success, a cost and a duration; an estimate has tokens too."""

PANEL_HEIGHT, FRAME = 126, 80

BEFORE, AFTER = "Before", "After"


@dataclass(frozen=True)
class _Panel:
    name: str
    unit: str
    """As a suffix of the axis' name."""
    show: Callable[[float], str]
    before: Quantiles | None
    after: Quantiles | None
    factor: float = 1.0
    """What a figure is multiplied by to be drawn in that unit."""

    @property
    def states(self) -> tuple[tuple[str, Quantiles | None], ...]:
        return (BEFORE, self.before), (AFTER, self.after)


@drawn_once
def build_before_after(before: Figures, after: Figures) -> go.Figure:
    """Draw success, cost, duration and, where both estimates tell them, tokens: a point with P10 to P90 for each."""
    panels = _panels(before, after)
    figure = new_canvas("Before and after (range of 8 in 10 runs)")
    figure.update_layout(height=FRAME + PANEL_HEIGHT * len(panels), margin={"b": 32}, showlegend=False)
    for at, panel in enumerate(panels):
        _set_panel(figure, at, len(panels), panel)
        figure.add_trace(_intervals(panel, _axis("", at)))
    return figure


def describe_before_after(before: Figures, after: Figures) -> str:
    """Say in words what the figure shows."""
    return f"Before and after. {'; '.join(_title(panel) for panel in _panels(before, after))}."


def tabulate_before_after(before: Figures, after: Figures) -> Table:
    """Return the figures of both states; money in USD, time in seconds, success from 0 to 1."""
    units = {"Cost per run": "USD", "Duration": "seconds", "Chance of success": "0 to 1", "Tokens": "tokens"}
    rows = [
        (panel.name, units[panel.name], name, *((q.p10, q.p50, q.p90) if q else (None, None, None)))
        for panel in _panels(before, after)
        for name, q in panel.states
    ]
    return Table(title="Before and after", columns=("figure", "unit", "state", "P10", "P50", "P90"), rows=tuple(rows))


def _panels(before: Figures, after: Figures) -> list[_Panel]:
    longest = max(before.duration_s.p90, after.duration_s.p90)
    in_minutes = longest >= 180
    panels = [
        _Panel("Chance of success", "%", format_percent, before.success, after.success, 100),
        _Panel("Cost per run", "USD", format_usd, _plain(before.cost_usd), _plain(after.cost_usd)),
        _Panel(
            "Duration",
            "min" if in_minutes else "s",
            format_seconds,
            before.duration_s,
            after.duration_s,
            1 / 60 if in_minutes else 1,
        ),
    ]
    if isinstance(before, Estimate) and isinstance(after, Estimate):
        panels.append(_Panel("Tokens", "tokens", lambda it: format_tokens(it, unit=""), before.tokens, after.tokens))
    return panels


def _plain(cost: UsdQuantiles | None) -> Quantiles | None:
    return None if cost is None else Quantiles(p10=float(cost.p10), p50=float(cost.p50), p90=float(cost.p90))


def _title(panel: _Panel) -> str:
    shown = [panel.show(it.p50) if it else "unknown" for _, it in panel.states]
    return f"{panel.name}: {' → '.join(shown)}" if shown[0] != shown[1] else f"{panel.name}: {shown[0]}, unchanged"


def _axis(name: str, at: int) -> str:
    """Return what Plotly calls the axis of a panel: "xaxis", "xaxis2", "xaxis3" …"""
    return f"{name}{at + 1}" if at else name


def _set_panel(figure: go.Figure, at: int, panels: int, panel: _Panel) -> None:
    """Give a panel its stripe of the figure, with its axes and its title."""
    top = 1 - at / panels
    bottom = top - 0.66 / panels
    x, y = _axis("x", at), _axis("y", at)
    horizontal = {"anchor": y, "gridcolor": FAINT, "zerolinecolor": LINE, "rangemode": "tozero", "nticks": 6}
    vertical = {
        "anchor": x,
        "domain": [bottom, top - 0.2 / panels],
        "range": [1.5, -0.5],
        "tickmode": "array",
        "tickvals": [0, 1],
        "ticktext": [BEFORE, AFTER],
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
    }
    suffix = {"%": {"ticksuffix": "%"}, "USD": {"tickprefix": "$"}}.get(panel.unit, {"ticksuffix": f" {panel.unit}"})
    figure.update_layout(**{_axis("xaxis", at): horizontal | suffix, _axis("yaxis", at): vertical})
    figure.add_annotation(
        text=f"<b>{_title(panel)}</b>", x=0, y=top, xref="paper", yref="paper", xanchor="left", showarrow=False
    )


def _intervals(panel: _Panel, axis: str) -> go.Scatter:
    """Return both states of a figure in one colour: before hollow, after full."""
    known = [(at, name, it) for at, (name, it) in enumerate(panel.states) if it is not None]
    return go.Scatter(
        name=panel.name,
        xaxis=f"x{axis}",
        yaxis=f"y{axis}",
        mode="markers",
        marker={
            "size": 12,
            "symbol": ["circle-open" if name == BEFORE else "circle" for _, name, _ in known],
            "line": {"width": 2},
        },
        x=[it.p50 * panel.factor for _, _, it in known],
        y=[at for at, _, _ in known],
        error_x={
            "array": [(it.p90 - it.p50) * panel.factor for _, _, it in known],
            "arrayminus": [(it.p50 - it.p10) * panel.factor for _, _, it in known],
            "color": LINE,
            "thickness": 1.4,
        },
        hovertext=[
            hover_text(
                f"{panel.name}, {name.lower()}",
                f"about {panel.show(it.p50)} ({panel.show(it.p10)} to {panel.show(it.p90)})",
            )
            for _, name, it in known
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )

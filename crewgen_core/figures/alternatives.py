"""How likely the alternatives are to succeed, side by side: where their intervals overlap, chance does not choose."""

import plotly.graph_objects as go

from crewgen_core.figures.canvas import name_rows, new_canvas, say
from crewgen_core.figures.labels import short_label
from crewgen_core.figures.success_interval import Row, interval_points
from crewgen_core.models.alternative import Comparison


def build_alternatives(comparison: Comparison) -> go.Figure:
    """Draw the chance of success of each alternative with its interval from P10 to P90, the best bet at the top."""
    figure = new_canvas("Chance of success (%, with its interval)", rows=len(comparison.alternatives))
    if not comparison.alternatives:
        return say(figure, "No crews to compare.")
    rows: list[Row] = [(alternative.title, alternative.estimate.success) for alternative in comparison.alternatives]
    figure.add_trace(interval_points("Whole objective", rows, first_row=0, size=12))
    name_rows(figure, [short_label(name) for name, _ in rows])
    figure.update_xaxes(title_text="%", range=[0, 100])
    return figure

"""A figure made larger for a projector: words, points, lines and the space between them, all alike."""

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, cast

import plotly.graph_objects as go

WORDS, TITLE = 12, 16
"""Pixels of words and titles on a figure as it is."""

_INLINE = re.compile(r"font-size:(\d+)px")


def enlarge(figure: go.Figure, most: float, height: float) -> go.Figure:
    """Return the figure enlarged up to ``most`` times, as far as it stays below ``height`` pixels.

    It is a copy: other pages show the figure as it is.
    """
    figure = deepcopy(figure)
    layout = figure.layout
    by = max(1.0, min(most, height / layout.height))
    words, margin = {"size": WORDS * by}, layout.margin
    figure.update_layout(
        height=layout.height * by,
        font=words,
        title_font_size=TITLE * by,
        legend_font=words,
        margin={"t": margin.t * by, "b": margin.b * by, "l": margin.l, "r": margin.r},
    )
    figure.update_xaxes(tickfont=words, title_font=words, autotickangles=[0, 90])
    figure.update_yaxes(tickfont=words, title_font=words)
    for trace in cast("Sequence[Any]", figure.data):
        _enlarge_trace(trace, by)
    for shape in layout.shapes:
        if shape.line.width:
            shape.line.width *= by
    return figure


def _enlarge_trace(trace: Any, by: float) -> None:  # noqa: ANN401 a trace of any kind
    if "textfont" in trace and trace.textfont.size:
        trace.textfont.size *= by
    if trace.text is not None and not isinstance(trace.text, str):
        texts: Sequence[str] = trace.text
        trace.text = [_INLINE.sub(lambda found: f"font-size:{int(found[1]) * by:.0f}px", text) for text in texts]
    if trace.type == "scatter":
        size = trace.marker.size
        if isinstance(size, int | float):
            trace.marker.size = size * by
        elif size is not None:
            trace.marker.size = [one * by for one in size]

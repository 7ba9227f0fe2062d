"""What all figures have in common: a transparent canvas that grows with its rows and takes the theme's colours."""

import sys
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from importlib import import_module
from threading import Lock
from typing import ParamSpec

import plotly.graph_objects as go

CLEAR = "rgba(0,0,0,0)"
LINE = "rgba(128,128,128,0.7)"
"""A grey that can be seen on white and on black."""

FAINT = "rgba(128,128,128,0.2)"

ROW_HEIGHT, FRAME_HEIGHT, LEAST_HEIGHT = 34, 150, 240
"""Pixels of a row, of title and legend together, and of the smallest figure."""


MOST_KEPT = 64
"""Figures of each kind that are kept; the one asked for longest ago goes first."""

INK = "#000037"
"""What Streamlit's browser part puts the strong text colour of the theme for; its own choice for words on charts is too
pale to be read on white (3.7 to 1, where WCAG asks for 4.5)."""

P = ParamSpec("P")


def drawn_once(build: Callable[P, go.Figure]) -> Callable[P, go.Figure]:
    """Keep the newest figures that ``build`` drew: Plotly takes 10 ms or more for each, and pages come again.

    Figures are told apart by all that they are drawn from, which has to be data that its ``repr`` shows in full.
    Whoever gets one must not change it.
    """
    kept: OrderedDict[bytes, go.Figure] = OrderedDict()
    turn = Lock()

    @wraps(build)
    def draw(*args: P.args, **kwargs: P.kwargs) -> go.Figure:
        key = blake2b(repr((args, kwargs)).encode(), digest_size=16).digest()
        with turn:
            figure = kept.get(key)
            if figure is not None:
                kept.move_to_end(key)
                return figure
        _finish_loading()
        figure = _ink(build(*args, **kwargs))
        with turn:
            kept[key] = figure
            if len(kept) > MOST_KEPT:
                kept.popitem(last=False)
        return figure

    return draw


def _finish_loading() -> None:
    """Wait until pandas is loaded whole, which Streamlit needs for its tables.

    Plotly looks for it among the modules that are there, and takes one that another thread is still loading.
    """
    if "pandas" in sys.modules:
        import_module("pandas")


def _ink(figure: go.Figure) -> go.Figure:
    """Give all words of a figure their colour; before it is kept, since a figure that pages share must not change."""
    figure.update_layout(font_color=INK)
    figure.update_xaxes(tickfont_color=INK, title_font_color=INK)
    figure.update_yaxes(tickfont_color=INK, title_font_color=INK)
    return figure


def new_canvas(title: str, rows: int = 0) -> go.Figure:
    """Return an empty figure, high enough for that many rows, with room for a legend below."""
    return go.Figure(
        layout={  # all at once: Plotly takes eight times as long for the same by ``update_layout``
            "title": {"text": title, "x": 0, "xanchor": "left", "font": {"size": 16}},
            "paper_bgcolor": CLEAR,
            "plot_bgcolor": CLEAR,
            "height": max(LEAST_HEIGHT, FRAME_HEIGHT + ROW_HEIGHT * rows),
            "margin": {"l": 8, "r": 8, "t": 48, "b": 64},
            "legend": {
                "orientation": "h",
                "yref": "container",
                "yanchor": "bottom",
                "y": 0,
                "x": 0,
                "traceorder": "normal",
            },
            "hoverlabel": {"align": "left"},
            # Fixed: or a chart would hold whoever moves the page along with a finger on a phone.
            "xaxis": {"gridcolor": FAINT, "zerolinecolor": LINE, "automargin": True, "fixedrange": True},
            "yaxis": {"gridcolor": FAINT, "automargin": True, "fixedrange": True},
        }
    )


BAR_WIDTH = 0.65
"""Thickness of a bar, as a share of its row: one for all, or Plotly takes another for every trace."""


def name_rows(figure: go.Figure, names: list[str]) -> None:
    """Put the names beside the rows 0, 1, 2 … from the top down; two rows may have the same name."""
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=names,
        range=[len(names) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
    )


def say(figure: go.Figure, sentence: str) -> go.Figure:
    """Put a sentence where there is nothing to draw."""
    figure.add_annotation(text=sentence, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure

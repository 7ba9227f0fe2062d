"""What all presentations have in common: large type, nothing to click but the way out, one screen after the other.

A presentation is the page of a crew or a job with ``&present=1`` in its address.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from pages.shared.chart import show_chart

PRESENT = "present"
"""Parameter of the address."""

STYLE = Path(__file__).with_name("presentation.css")

LARGER, HIGHEST = 1.7, 720
"""How many times larger a chart is at most, and how many pixels high: with its title it fits on a screen."""


def is_presenting() -> bool:
    """Tell whether the address asks for a presentation; the router then leaves out the navigation."""
    return PRESENT in st.query_params


def show_present_button(thing: str) -> None:
    """Show the button that presents the crew or job that is open."""
    st.button(
        "Present",
        key=f"present_{thing}",
        icon=":material/slideshow:",
        type="tertiary",
        on_click=_start,
        help=f"The {thing} in large type, for a projector.",
    )


@contextmanager
def presented() -> Generator[None]:
    """Present what is shown within, with the way out above it."""
    st.html(STYLE)
    with st.container(horizontal=True, horizontal_alignment="right"):
        st.button("Leave", key="leave_presentation", icon=":material/close:", type="tertiary", on_click=_stop)
    with st.container(key="presentation"):
        yield


def draw_large(figure: Any, alt: str, key: str) -> None:  # noqa: ANN401 Plotly stays in figures
    """Draw a chart large, with nothing to download."""
    from crewgen_core.figures.enlarging import enlarge

    show_chart(enlarge(figure, LARGER, HIGHEST), alt, None, key)


def _start() -> None:
    st.query_params[PRESENT] = "1"


def _stop() -> None:
    st.query_params.pop(PRESENT, None)

"""The demo on Home: offered where nothing is there yet, and a line about it with a way to remove it while it is loaded.

Loading runs beside the page: who leaves the page finds the demo loaded when they come back.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.front.demo import Demo
from crewgen_core.models.demo import DemoRemoval, DemoSummary, KeptThing
from crewgen_core.numbers import format_count
from pages.shared.plain_text import plain, shorten
from pages.shared.problems import attempt, show_kept_problem, show_problem
from pages.shared.session import front_door, may_write
from pages.shared.tour_view import show_tour_button
from pages.shared.whose import DEMO_BADGE

_LOADING, _REMOVED = "demo_loading", "demo_removed"
"""Keys of the session's state: the demo that is being loaded, and what became of the one removed last."""

_LOOK_EVERY_S = 0.2

MOST_NAMED = 5
"""Things that stay which are named; the others are counted."""


@dataclass
class _Loading:
    """A demo under way. Steps are told on another thread, where nothing can be drawn, so they go to a queue."""

    future: "Future[DemoSummary]"
    news: "SimpleQueue[str]"
    steps: list[str] = field(default_factory=list[str])


@st.cache_resource(show_spinner=False)
def _worker() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="crewgen-demo")


def offer_demo() -> None:
    """Offer the demo, for a page on which nothing is there yet."""
    if show_loading():
        return
    with st.container(border=True, key="demo_offer"):
        st.markdown("**Look around with the demo**")
        st.markdown(
            "Four scenarios (marketing, software, data analytics, content) with crews, simulated runs, templates and a "
            "finished bulk job. It takes some seconds, needs no key, is marked as demo everywhere and removed with one "
            "click."
        )
        st.button(
            "Load the demo",
            icon=":material/science:",
            key="load_demo",
            on_click=start_loading,
            disabled=not may_write(),
            help=None if may_write() else "Your role is viewer: ask an editor or an administrator to load it.",
        )


def start_loading() -> None:
    """Begin to load the demo beside the page."""
    news: SimpleQueue[str] = SimpleQueue()
    st.session_state.pop(_REMOVED, None)
    st.session_state[_LOADING] = _Loading(_worker().submit(front_door().demo.load, news.put), news)


def show_loading() -> bool:
    """Show how far a demo is that this session loads, until it is there; False where it loads none."""
    loading: _Loading | None = st.session_state.get(_LOADING)
    if loading is None:
        return False
    with st.status("Loading the demo", expanded=True) as status:
        for step in loading.steps:
            st.text(step)
        while not (loading.future.done() and loading.news.empty()):
            try:
                step = loading.news.get(timeout=_LOOK_EVERY_S)
            except Empty:
                st.empty()  # a sign of life for Streamlit, which can stop this script only where it draws
                continue
            loading.steps.append(step)
            st.text(step)
        del st.session_state[_LOADING]
        problem = loading.future.exception()
        status.update(state="error" if problem else "complete")
    if problem is None:
        st.rerun()
    show_problem(problem if isinstance(problem, CrewgenError) else CrewgenError("The demo could not be loaded."))
    return True


def show_demo() -> None:
    """Say that the demo is loaded, or what became of it, and offer to remove it; nothing where there is none."""
    show_kept_problem("demo")
    removed: DemoRemoval | None = st.session_state.pop(_REMOVED, None)
    if removed is not None:
        st.success(plain(say_removed(removed)), icon=":material/delete_sweep:")
    demo = front_door().demo
    there = demo.summary()
    if not there.is_loaded:
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="demo_bar"):
        parts = [
            format_count(there.crews, "crew"),
            format_count(there.runs, "simulated run"),
            format_count(there.templates, "template"),
            format_count(there.jobs, "bulk job"),
        ]
        by = f", loaded by {shorten(there.loaded_by, 40)}" if there.loaded_by else ""
        st.markdown(f"{DEMO_BADGE} {plain(', '.join(parts) + by)}", width="content")
        if not front_door().tour.is_done():
            show_tour_button("demo")
        st.button(
            "Remove the demo",
            icon=":material/delete_sweep:",
            key="remove_demo",
            on_click=_remove,
            args=(demo,),
            disabled=not there.may_remove,
            help="What you changed, ran or used stays and is yours. Everything else of the demo goes."
            if there.may_remove
            else "Who loaded it, or an administrator, removes it.",
        )


def say_removed(removed: DemoRemoval) -> str:
    """Return what is gone and what stays, in plain sentences."""
    gone = removed.removed
    told = f"The demo is removed: {format_count(gone.crews, 'crew')} and {format_count(gone.runs, 'simulated run')}."
    if not removed.kept:
        return told
    named = "; ".join(map(_name, removed.kept[:MOST_NAMED]))
    more = len(removed.kept) - MOST_NAMED
    others = f"; and {more} more" if more > 0 else ""
    return f"{told} What was made your own stays, and counts as yours from now on: {named}{others}."


def _name(kept: KeptThing) -> str:
    key = "" if kept.thing == "template" else f" {kept.key}"
    return f"{kept.thing}{key} “{shorten(kept.name, 60)}” ({kept.why})"


def _remove(demo: Demo) -> None:
    def remove() -> None:
        st.session_state[_REMOVED] = demo.remove()

    attempt("demo", remove)

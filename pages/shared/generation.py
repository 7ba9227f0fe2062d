"""A generation that runs beside the page: started once, followed by every rerun until it ends."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic

import streamlit as st

from crewgen_core.errors import CrewgenError
from crewgen_core.front.generating import Generated
from crewgen_core.models.objective import Objective
from pages.shared.plain_text import plain
from pages.shared.session import front_door

AT_ONCE = 8
"""Generations that run at the same time in this process; further ones wait for their turn."""

_LOOK_EVERY_S = 0.2
_KEY = "generation"


@dataclass
class Generation:
    """One generation under way. Steps are told on another thread, where nothing can be drawn, so they go to a queue."""

    model: str
    """LiteLLM name of the model that is asked; "" for the built-in engine."""
    future: "Future[Generated]"
    news: "SimpleQueue[str]"
    started: float = field(default_factory=monotonic)
    steps: list[str] = field(default_factory=list[str])


@st.cache_resource(show_spinner=False)
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="crewgen-generate")


def start_generation(objective: Objective, model: str, fresh: bool = False) -> None:
    """Start designing a crew; ``follow_generation`` shows how it goes. ``model`` is "" for the built-in engine.

    A ``fresh`` one asks the model even when it answered the same request before.
    """
    news: SimpleQueue[str] = SimpleQueue()
    future = _workers().submit(front_door().generate, objective, model, news.put, fresh)
    st.session_state[_KEY] = Generation(model, future, news)


def generation_runs() -> bool:
    """Return whether this session waits for a crew."""
    return _KEY in st.session_state


def follow_generation() -> Generated:
    """Show the steps until the crew is there, and return it. Raises CrewgenError with the reason when it fails.

    When the person leaves the page the work goes on; coming back, they see it again.
    """
    generation: Generation = st.session_state[_KEY]
    with st.status("Designing the crew", expanded=True) as status:
        if generation.model:
            st.caption(plain(_say_patience(generation.model)))
        for step in generation.steps:
            st.text(step)
        while not (generation.future.done() and generation.news.empty()):
            _show_next_step(generation)
            status.update(label=f"Designing the crew: {monotonic() - generation.started:.0f} s")
        problem = generation.future.exception()
        status.update(
            label="The crew is ready" if problem is None else "No crew", state="error" if problem else "complete"
        )
    del st.session_state[_KEY]
    if problem is None:
        return generation.future.result()
    if isinstance(problem, CrewgenError):
        raise problem
    raise CrewgenError("The program failed while it designed the crew.") from problem


def _say_patience(model: str) -> str:
    longest = front_door().settings.model_deadline_seconds
    return (
        f"{model} is waited for at most {longest:g} s; without an answer by then, you get the crew of the built-in "
        "engine. Leaving this page does not stop the work: the crew will be listed on Home."
    )


def _show_next_step(generation: Generation) -> None:
    try:
        step = generation.news.get(timeout=_LOOK_EVERY_S)
    except Empty:
        return
    generation.steps.append(step)
    st.markdown(plain(step))

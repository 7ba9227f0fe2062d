"""The goal of an optimization, with a sentence about each."""

from collections.abc import Mapping

import streamlit as st

from crewgen_core.models.optimization import Goal

GOALS: Mapping[Goal, tuple[str, str]] = {
    "cost": (
        "Cost",
        "The lowest cost per run. Without a least success of yours, the chance of success falls by two points at most.",
    ),
    "speed": (
        "Speed",
        "The shortest run. Without limits of yours, it costs twice as much as today at most, and the chance of success "
        "falls by two points at most.",
    ),
    "performance": (
        "Performance",
        "The highest chance of success. Without a budget of yours, it costs no more than today.",
    ),
    "quality": (
        "Quality",
        "The highest chance of success with every final result checked. Without a budget of yours, it costs twice as "
        "much as today at most.",
    ),
    "balanced": (
        "Balanced",
        "Cost, duration and chance of success count alike. Without a least success of yours, the chance falls by two "
        "points at most.",
    ),
}
"""Name and meaning of each goal, in the order in which they are offered."""


def choose_goal() -> Goal:
    """Let the person choose a goal; return it."""
    chosen: Goal | None = st.segmented_control(
        "Goal",
        list(GOALS),
        format_func=lambda goal: GOALS[goal][0],
        default="cost",
        required=True,
        key="optimize_goal",
        persist_state="session",
    )
    goal: Goal = chosen or "cost"
    st.caption(GOALS[goal][1])
    return goal

"""The limits of an optimization: sliders for budget, deadline and least success, and what may be changed at all."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import streamlit as st

from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Limits, Variant
from crewgen_core.numbers import format_percent, format_seconds, format_usd
from pages.shared.optimize_study import Study
from pages.shared.plain_text import plain, shorten
from pages.shared.session import front_door, house

NO_LIMIT = "no limit"

STEPS = (
    1.0,
    1.1,
    1.2,
    1.3,
    1.5,
    1.6,
    1.8,
    2.0,
    2.2,
    2.4,
    2.7,
    3.0,
    3.3,
    3.6,
    4.0,
    4.5,
    5.0,
    5.5,
    6.0,
    6.8,
    7.5,
    8.2,
    9.0,
)
"""Amounts within a power of ten that a slider stops at: each about a tenth more than the one before it."""

BUDGET, DEADLINE, SUCCESS = "optimize_budget", "optimize_deadline", "optimize_success"


def read_allowed(crew: Crew) -> Limits:
    """Show in an expander what may be changed at all; return it as limits without budget, deadline and success."""
    with st.expander("More options: what may be changed", key="optimize_options"):
        providers = _choose_many("Providers", _list_providers(), "All providers", "optimize_providers")
        models = _choose_many(
            "Models",
            front_door().models.find_candidates(providers),
            "All models with price and score",
            "optimize_models",
        )
        roles = {agent.key: shorten(agent.role or agent.key, 60) for agent in crew.agents}
        fixed = _choose_many("Agents to keep as they are", list(roles), "None", "optimize_fixed", roles)
        with st.grid(2, min_column_width=260):
            most = st.number_input(
                "Most agents",
                min_value=1,
                max_value=200,
                value=None,
                key="optimize_most_agents",
                placeholder="As many as there are tasks",
                persist_state="session",
            )
            new_tools = st.toggle(
                "Agents may gain tools",
                key="optimize_new_tools",
                persist_state="session",
                help="A task can then move to an agent that gets the tools it needs by that.",
            )
            keep_process = st.toggle(
                "Keep process, coordination and oversight", key="optimize_keep_process", persist_state="session"
            )
            keep_order = st.toggle(
                "Keep which tasks run at the same time", key="optimize_keep_order", persist_state="session"
            )
            keep_reviews = st.toggle("Keep the reviews", key="optimize_keep_reviews", persist_state="session")
    return Limits(
        providers=providers,
        models=models,
        fixed_agents=fixed or (),
        max_agents=None if most is None else int(most),
        new_tools=new_tools,
        keep_process=keep_process,
        keep_order=keep_order,
        keep_reviews=keep_reviews,
    )


def read_limits(allowed: Limits, study: Study, extremes: Sequence[Variant]) -> Limits:
    """Show the sliders; return the allowed changes with what the sliders say.

    They reach from the cheapest and the fastest crew there is to the dearest and slowest of today's and the extremes.
    Where the objective has a budget or a deadline, they begin there.
    """
    today = study.stored.estimate
    costs = [float(it.effect.cost_usd.p50) for it in extremes if it.effect.cost_usd]
    costs += [float(today.cost_usd.p50)] if today.cost_usd else []
    minutes = [it.p50 / 60 for it in (today.duration_s, *(point.effect.duration_s for point in extremes))]
    chances = [it.p50 for it in (today.success, *(point.effect.success for point in extremes))]
    _begin_with_objective(study.stored.objective, study.stored.crew_id)
    with st.grid(3, min_column_width=220):
        budget: Decimal | None = _slide(
            BUDGET, "Most that a run may cost", [Decimal(f"{it:.6g}") for it in _spread(costs)], format_usd, at_end=True
        )
        deadline: float | None = _slide(
            DEADLINE, "Longest that a run may take", _spread(minutes), _say_minutes, at_end=True
        )
        percents = range(max(1, math.floor(min(chances) * 100)), math.floor(max(chances) * 100) + 1)
        success: float | None = _slide(
            SUCCESS, "Least chance of success", [it / 100 for it in percents], format_percent, at_end=False
        )
    said = {"budget_usd": budget, "deadline_minutes": deadline, "least_success": success}
    return allowed.model_copy(update={**said, "beyond_objective": True})  # a slider moved to its end means no limit


def admit(variant: Variant, kept: Limits) -> None:
    """Set the sliders so that the crew keeps them: a limit that it breaks moves to what the crew needs."""
    effect = variant.effect
    if kept.budget_usd is not None and effect.cost_usd and effect.cost_usd.p50 > kept.budget_usd:
        st.session_state[BUDGET] = Decimal(f"{_round_up(float(effect.cost_usd.p50)):.6g}")
    if kept.deadline_minutes is not None and effect.duration_s.p50 > kept.deadline_minutes * 60:
        st.session_state[DEADLINE] = _round_up(effect.duration_s.p50 / 60)
    if kept.least_success is not None and effect.success.p50 < kept.least_success:
        st.session_state[SUCCESS] = math.floor(effect.success.p50 * 100) / 100


def describe_limits(limits: Limits, without: Limits | None = None) -> str:
    """Return budget, deadline and least success as people say them, "" for none; what ``without`` sets is left out."""
    parts: list[str] = []
    if limits.budget_usd is not None and (without is None or without.budget_usd is None):
        parts.append(f"at most {format_usd(limits.budget_usd)}")
    if limits.deadline_minutes is not None and (without is None or without.deadline_minutes is None):
        parts.append(f"at most {_say_minutes(limits.deadline_minutes)}")
    if limits.least_success is not None and (without is None or without.least_success is None):
        parts.append(f"at least {format_percent(limits.least_success)} success")
    return ", ".join(parts)


def _begin_with_objective(objective: Objective | None, crew_id: int) -> None:
    """Put the sliders where the objective of this crew wants them, once for each crew that is opened."""
    if st.session_state.get("optimize_limits_of") == crew_id:
        return
    st.session_state["optimize_limits_of"] = crew_id
    stated = front_door().optimizing.read_stated(objective)
    st.session_state[BUDGET] = stated.budget_usd
    st.session_state[DEADLINE] = stated.deadline_minutes
    st.session_state[SUCCESS] = None


def _slide(key: str, label: str, stops: Sequence[Any], show: Callable[[Any], str], *, at_end: bool) -> Any:  # noqa: ANN401
    """Show a slider over the stops, "no limit" at one end; return the stop, None for no limit."""
    now = st.session_state.get(key)
    named = {show(stop): stop for stop in stops}
    if now is not None:
        named[show(now)] = now  # exactly as it is, also where it lies between two stops or outside
    ordered: list[Any] = sorted(named.values())
    options = [*ordered, None] if at_end else [None, *ordered]
    st.session_state[key] = now
    return st.select_slider(
        label,
        options,
        key=key,
        format_func=lambda stop: NO_LIMIT if stop is None else plain(show(stop)),
        persist_state="session",
    )


def _spread(figures: Sequence[float]) -> list[float]:
    """Return round amounts from just below the least figure to just above the greatest."""
    positive = [it for it in figures if it > 0]
    if not positive:
        return []
    low, high = min(positive), max(positive)
    decades = range(math.floor(math.log10(low)), math.floor(math.log10(high)) + 2)
    amounts = [float(f"{step * 10.0**decade:.2g}") for decade in decades for step in STEPS]
    first = max((it for it in amounts if it <= low), default=low)
    last = min((it for it in amounts if it >= high), default=high)
    return [it for it in amounts if first <= it <= last]


def _round_up(figure: float) -> float:
    """Return the figure with two digits, never less than it is."""
    unit = 10.0 ** (math.floor(math.log10(figure)) - 1) if figure > 0 else 1.0
    return float(f"{math.ceil(figure / unit) * unit:.3g}")


def _say_minutes(minutes: float) -> str:
    return format_seconds(minutes * 60)


@st.cache_resource(show_spinner=False)
def _list_providers() -> tuple[str, ...]:
    """Return LiteLLM names of the providers whose models a crew could use."""
    known = dict.fromkeys(provider.prefix for provider, _ in house().models.list_providers())
    return tuple(name for name in known if house().models.find_candidates([name]))


def _choose_many(
    label: str, options: Sequence[str], nothing: str, key: str, names: Mapping[str, str] | None = None
) -> tuple[str, ...] | None:
    """Return what was chosen of the options; None for nothing."""
    kept = [it for it in st.session_state.get(key) or () if it in options]
    st.session_state[key] = kept
    chosen = st.multiselect(
        label,
        list(options),
        key=key,
        format_func=lambda it: names[it] if names else it,
        placeholder=nothing,
        persist_state="session",
    )
    return tuple(chosen) or None

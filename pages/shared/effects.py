"""What a fix does to the estimate, computed for the findings that are shown and kept for the next rerun."""

import streamlit as st

from crewgen_core.errors import ChangeDoesNotFit
from crewgen_core.models.change import Change, Effect
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.numbers import format_percent, format_seconds, format_usd
from pages.shared.plain_text import plain
from pages.shared.session import house

MOST_KEPT = 2_000
"""Effects kept in the process: some hundred bytes each."""


def say_effect(crew: Crew, fix: Change, now: Estimate, objective: Objective | None) -> str:
    """Return what typically becomes of success, cost and duration; "" for a fix that does not fit the crew."""
    found = _foresee(crew.model_dump_json(), fix.model_dump_json(), objective.model_dump_json() if objective else "")
    if not found:
        return ""
    then = Effect.model_validate_json(found)
    figures = (
        ("success", format_percent(now.success.p50), format_percent(then.success.p50)),
        (
            "cost",
            format_usd(now.cost_usd.p50 if now.cost_usd else None),
            format_usd(then.cost_usd.p50 if then.cost_usd else None),
        ),
        ("duration", format_seconds(now.duration_s.p50), format_seconds(then.duration_s.p50)),
    )
    changed = [f"{name} {before} → {after}" for name, before, after in figures if before != after]
    return plain(" · ".join(changed) or "leaves the estimate as it is")


@st.cache_data(max_entries=MOST_KEPT, show_spinner=False)
def _foresee(crew: str, fix: str, objective: str) -> str:
    """Return the effect as JSON, as all arguments are: so that they can be told apart by their text."""
    try:
        change = house().effect_of(
            Crew.model_validate_json(crew),
            Change.model_validate_json(fix),
            Objective.model_validate_json(objective) if objective else None,
        )
    except ChangeDoesNotFit:
        return ""
    return change.effect.model_dump_json() if change.effect else ""

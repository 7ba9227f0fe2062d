"""Typed text as an objective, with a sentence where it cannot be one."""

from crewgen_core.errors import UnusableObjective
from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, Objective, clean_text


def read_objective(text: str) -> Objective:
    """Return the text as an objective without limits. Raises UnusableObjective when it is empty or too long."""
    cleaned = clean_text(text)
    if not cleaned:
        raise UnusableObjective("There is no objective yet.")
    if len(cleaned) > MAX_OBJECTIVE_CHARACTERS:
        raise UnusableObjective(
            f"The objective has {len(cleaned):,} characters, and {MAX_OBJECTIVE_CHARACTERS:,} is the most.",
            "Say in fewer words what should exist in the end; background belongs into the context.",
        )
    return Objective(text=cleaned)

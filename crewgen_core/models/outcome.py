"""Outcome: what came of one run of a crew, beside what was predicted for it."""

from pydantic import Field

from crewgen_core.models.value import Usd, Value


class Outcome(Value):
    """One run that was judged. Predictions are the uncorrected ones, typical values (P50) from before the run.

    They must not be corrected by earlier outcomes: a correction that is learned from corrected figures forgets itself.
    """

    predicted_success: float = Field(ge=0, le=1)
    """Chance of success, 0 to 1."""
    succeeded: bool
    """Whether the objective was met."""
    template: str | None = None
    """Key of the template that the crew was made from; None for a crew made without one."""
    predicted_cost_usd: Usd | None = None
    """None when the price of a model was not known."""
    actual_cost_usd: Usd | None = None
    """None when nobody knows what the run cost."""
    predicted_duration_s: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    actual_duration_s: float | None = Field(default=None, ge=0, allow_inf_nan=False)

"""Design: everything that generating a crew gives, and where each part came from."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Report
from crewgen_core.models.template import TemplateUse
from crewgen_core.models.value import Usd, Value

Engine = Literal["catalog", "model"]

BUILT_IN = "Built-in"
"""What people read where no model took part."""


class Provenance(Value):
    """Which engine made the crew, with what effort, and what happened on the way."""

    engine: Engine
    """Which composer made the crew that is shown: "catalog" (no model) or "model"."""
    label: str = BUILT_IN
    """What people read: "Built-in" or the model's name."""
    model: str | None = None
    """The model that was asked, even when its answer could not be used."""
    calls: int = Field(default=0, ge=0)
    tokens_in: int = Field(default=0, ge=0)
    tokens_out: int = Field(default=0, ge=0)
    cost_usd: Usd | None = None
    """What generating cost; None when the price of the model is not known, 0 when no model was asked."""
    seconds: float = Field(default=0, ge=0)
    """From objective to estimate, in seconds."""
    model_seconds: float = Field(default=0, ge=0)
    """Part of it spent waiting for the model, in seconds."""
    fallback_reason: str = ""
    """Why the built-in crew is shown although a model was asked; empty otherwise."""
    notes: tuple[str, ...] = ()
    """What was repaired, mapped or dropped in the model's answer, in plain sentences."""
    cached_from: int | None = None
    """The earlier request whose model's crew was taken instead of asking again; None when it was not."""
    cached_at: datetime | None = None
    """When that request was answered."""
    cautions: tuple[str, ...] = ()
    """The high-risk tools that were granted: for what, what each can do, and why; in plain sentences."""
    template: TemplateUse | None = None
    """The template that the crew was made from, and how it was adapted; None for a crew made without one."""

    def fall_back(self, reason: str) -> "Provenance":
        """Return the provenance of the built-in crew that is shown instead of the model's, with the reason."""
        return self.model_copy(update={"engine": "catalog", "label": BUILT_IN, "fallback_reason": reason})

    def reuse(self, request_id: int, answered_at: datetime) -> "Provenance":
        """Return the provenance of a crew that is taken from this earlier request: nothing was asked or spent."""
        return Provenance(
            engine=self.engine,
            label=self.label,
            model=self.model,
            cost_usd=Decimal(0),
            notes=self.notes,
            template=self.template,
            cached_from=request_id,
            cached_at=answered_at,
        )

    @property
    def reusable(self) -> bool:
        """True for a crew that a model made in this very request."""
        return self.engine == "model" and not self.fallback_reason and self.cached_from is None

    @property
    def source(self) -> str:
        """Where a reused crew is from, in a sentence; empty for any other."""
        if self.cached_from is None or self.cached_at is None:
            return ""
        day = f"{self.cached_at.day} {self.cached_at:%b %Y}"
        return f"Answered from request {self.cached_from} of {day}; no call was made."


class Draft(Value):
    """A crew fresh from a composer, before it is validated."""

    crew: Crew
    provenance: Provenance
    built_in: Crew | None = None
    """The built-in crew for the same analysis, beside a model's: the standard that it has to reach."""


class Design(Value):
    """Objective, analysis, crew, report, estimate and provenance of one generation."""

    objective: Objective
    analysis: Analysis
    crew: Crew
    report: Report
    estimate: Estimate
    provenance: Provenance

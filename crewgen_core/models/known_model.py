"""Known model: everything that is known about a model, each figure with where it is from, and how fast it was."""

import datetime
from typing import Literal

from pydantic import Field

from crewgen_core.models.estimate import BasisStatus
from crewgen_core.models.model_correction import ModelCorrection
from crewgen_core.models.value import Usd, Value

Ending = Literal["none", "soon", "past"]


class Source(Value):
    """Where a figure is from."""

    text: str
    date: datetime.date | None = None
    """When the source stated it; None where it says so itself."""
    status: BasisStatus


class MeasuredSpeed(Value):
    """How fast a model answered crewgen's own questions."""

    model: str
    """LiteLLM name that was asked."""
    calls: int = Field(ge=1)
    seconds_per_call: float = Field(gt=0)
    """Median time of a call."""
    tokens_per_s: float = Field(gt=0)
    """Median of output tokens, hidden reasoning included, by the seconds of a call after the usual wait."""
    newest: datetime.datetime
    """When the newest of these calls was made."""


class KnownModel(Value):
    """One model, as people look it up; None is not known."""

    name: str
    """LiteLLM name."""
    label: str
    provider: str
    """LiteLLM's name of who serves it."""
    shipped: bool
    """False for a model that a person added."""
    reasons: bool
    """True when it thinks before it answers."""
    eci: float | None = None
    eci_low: float | None = None
    eci_high: float | None = None
    """Ends of the publisher's 90 % interval."""
    eci_source: Source | None = None
    horizon_minutes: float | None = None
    """METR's 50 % horizon, in minutes of human work."""
    horizon_source: Source | None = None
    input_usd: Usd | None = None
    output_usd: Usd | None = None
    cache_read_usd: Usd | None = None
    """Prices in USD per million tokens."""
    price_source: Source | None = None
    context_tokens: int | None = None
    tokens_per_s: float = Field(gt=0)
    speed_source: Source
    first_answer_s: float = Field(ge=0)
    first_answer_source: Source
    measured: MeasuredSpeed | None = None
    """Own calls; given also where a person's figure stands above them."""
    ends_on: datetime.date | None = None
    """Day on which its provider switches it off."""
    ending: Ending = "none"
    note: str = ""
    correction: ModelCorrection | None = None
    """What a person entered."""

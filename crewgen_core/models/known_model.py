"""Known model: everything that is known about a model, each figure with where it is from, and how fast it was."""

import datetime
from decimal import Decimal
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

    @property
    def capability(self) -> str:
        """The score with its interval, in a few words."""
        if self.eci is None:
            return "quality unknown" if self.horizon_minutes is None else "no score"
        interval = f" ({self.eci_low:.0f}–{self.eci_high:.0f})" if self.eci_low and self.eci_high else ""
        return f"{self.eci:.1f}{interval}"

    @property
    def prices(self) -> str:
        """Prices of prompt and answer in USD per million tokens, in a few words."""
        if self.input_usd is None or self.output_usd is None:
            return "price unknown"
        return f"{_plain_number(self.input_usd)} in, {_plain_number(self.output_usd)} out"

    @property
    def speed(self) -> str:
        """Output tokens per second, and what that rests on, in a few words."""
        if self.speed_source.status == "measured" and self.measured:
            return f"{self.tokens_per_s:.0f}/s, measured ({self.measured.calls} calls)"
        entered = self.correction is not None and self.correction.tokens_per_s is not None
        return f"{self.tokens_per_s:.0f}/s, {'entered' if entered else 'assumed'}"

    @property
    def end(self) -> str:
        """When its provider switches it off, in a few words; empty when no day is announced."""
        if self.ends_on is None:
            return ""
        return f"{'ended' if self.ending == 'past' else 'ends'} {self.ends_on.day} {self.ends_on:%b %Y}"


def _plain_number(amount: Decimal) -> str:
    """Write an amount exactly, without zeros at its end and without an exponent."""
    return f"{amount.normalize():f}"

"""What a person knows better about a model than the shipped facts, or about a model that is not shipped at all."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, NamedTuple

from pydantic import Field, StringConstraints

from crewgen_core.errors import UnusableCorrection
from crewgen_core.models.value import Value

LONGEST_NAME, LONGEST_LABEL, LONGEST_SOURCE = 200, 100, 300
"""Most characters of the texts of a correction."""

OneLine = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Bound(NamedTuple):
    """One figure of a correction, as people read it, and the range that it must lie in: a guard against slips."""

    title: str
    unit: str
    least: float
    most: float


BOUNDS: Mapping[str, Bound] = {
    "eci": Bound("Capability (ECI)", "points (GPT-5 is 150)", 50, 250),
    "horizon_minutes": Bound("Horizon", "minutes of human work", 0.1, 100_000),
    "input_usd": Bound("Price of the prompt", "USD per million tokens", 0, 10_000),
    "output_usd": Bound("Price of the answer", "USD per million tokens", 0, 10_000),
    "cache_read_usd": Bound("Price of cached prompt", "USD per million tokens", 0, 10_000),
    "tokens_per_s": Bound("Speed", "output tokens per second", 0.1, 20_000),
    "first_answer_s": Bound("First answer", "seconds", 0, 600),
}
"""By field of ``ModelCorrection``; scores of models since 2023 lie between 90 and 170, prices between 0 and 600."""


def _bounded(figure: str) -> Any:  # noqa: ANN401 what pydantic's Field returns
    return Field(default=None, ge=BOUNDS[figure].least, le=BOUNDS[figure].most, allow_inf_nan=False)


class ModelCorrection(Value):
    """One model; what is None stays as the shipped facts have it."""

    model: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\s\x00-\x1f\x7f]+$")]
    """Its LiteLLM name."""
    label: Annotated[OneLine, Field(max_length=LONGEST_LABEL)] = ""
    """What people call it; empty keeps the shipped label, or the name."""
    eci: float | None = _bounded("eci")
    """Epoch Capabilities Index at top effort; GPT-5 is 150."""
    horizon_minutes: float | None = _bounded("horizon_minutes")
    """METR's 50 % horizon in minutes of human work, at top effort."""
    input_usd: Decimal | None = _bounded("input_usd")
    """USD per million tokens of the prompt."""
    output_usd: Decimal | None = _bounded("output_usd")
    """USD per million tokens of the answer."""
    cache_read_usd: Decimal | None = _bounded("cache_read_usd")
    """USD per million tokens of the prompt that the provider had in its cache."""
    tokens_per_s: float | None = _bounded("tokens_per_s")
    """Output tokens per second."""
    first_answer_s: float | None = _bounded("first_answer_s")
    """Seconds until the answer starts, thinking included."""
    reasons: bool | None = None
    """Whether it thinks before it answers."""
    source: Annotated[OneLine, Field(max_length=LONGEST_SOURCE)] = ""
    """Where the figures are from, in a sentence; needed as soon as there is one."""

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of the figures that are given."""
        return tuple(name for name in BOUNDS if getattr(self, name) is not None)


class EnteredCorrection(Value):
    """A correction as it is stored."""

    correction: ModelCorrection
    entered_at: datetime

    @property
    def source(self) -> str:
        """What the basis of an estimate says about a figure of it."""
        day = f"{self.entered_at.day} {self.entered_at:%b %Y}"
        return f"Entered in Settings: {self.correction.source.rstrip('.')} ({day})"


def read_correction(typed: Mapping[str, str | bool | None]) -> ModelCorrection:
    """Return the correction that was typed: texts by field name, empty or None where nothing is known better.

    Raises UnusableCorrection, which names everything that is wrong at once.
    """
    faults: list[str] = []
    figures = {name: _read_figure(name, typed.get(name), faults) for name in BOUNDS}
    texts = {name: " ".join(str(typed.get(name) or "").split()) for name in ("model", "label", "source")}
    faults += _find_faults_of_texts(texts)
    given = [name for name in BOUNDS if str(typed.get(name) or "").strip()]
    if given and not texts["source"]:
        faults.append("Say in a sentence where the figures are from, so that others can judge them.")
    if not faults and not given and not texts["label"] and typed.get("reasons") is None:
        faults.append("Nothing was entered: give at least one figure, a label, or whether the model reasons.")
    if faults:
        raise UnusableCorrection(" ".join(faults))
    return ModelCorrection.model_validate({**texts, **figures, "reasons": typed.get("reasons")})


def _read_figure(name: str, typed: str | bool | None, faults: list[str]) -> Decimal | None:
    text = str(typed or "").strip()
    if not text:
        return None
    bound = BOUNDS[name]
    try:
        figure = Decimal(text)
    except InvalidOperation:
        figure = Decimal("NaN")
    if not figure.is_finite():
        faults.append(f"{bound.title}: “{text[:30]}” is not a number; write it like 1250 or 0.25.")
        return None
    if not bound.least <= figure <= bound.most:
        faults.append(f"{bound.title}: {text[:30]} is not between {bound.least:,g} and {bound.most:,g} {bound.unit}.")
        return None
    return figure


def _find_faults_of_texts(texts: Mapping[str, str]) -> list[str]:
    faults: list[str] = []
    if not texts["model"]:
        faults.append("Choose a model, or type its LiteLLM name (such as openai/gpt-5).")
    elif " " in texts["model"]:
        faults.append("The LiteLLM name of a model has no spaces (such as openai/gpt-5).")
    for field, most in (("model", LONGEST_NAME), ("label", LONGEST_LABEL), ("source", LONGEST_SOURCE)):
        if len(texts[field]) > most:
            faults.append(f"The {'name' if field == 'model' else field} is longer than {most} characters.")
        if not texts[field].isprintable():
            faults.append(f"The {'name' if field == 'model' else field} contains a character that cannot be shown.")
    return faults

"""How fast a model answers: what a person entered, else what own calls measured, else the median of its price class."""

from typing import Literal, NamedTuple

from crewgen_core.catalog.constants import Constant, Constants
from crewgen_core.llm.prices import ModelPrice
from crewgen_core.models.known_model import MeasuredSpeed, Source
from crewgen_core.models.model_correction import EnteredCorrection
from crewgen_core.models.value import Value

PriceClass = Literal["large", "middle", "small"]

LARGE_FROM, MIDDLE_FROM = 10.0, 2.0
"""Lowest price of a class, in USD per million output tokens: the classes of the medians in ``constants.yaml``."""

RATE_UNIT = "output tokens per second"


class OwnSpeed(NamedTuple):
    """What is known about the speed of a model beside the shipped medians."""

    entered: EnteredCorrection | None = None
    measured: MeasuredSpeed | None = None


class ModelSpeed(Value):
    """Speed of a model, with where each figure is from."""

    tokens_per_s: float
    tokens_per_s_source: Source
    first_answer_s: float
    """Seconds until the answer starts, thinking included."""
    first_answer_source: Source
    hidden_tokens: float
    """Tokens thought per call and billed as output, but not seen."""


def class_of(price: ModelPrice | None) -> PriceClass:
    """Class by output price; a model without a known price counts as small, the cautious guess."""
    if price is None or price.output_usd is None:
        return "small"
    per_million = float(price.output_usd) * 1_000_000
    return "large" if per_million >= LARGE_FROM else "middle" if per_million >= MIDDLE_FROM else "small"


def speed_of(price_class: PriceClass, reasons: bool, constants: Constants, own: OwnSpeed | None = None) -> ModelSpeed:
    """Join what is known about a model's speed.

    Another speed than the class's changes how long the hidden thinking takes, not how much is thought: so it changes
    the time of a run and not its cost. A first answer that a person entered says both.
    """
    entered, measured = own or OwnSpeed()
    usual_rate, usual_wait = _class_median(price_class, reasons, constants)
    base = constants.speed.base_latency.value
    hidden = max(0.0, usual_wait.value - base) * usual_rate.value
    rate, rate_source = usual_rate.value, _from_constant(usual_rate)
    wait, wait_source = usual_wait.value, _from_constant(usual_wait)
    if measured is not None:
        rate, rate_source = measured.tokens_per_s, _from_calls(measured)
    if entered is not None and entered.correction.tokens_per_s is not None:
        rate, rate_source = entered.correction.tokens_per_s, _from_person(entered)
    if rate != usual_rate.value:
        wait = base + hidden / rate
        wait_source = Source(text=f"{wait_source.text}; its thinking at this model's speed", status="derived")
    if entered is not None and entered.correction.first_answer_s is not None:
        wait, wait_source = entered.correction.first_answer_s, _from_person(entered)
        hidden = max(0.0, wait - base) * rate
    return ModelSpeed(
        tokens_per_s=rate,
        tokens_per_s_source=rate_source,
        first_answer_s=wait,
        first_answer_source=wait_source,
        hidden_tokens=hidden,
    )


def _class_median(price_class: PriceClass, reasons: bool, constants: Constants) -> tuple[Constant, Constant]:
    """Return the class's tokens per second and its seconds to the first answer."""
    speed = constants.speed
    by_class: dict[PriceClass, tuple[Constant, Constant]] = {
        "large": (speed.tokens_per_s_large, speed.first_answer_large),
        "middle": (speed.tokens_per_s_middle, speed.first_answer_middle),
        "small": (speed.tokens_per_s_small, speed.first_answer_small),
    }
    rate, wait = by_class[price_class]
    return rate, wait if reasons else speed.base_latency


def _from_constant(constant: Constant) -> Source:
    return Source(text=constant.source, date=constant.date, status=constant.status)


def _from_calls(measured: MeasuredSpeed) -> Source:
    text = f"Measured from {measured.calls} own calls, median {measured.seconds_per_call:.3g} s for a call"
    return Source(text=text, date=measured.newest.date(), status="measured")


def _from_person(entered: EnteredCorrection) -> Source:
    return Source(text=entered.source, date=entered.entered_at.date(), status="assumption")

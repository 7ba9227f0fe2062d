"""What is known of a model, worked out: horizon, hidden thinking, prices."""

import math
from collections.abc import Iterator

from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.computation.writing import PER_MILLION, bracketed, line, number, told
from crewgen_core.estimation.models import ModelProfile, horizon_of
from crewgen_core.models.computation import Line, ModelComputation

SAME = 1e-6


def work_out_model(profile: ModelProfile, constants: Constants) -> ModelComputation:
    """Return how the figures of a model came about."""
    return ModelComputation(
        model=profile.name,
        lines=(_horizon(profile, constants), *_thinking(profile, constants), _price(profile), _caching(profile)),
    )


def _horizon(profile: ModelProfile, constants: Constants) -> Line:
    """Return the rule that gives the profile's horizon: from METR's figure or the ECI, with or without thinking."""
    rule, minutes = constants.horizon, profile.horizon_minutes
    why = "minutes of human work that the model gets right half the time"
    for shift in (rule.effort_shift.value, 0.0):
        metr = read_figure(profile, "Horizon of")
        slope = number(rule.doublings_per_point_above.value)
        if metr is not None and same(minutes, metr_horizon(metr, shift, constants)):
            formula = f"min({number(rule.cap_minutes.value)}, {number(metr)} × 2^({slope} × {bracketed(shift)}))"
            return line("Horizon", formula, minutes, "min", f"{why}: METR's figure, at medium effort where it reasons")
        eci = read_figure(profile, "Capability of")
        if eci is not None and same(minutes, horizon_of(eci + shift, constants)):
            points = eci + shift - rule.reference_eci.value
            slope = number((rule.doublings_per_point_above if points > 0 else rule.doublings_per_point_below).value)
            inner = f"{number(eci)} + {bracketed(shift)} − {number(rule.reference_eci.value)}"
            formula = (
                f"min({number(rule.cap_minutes.value)}, {number(rule.reference_minutes.value)} × "
                f"2^({slope} × ({inner})))"
            )
            return line("Horizon", formula, minutes, "min", f"{why}: from its ECI, at medium effort where it reasons")
    return told("Horizon", f"{number(minutes)} min", why)


def _thinking(profile: ModelProfile, constants: Constants) -> Iterator[Line]:
    base, wait = constants.speed.base_latency.value, profile.first_answer_s
    yield told(
        "Speed", f"{number(profile.tokens_per_s)} tokens/s after {number(wait)} s", "output, and the wait for it"
    )
    if profile.hidden_tokens and same(profile.hidden_tokens, max(0.0, wait - base) * profile.tokens_per_s):
        formula = f"({number(wait)} s − {number(base)} s) × {number(profile.tokens_per_s)} tokens/s"
        yield line("Hidden thinking", formula, profile.hidden_tokens, "tokens", "per call, billed as output")
    else:
        yield told("Hidden thinking", f"{number(profile.hidden_tokens)} tokens", "per call, billed as output")


def _price(profile: ModelProfile) -> Line:
    price = profile.price
    if price is None or price.input_usd is None or price.output_usd is None:
        return told("Price", "not known")
    parts = {"read": price.input_usd, "written": price.output_usd}
    parts |= {"read again from the cache": price.cache_read_usd} if price.cache_read_usd is not None else {}
    parts |= {"put into the cache": price.cache_write_usd} if price.cache_write_usd is not None else {}
    amounts = ", ".join(f"${number(float(amount) * PER_MILLION)} {name}" for name, amount in parts.items())
    return told("Price", amounts, "USD per million tokens")


def _caching(profile: ModelProfile) -> Line:
    shortest = number(profile.cache_min_tokens)
    kinds = {
        "prefix": f"any prompt of at least {shortest} tokens that is sent again",
        "breakpoints": f"the first prompt of a task, from {shortest} tokens on",
        "none": "nothing",
    }
    return told("Its provider probably caches", kinds[profile.caching])


def read_figure(profile: ModelProfile, name: str) -> float | None:
    """Return the figure that the basis names, as exact as it is written there."""
    for item in profile.basis:
        if item.name.startswith(name):
            try:
                return float(item.value)
            except ValueError:
                return None
    return None


def metr_horizon(minutes: float, shift: float, constants: Constants) -> float:
    """Return METR's horizon at another effort, which shifts the ECI."""
    rule = constants.horizon
    return min(minutes * 2 ** (rule.doublings_per_point_above.value * shift), rule.cap_minutes.value)


def same(one: float, other: float) -> bool:
    """Tell whether two figures are the same but for rounding."""
    return math.isclose(one, other, rel_tol=SAME)

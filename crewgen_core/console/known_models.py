"""Writes what is known about models as text for a terminal."""

from collections.abc import Sequence

from crewgen_core.console.terminal import join, wrap
from crewgen_core.models.known_model import KnownModel


def describe_models(models: Sequence[KnownModel]) -> str:
    """Return the models that are known, two lines each: what it is called and costs, what it can do and how fast."""
    return join(f"Models ({len(models)}), the most capable first", "\n".join(map(_describe_model, models)))


def _describe_model(model: KnownModel) -> str:
    price = f"{model.prices} USD per million" if model.input_usd is not None else model.prices
    context = f"{model.context_tokens:,} tokens of context" if model.context_tokens else ""
    horizon = f"{model.horizon_minutes:,.0f} min horizon" if model.horizon_minutes is not None else ""
    capability = f"ECI {model.capability}" if model.eci is not None else model.capability
    own = "added" if not model.shipped else "corrected" if model.correction else ""
    end = f"{model.end}!" if model.ending != "none" else model.end
    facts = (capability, horizon, price, model.speed, context, end, own)
    title = model.label if model.label == model.name else f"{model.label} ({model.name})"
    return "\n".join([wrap(title, 2), wrap(", ".join(fact for fact in facts if fact), 4)])

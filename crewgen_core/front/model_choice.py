"""Which models an optimization may give to agents: those that can be compared, and that the objective allows."""

from collections.abc import Callable, Collection, Sequence

from crewgen_core.errors import CannotOptimize
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.front.model_register import full_name, suggest_names
from crewgen_core.models.optimization import Limits

Candidates = Callable[[Sequence[str] | None], tuple[str, ...]]
"""Names every model with price and score, of some providers or of those that are set up."""


def choose_models(
    limits: Limits,
    allowed: Collection[str] | None,
    find_candidates: Candidates,
    profile_of: Callable[[str], ModelProfile],
) -> tuple[str, ...]:
    """Return the names of the models that agents may be given; ``allowed`` are those of the objective, None for all.

    Raises CannotOptimize for a provider without models and for a model whose price or score is not known: without
    both, nothing could be said about a crew that thinks with it.
    """
    permitted = None if allowed is None else {full_name(name) for name in allowed}
    if limits.models is None:
        offered = find_candidates(limits.providers)
        for provider in limits.providers or ():
            if not find_candidates((provider,)):
                raise CannotOptimize(
                    f'No model of a provider "{_shorten(provider)}" has a known price and score.',
                    "A provider is the first part of a model's name, such as openai, anthropic or gemini.",
                )
        return tuple(name for name in offered if permitted is None or full_name(name) in permitted)
    for name in limits.models:
        _check_comparable(name, profile_of(name))
        if permitted is not None and full_name(name) not in permitted:
            raise CannotOptimize(
                f"The objective does not allow the model {_shorten(name)}.",
                f"It allows {', '.join(map(_shorten, sorted(allowed or ()))) or 'none but those the crew has'}.",
            )
    return limits.models


def _check_comparable(name: str, profile: ModelProfile) -> None:
    if profile.price is None:
        near = suggest_names(name, 3)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise CannotOptimize(
            f"The price of a model {_shorten(name)} is not known, so crews with it cannot be compared by cost.",
            f"{hint}Correct the name, or enter its prices under Settings.",
        )
    if profile.horizon_sd > 0:
        raise CannotOptimize(
            f"The model {_shorten(name)} has no known score, so crews with it cannot be compared by success.",
            "Leave it out, or enter its score under Settings.",
        )


def _shorten(name: str) -> str:
    return name if len(name) <= 60 else name[:59] + "…"

"""Cost, worked out: tokens read (fresh, cached, put into the cache) and written, times the prices of the model."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from crewgen_core.estimation.computation.writing import PER_MILLION, line, number, repeated, told, usd
from crewgen_core.estimation.cost import cached_tokens, first_cached, written_tokens
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.shares import Effort, Share
from crewgen_core.estimation.tokens import TokenUse
from crewgen_core.models.computation import Line


def work_out_cost(share: Share, manager: ModelProfile) -> Iterator[Line]:
    """Return the lines of one task: its agent's cost, and its manager's."""
    yield from _work_out_effort(share.worker, share.work.profile, "")
    if share.manager is not None:
        yield from _work_out_effort(share.manager, manager, " of the manager")
        if share.manager.cost is not None and share.worker.cost is not None:
            formula = f"{usd(share.worker.cost)} + {usd(share.manager.cost)}"
            yield Line(name="Cost of this task", formula=formula, result=usd(share.cost or 0.0))


def work_out_crew_cost(shares: Sequence[Share]) -> Iterator[Line]:
    """Return the sum over all tasks."""
    costs = [share.cost for share in shares]
    if any(cost is None for cost in costs):
        yield told("Cost of the crew", "not known, because the price of a model is not")
        return
    known = [cost or 0.0 for cost in costs]
    formula = " + ".join(map(usd, known))
    yield Line(name="Cost of the crew, typical", formula=formula, result=usd(sum(known)), why="tasks in their order")


def _work_out_effort(effort: Effort, profile: ModelProfile, of: str) -> Iterator[Line]:
    price, use = profile.price, effort.use
    if effort.cost is None or price is None or price.input_usd is None or price.output_usd is None:
        yield told(f"Cost{of}", f"not known, because the price of {profile.name} is not")
        return
    cached, written = cached_tokens(use, profile) * use.runs, written_tokens(use, profile) * use.runs
    yield from _cache_lines(use, profile, cached)
    parts = [(use.tokens_in - cached - written, price.input_usd, "read afresh")]
    if cached:
        parts.append((cached, _or(price.cache_read_usd, price.input_usd), "read from the provider's cache"))
    if written:
        parts.append((written, _or(price.cache_write_usd, price.input_usd), "put into that cache"))
    parts.append((use.tokens_out, price.output_usd, "written"))
    amounts = " + ".join(f"{number(tokens)} × ${number(float(each) * PER_MILLION)}" for tokens, each, _ in parts)
    yield Line(
        name=f"Cost{of}",
        formula=f"({amounts}) / {PER_MILLION:,}",
        result=usd(effort.cost),
        why=f"tokens × USD per million: {', '.join(why for _, _, why in parts)}",
    )


def _cache_lines(use: TokenUse, profile: ModelProfile, cached: float) -> Iterator[Line]:
    """Tell how many tokens the provider probably has already."""
    if not cached:
        return
    prompt, growth = number(use.prompt), number(use.growth)
    if profile.caching == "breakpoints":
        formula, why = f"({number(use.calls)} − 1) × {prompt}", "the first prompt, in all calls but the first"
    else:
        first = first_cached(use, profile.cache_min_tokens)
        count = number(use.calls - 1 - first)
        formula = f"{count} × {prompt} + {growth} × {count} × (2 × {first} + {count} − 1) / 2"
        why = f"prompts that are sent again, from {number(profile.cache_min_tokens)} tokens on"
    yield line("Read from the provider's cache", repeated(use.runs, formula), cached, "tokens", why)


def _or(price: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if price is None else price

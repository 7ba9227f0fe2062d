"""Intervals of every figure, by task, by agent and of the whole, from simulated runs.

Imports numpy; ``estimate`` imports it when first asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.cost import round_usd
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.shares import NOBODY, Effort, Share
from crewgen_core.estimation.simulation import Factors, draw_factors, simulate_duration, simulate_sums, single
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import AgentEstimate, TaskEstimate
from crewgen_core.models.value import Quantiles, UsdQuantiles


@dataclass(frozen=True)
class Totals:
    """What the simulated runs say."""

    cost_usd: UsdQuantiles | None
    duration_s: Quantiles
    tokens: Quantiles
    by_task: tuple[TaskEstimate, ...]
    by_agent: tuple[AgentEstimate, ...]


@dataclass(frozen=True)
class _Part:
    """What one agent does in a run: an effort by position of the task."""

    agent: str
    model: str
    efforts: dict[int, Effort]

    @property
    def is_priced(self) -> bool:
        return all(effort.cost is not None for effort in self.efforts.values())


def simulate(crew: Crew, shares: Sequence[Share], manager: ModelProfile, constants: Constants) -> Totals:
    """Simulate the runs of a crew with at least one task."""
    factors = draw_factors(len(shares), constants.spread)
    costs = [share.cost for share in shares]
    tokens, cost = simulate_sums(
        [[share.tokens for share in shares], [cost or 0.0 for cost in costs]], factors.of_tokens, factors.token_ranks
    )
    return Totals(
        cost_usd=None if None in costs else _usd(cost),
        duration_s=simulate_duration(
            [share.work.task.async_execution for share in shares], [share.seconds for share in shares], factors
        ),
        tokens=tokens,
        by_task=tuple(_task_estimate(at, share, factors) for at, share in enumerate(shares)),
        by_agent=_agent_estimates(crew, shares, manager, factors),
    )


def _task_estimate(at: int, share: Share, factors: Factors) -> TaskEstimate:
    work, worker = share.work, share.worker
    return TaskEstimate(
        task=work.task.key,
        agent=work.agent.key if work.agent else None,
        model=work.profile.name,
        calls=worker.use.all_calls,
        tokens_in=single(worker.use.tokens_in, factors.token_ranks[at]),
        tokens_out=single(worker.use.tokens_out, factors.token_ranks[at]),
        cost_usd=None if worker.cost is None else _usd(single(worker.cost, factors.token_ranks[at])),
        duration_s=single(share.seconds, factors.time_ranks[at]),
        human_minutes=work.task.human_minutes,
        load=share.load,
        success=share.success,
    )


def _agent_estimates(
    crew: Crew, shares: Sequence[Share], manager: ModelProfile, factors: Factors
) -> tuple[AgentEstimate, ...]:
    """Return the sums over the tasks of each agent, in order of first task, and the manager's own calls last."""
    parts: dict[str | None, _Part] = {}
    for at, share in enumerate(shares):
        key = share.work.agent.key if share.work.agent else None
        parts.setdefault(key, _Part(key or NOBODY, share.work.profile.name, {})).efforts[at] = share.worker
    managing = {at: share.manager for at, share in enumerate(shares) if share.manager}
    everybody = list(parts.values())
    if managing:  # in an imported crew a worker may go by the same key
        everybody.append(_Part(crew.manager.key if crew.manager else "manager", manager.name, managing))
    tokens = _rows(everybody, len(shares), lambda effort: effort.tokens)
    costs = _rows(everybody, len(shares), lambda effort: effort.cost or 0.0)
    seconds = _rows(everybody, len(shares), lambda effort: effort.seconds)
    of_tokens = simulate_sums([*tokens, *costs], factors.of_tokens, factors.token_ranks)
    of_time = simulate_sums(seconds, factors.of_time, factors.time_ranks)
    return tuple(
        AgentEstimate(
            agent=part.agent,
            model=part.model,
            calls=sum(effort.use.all_calls for effort in part.efforts.values()),
            tokens=of_tokens[at],
            cost_usd=_usd(of_tokens[len(everybody) + at]) if part.is_priced else None,
            duration_s=of_time[at],
        )
        for at, part in enumerate(everybody)
    )


def _rows(parts: Sequence[_Part], tasks: int, figure: Callable[[Effort], float]) -> list[list[float]]:
    """Return one row of typical figures by task for each agent."""
    return [[figure(part.efforts[at]) if at in part.efforts else 0.0 for at in range(tasks)] for part in parts]


def _usd(amounts: Quantiles) -> UsdQuantiles:
    return UsdQuantiles(p10=round_usd(amounts.p10), p50=round_usd(amounts.p50), p90=round_usd(amounts.p90))

"""What each task and each agent has of the whole."""

from collections.abc import Callable, Sequence

from crewgen_core.catalog.constants import Constants
from crewgen_core.estimation.shares import NOBODY, Effort, Share
from crewgen_core.estimation.success import effective_load
from crewgen_core.models.computation import Portion
from crewgen_core.models.crew import Crew

Part = tuple[str, str, float, Sequence[Effort]]
"""Key, name, load and efforts of a task or an agent."""


def share_whole(crew: Crew, shares: Sequence[Share], difficulty: float, constants: Constants) -> tuple[Portion, ...]:
    """Return the tasks in their order, then the agents in order of first task, the manager last.

    The parts of each kind add up to the typical figures of the crew.
    """
    loads = [0.0 if it.work.is_review else effective_load(it.work, difficulty, constants) for it in shares]
    by_task: list[Part] = [
        (share.work.task.key, share.work.task.name, load, [it for it in (share.worker, share.manager) if it])
        for share, load in zip(shares, loads, strict=True)
    ]
    return (*_portions("task", by_task), *_portions("agent", _by_agent(crew, shares, loads)))


def _by_agent(crew: Crew, shares: Sequence[Share], loads: Sequence[float]) -> list[Part]:
    names: dict[str, str] = {}
    load_of: dict[str, float] = {}
    efforts: dict[str, list[Effort]] = {}
    for share, load in zip(shares, loads, strict=True):
        agent = share.work.agent
        key = agent.key if agent else NOBODY
        names.setdefault(key, (agent.role or agent.key) if agent else "nobody")
        load_of[key] = load_of.get(key, 0.0) + load
        efforts.setdefault(key, []).append(share.worker)
    parts: list[Part] = [(key, name, load_of[key], efforts[key]) for key, name in names.items()]
    managing = [share.manager for share in shares if share.manager]
    if managing:
        key = crew.manager.key if crew.manager else "manager"
        parts.append((key, (crew.manager.role if crew.manager else "") or "Manager", 0.0, managing))
    return parts


def _portions(kind: str, parts: Sequence[Part]) -> list[Portion]:
    loads = [load for _, _, load, _ in parts]
    tokens = [_sum(efforts, lambda it: it.tokens) for *_, efforts in parts]
    seconds = [_sum(efforts, lambda it: it.seconds) for *_, efforts in parts]
    costs = [None if any(it.cost is None for it in efforts) else _sum(efforts, _cost) for *_, efforts in parts]
    known = None if None in costs else sum(cost or 0.0 for cost in costs)
    return [
        Portion.model_validate(
            {
                "kind": kind,
                "key": key,
                "name": name,
                "load": load,
                "tokens": tokens[at],
                "cost_usd": costs[at],
                "seconds": seconds[at],
                "of_load": _of(load, sum(loads)),
                "of_tokens": _of(tokens[at], sum(tokens)),
                "of_cost": None if known is None else _of(costs[at] or 0.0, known),
                "of_seconds": _of(seconds[at], sum(seconds)),
            }
        )
        for at, (key, name, load, _) in enumerate(parts)
    ]


def _sum(efforts: Sequence[Effort], figure: Callable[[Effort], float]) -> float:
    return sum(map(figure, efforts))


def _cost(effort: Effort) -> float:
    return effort.cost or 0.0


def _of(part: float, whole: float) -> float:
    return part / whole if whole else 0.0

"""Puts crews that somebody picked side by side, each with its own estimate and report as they were stored."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from crewgen_core.errors import UnusableJob
from crewgen_core.models.side_by_side import ComparedFact, SideBySide
from crewgen_core.models.stored import StoredCrew
from crewgen_core.numbers import (
    format_count,
    format_percent,
    format_seconds,
    format_tokens,
    format_usd,
    percent_range,
    seconds_range,
    tokens_range,
    usd_range,
)

FEWEST, MOST = 2, 6

_Figure = Callable[[StoredCrew], float | None]


def compare_items(crews: Sequence[StoredCrew]) -> SideBySide:
    """Return two to six crews side by side: estimates with their intervals, make-up, check. Raises UnusableJob."""
    if not FEWEST <= len(crews) <= MOST:
        raise UnusableJob(
            f"{format_count(len(crews), 'crew')} cannot be put side by side.", f"Choose {FEWEST} to {MOST} crews."
        )
    return SideBySide(crews=_name(crews), facts=_find_facts(crews), remarks=_remark(crews))


def _find_facts(crews: Sequence[StoredCrew]) -> tuple[ComparedFact, ...]:
    return (
        _rank("Success", crews, _say_success, lambda it: -it.estimate.success.p50),
        _rank("Cost", crews, _say_cost, lambda it: float(it.estimate.cost_usd.p50) if it.estimate.cost_usd else None),
        _rank("Duration", crews, _say_duration, lambda it: it.estimate.duration_s.p50),
        _rank("Tokens", crews, _say_tokens, lambda it: it.estimate.tokens.p50),
        _tell("Agents", crews, lambda it: str(len(it.crew.agents))),
        _tell("Tasks", crews, lambda it: str(len(it.crew.tasks))),
        _tell("Process", crews, lambda it: it.crew.process),
        _tell("Coordination", crews, lambda it: it.crew.coordination),
        _tell("Oversight", crews, lambda it: it.crew.oversight),
        _tell("Roles", crews, lambda it: _join(agent.role or agent.key for agent in it.crew.agents)),
        _tell("Models", crews, lambda it: _join(dict.fromkeys(task.model for task in it.estimate.by_task))),
        _tell("Tools", crews, lambda it: _join(_tools_of(it))),
        _rank("Score", crews, lambda it: f"{it.report.score:.1f} of 10", lambda it: -round(it.report.score, 1)),
        _rank("Errors", crews, lambda it: str(it.report.count("error")), lambda it: it.report.count("error")),
        _rank("Warnings", crews, lambda it: str(it.report.count("warning")), lambda it: it.report.count("warning")),
        _tell("Findings", crews, _say_findings),
    )


def _tell(name: str, crews: Sequence[StoredCrew], say: Callable[[StoredCrew], str]) -> ComparedFact:
    return ComparedFact(name=name, values=tuple(say(crew) for crew in crews))


def _rank(name: str, crews: Sequence[StoredCrew], say: Callable[[StoredCrew], str], weigh: _Figure) -> ComparedFact:
    """Return the fact with the crews that weigh least as the best."""
    weights = [weigh(crew) for crew in crews]
    known = [weight for weight in weights if weight is not None]
    best: tuple[int, ...] = ()
    if len(known) == len(crews) and len(set(known)) > 1:
        best = tuple(at for at, weight in enumerate(weights) if weight == min(known))
    return ComparedFact(name=name, values=tuple(say(crew) for crew in crews), best=best)


def _name(crews: Sequence[StoredCrew]) -> tuple[str, ...]:
    """Return their names; those of the same name get their number, and their version where that is the same too."""
    names = [crew.crew.name for crew in crews]
    for endings in ([f"crew {crew.crew_id}" for crew in crews], [f"version {crew.number}" for crew in crews]):
        often = Counter(names)
        pairs = zip(names, endings, strict=True)
        names = [f"{name} ({ending})" if often[name] > 1 else name for name, ending in pairs]
    return tuple(names)


def _remark(crews: Sequence[StoredCrew]) -> tuple[str, ...]:
    remarks: list[str] = []
    ordered = sorted((crew.estimate.success for crew in crews), key=lambda it: -it.p50)
    if ordered[0].p50 > ordered[1].p50 and ordered[1].p90 >= ordered[0].p10:
        remarks.append("The intervals of success overlap: which crew succeeds more often is not certain.")
    if len({crew.objective.text if crew.objective else crew.crew.objective for crew in crews}) > 1:
        remarks.append("The crews are for different objectives: one that costs more may have more to do.")
    if any(crew.estimate.cost_usd is None for crew in crews):
        remarks.append("The cost of a crew is not known, because the price of a model is not.")
    return tuple(remarks)


def _say_success(it: StoredCrew) -> str:
    return f"{format_percent(it.estimate.success.p50)} ({percent_range(it.estimate.success)})"


def _say_cost(it: StoredCrew) -> str:
    cost = it.estimate.cost_usd
    return f"{format_usd(cost.p50)} ({usd_range(cost)})" if cost else format_usd(None)


def _say_duration(it: StoredCrew) -> str:
    return f"{format_seconds(it.estimate.duration_s.p50)} ({seconds_range(it.estimate.duration_s)})"


def _say_tokens(it: StoredCrew) -> str:
    return f"{format_tokens(it.estimate.tokens.p50, unit='')} ({tokens_range(it.estimate.tokens)})"


def _say_findings(it: StoredCrew) -> str:
    return _join(dict.fromkeys(finding.code for finding in it.report.findings if finding.severity != "advice"))


def _tools_of(it: StoredCrew) -> Sequence[str]:
    parts = (*it.crew.agents, *it.crew.tasks)
    return sorted({tool for part in parts for tool in part.tools})


def _join(parts: Iterable[str]) -> str:
    return ", ".join(parts) or "none"

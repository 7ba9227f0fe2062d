"""Comparison of a run: what was predicted beside what was measured, for the whole, each task and each agent."""

from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.run import AgentRun, Run, TaskRun, Usage
from crewgen_core.models.value import Quantiles, UsdQuantiles, Value


class Compared(Value):
    """One figure."""

    predicted: Quantiles | None = None
    """None where it was not predicted, such as the cost of a model of unknown price."""
    actual: float | None = None
    """None where it was not measured."""

    @property
    def ratio(self) -> float | None:
        """The actual figure as a multiple of the predicted one; None where that cannot be told."""
        if self.predicted is None or self.actual is None or self.predicted.p50 <= 0:
            return None
        return self.actual / self.predicted.p50


class PartComparison(Value):
    """The figures of the whole run, a task or an agent."""

    key: str
    """Key of the task or agent; empty for the whole run."""
    name: str
    tokens: Compared
    cost_usd: Compared
    """US dollars."""
    seconds: Compared
    """From start to end without waiting for people."""


class RunComparison(Value):
    """Predicted against actual."""

    success: float
    """The predicted chance, 0 to 1, typical value; what came of it, its outcome says."""
    whole: PartComparison
    tasks: tuple[PartComparison, ...]
    agents: tuple[PartComparison, ...]
    """The manager among them; how long an agent was at work is not measured."""


def compare_run(
    run: Run, tasks: tuple[TaskRun, ...], agents: tuple[AgentRun, ...], crew: Crew, estimate: Estimate
) -> RunComparison:
    """Hold what a run took against an estimate of its crew; a task that was not completed has no actual figures.

    The range of a task's tokens is that of what it reads and what it writes together, as if both were large at once.
    """
    of_task = {share.task: share for share in estimate.by_task}
    of_agent = {share.agent: share for share in estimate.by_agent}
    compared_tasks = [
        _compare(
            (task.key, task.name or task.key),
            share and _add(share.tokens_in, share.tokens_out),
            share and _plain(share.cost_usd),
            share and share.duration_s,
            task.usage if task.state == "completed" and task.usage.calls else None,
            task.seconds if task.state == "completed" else None,
        )
        for task in tasks
        for share in (of_task.get(task.key),)
    ]
    compared_agents = [
        _compare(
            (agent.key, agent.role or agent.key),
            share and share.tokens,
            share and _plain(share.cost_usd),
            None,
            agent.usage if agent.usage.calls else None,
            None,
        )
        for agent in agents
        for share in (of_agent.get(agent.key),)
    ]
    told = run.predicted
    whole = _compare(
        ("", crew.name),
        _scale(estimate.tokens, told.tokens),
        None if told.cost_usd is None else _scale(_plain(estimate.cost_usd), float(told.cost_usd)),
        _scale(estimate.duration_s, told.duration_s),
        run.usage if run.usage.calls else None,
        run.duration_s,
    )
    return RunComparison(success=told.success, whole=whole, tasks=tuple(compared_tasks), agents=tuple(compared_agents))


def _compare(
    named: tuple[str, str],
    tokens: Quantiles | None,
    cost: Quantiles | None,
    duration: Quantiles | None,
    usage: Usage | None,
    seconds: float | None,
) -> PartComparison:
    key, name = named
    spent = None if usage is None or usage.cost_usd is None else float(usage.cost_usd)
    return PartComparison(
        key=key,
        name=name,
        tokens=Compared(predicted=tokens, actual=None if usage is None else float(usage.tokens)),
        cost_usd=Compared(predicted=cost, actual=spent),
        seconds=Compared(predicted=duration, actual=seconds),
    )


def _plain(cost: UsdQuantiles | None) -> Quantiles | None:
    return None if cost is None else Quantiles(p10=float(cost.p10), p50=float(cost.p50), p90=float(cost.p90))


def _scale(quantiles: Quantiles | None, typical: float) -> Quantiles:
    """Return the range around what was stored with the run: facts about models may have changed since."""
    if quantiles is None:
        return Quantiles(p10=typical, p50=typical, p90=typical)
    factor = typical / quantiles.p50 if quantiles.p50 > 0 else 1.0
    return Quantiles(p10=quantiles.p10 * factor, p50=typical, p90=quantiles.p90 * factor)


def _add(one: Quantiles, other: Quantiles) -> Quantiles:
    return Quantiles(p10=one.p10 + other.p10, p50=one.p50 + other.p50, p90=one.p90 + other.p90)

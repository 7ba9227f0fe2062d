"""Runs that never took place, drawn from the estimate of their crew: the same seed always gives the same run.

A figure is drawn from a lognormal distribution through its P10, P50 and P90, whose two halves may differ in width. Part
of what makes a run dear or slow is the same for all of its tasks, and part is each task's own. Success is drawn with
the estimated chance.
"""

import math
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from random import Random

from crewgen_core.estimation.duration import replay
from crewgen_core.models.crew import Crew, Task
from crewgen_core.models.demo import SimulatedRun, SimulatedTask
from crewgen_core.models.estimate import Estimate, TaskEstimate
from crewgen_core.models.run import TaskRun, Usage
from crewgen_core.models.value import Quantiles, UsdQuantiles

Z90 = 1.2815515655446004
"""Standard normal quantile of 0.9."""

COMMON = 0.8
"""Weight of what all tasks of a run have in common [assumption]; each one's own has the rest of the unit variance."""


def simulate_run(
    crew: Crew,
    estimate: Estimate,
    tasks: Sequence[Task],
    asynchronous: Sequence[bool],
    began: datetime,
    seed: str,
) -> SimulatedRun:
    """Return a run of the crew. ``tasks`` are in the order of execution, ``asynchronous`` says which do not wait."""
    random = Random(seed)  # noqa: S311 a demo, no secret
    shared = random.gauss()
    figures = {figure.task: figure for figure in estimate.by_task}
    drawn = [_draw_task(figures[task.key], at, task, random, shared) for at, task in enumerate(tasks)]
    spans = replay(asynchronous, [seconds for _, seconds in drawn], max)
    done = [
        SimulatedTask(task=task, model=figures[task.key].model, began_s=start, ended_s=end)
        for (task, _), (start, end) in zip(drawn, spans, strict=True)
    ]
    succeeded = random.random() < estimate.success.p50
    return SimulatedRun(
        began=began,
        tasks=(*done, *_draw_manager(crew, estimate, spans[-1][1], random, shared)),
        succeeded=succeeded,
    )


def _draw_task(figure: TaskEstimate, position: int, task: Task, random: Random, shared: float) -> tuple[TaskRun, float]:
    """Return a task with what it took, and its seconds."""
    effort, pace = _mix(shared, random), _mix(shared, random)
    usage = Usage(
        calls=max(1, round(figure.calls)),
        tokens_in=round(_draw(figure.tokens_in, effort)),
        tokens_out=round(_draw(figure.tokens_out, effort)),
        cost_usd=_draw_cost(figure.cost_usd, effort),
    )
    output = (
        "Demo text in the place of a result: no model was asked.\n\n"
        f"In a real run, this is what “{task.name}” would hand over:\n\n{task.expected_output}"
    )
    seconds = _draw(figure.duration_s, pace)
    ran = TaskRun(
        position=position,
        key=task.key,
        name=task.name,
        agent=task.agent,
        state="completed",
        output=output,
        usage=usage,
        seconds=seconds,
    )
    return ran, seconds


def _draw_manager(
    crew: Crew, estimate: Estimate, end_s: float, random: Random, shared: float
) -> tuple[SimulatedTask, ...]:
    """Return what the manager's own calls took; nothing where there is none."""
    manager = crew.manager
    figure = next((one for one in estimate.by_agent if manager and one.agent == manager.key), None)
    if figure is None:
        return ()
    effort = _mix(shared, random)
    tokens = round(_draw(figure.tokens, effort))
    usage = Usage(calls=max(1, round(figure.calls)), tokens_in=tokens, cost_usd=_draw_cost(figure.cost_usd, effort))
    task = TaskRun(position=len(crew.tasks), key="", name="", agent=figure.agent, state="completed", usage=usage)
    return (SimulatedTask(task=task, model=figure.model, began_s=end_s, ended_s=end_s),)


def _mix(shared: float, random: Random) -> float:
    return COMMON * shared + math.sqrt(1 - COMMON**2) * random.gauss()


def _draw_cost(figure: UsdQuantiles | None, z: float) -> Decimal | None:
    if figure is None:
        return None
    plain = Quantiles(p10=float(figure.p10), p50=float(figure.p50), p90=float(figure.p90))
    return Decimal(str(round(_draw(plain, z), 6)))


def _draw(figure: Quantiles, z: float) -> float:
    """Return the value at ``z`` standard deviations from the median; the median where there is no width."""
    end = figure.p90 if z > 0 else figure.p10
    if figure.p50 <= 0 or end <= 0:
        return max(figure.p50, 0.0)
    return figure.p50 * math.exp(abs(z) / Z90 * math.log(end / figure.p50))

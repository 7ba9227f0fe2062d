"""Duration, worked out: calls, speed and tools of each task, then who starts when by CrewAI's rule."""

from collections.abc import Iterator, Sequence

from crewgen_core.estimation.computation.writing import line, number, repeated, told, total
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.estimation.schedule import Span, longest_chain
from crewgen_core.estimation.shares import Effort, Share
from crewgen_core.models.computation import Line, Slot


def work_out_duration(share: Share, manager: ModelProfile, tool_seconds: float) -> Iterator[Line]:
    """Return the lines of one task: its agent's time, and its manager's."""
    yield _effort_line(share.worker, share.work.profile, tool_seconds, "Time")
    if share.manager is not None:
        yield _effort_line(share.manager, manager, 0.0, "Time of the manager")
        formula = total([share.worker.seconds, share.manager.seconds])
        yield line("Time of this task", formula, share.seconds, "s")


def work_out_slots(shares: Sequence[Share], spans: Sequence[Span]) -> tuple[Slot, ...]:
    """Return when each task runs, what it waited for, and whether it decides."""
    critical = longest_chain([share.work.sources for share in shares], [share.seconds for share in shares])
    return tuple(
        Slot(
            task=share.work.task.key,
            ready_s=span.ready,
            start_s=span.start,
            end_s=span.end,
            after=None if span.after is None else shares[span.after].work.task.key,
            decides=span.decides,
            critical=at in critical,
        )
        for at, (share, span) in enumerate(zip(shares, spans, strict=True))
    )


def work_out_crew_duration(shares: Sequence[Share], spans: Sequence[Span]) -> Iterator[Line]:
    """Return the replay of CrewAI's order, and the critical path as the lower bound beside it."""
    seconds = [share.seconds for share in shares]
    deciding = [at for at, span in enumerate(spans) if span.decides]
    yield told(
        "CrewAI's rule",
        "tasks start in list order; an asynchronous task starts at once and the next does not wait for it; a "
        "synchronous task waits for all that still run",
    )
    for share, span in zip(shares, spans, strict=True):
        cause = "at once" if span.after is None else f"when “{shares[span.after].work.task.name}” has ended"
        kind = "asynchronous" if share.work.task.async_execution else "synchronous"
        waits = f"; it waits {number(span.waits)} s though all it works from is there" if span.waits > 0 else ""
        formula = f"{number(span.start)} + {number(share.seconds)}"
        name = f"End of “{share.work.task.name}”"
        yield line(name, formula, span.end, "s", f"{kind}, starts {cause}{waits}")
    end = max((span.end for span in spans), default=0.0)
    names = ", ".join(f"“{shares[at].work.task.name}”" for at in deciding)
    yield line("Duration, typical", total(seconds[at] for at in deciding), end, "s", f"the chain that decides: {names}")
    chain = longest_chain([share.work.sources for share in shares], seconds)
    names = ", ".join(f"“{shares[at].work.task.name}”" for at in chain)
    shortest = sum(seconds[at] for at in chain)
    why = f"critical path, no order of tasks is faster: {names}"
    yield line("Shortest possible, typical", total(seconds[at] for at in chain), shortest, "s", why)


def _effort_line(effort: Effort, profile: ModelProfile, tool_seconds: float, name: str) -> Line:
    use = effort.use
    once = (
        f"{number(use.calls)} × {number(profile.first_answer_s)} s + {number(use.visible_out)} tokens / "
        f"{number(profile.tokens_per_s)} tokens/s + ({number(use.calls)} − 1) × {number(tool_seconds)} s"
    )
    formula = repeated(use.runs, once)
    return line(name, formula, effort.seconds, "s", "calls × wait for an answer + visible output / speed + tools")

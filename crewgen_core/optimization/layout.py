"""Which tasks can run at the same time in CrewAI, and how little time that can take, whatever the tasks take.

CrewAI runs tasks in list order. Asynchronous tasks start at once, and a synchronous task waits for all that still run.
A run is therefore a row of blocks: each block is one task, or several that run at once and are followed by a single
one. It takes the sum, over its blocks, of the longest task in each. So one layout is never slower than another, for
any durations, exactly when every block of the other lies within one of its own: only the coarsest layouts count.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

MOST_LAYOUTS = 8
"""Layouts kept, by how long they take with the durations of today: more make the solver slow and hardly ever win."""

MOST_STATES = 1_000
"""Partial layouts looked at before the levels of the graph are taken instead: a tenth of a second of search."""

Block = frozenset[int]


@dataclass(frozen=True)
class Layout:
    """An order in which tasks can run, as blocks of positions; a block of several runs at once."""

    blocks: tuple[Block, ...]

    @property
    def at_once(self) -> frozenset[int]:
        """Positions of the tasks that run beside others."""
        return frozenset(chain.from_iterable(block for block in self.blocks if len(block) > 1))

    def seconds(self, durations: Sequence[float]) -> float:
        """Return how long the run takes when each task takes what ``durations`` says for its position."""
        return sum(max(durations[at] for at in block) for block in self.blocks)

    def is_as_fast_as(self, other: "Layout") -> bool:
        """Tell whether no durations make this layout slower than the other, which has the same tasks."""
        own = [block for block in self.blocks if len(block) > 1]
        return all(any(block <= mine for mine in own) for block in other.blocks if len(block) > 1)


@dataclass(frozen=True)
class Layouts:
    """The layouts worth considering."""

    choices: tuple[Layout, ...]
    complete: bool
    """True when no other layout can be faster for any durations."""


def in_list_order(asynchronous: Sequence[bool]) -> Layout:
    """Return the layout of tasks as they are listed."""
    blocks: list[Block] = []
    running: list[int] = []
    for at, starts_at_once in enumerate(asynchronous):
        if starts_at_once:
            running.append(at)
            continue
        if running:
            blocks.append(frozenset(running))
        running = []
        blocks.append(frozenset({at}))
    return Layout(tuple([*blocks, frozenset(running)] if running else blocks))


def find_layouts(
    sources: Sequence[Sequence[int]], durations: Sequence[float], alone: frozenset[int] = frozenset()
) -> Layouts:
    """Return the coarsest layouts of a graph whose tasks work from the earlier positions in ``sources``.

    ``durations`` of today's tasks tell which to keep when there are many. Tasks in ``alone`` never run beside others
    (a person is asked in them).
    """
    found = _search(sources, durations, alone)
    return found or Layouts((_by_level(sources, alone),), complete=False)


def _search(sources: Sequence[Sequence[int]], durations: Sequence[float], alone: frozenset[int]) -> Layouts | None:
    """Extend layouts segment by segment, keeping the best few for each set of tasks done; None when it grows large."""
    everything = frozenset(range(len(sources)))
    by_done: dict[Block, list[Layout]] = {frozenset(): [Layout(())]}
    states, complete = 0, True
    for size in range(len(sources)):
        for done in [key for key in by_done if len(key) == size]:
            layouts = by_done.pop(done)
            if len(layouts) > MOST_LAYOUTS:
                layouts.sort(key=lambda layout: layout.seconds(durations))
                layouts, complete = layouts[:MOST_LAYOUTS], False
            for group, closer in _next_segments(sources, done, alone):
                blocks = ((group,) if group else ()) + (frozenset({closer}),)
                reached = by_done.setdefault(done | group | {closer}, [])
                for layout in layouts:
                    states += 1
                    _keep_coarsest(reached, Layout(layout.blocks + blocks))
            if states > MOST_STATES:
                return None
    last = sorted(by_done[everything], key=lambda layout: layout.seconds(durations))
    return Layouts(tuple(last[:MOST_LAYOUTS]), complete and len(last) <= MOST_LAYOUTS)


def _next_segments(sources: Sequence[Sequence[int]], done: Block, alone: frozenset[int]) -> Iterator[tuple[Block, int]]:
    """Yield what can come next: tasks that run at once (two or more, or none), and the single one that follows."""
    ready = [at for at in range(len(sources)) if at not in done and done.issuperset(sources[at])]
    yield frozenset(), ready[0]  # any single task first: which one does not change the time
    groups = chain.from_iterable(
        combinations([at for at in ready if at not in alone], size) for size in range(2, len(ready) + 1)
    )
    for members in groups:
        group = frozenset(members)
        after = done | group
        yield from ((group, at) for at in range(len(sources)) if at not in after and after.issuperset(sources[at]))
    yield from ((frozenset(), at) for at in ready[1:])


def _keep_coarsest(kept: list[Layout], new: Layout) -> None:
    if any(layout.is_as_fast_as(new) for layout in kept):
        return
    kept[:] = [layout for layout in kept if not new.is_as_fast_as(layout)] + [new]


def _by_level(sources: Sequence[Sequence[int]], alone: frozenset[int]) -> Layout:
    """Return the layout that runs each level of the graph at once where a single task follows it."""
    depth: list[int] = []
    for before in sources:
        depth.append(1 + max((depth[at] for at in before), default=-1))
    levels = [
        frozenset(at for at, own in enumerate(depth) if own == level) for level in range(max(depth, default=-1) + 1)
    ]
    blocks: list[Block] = []
    for number, level in enumerate(levels):
        group = level - alone
        singles = sorted(level - group)
        last = number + 1 == len(levels)
        if len(group) > 1 and last:  # a crew ends with a single task
            singles, group = [*singles, max(group)], group - {max(group)}
        if len(group) > 1:
            follower = singles or (not last and len(levels[number + 1] - alone) <= 1)
            if not follower:
                singles, group = [max(group)], group - {max(group)}
        blocks += [group] if len(group) > 1 else [frozenset({at}) for at in sorted(group)]
        blocks += [frozenset({at}) for at in singles]
    return Layout(tuple(blocks))

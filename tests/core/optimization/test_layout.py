from itertools import pairwise, permutations, product

from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.estimation.duration import replay
from crewgen_core.optimization.layout import Layout, find_layouts, in_list_order


@st.composite
def graphs(draw: st.DrawFn, most: int = 5) -> tuple[tuple[int, ...], ...]:
    size = draw(st.integers(1, most))
    return tuple(tuple(sorted(draw(st.sets(st.integers(0, at - 1), max_size=2)) if at else ())) for at in range(size))


def shortest_in_crewai(sources: tuple[tuple[int, ...], ...], durations: list[float]) -> float:
    """Every order and every choice of asynchronous tasks that CrewAI accepts, tried one by one."""
    best = float("inf")
    for order in permutations(range(len(sources))):
        place = {task: at for at, task in enumerate(order)}
        if any(place[before] > place[task] for task in order for before in sources[task]):
            continue
        for flags in product((False, True), repeat=len(order)):
            if is_accepted(order, flags, sources):
                spans = replay(list(flags), [durations[task] for task in order], max)
                best = min(best, max(end for _, end in spans))
    return best


def is_accepted(order: tuple[int, ...], flags: tuple[bool, ...], sources: tuple[tuple[int, ...], ...]) -> bool:
    running: set[int] = set()
    for task, asynchronous in zip(order, flags, strict=True):
        if not asynchronous:
            running.clear()
        elif running.intersection(sources[task]):
            return False
        else:
            running.add(task)
    return len(running) <= 1


@given(graphs(), st.data())
def test_no_order_that_crewai_accepts_is_faster_than_the_best_layout(sources, data) -> None:
    durations = data.draw(st.lists(st.floats(1, 100), min_size=len(sources), max_size=len(sources)))
    found = find_layouts(sources, durations)
    assert found.complete
    fastest = min(layout.seconds(durations) for layout in found.choices)
    assert abs(fastest - shortest_in_crewai(sources, durations)) < 1e-6


@given(graphs(most=12))
def test_every_layout_can_be_run(sources) -> None:
    found = find_layouts(sources, [1.0] * len(sources))
    for layout in found.choices:
        done: set[int] = set()
        assert sorted(at for block in layout.blocks for at in block) == list(range(len(sources)))
        for block in layout.blocks:
            assert all(done.issuperset(sources[at]) for at in block)
            done |= block
        assert all(min(len(one), len(other)) == 1 for one, other in pairwise(layout.blocks))
        assert len(layout.blocks[-1]) == 1


def test_a_task_that_asks_a_person_runs_alone() -> None:
    found = find_layouts([(), (), (0, 1)], [1, 1, 1], alone=frozenset({0}))
    assert all(0 not in layout.at_once for layout in found.choices)


def test_a_list_is_read_as_crewai_runs_it() -> None:
    layout = in_list_order([False, True, True, False, True])
    assert layout == Layout((frozenset({0}), frozenset({1, 2}), frozenset({3}), frozenset({4})))
    assert layout.seconds([1, 2, 3, 4, 5]) == 1 + 3 + 4 + 5

"""How much of a crew's text other crews share: by its runs of five words."""

import re
from collections.abc import Iterator, Mapping

from crewgen_core.models.crew import Crew

RUN = 5
"""Words in a row that count as shared text; the usual length for finding copied passages."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def word_runs(crew: Crew) -> list[tuple[str, ...]]:
    """Return all runs of five words in the texts of agents and tasks; a shorter text is one run."""
    return [run for text in _texts(crew) for run in _runs(tuple(word.lower() for word in _WORD.findall(text)))]


def shared_part(one: Crew, other: Crew) -> float:
    """Return the share of one crew's runs that the other crew has too, 0 to 1."""
    known, runs = set(word_runs(other)), word_runs(one)
    return sum(run in known for run in runs) / len(runs)


def boilerplate(crews: Mapping[str, Crew]) -> dict[str, float]:
    """Return for each crew the share of its runs that any of the others has too, 0 to 1."""
    where: dict[tuple[str, ...], set[str]] = {}
    for name, crew in crews.items():
        for run in word_runs(crew):
            where.setdefault(run, set()).add(name)
    shares: dict[str, float] = {}
    for name, crew in crews.items():
        runs = word_runs(crew)
        shares[name] = sum(len(where[run]) > 1 for run in runs) / len(runs)
    return shares


def _texts(crew: Crew) -> Iterator[str]:
    for agent in crew.agents:
        yield from (agent.role, agent.goal, agent.backstory)
    for task in crew.tasks:
        yield from (task.name, task.description, task.expected_output)


def _runs(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if words:
        yield from (words[i : i + RUN] for i in range(max(1, len(words) - RUN + 1)))

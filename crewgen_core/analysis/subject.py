"""Says in a few of its own words what an objective is about."""

import re
from collections.abc import Sequence

from crewgen_core.analysis.phrasing import drop_from, drop_limits, lower_first, shorten
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.models.analysis import Analysis, Deliverable, StatedConstraints, Workstream

_ABOUT = tuple(
    re.compile(rf"\b(?:{prepositions})\s+(?P<topic>.+)$", re.I)
    for prepositions in ("about|on|covering|regarding|concerning|explaining", "of|into", "for", "to")
)
"""What a text is about comes after one of these; the first kind tells it most clearly."""

_LONGEST_SUBJECT = 12

_TELLING = {"research": 0, "analyze": 0, "review": 0, "operate": 1, "plan": 1, "make": 1, "write": 2, "communicate": 2}
"""Kinds of work by how well their object names the subject: what is studied says more than what is written."""


def find_subject(
    streams: Sequence[Workstream],
    deliverables: Sequence[Deliverable],
    constraints: StatedConstraints,
    catalog: Catalog,
) -> str:
    """Return what the whole objective is about, at most twelve words of its own."""
    names = [deliverable.name.lower() for deliverable in deliverables]
    ranked = sorted(enumerate(streams), key=lambda item: _rank(item[1], item[0], names, catalog))
    for _, stream in ranked:
        topic = _topic_of(stream, names, constraints)
        if len(topic) > 2:
            return lower_first(shorten(topic, _LONGEST_SUBJECT))
    return lower_first(shorten(streams[0].focus, _LONGEST_SUBJECT))


def find_topic(stream: Workstream, analysis: Analysis) -> str:
    """Return what the work on a workstream is about.

    Of "a blog post about remote work" that is "remote work"; where the clause names only the deliverable, or nothing but
    numbers and readers ("two for the board"), it is the subject of the whole objective.
    """
    names = [deliverable.name.lower() for deliverable in analysis.deliverables]
    named = next((name for name in names if name in stream.focus.lower()), None)
    if named is None:
        bare = drop_from(drop_limits(stream.focus), "for|to|aimed at", analysis.constraints.audience)
        return stream.focus if any(word.lower not in _EMPTY for word in split_words(bare)) else analysis.subject
    return _topic_behind(stream.focus, named, analysis.constraints.audience) or analysis.subject


def _topic_behind(focus: str, named: str, audience: str) -> str:
    """Return what comes behind the deliverable's name, as far as it is no reader; empty when there is nothing."""
    rest = drop_from(" " + focus[focus.lower().find(named) + len(named) :], "for|to|aimed at", audience)
    for pattern in _ABOUT:
        about = pattern.search(rest)
        if about:
            return about.group("topic")
    return ""


_EMPTY = frozenset(
    "a an the one two three four five six seven eight nine ten it them this that these those all each every result results "
    "best top most ones same our your their it's which what".split()
)


def _rank(stream: Workstream, position: int, deliverables: Sequence[str], catalog: Catalog) -> tuple[int, int]:
    activity = catalog.verb_activities.get(stem(stream.action)) if stream.action else None
    telling = _TELLING[activity] if activity else 2
    names_deliverable = any(name in stream.focus.lower() for name in deliverables)
    return telling + 2 * names_deliverable + (4 if len(split_words(stream.focus)) < 2 else 0), position


def _topic_of(stream: Workstream, deliverables: Sequence[str], constraints: StatedConstraints) -> str:
    """Return the object of the clause; of "a blog post about remote work for managers", "remote work"."""
    focus = drop_limits(stream.focus)
    focus = drop_from(focus, "for|to|aimed at", constraints.audience) or focus
    named = next((name for name in deliverables if name in focus.lower()), None)
    if named:
        return _topic_behind(focus, named, constraints.audience)
    return focus

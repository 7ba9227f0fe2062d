"""Says in a few of its own words what an objective is about."""

import re
from collections.abc import Sequence

from crewgen_core.analysis.phrasing import drop_limits, lower_first, shorten
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.models.analysis import Deliverable, StatedConstraints, Workstream

_ABOUT = re.compile(r"\b(?:about|on|covering|regarding|concerning|explaining|around|of|for|into|to)\s+(?P<topic>.+)$", re.I)
_LONGEST_SUBJECT = 12

_TELLING = ("research", "analyze", "plan", "operate", "make", "write", "communicate", "review")
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


def _rank(stream: Workstream, position: int, deliverables: Sequence[str], catalog: Catalog) -> tuple[int, int]:
    activity = catalog.verb_activities.get(stem(stream.action)) if stream.action else None
    telling = _TELLING.index(activity) if activity else 2
    names_deliverable = any(name in stream.focus.lower() for name in deliverables)
    return telling + 2 * names_deliverable + (4 if len(split_words(stream.focus)) < 2 else 0), position


def _topic_of(stream: Workstream, deliverables: Sequence[str], constraints: StatedConstraints) -> str:
    """Return the object of the clause; of "a blog post about remote work for managers", "remote work"."""
    focus = drop_limits(stream.focus)
    if constraints.audience:
        focus = re.sub(rf"\s+(?:for|to|aimed at)\s+{re.escape(constraints.audience)}\b.*$", "", focus, flags=re.I)
    named = next((name for name in deliverables if name in focus.lower()), None)
    if named:
        about = _ABOUT.search(focus, focus.lower().find(named) + len(named))
        if about:
            return about.group("topic")
    return focus

"""Finds what must exist in the end: the named deliverables with number, size and file format."""

import re
from collections.abc import Sequence

from crewgen_core.analysis.clauses import Clause
from crewgen_core.analysis.constraints import read_number
from crewgen_core.analysis.phrasing import noun_phrase
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.phrases import Match
from crewgen_core.catalog.words import stem
from crewgen_core.models.analysis import Deliverable

_LENGTH = re.compile(
    r"\b(?:(?:about|around|roughly|at most|up to|under|max(?:imum)?|no more than)\s+)?"
    r"(?P<length>(?:\d[\d,]*(?:\s?(?:-|–|to)\s?\d[\d,]*)?|one|two|three|four|five|six|seven|eight|nine|ten|a single|single|half a)"
    r"[\s-](?:pages?|words?|slides?|minutes?|paragraphs?|sentences?|characters?|chapters?|bullet points?|lines?))\b",
    re.I,
)
_READ_TIME = re.compile(r"\bin (?:under|less than|at most)\b", re.I)


def find_deliverables(clauses: Sequence[Clause], catalog: Catalog) -> tuple[Deliverable, ...]:
    """Return the deliverables that requests name, in text order, each artefact once."""
    found: dict[str, Deliverable] = {}
    for clause in (clause for clause in clauses if clause.request):
        matches = sorted(catalog.deliverable_phrases.find(clause.words), key=lambda match: match.words[0].start)
        for match in _longest(matches):
            artefact = catalog.patterns[match.owner].deliverable
            if artefact and artefact not in found and not _is_material(clause, match, catalog):
                found[artefact] = _describe(artefact, clause, match, catalog)
    return tuple(found.values())


def _longest(matches: Sequence[Match]) -> list[Match]:
    """Drop a match whose words are part of a longer one's."""
    spans = [frozenset(word.start for word in match.words) for match in matches]
    return [match for match, span in zip(matches, spans, strict=True) if not any(span < other for other in spans)]


def _is_material(clause: Clause, match: Match, catalog: Catalog) -> bool:
    """True when the noun names what is worked from ("from the report", "review our contract"), not the result."""
    before = clause.text[: match.words[0].start].lower()
    asked = catalog.verb_activities.get(stem(clause.action.split()[-1])) if clause.action else "make"
    group = catalog.verb_groups.get(stem(clause.action.split()[-1])) if clause.action else ""
    turned = group in ("translate", "summarize", "edit") or clause.action in ("turn", "convert", "transform", "adapt")
    if turned and not re.search(r"\b(?:into|as|in|with|for)\s+(?:[\w-]+\s+){0,4}$", before):
        return True
    if asked in ("research", "analyze", "review") and not re.search(r"\b(?:into|as|in)\s+(?:an?\s+)?", before):
        return True
    return bool(
        re.search(
            r"\b(?:from|using|given|based on|of|against|in|with|about|on|our|my|existing|attached|uploaded|missing|wrong|incoming|unread|this|these)\s+(?:[\w'-]+\s+){0,2}$",
            before,
        )
    )


def _describe(artefact: str, clause: Clause, match: Match, catalog: Catalog) -> Deliverable:
    nouns = [word for word in match.words if word.start >= clause.object_start]
    name = (
        noun_phrase(clause.text, clause.words, nouns[0], nouns[-1], clause.verb_count)
        if nouns
        else catalog.artefacts[artefact].name
    )
    first = re.match(r"[\w,]+", name)
    quantity = read_number(first.group(), catalog) if first else None
    after_number = name[first.end() :] if first and quantity else ""
    length = _LENGTH.search(clause.text)
    if quantity and not after_number.startswith(" "):
        quantity = None  # "two-page brief" is one brief
    return Deliverable(
        artefact=artefact,
        name=name,
        quantity=min(quantity or 1, 1_000),
        length=length.group("length") if length and not _READ_TIME.search(clause.text[: length.start() + 12]) else "",
        file_format=next(
            (
                shown
                for word, shown in catalog.language.file_formats.items()
                if re.search(rf"\b(?:in|as|to|into|a|an)\s+(?:\w+\s+)?{re.escape(word)}\b", clause.text, re.I)
            ),
            "",
        ),
    )

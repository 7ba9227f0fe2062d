"""Finds what must exist in the end: the named deliverables with number, size and file format."""

import re
from collections.abc import Iterator, Sequence

from crewgen_core.analysis.clause import Clause
from crewgen_core.analysis.constraints import read_number
from crewgen_core.analysis.phrasing import head_of, noun_phrase
from crewgen_core.analysis.required_skills import Call
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.phrases import Match
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.models.analysis import Deliverable

_LENGTH = re.compile(
    r"\b(?:(?:about|around|roughly|at most|up to|under|max(?:imum)?|no more than)\s+)?"
    r"(?P<length>(?:\d[\d,]*(?:\s?(?:-|–|to|and)\s?\d[\d,]*)?|one|two|three|four|five|six|seven|eight|nine|ten|a single|single|half a)"
    r"[\s-](?:pages?|words?|slides?|minutes?|paragraphs?|sentences?|characters?|chapters?|bullet points?|lines?))\b",
    re.I,
)
_READ_TIME = re.compile(r"\bin (?:under|less than|at most)\b", re.I)
_RELATIVE = re.compile(r"\b(?:that|which|who|whose|where)\s", re.I)
_FINAL = frozenset(
    "condense merge combine put compile consolidate assemble pack wrap end finish conclude turn convert transform".split()
)
"""Verbs whose object is what all the work before it leads to."""

_MAKES = _FINAL | frozenset(
    "write draft compose craft author produce prepare create script pen draw make generate build develop design record deliver provide "
    "give hand send end adapt rewrite formulate prototype illustrate compile lay code program implement publish present".split()
)
"""Verbs whose object is something that exists in the end."""

_NO_RESULT = frozenset(
    "result results finding findings answer answers test tests step steps everything anything part parts version versions "
    "question questions sure work job thing things change changes use way ways decision decisions one ones money time sense "
    "comment comments feedback advice data text texts content words idea ideas".split()
)
"""Nouns that name no result by themselves."""

_LONGEST_OPENING = 40
_LONGEST_NAME = 6


def find_deliverables(clauses: Sequence[Clause], calls: Sequence[Call], catalog: Catalog) -> tuple[Deliverable, ...]:
    """Return the deliverables that requests name, each artefact once: what all leads to first, else in text order.

    What is made and has no artefact in the catalog keeps its own name; ``calls`` say which skill makes it.
    """
    found: dict[str, Deliverable] = {}
    last = ""
    for clause in (clause for clause in clauses if clause.request or clause.demand):
        named = list(_known(clause, catalog)) or list(_named(clause, calls, catalog))
        for deliverable in named:
            if any(deliverable.name.lower() == other.name.lower() for other in found.values()):
                continue
            found.setdefault(deliverable.artefact or deliverable.name.lower(), deliverable)
        if named and (clause.action in _FINAL or _ALL_BEFORE.search(clause.text)):
            last = named[0].artefact or named[0].name.lower()
    ordered = sorted(found, key=lambda key: key != last)
    return tuple(found[key] for key in ordered)


_ALL_BEFORE = re.compile(
    r"\b(?:everything|it all|all of (?:it|this)|ready to (?:publish|print|send|use|upload))\b", re.I
)


def _known(clause: Clause, catalog: Catalog) -> Iterator[Deliverable]:
    """Yield the deliverables of the clause that the catalog knows."""
    matches = sorted(catalog.deliverable_phrases.find(clause.words), key=lambda match: match.words[0].start)
    for match in _longest(matches):
        artefact = catalog.patterns[match.owner].deliverable
        if clause.action in _WRITES and _is_purpose(clause, match, catalog):
            continue
        if clause.demand and match.words[-1].start > _LONGEST_OPENING:
            continue  # "the article must include a summary"
        if artefact and not _is_material(clause, match, catalog):
            yield _describe(artefact, clause, match, catalog)


def _is_purpose(clause: Clause, match: Match, catalog: Catalog) -> bool:
    """True for the website in "an RFP for a new website": to write an RFP is work of its own, to write its script is not."""
    joint = _FOR_IT.search(clause.text[: match.words[0].start], clause.object_start)
    if not joint:
        return False
    head = [word for word in clause.words if clause.object_start <= word.start < joint.start()]
    return any(not found.weak for found in catalog.skill_phrases.find(head))


def _named(clause: Clause, calls: Sequence[Call], catalog: Catalog) -> Iterator[Deliverable]:
    """Yield what the clause asks to make under a name of its own ("a tutorial on lifetimes": tutorial)."""
    if not clause.action or clause.action.split()[-1] not in _MAKES:
        return
    if clause.borrowed and clause.action not in ("write", "draft", "compose", "draw", "build", "produce"):
        return
    if clause.action == "prepare" and re.match(r"prepare\s+(?:me|us|for|our|my)\b", clause.text, re.I):
        return  # "prepare our town for a heatwave"
    if clause.action in _FINAL and _DEFINITE.match(clause.focus):
        return  # "convert the program to Java": it is there already
    name = head_of(_MEASURE.sub("", clause.focus))
    words = split_words(name)
    if not 0 < len(words) <= _LONGEST_NAME or words[-1].lower in _NO_RESULT:
        return
    if not words[-1].text.isalpha() or words[-1].lower.endswith("ly"):
        return
    if words[0].lower in ("it", "them", "how", "what", "why", "which", "that", "me", "us"):
        return
    called = next((call.matches for call in calls if call.stream.text.endswith(clause.text[-40:])), ())
    said = {word.lower for word in words}
    made = [
        step.produces
        for skill in (match.owner for match in called if said & {word.lower for word in match.words})
        for step in catalog.steps_by_skill[skill]
        if catalog.skills[skill].activity in ("write", "make", "plan", "communicate")
        and catalog.artefacts[step.produces].stage in ("draft", "product")
    ]
    artefact = made[0] if made else ""
    yield _complete(artefact, name, clause, catalog)


_MEASURE = re.compile(
    r"\b(?:an?\s+|one\s+)?(?:(?:\w+\s+)?(?:months?|weeks?|days?|years?)|couple|handful|bunch|batch)(?:['’]s?\s+worth)?\s+of\s+(?=\S|$)",
    re.I,
)
"""How much of something is wanted: "a month of TikTok posts" are posts."""

_FOR_IT = re.compile(r"\sfor\s+(?:an?|the|our|my|this|each|every)\s+(?:[\w'’-]+\s+){0,3}$", re.I)
_WRITES = frozenset("write draft compose pen prepare issue".split())
_TO_IT = re.compile(r"\bto\s+(?:the|our|this|these|an?|my|every|each)\s+(?:[\w'-]+\s+){0,2}$")
_DEFINITE = re.compile(r"^(?:the|our|my|all|these|this|every|each)\s", re.I)


def _longest(matches: Sequence[Match]) -> list[Match]:
    """Drop a match whose words are part of a longer one's."""
    spans = [frozenset(word.start for word in match.words) for match in matches]
    return [match for match, span in zip(matches, spans, strict=True) if not any(span < other for other in spans)]


def _is_material(clause: Clause, match: Match, catalog: Catalog) -> bool:
    """True when the noun names what is worked from ("from the report", "review our contract"), not the result."""
    start = match.words[0].start
    before = _MEASURE.sub("", clause.text[:start].lower())
    if clause.asks:
        return True  # "determine which of it a FAQ could answer"
    if clause.action and match.words[-1].start < clause.object_start:
        return True  # "email the team"
    if _RELATIVE.search(before):
        return True
    if clause.source and start < clause.text.find(clause.source) + len(clause.source):
        return True
    if clause.action not in ("convert", "turn", "translate") and _TO_IT.search(before):
        return True  # "answers to the questionnaire"
    if clause.borrowed and clause.borrowed.lower().endswith(match.words[-1].lower):
        return True
    asked = catalog.verb_activities.get(stem(clause.action.split()[-1])) if clause.action else "make"
    group = catalog.verb_groups.get(stem(clause.action.split()[-1])) if clause.action else ""
    turned = group in ("translate", "summarize", "edit") or clause.action in ("turn", "convert", "transform", "adapt")
    if turned and not re.search(r"\b(?:into|as|in|with|for)\s+(?:[\w-]+\s+){0,4}$", before):
        return True
    if asked in ("research", "analyze", "review") and not re.search(r"\b(?:into|as|in)\s+(?:an?\s+)?", before):
        return True
    return bool(
        re.search(
            r"\b(?:from|using|given|based on|of|against|in|with|about|on|our|my|existing|attached|uploaded|missing|wrong|incoming|unread|this|these|by|via)\s+(?:[\w'-]+\s+){0,2}$",
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
    return _complete(artefact, name, clause, catalog)


def _complete(artefact: str, name: str, clause: Clause, catalog: Catalog) -> Deliverable:
    first = re.match(r"[\w,]+", name)
    quantity = read_number(first.group(), catalog) if first else None
    after_number = name[first.end() :] if first and quantity else ""
    # each item of a bracket is read as what the result comes as: "(two pages, PDF)" like "as two pages, as PDF"
    told = ", as ".join([clause.text, *filter(None, clause.aside.split(", "))])
    length = _LENGTH.search(told)
    if quantity and not after_number.startswith(" "):
        quantity = None  # "two-page brief" is one brief
    return Deliverable(
        artefact=artefact,
        name=name,
        quantity=min(quantity or 1, 1_000),
        length=length.group("length") if length and not _READ_TIME.search(told[: length.start() + 12]) else "",
        file_format=next(
            (
                shown
                for word, shown in catalog.language.file_formats.items()
                if re.search(rf"\b(?:in|as|to|into|a|an)\s+(?:\w+\s+)?{re.escape(word)}\b", told, re.I)
            ),
            "",
        ),
    )

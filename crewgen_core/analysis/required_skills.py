"""Finds the skills that clauses call for, and cuts a clause with several into workstreams of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from crewgen_core.analysis.clause import Clause, is_question
from crewgen_core.analysis.commands import ALREADY
from crewgen_core.analysis.phrasing import lower_first
from crewgen_core.analysis.references import strip_owner
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity
from crewgen_core.catalog.phrases import Match
from crewgen_core.catalog.words import Word, split_words, stem
from crewgen_core.models.analysis import RequiredSkill, Workstream

_CHUNK = re.compile(r",\s+(?:and\s+|or\s+)?|;\s*|\s+and\s+|\s+as well as\s+|\s+plus\s+")

_STRONG = 1.5
"""From this strength (a verb and a noun, or more) a phrase counts in full."""
_WEAK_WEIGHT = 0.8
_CONTEXT_SHARE = 0.5
"""What a sentence about the situation names counts half of what a request names."""

_SHORTEST_MISSPELLED = 6
"""Shorter words have too many neighbours to guess which one was meant."""


@dataclass(frozen=True)
class Call:
    """A clause, or a part of one, with the skills that it calls for."""

    stream: Workstream
    matches: tuple[Match, ...]
    request: bool


def find_calls(clauses: Sequence[Clause], domain: str, catalog: Catalog) -> list[Call]:
    """Return the workstreams of the clauses with the skills that each calls for, in text order.

    Of skills that the same words call for, one that is at home in the domain is taken.
    """
    return [call for clause in clauses for call in _calls_of(clause, domain, catalog)]


def weigh_skills(calls: Sequence[Call], catalog: Catalog) -> tuple[RequiredSkill, ...]:
    """Join the matches of all calls: each skill once, with its greatest weight and all the words that call for it."""
    weights: dict[str, float] = {}
    evidence: dict[str, list[str]] = {}
    for call in calls:
        for match in call.matches:
            weight = (1.0 if match.strength >= _STRONG else _WEAK_WEIGHT) * (1.0 if call.request else _CONTEXT_SHARE)
            weights[match.owner] = max(weight, weights.get(match.owner, 0))
            evidence.setdefault(match.owner, []).append(_as_said(match, call.stream))
    return tuple(
        RequiredSkill(
            key=key,
            name=catalog.skills[key].name,
            weight=round(weight, 2),
            evidence=tuple(dict.fromkeys(evidence[key])),
        )
        for key, weight in sorted(weights.items(), key=lambda item: -item[1])
    )


def _as_said(match: Match, stream: Workstream) -> str:
    """Return the words that call for a skill, without the order that a question was turned into."""
    order, _, rest = match.evidence.partition(" ")
    return (rest or stream.focus) if is_question(stream.focus) and order in _PUT_IN else match.evidence


_PUT_IN = frozenset({"recommend", "determine", "calculate"})


def _calls_of(clause: Clause, domain: str, catalog: Catalog) -> Iterator[Call]:
    matches = _choose(_found_in(clause, clause.words, catalog), clause, domain, catalog)
    if not matches and clause.request:
        matches = _choose(_found_in(clause, _mend_spelling(clause.words, catalog), catalog), clause, domain, catalog)
    if clause.demand:
        matches = [match for match in matches if catalog.skills[match.owner].activity == "review"]
    chunks = _split_chunks(clause, matches) if len(matches) > 1 else [(clause.focus, matches)]
    for focus, of_chunk in chunks:
        text = _as_meant(clause) if len(chunks) == 1 else f"{clause.action} {focus}".strip()
        stream = Workstream(
            text=text, action=clause.action, focus=focus, skills=tuple(match.owner for match in of_chunk)
        )
        yield Call(stream, tuple(of_chunk), clause.request and not clause.heading)


def _as_meant(clause: Clause) -> str:
    """Return the text of the clause, its verb spelt right and in one word."""
    verb = clause.words[0]
    if clause.verb_words:
        return f"{clause.action}{clause.text[clause.words[clause.verb_words - 1].end :]}"
    if not clause.action or verb.lower == verb.text.lower().replace("’", "'"):
        return clause.text
    return f"{verb.lower}{clause.text[verb.end :]}"


def _found_in(clause: Clause, words: Sequence[Word], catalog: Catalog) -> list[Match]:
    """Return the skills that words of the clause call for, as far as it says them itself and asks for them.

    What a pronoun stands for was read where it was named; what is "already booked" needs nobody, and a
    translation agency that looks for clients needs no translator.
    """
    if clause.owner or (not clause.request and ALREADY.search(clause.text)):
        return []
    matches = catalog.skill_phrases.find(words)
    if not clause.borrowed:
        return matches
    begin = clause.text.find(clause.borrowed)
    end = begin + len(clause.borrowed)
    return [match for match in matches if any(not begin <= word.start < end for word in match.words)]


def _choose(matches: Sequence[Match], clause: Clause, domain: str, catalog: Catalog) -> list[Match]:
    """Keep what fits the clause's verb: "review our NDA" calls for reviewing, not for drafting one.

    What fits less is kept only where nothing fits better.
    """
    if clause.action and catalog.verb_groups.get(stem(clause.action)) == "translate":
        matches = [match for match in matches if match.owner == _TRANSLATION] or matches
    strong = [match for match in matches if not match.weak or domain in catalog.home_domains[match.owner]]
    at_home = sorted(strong, key=lambda match: (-match.strength, domain not in catalog.home_domains[match.owner]))
    whole = _drop_general(_drop_topics(_drop_parts(at_home, clause), clause, catalog), catalog)
    asked = catalog.verb_activities.get(stem(clause.action.split()[-1])) if clause.action else None
    clashing = _CLASHING.get(asked, frozenset()) if asked else frozenset[Activity]()
    fitting = [m for m in whole if catalog.skills[m.owner].activity not in clashing]
    return fitting if clause.asks else fitting or whole


def _drop_topics(matches: list[Match], clause: Clause, catalog: Catalog) -> list[Match]:
    """Drop what only the topic names: "posts about carbon-neutral packs" does not call for planning a carbon cut."""
    asked = catalog.verb_activities.get(stem(clause.action.split()[-1])) if clause.action else None
    into = _INTO.search(clause.text) if clause.action in ("turn", "convert", "transform", "adapt") else None
    if into:
        return [m for m in matches if m.words[-1].start > into.start()] or matches
    joint = (_TOPIC if asked in _MAKING else _OWNER).search(clause.text, clause.object_start)
    if not joint:
        return matches
    added = _ADDED.search(clause.text, joint.end()) or _find_added_result(clause, joint.end(), catalog)
    begin = added.end() if added else len(clause.text)
    head = [
        m for m in matches if any(clause.object_start <= w.start < joint.start() or w.start >= begin for w in m.words)
    ]
    studied = ("research", "analyze") if asked in ("write", "communicate") else ()
    return [
        m
        for m in matches
        if m in head or not head or (catalog.skills[m.owner].activity in studied and m.strength >= _STRONG)
    ]


_TOPIC = re.compile(
    r"\s(?:about|on|regarding|concerning|covering|for|to|against|of|by|that|which|with (?:our|the|my))\s", re.I
)
_ADDED = re.compile(r"\s(?:with(?! (?:our|the|my|an?)\s)|including|plus|as well as)\s", re.I)
"""What comes with the result is asked for too: "an API for book loans with tests"."""

_WITH_A = re.compile(r"\swith (?=an?\s)", re.I)
_NEAR = 4
"""Words behind "with a" among which a result has to be named: "with a detailed content calendar"."""


def _find_added_result(clause: Clause, begin: int, catalog: Catalog) -> re.Match[str] | None:
    """Find "with a content calendar": a result that is asked for too, unlike "with a justification"."""
    for added in _WITH_A.finditer(clause.text, begin):
        behind = [word for word in clause.words if word.start >= added.end()][: _NEAR + 1]
        if catalog.deliverable_phrases.find(behind):
            return added
    return None


_TRANSLATION = "translation"
"""Whatever is translated is there already; nobody has to write it."""

_OWNER = re.compile(r"\s(?:of|by)\s", re.I)
_INTO = re.compile(r"\sinto\s", re.I)
_MAKING: frozenset[Activity] = frozenset({"write", "make", "plan", "communicate", "operate"})


def _drop_general(matches: list[Match], catalog: Catalog) -> list[Match]:
    """Drop a skill of every trade where one of a trade does the same kind of work: it has the general one in it."""
    special = {_KIND[catalog.skills[m.owner].activity] for m in matches if catalog.home_domains[m.owner]}
    return [
        m for m in matches if catalog.home_domains[m.owner] or _KIND[catalog.skills[m.owner].activity] not in special
    ]


_KIND: dict[Activity, str] = {
    "research": "research",
    "analyze": "analyze",
    "plan": "plan",
    "write": "write",
    "communicate": "write",
    "make": "make",
    "operate": "operate",
    "review": "review",
}


_CLASHING: dict[Activity, frozenset[Activity]] = {
    "review": frozenset({"write", "make", "research"}),
    "analyze": frozenset({"write", "make", "communicate"}),
    "research": frozenset({"write", "make", "communicate"}),
    "write": frozenset({"operate"}),
}


def _drop_parts(matches: Sequence[Match], clause: Clause) -> list[Match]:
    """Keep one match for the same words, and the longer one: a "grant proposal" is not also a "proposal".

    The clause's verb is left out of the comparison; matches come with the strongest first.
    """
    kept: list[tuple[Match, frozenset[int]]] = []
    for match in matches:
        nouns = frozenset(word.start for word in match.words if word.start >= clause.object_start)
        span = nouns or frozenset(word.start for word in match.words)
        if not any(span <= other for _, other in kept):
            kept.append((match, span))
    return [match for match, span in kept if not any(span < other for _, other in kept)]


def _split_chunks(clause: Clause, matches: Sequence[Match]) -> list[tuple[str, list[Match]]]:
    """Cut "study the client, its rivals and the audience" where each part calls for skills of its own."""
    offset = clause.text.lower().find(clause.focus.lower())
    if offset < 0:
        return [(clause.focus, list(matches))]
    bounds = [offset, *(joint.end() for joint in _CHUNK.finditer(clause.text, offset)), len(clause.text) + 1]
    chunks: list[tuple[int, int, list[Match]]] = []
    rest = list(matches)
    for begin, end in pairwise(bounds):
        inside = [match for match in rest if begin <= _own_start(match, offset) < end]
        rest = [match for match in rest if match not in inside]
        if inside or not chunks:
            chunks.append((begin, end, inside))
        else:
            chunks[-1] = (chunks[-1][0], end, chunks[-1][2])
    if rest or sum(1 for _, _, inside in chunks if inside) < 2:
        return [(clause.focus, list(matches))]
    if not chunks[0][2]:
        chunks[:2] = [(chunks[0][0], chunks[1][1], chunks[1][2])]
    return [(_trim(clause.text[begin:end], clause.action), inside) for begin, end, inside in chunks]


def _own_start(match: Match, offset: int) -> int:
    """Where the match begins in the object of the clause; the verb may be shared by all chunks."""
    return next((word.start for word in match.words if word.start >= offset), match.words[0].start)


def _trim(chunk: str, action: str) -> str:
    bare = _CHUNK.sub("", chunk, count=1) if _CHUNK.match(chunk) else chunk
    bare = re.sub(r"(?:,|;|\s+and|\s+or|\s+as well as|\s+plus)\s*$", "", bare)
    bare = bare.strip(" ,;")
    return strip_owner(bare if action else lower_first(bare))


def _mend_spelling(words: Sequence[Word], catalog: Catalog) -> list[Word]:
    """Replace words of unknown stems by the trigger word that is one letter away, if there is one."""
    known = catalog.skill_stems
    return [_mend(word, known) if len(word.stem) >= _SHORTEST_MISSPELLED else word for word in words]


def _mend(word: Word, known: frozenset[str]) -> Word:
    if word.stem in known:
        return word
    found = process.extractOne(word.stem, known, scorer=DamerauLevenshtein.distance, score_cutoff=1)
    if not found or found[0][:1] != word.stem[:1]:
        return word
    mended = split_words(word.text)[0]
    return Word(mended.text, mended.lower, found[0], word.start, word.end)

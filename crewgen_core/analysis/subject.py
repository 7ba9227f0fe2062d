"""Says in a few of its own words what an objective is about."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from crewgen_core.analysis.clause import Clause
from crewgen_core.analysis.phrasing import core_of, head_of, lower_first, shorten
from crewgen_core.analysis.question_names import name_question
from crewgen_core.analysis.topic import SIZE, find_asked_stems, find_names, read_topic, says_no_more
from crewgen_core.analysis.verbs import DETERMINERS, PREPOSITIONS
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.models.analysis import Deliverable, RequiredSkill, StatedConstraints, Workstream

_LONGEST_SUBJECT = 12

_TELLING = {"research": 0, "analyze": 0, "review": 0, "operate": 1, "plan": 1, "make": 1, "write": 2, "communicate": 2}
"""Kinds of work by how well their object names the subject: what is studied says more than what is written."""


def find_subject(
    clauses: Sequence[Clause],
    streams: Sequence[Workstream],
    skills: Sequence[RequiredSkill],
    deliverables: Sequence[Deliverable],
    constraints: StatedConstraints,
    catalog: Catalog,
) -> str:
    """Return what the whole objective is about, at most twelve words of its own."""
    named = next((clause for clause in clauses if clause.topic), None)
    if named:
        return shorten(_TOPIC_VERB.sub("", named.focus) or named.focus, _LONGEST_SUBJECT)
    asked = find_asked_stems(skills)
    found = sorted(_candidates(clauses, deliverables, constraints, asked, catalog), key=lambda one: one.score)
    candidates = _told_in_full([one for one in found if len(one.topic) > 2], clauses)
    for candidate in candidates:
        if candidate.thing and constraints.inputs and not constraints.inputs[0].startswith(("a ", "an ")):
            continue  # what is brought tells more than what is made of it
        if candidate.score < _TOO_VAGUE and (candidate.sure or not says_no_more(candidate.topic, asked)):
            return shorten(candidate.topic, _LONGEST_SUBJECT)
    if constraints.inputs:
        given = constraints.inputs[0]
        told = given.split()[0].lower() in _DETERMINED or (given[:1].isdigit() and " " in given)
        return shorten(given if told else f"the {given}", _LONGEST_SUBJECT)
    whole = next((clause for clause in clauses if clause.request), clauses[0])
    if candidates:
        return shorten(candidates[0].topic, _LONGEST_SUBJECT)
    return shorten(core_of(whole.focus) or streams[0].focus, _LONGEST_SUBJECT)


@dataclass(frozen=True)
class _Candidate:
    topic: str
    score: float
    """How badly it names the whole."""
    sure: bool = False
    """True where even words that name a kind of work say what it is about."""
    thing: bool = False
    """True for the thing itself that is made."""


def _told_in_full(candidates: list[_Candidate], clauses: Sequence[Clause]) -> list[_Candidate]:
    """Put what the situation tells before a mere reference to it: "a cold-brew tea" before "the launch"."""
    first = split_words(candidates[0].topic) if candidates else []
    if len(first) != 2 or first[0].lower not in ("the", "this"):
        return candidates
    for clause in clauses:
        if not clause.request and any(word.stem == first[1].stem for word in clause.words):
            told = _situation_of(clause)
            return sorted(candidates, key=lambda one: one.topic != told)
    return candidates


def _candidates(
    clauses: Sequence[Clause],
    deliverables: Sequence[Deliverable],
    constraints: StatedConstraints,
    asked: Collection[str],
    catalog: Catalog,
) -> Iterator[_Candidate]:
    """Yield what each clause is about, with a score by how well it names the whole."""
    names = find_names(deliverables, catalog)
    heard = Counter(stem for clause in clauses for stem in {word.stem for word in clause.words})
    for position, clause in enumerate(clauses):
        if clause.demand or clause.action in _MANNERS:
            continue
        way = _FROM_TO.match(clause.text) if clause.heading else None
        if way:
            yield _score(core_of(way["what"]), -3, heard)
            continue
        bonus = -3 * clause.heading + 0.4 * position + 1.5 * (position > 0 and clause.request and not clause.action)
        if clause.source:
            yield _score(core_of(clause.source), 0.5 + bonus, heard)
            continue
        if not clause.request:
            situation = _situation_of(clause)
            yield _score(situation, (-1 if _AHEAD.search(clause.text) else 2) + bonus, heard)
            continue
        each = _EACH_OF.search(clause.focus)
        if each:
            yield _score(each["what"], bonus, heard)
        topic = read_topic(clause.action, core_of(clause.focus), names, constraints.audience, asked, catalog)
        topic = core_of(topic) if topic else ""
        named = name_question(topic)
        question = named != topic
        unclear = named.startswith(("the question", "the decision"))
        rank = _rank(clause.action, catalog) + 2 * bool(clause.borrowed) + question + _TOO_VAGUE * unclear
        rank += _ANSWER * (clause.asks and not _OWN.match(named))
        rank += 2.5 * bool(_OWNED_BY_OTHER.search(clause.text[: clause.object_start + 8]))
        made = any(made.name.lower() in clause.focus.lower() for made in deliverables)
        candidate = _score(topic if unclear else named, rank + 0.5 * made + bonus, heard, later=position > 0)
        counted = topic[:1].isdigit() and _is_looked_at(clause.action, catalog)
        yield replace(candidate, sure=clause.heading or made or counted)
        if made and (head := _whole_of(clause)):
            yield replace(_score(head, rank + 2 - clause.heading + bonus, heard), sure=True, thing=True)


def _score(topic: str, score: float, heard: Counter[str], *, later: bool = False) -> _Candidate:
    """Return a candidate; what comes again in other clauses names the whole better, a common noun worse."""
    words = split_words(topic)
    if not words or words[0].lower in PREPOSITIONS or SIZE.match(topic) or words[0].lower in _NO_TOPIC:
        return _Candidate("", 99)
    again = sum(1 for word in words if len(word.lower) > _SHORTEST_TELLING and heard[word.stem] > 1)
    heads = split_words(head_of(topic))
    head = heads[-1].lower if heads else ""
    told = sum(1 for word in words if word.lower not in PREPOSITIONS and word.lower not in DETERMINERS | {"and", "or"})
    own = bool(_OWN.match(topic)) and told > 1  # "our blog posts" are known things, "our posts" hardly
    common = (head in _COMMON and told < _TOLD_ENOUGH and not own) or head in ("one", "ones")
    vague = words[0].lower in ("both", "each", "these", "all", "some") or (len(words) < 3 and words[0].lower in _COUNTS)
    if later and words[0].lower == "the" and not again and len(words) < _TOLD_ENOUGH:
        score += 1.5  # something that follows from what was named before ("the fuel saved")
    return _Candidate(
        topic, score - min(again, 2) + 3 * common + 2 * (len(words) < 2) + 2 * vague + 2 * (words[0].lower == "both")
    )


_NO_TOPIC = frozenset("see one it ones us me you them everything anything something no yes online".split())
_OWNED_BY_OTHER = re.compile(r"\b(?:its|their|his|her)\b", re.I)
_OWN = re.compile(r"(?:our|my)\s", re.I)
"""Somebody's own thing that is asked about: no situation names the whole better."""

_COUNTS = frozenset("two three four five six seven eight nine ten twelve twenty".split())
_EACH_OF = re.compile(r"\bfor each of (?P<what>(?:the|our|these|my)\s+[^,]{3,60})$", re.I)
_TOO_VAGUE = 4.5
_ANSWER = 3
"""How much worse a question names the whole than the situation it is asked about [assumption]."""
_MANNERS = frozenset("keep include mention cite respect justify use ensure omit guarantee note".split())
"""Verbs that say how something is done, not what is done."""


def _whole_of(clause: Clause) -> str:
    """Return the thing itself that is made, where nothing is said of what it is about ("a children's book")."""
    head = head_of(clause.focus)
    article = clause.focus.split(maxsplit=1)[0].lower()
    return f"{article} {head}" if article in ("a", "an", "the", "our", "my") and head else head


def _situation_of(clause: Clause) -> str:
    """Return what a statement about the situation is about: "a trade fair" in "I have a trade fair coming up"."""
    found = _SITUATION.match(clause.text)
    if not found:
        trouble = _IN_TROUBLE.match(clause.text)
        return lower_first(trouble["what"]) if trouble else ""
    what = _HOLDER.sub("", _AHEAD.sub("", found["what"])).strip(" ,.")
    what = _HOW_OFTEN.sub("", _TOLD_TOO.sub("", _RELATIVE.sub("", what)))
    return "" if _DOING.match(what) else core_of(what)


_FROM_TO = re.compile(r"^from\s+.{2,60}?\s+to\s+(?P<what>\S+\s+\S.*)$", re.I | re.S)
"""A heading that names begin and end of the work ("from a rough idea to a finished board book")."""

_SITUATION = re.compile(
    r"^(?:(?:i|we|our\s+[\w-]+|my\s+[\w-]+|the\s+(?:user|customer|client))\s+(?:already\s+)?|(?=take\s|here is|attached is))(?:here is|attached is|have (?:had|[a-z]+ed|bought|built|got)|have|has|had|got|get|gets|received|receive|run|runs|own|manage|sell|"
    r"operate|offer|plan|(?:are|am)(?=\s+an?\s)|teach|(?:are|am)\s+(?:also\s+)?[a-z]+ing(?:\s+(?:of|about|to|into|on)(?:\s+[a-z]+ing)?)?|inherited|bought|collected|keep|host|upload|uploads|send|sends|provides?|take)\s+(?P<what>.{3,})$",
    re.I | re.S,
)
_IN_TROUBLE = re.compile(
    r"^(?P<what>(?:our|my)\s+(?:[\w'’-]+\s+){0,3}?[\w'’-]+)\s+(?:is|are|was|keeps?|has|have|had|los(?:es|e|t)|gets?|won['’]t|doesn['’]t|don['’]t|"
    r"isn['’]t|aren['’]t|can['’]t|fell|dropped|drags?|smells?|breaks?|fails?|stopped|takes?|costs?|crash(?:es)?|went)(?:\s|$)",
    re.I,
)
"""A complaint: "our checkout keeps timing out" is about our checkout."""

_AHEAD = re.compile(
    r",?\s*\b(?:is |are )?(?:coming up|coming soon|ahead of us|ahead|upcoming|planned|next (?:week|month|year)|soon)\b",
    re.I,
)
_HOLDER = re.compile(
    r"^(?:an?|the|our|my|some|this|these)?\s*(?:[\w-]+\s+)?(?:folder|csv|csv file|file|files|list|spreadsheet|export|exports|set|pile|table|collection|stack|"
    r"photo|photos)\s+(?:of|with)\s+",
    re.I,
)
_HOW_OFTEN = re.compile(r"\s+(?:an?|per|each|every)\s+(?:hour|day|night|week|month|quarter|year|season)$", re.I)
_DOING = re.compile(r"^[a-z]{3,}ing\s", re.I)
_TOLD_TOO = re.compile(r"\s+(?:and|but)\s+(?:[\w'’-]+\s+){1,2}(?:is|are|was|were|has|have|[a-z]+ed)\b.*$", re.I | re.S)
"""A second thing told in the same breath ("we sell candles and sales are flat")."""

_RELATIVE = re.compile(r"\s+(?:that|which|who)\s.*$", re.I | re.S)

_TOPIC_VERB = re.compile(r"^(?:choosing|the topic is|how to choose)\s+", re.I)
_SHORTEST_TELLING = 3
_TOLD_ENOUGH = 4
_COMMON = frozenset(
    "finding findings result results comment comments reason reasons cause causes error errors saving savings effort response "
    "draft call application decision decisions discussion objection objections improvement improvements win wins gap gaps note "
    "notes post posts question questions requirement requirements compliance test tests step steps spam argument arguments data "
    "request analysis contact details answer answers work list everything member members team sentence sentences theme themes "
    "significance patch pattern output outputs duplicate duplicates fix solution option options topic problem problems feedback "
    "issue issues task tasks criteria plan narrative content text texts owner owners report deviation deviations caption captions "
    "point points assumption assumptions investment returns law description prompts dialogue company form profile certificate certificates candidate candidates "
    "document documents idea ideas version versions moment moments bug".split()
)
"""Nouns of any trade: alone they do not say what the whole is about."""

_DETERMINED = frozenset("our my the this these a an last all".split())


def _is_looked_at(action: str, catalog: Catalog) -> bool:
    """True for a verb whose object is there: "250 supplier invoices" that are checked are what it is about."""
    return bool(action) and catalog.verb_activities.get(stem(action.split()[-1])) in ("research", "analyze", "review")


def _rank(action: str, catalog: Catalog) -> float:
    activity = catalog.verb_activities.get(stem(action.split()[-1])) if action else None
    return _TELLING[activity] if activity else 1.5

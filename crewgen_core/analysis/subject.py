"""Says in a few of its own words what an objective is about."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from crewgen_core.analysis.clause import Clause, is_question
from crewgen_core.analysis.phrasing import core_of, drop_from, drop_limits, head_of, lower_first, name_question, shorten
from crewgen_core.analysis.verbs import DETERMINERS, PREPOSITIONS
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.models.analysis import Analysis, Deliverable, RequiredSkill, StatedConstraints, Workstream

_ABOUT = tuple(
    re.compile(rf"\b(?:{prepositions})\s+(?P<topic>.+)$", re.I)
    for prepositions in ("about|on|covering|regarding|concerning|explaining", "of|into", "for", "to")
)
"""What a text is about comes after one of these; the first kind tells it most clearly."""

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
    asked = _asked_stems(skills)
    found = sorted(_candidates(clauses, deliverables, constraints, asked, catalog), key=lambda one: one.score)
    candidates = _told_in_full([one for one in found if len(one.topic) > 2], clauses)
    for candidate in candidates:
        if candidate.thing and constraints.inputs and not constraints.inputs[0].startswith(("a ", "an ")):
            continue  # what is brought tells more than what is made of it
        if candidate.score < _TOO_VAGUE and (candidate.sure or not _says_no_more(candidate.topic, asked)):
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
    names = _names_of(deliverables, catalog)
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
        topic = _topic_of(clause.action, core_of(clause.focus), names, constraints.audience, asked, catalog)
        topic = core_of(topic) if topic else ""
        named = name_question(topic)
        question = named != topic
        unclear = named.startswith(("the question", "the decision"))
        rank = _rank(clause.action, catalog) + 2 * bool(clause.borrowed) + question + _TOO_VAGUE * unclear
        rank += _ANSWER * clause.asks
        rank += 2.5 * bool(_OWNED_BY_OTHER.search(clause.text[: clause.object_start + 8]))
        made = any(made.name.lower() in clause.focus.lower() for made in deliverables)
        candidate = _score(topic if unclear else named, rank + 0.5 * made + bonus, heard, later=position > 0)
        yield replace(candidate, sure=clause.heading or made)
        if made and (head := _whole_of(clause)):
            yield replace(_score(head, rank + 2 - clause.heading + bonus, heard), sure=True, thing=True)


def _score(topic: str, score: float, heard: Counter[str], *, later: bool = False) -> _Candidate:
    """Return a candidate; what comes again in other clauses names the whole better, a common noun worse."""
    words = split_words(topic)
    if not words or words[0].lower in PREPOSITIONS or _SIZE.match(topic) or words[0].lower in _NO_TOPIC:
        return _Candidate("", 99)
    again = sum(1 for word in words if len(word.lower) > _SHORTEST_TELLING and heard[word.stem] > 1)
    heads = split_words(head_of(topic))
    head = heads[-1].lower if heads else ""
    told = sum(1 for word in words if word.lower not in PREPOSITIONS and word.lower not in DETERMINERS | {"and", "or"})
    common = (head in _COMMON and told < _TOLD_ENOUGH) or head in ("one", "ones")
    vague = words[0].lower in ("both", "each", "these", "all", "some") or (len(words) < 3 and words[0].lower in _COUNTS)
    if later and words[0].lower == "the" and not again and len(words) < _TOLD_ENOUGH:
        score += 1.5  # something that follows from what was named before ("the fuel saved")
    return _Candidate(
        topic, score - min(again, 2) + 3 * common + 2 * (len(words) < 2) + 2 * vague + 2 * (words[0].lower == "both")
    )


_NO_TOPIC = frozenset("see one it ones us me you them everything anything something no yes online".split())
_OWNED_BY_OTHER = re.compile(r"\b(?:its|their|his|her)\b", re.I)
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
    what = _TOLD_TOO.sub("", _RELATIVE.sub("", what))
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
_DOING = re.compile(r"^[a-z]{3,}ing\s", re.I)
_TOLD_TOO = re.compile(r"\s+(?:and|but)\s+(?:[\w'’-]+\s+){1,2}(?:is|are|was|were|has|have|[a-z]+ed)\b.*$", re.I | re.S)
"""A second thing told in the same breath ("we sell candles and sales are flat")."""

_RELATIVE = re.compile(r"\s+(?:that|which|who)\s.*$", re.I | re.S)
_SIZE = re.compile(
    r"^(?:about |around |at most |up to |at least )?(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)[\s-]+"
    r"(?:chapters?|words?|pages?|slides?|minutes?|parts?|items?|lessons?|sentences?|versions?|hours?|days?|weeks?|lines?|points?)\b(?!\s+(?:about|on|of)\b)",
    re.I,
)
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


def find_topic(stream: Workstream, analysis: Analysis, catalog: Catalog) -> str:
    """Return what the work on a workstream is about.

    Of "a blog post about remote work" that is "remote work"; where the clause names only the deliverable, or nothing but
    numbers and readers ("two for the board"), it is the subject of the whole objective.
    """
    names = _names_of(analysis.deliverables, catalog)
    asked = _asked_stems(analysis.skills)
    topic = _topic_of(stream.action, core_of(stream.focus), names, analysis.constraints.audience, asked, catalog)
    topic = core_of(topic) if topic else ""
    if _SIZE.match(topic) or (stream.action and is_question(stream.focus)):
        return analysis.subject
    if topic.lower().startswith(("in ", "to ")) and stream.focus != analysis.subject:
        return analysis.subject
    return topic if any(word.lower not in _EMPTY for word in split_words(topic)) else analysis.subject


def _names_of(deliverables: Sequence[Deliverable], catalog: Catalog) -> list[str]:
    """Return the names of texts and plans, which are about something else; what is built is about itself."""
    return [
        made.name.lower()
        for made in deliverables
        if made.artefact in catalog.artefacts and catalog.artefacts[made.artefact].stage != "product"
    ]


def _says_no_more(topic: str, asked: Collection[str]) -> bool:
    """True when the topic only repeats the kind of work ("a sales pitch")."""
    words = split_words(topic)
    if words and words[0].lower in ("in", "to", "with"):
        return True
    if words and (words[-1].lower in _WHOLES or words[0].lower in ("our", "my", "this", "these", "all")):
        return False
    return all(word.stem in asked or word.lower in _EMPTY or word.lower.isdigit() for word in words)


def _asked_stems(skills: Sequence[RequiredSkill]) -> frozenset[str]:
    """Return the stems of the words that call for skills: they say what kind of work it is, not what it is about."""
    return frozenset(word.stem for skill in skills for said in skill.evidence for word in split_words(said))


def _topic_of(
    action: str, focus: str, deliverables: Sequence[str], audience: str, asked: Collection[str], catalog: Catalog
) -> str:
    """Return what is worked on: of "a market analysis of plant-based cheese", "plant-based cheese".

    Empty when the clause names the deliverable and nothing else.
    """
    focus = drop_limits(focus)
    focus = drop_from(f" {focus}", "for|to|aimed at", audience).strip()
    if not focus:
        return ""
    sized = _SIZED.match(focus)
    if sized:
        return sized["topic"]
    focus = _MEANS.sub("", focus) or focus
    form = _FORM.search(focus)
    if form and form.start() > 2 and any(word.stem in asked for word in split_words(form.group("what"))):
        focus = focus[: form.start()]
    verb = stem(action.split()[-1]) if action else ""
    activity = catalog.verb_activities.get(verb)
    named = next((n for n in deliverables if n in focus.lower() and n.split()[-1] not in _BUILT), None)
    if named and catalog.verb_groups.get(verb) not in _IMPROVES:
        return _topic_behind(focus, named, audience, asked)
    studied = activity not in ("write", "make", None)
    if verb in _TEACHING:
        focus = _TAUGHT.sub("", focus) or focus
    if verb in _SEARCHING:
        focus = _PURPOSE.sub("", focus) or focus
    people = _FOR_A_NUMBER.search(focus) if activity in ("plan", "operate", None) else None
    return focus if people else _drop_kind(focus, asked, studied=studied, written=activity == "write")


_IMPROVES = frozenset({"improve", "better"})
"""Groups of verbs whose object is there already: what they name is what the work is about."""


def _topic_behind(focus: str, named: str, audience: str, asked: Collection[str]) -> str:
    """Return what comes behind the deliverable's name, as far as it is no reader; empty when there is nothing."""
    rest = drop_from(" " + focus[focus.lower().find(named) + len(named) :], "for|to|aimed at", audience)
    direct = _DIRECT.match(rest)
    if direct:
        return _drop_additions(direct.group("topic"), asked)
    for pattern in _ABOUT:
        about = pattern.search(rest)
        if about:
            return _drop_additions(about.group("topic"), asked)
    return ""


def _drop_kind(focus: str, asked: Collection[str], *, studied: bool, written: bool) -> str:
    """Drop the kind of work at the beginning ("a pricing strategy for"), if words that call for a skill name it.

    What a thing is in ("vulnerabilities in our login flow") is a topic only where something is ``studied``; what it is about
    ("a bibliography on corals") always is where something is ``written``.
    """
    kind = _KIND.match(focus)
    noun = split_words(kind.group("kind"))[-1] if kind else None
    told = written and kind is not None and kind.group("joint").lower() not in ("of", "for", "in", "at")
    if not kind or not noun or not (told or noun.stem in asked) or noun.lower in _WHOLES | _BUILT:
        return focus
    if kind.group("kind")[:1].isdigit() and not studied and kind.group("joint") == "for":
        return focus
    if kind.group("inside") and not (studied and _OWNED.match(kind.group("topic"))):
        return focus
    return _drop_additions(kind.group("topic"), asked)


def _drop_additions(topic: str, asked: Collection[str]) -> str:
    """Drop how long it lasts and what else it has ("a week for", "with tests"): the topic stands without."""
    bare = _INCLUDED.sub("", _ADDITION.sub("", _DURATION.sub("", topic))).strip(" ,")
    tail = _WITH.search(bare)
    if tail and any(word.stem in asked or word.stem in _EXTRAS for word in split_words(tail.group("what"))):
        bare = bare[: tail.start()]
    return bare if len(bare) > 2 else topic


_KIND = re.compile(
    r"^(?P<kind>(?:(?!of|for|in|to|on|with|from|by|and|about)[\w'’/&.+#-]+\s+){0,6}(?!of|for|in|to|on|with|from|by|and|about)[\w'’/&.+#-]+)\s+"
    r"(?P<joint>about|on|covering|regarding|concerning|explaining|of|for|(?P<inside>in|at))\s+"
    r"(?P<topic>(?!(?:the\s+)?(?:last|next|this|yesterday|today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|each|every|"
    r"it|them|us|me|january|february|march|april|june|july|august|september|october|november|december|q[1-4])\b)"
    r"(?!\d+\s+(?:words|pages|days|weeks|months|minutes)\b)\S.*)$",
    re.I,
)
_OWNED = re.compile(r"(?:our|the|my|an?|this|these)\s", re.I)

_WHOLES = frozenset(
    "wedding party conference event offsite retreat trip holiday festival hackathon workshop webinar meetup gala reunion "
    "run tour fair job role position game breach leak outage incident attack".split()
)
"""Things that stay themselves with what follows: a wedding for 80 guests is not about the guests."""

_BUILT = frozenset(
    "app application api chatbot bot assistant game tool script extension plugin service program library microservice "
    "prototype marketplace adventure room".split()
)
"""Things that are built, for which the same holds: an app for gardeners is tested, not the gardeners."""

_DIRECT = re.compile(
    r"^\s+(?:about|on|of|for|covering|regarding|explaining)\s+(?P<topic>(?!\w+\s+(?:words|pages|slides|minutes)\b)\S.*)$",
    re.I,
)
_TAUGHT = re.compile(
    r"\s+to\s+(?:(?:[a-z-]+\s)?[a-z-]+s$|my|our|an?|the|[\w-]+-year-olds?|children|kids|laypeople|beginners)\b.*$", re.I
)
"""Whom something is explained to."""

_TEACHING = frozenset(map(stem, ("explain", "teach", "describe")))

_FOR_A_NUMBER = re.compile(r"\sfor\s\d", re.I)
"""What is planned for a number of people is not about them ("a team day for 30 accountants")."""

_SIZED = re.compile(r"^(?:about |at most )?\d[\d,]*\s+(?:words|pages|slides)\s+(?:about|on)\s+(?P<topic>.{4,})$", re.I)
_MEANS = re.compile(r"\s+(?:using|based on)\s.*$", re.I)
_FORM = re.compile(r"\s+(?:in|as|into)\s+an?\s+(?P<what>.+)$", re.I)
"""In which form the result comes ("in a newsletter of 500 words")."""

_DURATION = re.compile(
    r"^(?:an?|one|two|three|four|five|six|seven|ten|\d+)\s+(?:day|week|month|year)s?\s+(?:for|in|of)\s+", re.I
)
_ADDITION = re.compile(
    r",?\s+(?:including|together with|complete with|as well as|using|based on)\b.*$",
    re.I,
)
_WITH = re.compile(r",?\s+with\s+(?P<what>.+)$", re.I)
_EXTRAS = frozenset(
    map(
        stem,
        "recommendations examples sources answers costs tests documentation steps figures charts images deadlines owners".split(),
    )
)
"""What a result may have in addition: it says nothing about the topic."""

_INCLUDED = re.compile(
    r",\s+[^,]{3,40}\s+included$|\s+with\s+an?\s+(?:rubric|budget|timeline|deadline|checklist|summary)$", re.I
)
_PURPOSE = re.compile(r"\s+for\s+(?!(?:the|a|an|our|my|\d+|each|every|two|three|four|five|ten)\b).*$", re.I)
"""What a check or search looks for ("our website for accessibility problems")."""

_SEARCHING = frozenset(
    map(
        stem,
        (
            "audit",
            "check",
            "scan",
            "analyze",
            "review",
            "inspect",
            "test",
            "search",
            "screen",
            "examine",
            "score",
            "rank",
            "rate",
            "evaluate",
            "assess",
            "grade",
        ),
    )
)

_DETERMINED = frozenset("our my the this these a an last all".split())

_EMPTY = frozenset(
    "problems issues errors faults a an the one two three four five six seven eight nine ten it them this that these those all each every result results "
    "best top most ones same our your their it's which what for".split()
)


def _rank(action: str, catalog: Catalog) -> float:
    activity = catalog.verb_activities.get(stem(action.split()[-1])) if action else None
    return _TELLING[activity] if activity else 1.5

"""Says in a few of its own words what an objective is about."""

import re
from collections.abc import Collection, Sequence

from crewgen_core.analysis.phrasing import drop_from, drop_limits, shorten
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
    streams: Sequence[Workstream],
    skills: Sequence[RequiredSkill],
    deliverables: Sequence[Deliverable],
    constraints: StatedConstraints,
    catalog: Catalog,
) -> str:
    """Return what the whole objective is about, at most twelve words of its own."""
    names = [deliverable.name.lower() for deliverable in deliverables]
    asked = _asked_stems(skills)
    ranked = sorted(enumerate(streams), key=lambda item: _rank(item[1], item[0], names, catalog))
    for _, stream in ranked:
        topic = _topic_of(stream, names, constraints.audience, asked, catalog)
        for source in constraints.inputs:
            topic = drop_from(topic, "from|using|based on", source)
        if len(topic) > 2 and not _says_no_more(topic, asked):
            return shorten(topic, _LONGEST_SUBJECT)
    if constraints.inputs:
        given = constraints.inputs[0]
        told = given.split()[0].lower() in _DETERMINED or (given[:1].isdigit() and " " in given)
        return shorten(given if told else f"the {given}", _LONGEST_SUBJECT)
    for _, stream in ranked:
        topic = _topic_of(stream, names, "", asked, catalog)
        if len(topic) > 2 and not _says_no_more(topic, asked):
            return shorten(topic, _LONGEST_SUBJECT)
    return shorten(streams[0].focus, _LONGEST_SUBJECT)


def find_topic(stream: Workstream, analysis: Analysis, catalog: Catalog) -> str:
    """Return what the work on a workstream is about.

    Of "a blog post about remote work" that is "remote work"; where the clause names only the deliverable, or nothing but
    numbers and readers ("two for the board"), it is the subject of the whole objective.
    """
    names = [deliverable.name.lower() for deliverable in analysis.deliverables]
    asked = _asked_stems(analysis.skills)
    topic = _topic_of(stream, names, analysis.constraints.audience, asked, catalog)
    if topic.lower().startswith(("in ", "to ")) and stream.focus != analysis.subject:
        return analysis.subject
    return topic if any(word.lower not in _EMPTY for word in split_words(topic)) else analysis.subject


def _says_no_more(topic: str, asked: Collection[str]) -> bool:
    """True when the topic only repeats the kind of work ("a sales pitch")."""
    words = split_words(topic)
    if words and words[0].lower in ("in", "to", "with"):
        return True
    if words and (words[-1].lower in _WHOLES or words[0].lower in ("our", "my", "this", "these")):
        return False
    return all(word.stem in asked or word.lower in _EMPTY or word.lower.isdigit() for word in words)


def _asked_stems(skills: Sequence[RequiredSkill]) -> frozenset[str]:
    """Return the stems of the words that call for skills: they say what kind of work it is, not what it is about."""
    return frozenset(word.stem for skill in skills for said in skill.evidence for word in split_words(said))


def _topic_of(
    stream: Workstream, deliverables: Sequence[str], audience: str, asked: Collection[str], catalog: Catalog
) -> str:
    """Return what is worked on: of "a market analysis of plant-based cheese", "plant-based cheese".

    Empty when the clause names the deliverable and nothing else.
    """
    focus = drop_limits(stream.focus)
    focus = drop_from(f" {focus}", "for|to|aimed at", audience).strip()
    if not focus:
        return ""
    focus = _MEANS.sub("", focus) or focus
    form = _FORM.search(focus)
    if form and form.start() > 2 and any(word.stem in asked for word in split_words(form.group("what"))):
        focus = focus[: form.start()]
    named = next((n for n in deliverables if n in focus.lower() and n.split()[-1] not in _BUILT), None)
    if named:
        return _topic_behind(focus, named, audience, asked)
    verb = stem(stream.action.split()[-1]) if stream.action else ""
    activity = catalog.verb_activities.get(verb)
    studied = activity not in ("write", "make", None)
    if verb in _TEACHING:
        focus = _TAUGHT.sub("", focus) or focus
    if verb in _SEARCHING:
        focus = _PURPOSE.sub("", focus) or focus
    people = _FOR_A_NUMBER.search(focus) if activity in ("plan", "operate") else None
    return focus if people else _drop_kind(focus, asked, studied=studied)


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


def _drop_kind(focus: str, asked: Collection[str], *, studied: bool) -> str:
    """Drop the kind of work at the beginning ("a pricing strategy for"), if words that call for a skill name it.

    What a thing is in ("vulnerabilities in our login flow") is a topic only where something is ``studied``.
    """
    kind = _KIND.match(focus)
    noun = split_words(kind.group("kind"))[-1] if kind else None
    if not kind or not noun or noun.stem not in asked or noun.lower in _WHOLES | _BUILT:
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
    r"(?P<topic>(?!(?:last|next|this|yesterday|today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|each|every|"
    r"it|them|us|me|january|february|march|april|june|july|august|september|october|november|december|q[1-4])\b)"
    r"(?!\d+\s+(?:words|pages|days|weeks|months|minutes)\b)\S.*)$",
    re.I,
)
_OWNED = re.compile(r"(?:our|the|my|an?|this|these)\s", re.I)

_WHOLES = frozenset(
    "wedding party conference event offsite retreat trip holiday festival hackathon workshop webinar meetup gala reunion "
    "run tour fair job role position game".split()
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
_TAUGHT = re.compile(r"\s+to\s+(?:my|our|an?|the|[\w-]+-year-olds?|children|kids|laypeople|beginners)\b.*$", re.I)
"""Whom something is explained to."""

_TEACHING = frozenset(map(stem, ("explain", "teach", "describe")))

_FOR_A_NUMBER = re.compile(r"\sfor\s\d", re.I)
"""What is planned for a number of people is not about them ("a team day for 30 accountants")."""

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
    map(stem, ("audit", "check", "scan", "analyze", "review", "inspect", "test", "search", "screen", "examine"))
)

_DETERMINED = frozenset("our my the this these a an last all".split())

_EMPTY = frozenset(
    "problems issues errors faults a an the one two three four five six seven eight nine ten it them this that these those all each every result results "
    "best top most ones same our your their it's which what for".split()
)


def _rank(stream: Workstream, position: int, deliverables: Sequence[str], catalog: Catalog) -> tuple[int, int]:
    activity = catalog.verb_activities.get(stem(stream.action)) if stream.action else None
    telling = _TELLING[activity] if activity else 2
    names_deliverable = any(name in stream.focus.lower() for name in deliverables)
    return telling + 2 * names_deliverable + (4 if len(split_words(stream.focus)) < 2 else 0), position

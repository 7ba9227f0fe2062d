"""Says what one piece of work is about."""

import re
from collections.abc import Collection, Sequence

from crewgen_core.analysis.clause import is_question
from crewgen_core.analysis.phrasing import core_of, drop_from, drop_limits, head_of
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words, stem
from crewgen_core.models.analysis import Analysis, Deliverable, RequiredSkill, Workstream

_ABOUT = tuple(
    re.compile(rf"\b(?:{prepositions})\s+(?P<topic>.+)$", re.I)
    for prepositions in ("about|on|covering|regarding|concerning|explaining", "of|into", "for", "to")
)
"""What a text is about comes after one of these; the first kind tells it most clearly."""

SIZE = re.compile(
    r"^(?:about |around |at most |up to |at least )?(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)[\s-]+"
    r"(?:chapters?|words?|pages?|slides?|minutes?|parts?|items?|lessons?|sentences?|versions?|hours?|days?|weeks?|lines?|points?)\b(?!\s+(?:about|on|of|weeks?|years?|shifts?|trips?|projects?|contracts?|rules?)\b)",
    re.I,
)


def find_topic(stream: Workstream, analysis: Analysis, catalog: Catalog) -> str:
    """Return what the work on a workstream is about.

    Of "a blog post about remote work" that is "remote work"; where the clause names only the deliverable, or nothing but
    numbers and readers ("two for the board"), it is the subject of the whole objective.
    """
    names = find_names(analysis.deliverables, catalog)
    asked = find_asked_stems(analysis.skills)
    topic = read_topic(stream.action, core_of(stream.focus), names, analysis.constraints.audience, asked, catalog)
    topic = core_of(topic) if topic else ""
    if SIZE.match(topic) or (stream.action and is_question(stream.focus)):
        return analysis.subject
    if topic.lower().startswith(("in ", "to ")) and stream.focus != analysis.subject:
        return analysis.subject
    return topic if any(word.lower not in _EMPTY for word in split_words(topic)) else analysis.subject


def find_names(deliverables: Sequence[Deliverable], catalog: Catalog) -> list[str]:
    """Return the names of texts and plans, which are about something else; what is built is about itself."""
    return [
        made.name.lower()
        for made in deliverables
        if made.artefact in catalog.artefacts and catalog.artefacts[made.artefact].stage != "product"
    ]


def says_no_more(topic: str, asked: Collection[str]) -> bool:
    """True when the topic only repeats the kind of work ("a sales pitch")."""
    words = split_words(topic)
    if words and words[0].lower in ("in", "to", "with"):
        return True
    if words and (words[-1].lower in _WHOLES or words[0].lower in ("our", "my", "this", "these", "all")):
        return False
    return all(word.stem in asked or word.lower in _EMPTY or word.lower.isdigit() for word in words)


def find_asked_stems(skills: Sequence[RequiredSkill]) -> frozenset[str]:
    """Return the stems of the words that call for skills: they say what kind of work it is, not what it is about."""
    return frozenset(word.stem for skill in skills for said in skill.evidence for word in split_words(said))


def read_topic(
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
    named = next((n for n in deliverables if n in focus.lower() and head_of(n).split()[-1] not in _BUILT), None)
    condensed = catalog.verb_groups.get(verb) == "summarize" or activity in ("research", "analyze", "review")
    led_to = _LEADS_TO.search(focus[: focus.lower().find(named)]) if named and condensed else None
    if led_to:
        focus = focus[: led_to.start()]
    elif named and catalog.verb_groups.get(verb) not in _IMPROVES:
        return _topic_behind(focus, named, audience, asked)
    studied = activity not in ("write", "make", None)
    if verb in _TEACHING:
        focus = _TAUGHT.sub("", focus) or focus
    if verb in _SEARCHING:
        focus = _PURPOSE.sub("", focus) or focus
    people = _FOR_A_NUMBER.search(focus) if activity in ("plan", "operate", None) else None
    return focus if people else _drop_kind(focus, asked, catalog, studied=studied, written=activity == "write")


_LEADS_TO = re.compile(r"\s+for\s+(?:an?|the|our|my)\s+(?:[\w-]+\s+)?$", re.I)
"""What stands in front of the deliverable that it is for: "60 interviews for a policy brief"."""

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


def _drop_kind(focus: str, asked: Collection[str], catalog: Catalog, *, studied: bool, written: bool) -> str:
    """Drop the kind of work at the beginning ("a pricing strategy for"), if words that call for a skill name it.

    What a thing is in ("vulnerabilities in our login flow") is a topic only where something is ``studied``; what it is about
    ("a bibliography on corals") always is where something is ``written``.
    """
    kind = None if is_question(focus) else _KIND.match(focus)
    words = split_words(kind.group("kind")) if kind else ()  # none where it is nothing but signs ("/ for 10 readers")
    noun = words[-1] if words else None
    told = written and kind is not None and kind.group("joint").lower() not in ("of", "for", "in", "at")
    if not kind or not noun or not (told or noun.stem in asked) or noun.lower in _WHOLES | _BUILT:
        return focus
    if kind.group("kind")[:1].isdigit() and not studied and kind.group("joint") == "for":
        return focus
    if kind.group("inside") and not (studied and _OWNED.match(kind.group("topic"))):
        return focus
    bought = _find_bought(kind, asked, catalog)
    return _drop_additions(f"{bought} for {kind.group('topic')}" if bought else kind.group("topic"), asked)


def _find_bought(kind: re.Match[str], asked: Collection[str], catalog: Catalog) -> str:
    """Return what a supplier supplies, where it is said in front and somebody follows who gets it.

    "Three payroll providers for a company of 60" supply payroll; "suppliers for recycled packaging" say it behind.
    """
    *before, supplier = split_words(kind.group("kind"))
    if supplier.stem not in _SUPPLIERS or kind.group("joint").lower() != "for" or not _BUYER.match(kind.group("topic")):
        return ""
    told = [word for word in before if word.stem not in asked]
    while told and (told[0].stem not in catalog.known_stems or _DESCRIBES.match(told[0].lower)):
        told = told[1:]  # "two reliable payroll providers"
    return kind.group("kind")[told[0].start : before[-1].end] if told else ""


def _drop_additions(topic: str, asked: Collection[str]) -> str:
    """Drop how long it lasts and what else it has ("a week for", "with tests"): the topic stands without."""
    bare = _INCLUDED.sub("", _ADDITION.sub("", _DURATION.sub("", topic))).strip(" ,")
    tail = _WITH.search(bare)
    if tail and any(word.stem in asked or word.stem in _EXTRAS for word in split_words(tail.group("what"))):
        bare = bare[: tail.start()]
    return bare if len(bare) > 2 else topic


_KIND = re.compile(
    r"^(?P<kind>(?:(?!of|for|in|to|on|with|from|by|and|about|if|we|they|when|that|which)[\w'’/&.+#-]+\s+){0,6}(?!of|for|in|to|on|with|from|by|and|about|if|we|they|when|that|which)[\w'’/&.+#-]+)\s+"
    r"(?P<joint>about|on|covering|regarding|concerning|explaining|of|for|(?P<inside>in|at))\s+"
    r"(?P<topic>(?!(?:the\s+)?(?:last|next|this|yesterday|today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|each|every|"
    r"it|them|us|me|january|february|march|april|june|july|august|september|october|november|december|q[1-4])\b)"
    r"(?!\d+\s+(?:words|pages|days|weeks|months|minutes)\b)\S.*)$",
    re.I,
)
_OWNED = re.compile(r"(?:our|the|my|an?|this|these)\s", re.I)
_BUYER = re.compile(r"(?:our|the|my|an?|this|these|all|\d[\d,.]*|two|three|four|five|six)\s", re.I)
_SUPPLIERS = frozenset(
    map(stem, ("supplier", "provider", "vendor", "seller", "contractor", "manufacturer", "wholesaler", "distributor"))
)
"""Those who supply something; what they supply stands in front of them."""

_DESCRIBES = re.compile(
    r"(?:\w+(?:able|ible|ed|ous|ful)|an?|the|our|two|three|four|five|six|seven|eight|nine|ten|new|good|better|best|top|cheap|cheaper|"
    r"local|regional|national|foreign|alternative|possible|potential|different|second|other|small|large|big|fair|current)$"
)
"""Words in front of a supplier that say what it is like, not what it supplies."""


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
_MEANS = re.compile(r"(?<!\bof)\s+(?:using|based on)\s.*$", re.I)
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

_EMPTY = frozenset(
    "problems issues errors faults a an the one two three four five six seven eight nine ten it them this that these those all each every result results "
    "best top most ones same our your their it's which what for".split()
)

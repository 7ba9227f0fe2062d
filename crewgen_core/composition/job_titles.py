"""Titles for roles of every field: what an agent works on, and its trade ("Churn Analyst", "Tour Venue Researcher")."""

import re
from collections.abc import Sequence

from crewgen_core.analysis.question_names import name_question
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Role
from crewgen_core.catalog.words import Word, split_words
from crewgen_core.composition.short_names import name_shortly
from crewgen_core.models.analysis import Analysis

_LONGEST_TOPIC = 3
_LONGEST_WORD = 40
_SHORTEST_PLURAL = 5

_NO_TOPIC = frozenset(
    "against between among over under after before during per within without across through until since than whether "
    "if a an the this that these those and or but for to from in into on of with by at as about via using given why "
    "how what which who when where is are was were be been our my your their its his her we i you they it several "
    "some many new good best top short small simple large great all any each every more most next last first certain "
    "much vs versus both either online should could would can will must may might did does do up whom whose "
    "one two three four five six seven eight nine ten rose fell dropped important upcoming specific complete full "
    "chosen single main different various result results topic question decision thing things material work job task "
    "output objective text texts content information someone everyone everything something them him me us ones move "
    "moves board gap gaps cause causes reason reasons remedies way ways list lists people attendees least time day "
    "days week month year hour written kind step steps part parts".split()
)
"""Words that say nothing of what an agent works on, or cannot stand in a title."""

_ADJECTIVES = ("ed", "ous", "ful", "able", "ible", "ional")
"""Endings of words that only describe a thing: alone they name nobody's trade ("Suitable Researcher")."""

_SIZE = re.compile(r"\b[\w]+-(?:page|day|word|minute|hour|week|month|year|step|part|slide|person|host)s?\b", re.I)
_JOINT = re.compile(r"\s*(?:&|and|,|/)\s+")
_RELATION = re.compile(
    r"^(?:an?|the)\s+(?:[\w-]+\s+)?(?:amount|number|differences?|effects?|impact|influence|consequences|launch|choice|lack)\s+(?:of|between|on|in)\s+(?=\S)",
    re.I,
)
"""What says of something how much, how different or what follows: nobody's trade."""
_OWNER = re.compile(r"^(?:the|our|my|your|their|its|his|her)\s+|^(?:[\w-]+\s+){0,2}?[\w-]+['’]s?\s+(?=\w)", re.I)


def write_job_title(role: Role, phrases: Sequence[str], analysis: Analysis, catalog: Catalog) -> str:
    """Return the role's title; a role of every field gets the first of the phrases in front that can stand there.

    The phrases say what the agent works on, the most telling first.
    """
    if not role.generic or analysis.written_in != "English":
        return role.title
    topics = (_topic_of(phrase, catalog) for phrase in phrases)
    topic = next((topic for topic in topics if topic), "") or _field_of(analysis, catalog)
    if not topic:
        return role.title
    head = role.head or role.title
    own = {word.stem for word in split_words(head)}
    kept = [word for word in topic.split() if split_words(word) and split_words(word)[0].stem not in own]
    return f"{' '.join(kept)} {head}" if kept else role.title


def _topic_of(phrase: str, catalog: Catalog) -> str:
    """Return one to three words of a phrase that can stand before a job ("Churn"); empty where it has none."""
    spoken = _RELATION.sub("", _SIZE.sub(" ", name_question(phrase)).strip())
    if spoken.startswith(("the question", "the decision", '"')):
        return ""
    spoken = _OWNER.sub("", name_shortly(spoken))
    words = split_words(spoken)
    run: list[Word] = []
    for word in words:
        common = word.lower in _NO_TOPIC or word.lower in catalog.verbs or word.lower.isdigit()
        apart = bool(run) and spoken[run[-1].end : word.start] not in (" ", "-")
        if not common and not apart and len(word.lower) <= _LONGEST_WORD:
            run.append(word)
        elif run:
            if word.lower == "work" and not apart and len(run) < _LONGEST_TOPIC:
                run.append(word)  # "remote work"
            break
    described = len(run) == 1 and run[0].lower.endswith(_ADJECTIVES)
    clumsy = described or any(
        "'" in word.lower or "’" in word.lower or word.lower.endswith(("ing", "ly")) for word in run
    )
    if clumsy or not 0 < len(run) <= _LONGEST_TOPIC:
        return ""
    return _title_case(_singular(spoken[run[0].start : run[-1].end]).split())


def _field_of(analysis: Analysis, catalog: Catalog) -> str:
    """Return the domain's name where the work is at home in it."""
    at_home = any(analysis.domain in catalog.home_domains[skill.key] for skill in analysis.skills)
    if analysis.domain == "general" or not at_home:
        return ""
    return _title_case(_JOINT.split(analysis.domain_name)[0].split())


_ALWAYS_PLURAL = frozenset("sales operations communications savings earnings goods sports".split())
"""Plurals that stay so in front of another noun: a "Sales Report Writer"."""


_BUSES = re.compile(r"[^aocf]uses$")
"""Plurals of words in -us ("buses", "viruses"), unlike "houses", "causes" and "excuses"."""


def _singular(phrase: str) -> str:
    """Return a plural as it stands in front of another noun: "support emails" as in "Support Email Analyst"."""
    if (
        len(phrase) < _SHORTEST_PLURAL
        or not phrase.endswith("s")
        or phrase.endswith(("ss", "us", "is", "ics", "news", "As", "series"))
        or phrase.split()[-1].lower() in _ALWAYS_PLURAL
    ):
        return phrase
    if phrase.endswith("ies"):
        return f"{phrase[:-3]}y"
    hissing = phrase.endswith(("oes", "shes", "ches", "xes", "sses")) or bool(_BUSES.search(phrase))
    return phrase[:-2] if hissing else phrase[:-1]


def _title_case(words: Sequence[str]) -> str:
    """Raise first letters, leaving names such as "HPV" and "eBay" as they are."""
    return " ".join(word if word[1:] != word[1:].lower() else word.capitalize() for word in words)

"""Makes a template of a crew: proposes what may be different the next time as blanks, with what it is now as default.

Filled with its defaults, such a template gives the same crew again.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crewgen_core.models.crew import Agent, Crew, Task
from crewgen_core.models.objective import clean_text
from crewgen_core.models.template import BLANK, Blank, BlankType, Source, Template
from crewgen_core.templates.filling import map_texts, read_texts

MOST_PROPOSED = 6
"""More blanks than this nobody fills in for a crew [assumption]."""

LEAST_USES = 2
"""Texts that must have a thing, the objective among them, so that it is worth a blank."""

EMPTY = Template(
    key="template",
    name="New template",
    objective="Write a two-page report about [[subject]].",
    blanks=(Blank(name="subject", label="Subject", default="the subject", takes="subject"),),
    crew=Crew(
        name="Report on [[subject]]",
        coordination="solo",
        agents=(
            Agent(
                key="writer",
                role="Report Writer",
                goal="Write a report about [[subject]] that its readers can act on",
                backstory="You write from sources, name each of them, and say what remains open.",
            ),
        ),
        tasks=(
            Task(
                key="write_report",
                name="Write the report",
                description="Collect what is known about [[subject]] and write a report of two pages. Name the source "
                "of each figure; where something is missing, say so instead of guessing.",
                expected_output="A report of two pages with a summary, the findings and a list of the sources used.",
                agent="writer",
            ),
        ),
    ),
)
"""What a template from nothing begins with."""

_QUOTED = re.compile(r"[“\"]([^“”\"\n]{2,60})[”\"]")
_NUMBER = re.compile(r"(?<![\w.,$€£-])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\w%-]|[.,]\d)(?:\s+([a-z]+))?")
_NAME = re.compile(r"(?<=[a-z,;:] )((?:[A-Z][\w&’'-]+)(?: [A-Z][\w&’'-]+){0,3})")
_PLACE = re.compile(r"\b(?:in|from|across|near|within) $")
_NO_NAMES = frozenset("I CSV PDF JSON API CEO CFO URL Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split())


@dataclass(frozen=True)
class _Find:
    """Something in the objective that may be different the next time."""

    text: str
    name: str
    label: str
    type: BlankType = "text"
    takes: Source = ""


def propose_template(crew: Crew, key: str, name: str, objective: str = "", subject: str = "") -> Template:
    """Return a template of the crew. ``objective`` is what it is for, ``subject`` what that is about."""
    objective = objective or crew.objective or crew.name
    crew = crew.model_copy(update={"objective": objective})
    texts = tuple(read_texts(crew))
    taken = {blank for text in texts for blank in BLANK.findall(text)}
    blanks = [Blank(name=blank, default=f"[[{blank}]]", label=blank) for blank in sorted(taken)]
    found = list[_Find]()
    for find in _find_all(objective, subject):
        known = {other.text for other in found}
        overlaps = any(find.text in text or text in find.text for text in known)
        uses = sum(1 for text in texts if _pattern(find.text).search(text))
        readable = " ".join(clean_text(find.text).split()) == find.text
        if readable and not overlaps and uses >= LEAST_USES and len(found) < MOST_PROPOSED:
            unique = _unique(find.name, taken)
            taken.add(unique)
            found.append(find)
            blanks.append(Blank(name=unique, label=find.label, type=find.type, default=find.text, takes=find.takes))
    put = _replacer([blank for blank in blanks if BLANK.fullmatch(blank.default) is None])
    skeleton = Crew.model_validate(map_texts(crew, put))
    return Template(
        key=key,
        name=name,
        objective=skeleton.objective,
        blanks=tuple(blanks),
        crew=skeleton.model_copy(update={"objective": ""}),
    )


def _find_all(objective: str, subject: str) -> Iterator[_Find]:
    for quoted in _QUOTED.finditer(objective):
        yield _Find(quoted[1], "name", "Name")
    for named in _NAME.finditer(objective):
        if named[1] not in _NO_NAMES:
            place = _PLACE.search(objective[: named.start()]) is not None
            yield _Find(named[1], "place" if place else "name", "Place" if place else "Name")
    if 2 < len(subject) <= 80:
        yield _Find(subject, "subject", "Subject", takes="subject")
    for number in _NUMBER.finditer(objective):
        what = number[2] or ""
        label = f"Number of {what}" if what else "Number"
        yield _Find(number[1], f"number_of_{what}"[:40] if what else "number", label, type="number")


def _replacer(blanks: list[Blank]) -> Callable[[str], str]:
    """Return what puts blanks into a text; where filling would not give the text again, it stays as it is."""
    patterns = [(blank, _pattern(blank.default)) for blank in sorted(blanks, key=lambda it: -len(it.default))]

    def put(text: str) -> str:
        for blank, pattern in patterns:
            begins_small = text.startswith(blank.default) and not blank.default[:1].isupper()
            if not (begins_small and blank.default[:1].isalpha()):
                text = pattern.sub(f"[[{blank.name}]]", text)
        return text

    return put


def _pattern(text: str) -> re.Pattern[str]:
    """Return what finds the text as whole words, never within a blank."""
    return re.compile(rf"(?<![\w\[.,-]){re.escape(text)}(?![\w\]-]|[.,]\d)")


def _unique(name: str, taken: set[str]) -> str:
    number, unique = 2, name
    while unique in taken:
        number, unique = number + 1, f"{name}_{number}"
    return unique

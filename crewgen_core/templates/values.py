"""Reads what fills the blanks of a template, and says in plain sentences what cannot stand in which blank."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date

from crewgen_core.errors import UnusableTemplate
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.objective import clean_text
from crewgen_core.models.template import LONGEST_VALUE, Blank, BlankType, Source, Template

MOST_ITEMS = 20
"""Items of a list."""

_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?|[+-]?\.\d+")


def read_values(template: Template, given: Mapping[str, str], analysis: Analysis | None = None) -> dict[str, str]:
    """Return what each blank is filled with: what is given, else what the objective says, else its default.

    Raises UnusableTemplate, naming every blank that cannot be filled so.
    """
    faults, values = list[str](), dict[str, str]()
    for name in given:
        if template.blank(name) is None:
            known = ", ".join(blank.name for blank in template.blanks) or "none"
            faults.append(f"The template “{template.name}” has no blank “{name[:50]}”; its blanks: {known}.")
    for blank in template.blanks:
        text = clean_text(given.get(blank.name, ""))
        if not text and analysis is not None:
            text = _take(blank.takes, analysis)
        try:
            values[blank.name] = read_value(blank, text or blank.default)
        except UnusableTemplate as fault:
            faults.append(str(fault))
    if faults:
        raise UnusableTemplate(" ".join(faults), "Fill the blanks that are named.")
    return values


def complete_values(template: Template, given: Mapping[str, str]) -> dict[str, str]:
    """Return what is given and, for the other blanks, their defaults: as typed, to be read again later.

    Raises UnusableTemplate like ``read_values``.
    """
    read_values(template, given)
    return {blank.name: clean_text(given.get(blank.name, "")) or blank.default for blank in template.blanks}


def read_value(blank: Blank, text: str) -> str:
    """Return the text that stands in the blank. Raises UnusableTemplate, saying what is wrong and what fits."""
    text = " ".join(clean_text(text).split())
    if not text:
        if blank.required:
            raise UnusableTemplate(f"“{blank.title}” is not filled, and it has no default.")
        return ""
    if len(text) > LONGEST_VALUE:
        raise UnusableTemplate(f"“{blank.title}” has {len(text):,} characters, and {LONGEST_VALUE} is the most.")
    return _READERS[blank.type](blank, text)


def _read_text(blank: Blank, text: str) -> str:
    del blank  # any text fits
    return text


def _read_number(blank: Blank, text: str) -> str:
    if not _NUMBER.fullmatch(text) or not math.isfinite(float(text.replace(",", ""))):
        raise UnusableTemplate(f"“{blank.title}” needs a number such as 12 or 2.5, and “{text[:50]}” is none.")
    return text


def _read_choice(blank: Blank, text: str) -> str:
    chosen = next((choice for choice in blank.choices if choice.casefold() == text.casefold()), None)
    if chosen is None:
        raise UnusableTemplate(f"“{blank.title}” is one of: {', '.join(blank.choices)}; “{text[:50]}” is none of them.")
    return chosen


def _read_list(blank: Blank, text: str) -> str:
    parts = re.split(r"[;,]", text)
    items = list(dict.fromkeys(item for part in parts if (item := part.strip().removeprefix("and ").strip())))
    if not items:
        raise UnusableTemplate(f"“{blank.title}” needs at least one entry; separate several by commas.")
    if len(items) > MOST_ITEMS:
        raise UnusableTemplate(f"“{blank.title}” has {len(items)} entries, and {MOST_ITEMS} is the most.")
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _read_date(blank: Blank, text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise UnusableTemplate(
            f"“{blank.title}” needs a date such as 2027-03-31, and “{text[:50]}” is none."
        ) from error
    return f"{day.day} {day:%B} {day.year}"


_READERS: dict[BlankType, Callable[[Blank, str], str]] = {
    "text": _read_text,
    "number": _read_number,
    "choice": _read_choice,
    "list": _read_list,
    "date": _read_date,
}


def _take(source: Source, analysis: Analysis) -> str:
    """Return what the objective says of this, cut to what a blank takes; "" where it says nothing."""
    stated = analysis.constraints
    said = {
        "": "",
        "subject": analysis.subject,
        "audience": stated.audience,
        "language": stated.language,
        "tone": stated.tone,
        "inputs": ", ".join(stated.inputs),
        "due": stated.due,
    }
    return said[source][:LONGEST_VALUE]

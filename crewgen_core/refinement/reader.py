"""Reads a sentence into wishes: first cut where one wish ends and the next begins, then each piece by its form.

A form is tried in the order of ``_FORMS``; the first that fits the whole piece wins. What no form fits is left to a model,
or told to the person.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.models.refinement import LONGEST_WISH
from crewgen_core.refinement.forms.goals import read_improvement, read_limit
from crewgen_core.refinement.forms.parts import (
    read_addition,
    read_at_once,
    read_handing,
    read_merge,
    read_move,
    read_removal,
    read_rename,
    read_replacement,
    read_split,
)
from crewgen_core.refinement.forms.phrases import Read
from crewgen_core.refinement.forms.teams import read_delegation, read_lead, read_model, read_person, read_team_size
from crewgen_core.refinement.forms.writing import read_focus, read_size, read_writing
from crewgen_core.refinement.wishes import Wish

LONGEST_PIECE = 300
"""Characters of one wish; what is longer needs a model, or a person."""

MOST_WISHES = 12
"""Wishes read from one text."""


class Reading(NamedTuple):
    """A text as wishes, and the pieces of it that no form fits."""

    wishes: tuple[Wish, ...]
    not_understood: tuple[str, ...]


def read_wishes(text: str, catalog: Catalog) -> Reading:
    """Return the wishes that a text holds, in order, and what is not understood."""
    wishes: list[Wish] = []
    unknown: list[str] = []
    for piece in _cut(text[:LONGEST_WISH], catalog):
        found = _read_piece(piece, catalog) if len(wishes) < MOST_WISHES else ()
        wishes.extend(found)
        if not found:
            unknown.append(piece)
    return Reading(tuple(wishes), tuple(unknown))


_VERBS = (
    "add include insert append create introduce bring need remove drop delete get cut skip leave take eliminate exclude "
    "fire kick merge combine join fold unite consolidate split divide break separate rename call name change replace swap "
    "make keep use switch run do let have give grant equip provide allow assign hand move put transfer reassign write focus emphasize emphasise target pay "
    "deliver translate answer present format reduce lower decrease save speed shorten simplify limit ask require parallelize "
    "parallelise disable forbid stop spend turn double improve increase appoint rewrite address expand"
)


_BARE = (
    "no without cheaper faster quicker shorter longer simpler safer fewer less more at only just exactly max maximum under "
    "within don't never avoid offline hierarchical sequential human"
)


_LEAD_IN = re.compile(
    r"^(?:(?:and|but|then|also|now|next|finally|additionally|please|pls|kindly|ok|okay|so|hi|hello|hey|plus|maybe|instead|"
    r"can you|could you|would you|will you|can we|could we|should we|i want you to|i would like you to|i'd like you to|"
    r"you should|we should|it should|we need to|i need you to|i need to|i want to|i would like to|i'd like to|try to|"
    r"i(?= don't)|i(?= do not)|we(?= don't)|we(?= do not)|let's|let us|i want|i would like|i'd like|we need|i need|we want|there should be|it needs|it should have)\b[\s,:]*)+",
    re.I,
)


_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")


def _cut(text: str, catalog: Catalog) -> Iterator[str]:
    """Yield the pieces of a text that each hold one wish, without politeness around them."""
    quotes = [match.span() for match in _QUOTED.finditer(text)]
    start = 0
    for joint in _joints(catalog).finditer(text):
        if any(begin < joint.start() < end for begin, end in quotes):
            continue
        yield from _tidy(text[start : joint.start()])
        start = joint.end()
    yield from _tidy(text[start:])


def _joints(catalog: Catalog) -> re.Pattern[str]:
    """Return the pattern of what stands between two wishes: an end of sentence, or "and" in front of another verb."""
    words = "|".join(map(re.escape, (*_VERBS.split(), *_BARE.split())))
    numbers = "|".join(("\\d+", *sorted(catalog.language.number_words, key=len, reverse=True)[:40]))
    tongues = "|".join(catalog.language.tongues)
    opener = (
        rf"(?:please\s+|also\s+|then\s+|but\s+)*(?:(?:{words})\b|(?:{numbers})\s+agents?\b|in\s+(?:{tongues})\b"
        r"|for\s+(?:at most|max|under)\b|a (?:person|human|manager)\b)"
    )
    return re.compile(
        rf"(?<=[.!?;])\s+|\s*[;\n]+\s*|(?:\s*,\s*(?:and\s+|but\s+|then\s+)*|\s+(?:and|but|then|plus)\s+)(?={opener})",
        re.I,
    )


def _tidy(piece: str) -> Iterator[str]:
    bare = re.sub(r"\s+", " ", piece).strip(" \t.,;:!?-–—…")
    bare = re.sub(r"[,\s]+(?:please|pls|thanks|thank you|for me|instead|too|as well)$", "", bare, flags=re.I)
    if any(character.isalnum() for character in bare):
        yield bare


def _read_piece(piece: str, catalog: Catalog) -> tuple[Wish, ...]:
    if len(piece) > LONGEST_PIECE:
        return ()
    bare = _LEAD_IN.sub("", piece).strip() or piece
    wanted = (f"add {bare}",) if bare != piece and _WANTS.match(piece) and _THING.match(bare) else ()
    for text in (bare, *wanted):
        for read in _FORMS:
            found = read(text, catalog)
            if found:
                return found
    return ()


_WANTS = re.compile(r".{0,20}\b(?:want|would like|'d like|need|needs|should be|should have)\b", re.I)


_THING = re.compile(r"(?:an?|another|one more|some|more)\s", re.I)


_FORMS: tuple[Read, ...] = (
    read_improvement,
    read_limit,
    read_team_size,
    read_person,
    read_lead,
    read_focus,
    read_size,
    read_delegation,
    read_at_once,
    read_merge,
    read_split,
    read_rename,
    read_model,
    read_move,
    read_replacement,
    read_addition,
    read_removal,
    read_writing,
    read_handing,
)
"""Every form that can be read, the more particular ones first."""

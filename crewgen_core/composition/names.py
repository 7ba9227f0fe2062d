"""Finds what a name means that a model wrote, among the names that there are."""

import re
from collections.abc import Container, Mapping
from functools import lru_cache

from rapidfuzz import fuzz, process

from crewgen_core.catalog.catalog import Catalog

CLOSE_ENOUGH = 86
"""Similarity from 0 to 100 (rapidfuzz token_sort_ratio) from which two names mean the same: "data analysing" is "data
analysis", "web research" is not "market research" [set on the pairs in tests/core/composition/test_names.py]."""

_NOT_A_LETTER = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Glossary:
    """The names of the catalog's skills and tools, ready to be searched."""

    def __init__(self, catalog: Catalog) -> None:
        """Prepare the names once: there are thousands."""
        self._skills = plain_names(catalog.skill_names)
        self._tools = plain_names(catalog.tool_names)

    def skill(self, name: str) -> str | None:
        """Return the key of the skill that the name means, if any."""
        return find_name(name, self._skills)

    def tool(self, name: str) -> str | None:
        """Return the key of the tool that the name means, if any; "web search tool" is "web search"."""
        return find_name(name, self._tools) or find_name(plain_name(name).removesuffix(" tool"), self._tools)


@lru_cache(maxsize=20_000)
def plain_name(name: str) -> str:
    """Return a name in lower case with single spaces between its words ("FileReadTool" gives "file read tool")."""
    return _NOT_A_LETTER.sub(" ", _CAMEL.sub(" ", name)).strip().lower()


def plain_names(known: Mapping[str, str]) -> dict[str, str]:
    """Return the same mapping by plain names, ready for ``find_name``."""
    return {plain_name(name): meant for name, meant in known.items()}


def find_name(name: str, known: Mapping[str, str]) -> str | None:
    """Return what the name means among plain names: the same name, else the most similar one that is close enough."""
    plain = plain_name(name)
    if not plain:
        return None
    same = next((each for each in (plain, name.strip().lower()) if each in known), None)
    if same:
        return known[same]
    best = process.extractOne(plain, known.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=CLOSE_ENOUGH)
    return known[best[0]] if best else None


def make_key(name: str, taken: Container[str], otherwise: str) -> str:
    """Return a snake_case key for a name, numbered when it is taken; ``otherwise`` where no letter can be used."""
    slug = re.sub(r"[^a-z0-9]+", "_", plain_name(name))[:50].strip("_") or otherwise
    key, number = slug, 2
    while key in taken:
        key, number = f"{slug}_{number}", number + 1
    return key

"""How much alike two tasks or two roles are that were worded by different authors."""

from functools import lru_cache

from rapidfuzz import fuzz

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.words import split_words
from crewgen_core.composition.names import CLOSE_ENOUGH, plain_name
from crewgen_core.models.crew import Task

SAME_WORK = 0.5
"""Likeness from which two tasks do the same work [set on the objectives of benchmarks/model_path.py]."""

_SAME_SKILL, _SAME_ACTIVITY, _SAME_TITLE, _SAME_ROLE = 0.4, 0.25, 0.5, 0.2
"""What each sign of the same work counts; one alone is enough for none but an almost equal title [assumption]."""

_SHORTEST_WORD = 4
"""Letters from which a word says what a task is about; shorter ones are mostly "the", "and", "for"."""

_CHECKING = "check"
"""The group of verbs that verify (data/language.yaml)."""


def compare_tasks(one: Task, other: Task, role: str, other_role: str, catalog: Catalog) -> float:
    """Return how alike two tasks are, 0 to 1: by key or title alone, else by skills, words of the title and role."""
    if one.key == other.key or fuzz.token_sort_ratio(plain_name(one.name), plain_name(other.name)) >= CLOSE_ENOUGH:
        return 1.0
    points = _SAME_TITLE * share_words(one.name, other.name)
    if set(one.skills) & set(other.skills):
        points += _SAME_SKILL
    elif activities(one, catalog) & activities(other, catalog):
        points += _SAME_ACTIVITY
    return min(1.0, points + _SAME_ROLE * (compare_roles(role, other_role) >= CLOSE_ENOUGH))


def compare_roles(one: str, other: str) -> float:
    """Return how alike two roles are, 0 to 100, whatever the order of their words."""
    return fuzz.token_sort_ratio(plain_name(one), plain_name(other))


def share_words(one: str, other: str) -> float:
    """Return the share of the shorter text's words, by their stems, that the other has too, 0 to 1."""
    stems, others = find_stems(one), find_stems(other)
    return len(stems & others) / min(len(stems), len(others)) if stems and others else 0.0


def activities(task: Task, catalog: Catalog) -> set[str]:
    """Return the kinds of work that the task's skills are."""
    return {catalog.skills[key].activity for key in task.skills if key in catalog.skills}


def is_review(task: Task, catalog: Catalog) -> bool:
    """Tell whether a task verifies the results of others: by its first skill, else by the verb of its title."""
    known = next((catalog.skills[key] for key in task.skills if key in catalog.skills), None)
    if known:
        return known.activity == "review"
    verb = next((word.stem for word in split_words(task.name)), "")
    return catalog.verb_groups.get(verb) == _CHECKING


@lru_cache(maxsize=10_000)
def all_stems(text: str) -> frozenset[str]:
    """Return the stems of all words of a text."""
    return frozenset(word.stem for word in split_words(text))


@lru_cache(maxsize=10_000)
def find_stems(text: str) -> frozenset[str]:
    """Return the stems of the words that can say what a text is about: all but the short ones."""
    return frozenset(word.stem for word in split_words(text) if len(word.lower) >= _SHORTEST_WORD)

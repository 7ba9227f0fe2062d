"""Tells what kind of work a task is, and whether it checks other results: by its skills, its name, its tools."""

from collections.abc import Sequence

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity
from crewgen_core.catalog.words import split_words
from crewgen_core.models.crew import Task

CHECKING_VERBS = "check"
"""Name of the group of verbs in ``language.yaml`` that ask for a check ("verify")."""


def find_kind(task: Task, catalog: Catalog) -> Activity:
    """Return the kind of work: of its first known skill, else of the first verb in its name, else by its tools."""
    skills = list_known_skills(task.skills, catalog)
    if skills:
        return catalog.skills[skills[0]].activity
    verb = _find_verb(task, catalog)
    if verb is not None:
        return catalog.verb_activities[verb]
    return "research" if task.tools else "write"


def checks_results(task: Task, catalog: Catalog) -> bool:
    """Tell whether the task checks the results it builds on; reviewing what a customer sent in is work like any other.

    The usual step of its first known skill says so by what it produces, else the first verb of the task's name.
    """
    skills = list_known_skills(task.skills, catalog)
    if skills:
        return is_checking_skill(skills[0], catalog)
    verb = _find_verb(task, catalog)
    return verb is not None and catalog.verb_groups[verb] == CHECKING_VERBS


def is_checking_skill(skill: str, catalog: Catalog) -> bool:
    """Tell whether the usual step of a skill, by its catalog key, produces a verdict on other results."""
    usual = catalog.steps_by_skill.get(skill, ())[:1]
    return any(catalog.artefacts[step.produces].stage == "review" for step in usual)


def list_known_skills(names: Sequence[str], catalog: Catalog) -> list[str]:
    """Return the catalog keys of those skills that the catalog knows, in their order."""
    return [catalog.skill_names[name.lower()] for name in names if name.lower() in catalog.skill_names]


def _find_verb(task: Task, catalog: Catalog) -> str | None:
    """Return the stem of the first verb in the task's name that the catalog knows."""
    return next((word.stem for word in split_words(task.name) if word.stem in catalog.verb_groups), None)

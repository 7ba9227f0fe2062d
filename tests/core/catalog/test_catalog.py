"""The catalog that is shipped is closed, and wide enough."""

from collections import Counter
from itertools import chain
from typing import get_args

import pytest

from crewgen_core.analysis.domain import GENERAL
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity
from crewgen_core.catalog.loader import load_catalog


@pytest.fixture
def catalog() -> Catalog:
    return load_catalog()


def test_the_catalog_is_wide(catalog: Catalog) -> None:
    assert len(catalog.domains) >= 16
    assert len(catalog.roles) >= 60
    assert len(catalog.skills) >= 120
    assert len(catalog.tools) >= 40
    assert len(catalog.steps) >= 80


def test_every_skill_has_an_expert_and_a_step(catalog: Catalog) -> None:
    experts = {key for role in catalog.roles.values() for key, level in role.skills.items() if level >= 8}
    assert catalog.skills.keys() - experts == set()
    assert catalog.skills.keys() - catalog.steps_by_skill.keys() == set()


def test_every_needed_artefact_has_a_producer_or_is_brought_by_a_person(catalog: Catalog) -> None:
    needed = set(chain.from_iterable(step.needs for step in catalog.steps.values()))
    inputs = {artefact.key for artefact in catalog.artefacts.values() if artefact.stage == "input"}
    assert needed - catalog.producers.keys() - inputs == set()


def test_no_two_roles_share_a_title(catalog: Catalog) -> None:
    titles = Counter(role.title.lower() for role in catalog.roles.values())
    assert [title for title, number in titles.items() if number > 1] == []


def test_no_two_skills_share_a_trigger(catalog: Catalog) -> None:
    triggers = Counter(chain.from_iterable({t.lower() for t in skill.triggers} for skill in catalog.skills.values()))
    assert [trigger for trigger, number in triggers.items() if number > 1] == []


def test_pulling_in_needs_never_goes_in_a_circle(catalog: Catalog) -> None:
    before = {
        step.key: {maker.key for need in step.needs for maker in catalog.producers.get(need, ())}
        for step in catalog.steps.values()
    }
    left = dict(before)
    while free := [key for key, makers in left.items() if not makers & left.keys()]:
        for key in free:
            del left[key]
    assert left == {}


def test_every_phrase_can_be_indexed(catalog: Catalog) -> None:
    for kind in ("skill", "step", "deliverable", "given", "tool", "risk", "domain"):
        assert getattr(catalog, f"{kind}_phrases").stems()


def test_every_kind_of_work_has_a_step_of_last_resort_whose_parts_exist(catalog: Catalog) -> None:
    plain = catalog.language.plain_steps
    assert plain.keys() >= set(get_args(Activity))
    for step in plain.values():
        assert step.skill in catalog.skills
        assert step.produces in catalog.artefacts
        assert set(step.tools) <= catalog.tools.keys()
        named = {use for use in step.uses if not use.startswith("stage:")}
        assert named <= catalog.artefacts.keys()


def test_the_entries_that_the_program_names_itself_exist(catalog: Catalog) -> None:
    assert GENERAL in catalog.domains
    assert "review_deliverable" in catalog.steps
    assert "project_coordination" in catalog.skills


def test_a_name_of_several_tools_classes_leads_to_none(catalog: Catalog) -> None:
    shared = [name for name, n in Counter(t.crewai_class for t in catalog.tools.values()).items() if n > 1]
    assert shared
    aliases = {alias.lower() for tool in catalog.tools.values() for alias in (*tool.aliases, tool.name)}
    assert all(name.lower() not in catalog.tool_names for name in shared if name.lower() not in aliases)

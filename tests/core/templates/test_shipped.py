"""The templates that come with crewgen: sound, checked, and sensible with their defaults alone."""

import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.models.objective import Objective
from crewgen_core.models.template import SOURCES
from crewgen_core.templates.checking import find_faults
from crewgen_core.templates.filling import fill_crew, find_blanks
from crewgen_core.templates.shipped_files import list_fingerprints, read_shipped
from crewgen_core.templates.values import read_values
from crewgen_core.validation.validate import validate

KEYS = tuple(list_fingerprints())
CATALOG = load_catalog()
EVERY_KEY = frozenset(name for tool in CATALOG.tools.values() for name in tool.environment)


def test_there_are_twelve_at_least_over_different_fields_and_of_both_types():
    shipped = [read_shipped(key) for key in KEYS]
    assert len(shipped) >= 12
    assert len({template.category for template in shipped}) >= 10
    assert {template.type for template in shipped} == {"task_based", "domain_specific"}


@pytest.mark.parametrize("key", KEYS)
def test_each_is_sound_and_its_defaults_give_a_crew_without_errors_or_gaps(key: str):
    template = read_shipped(key)
    assert list(find_faults(template)) == []
    assert 2 <= len(template.blanks) <= 5
    assert {blank.name for blank in template.blanks} == set(find_blanks(template))
    assert all(blank.default and blank.takes in SOURCES for blank in template.blanks)
    crew = fill_crew(template, read_values(template, {}))
    report = validate(crew, CATALOG, analyze(Objective(text=crew.objective), CATALOG), EVERY_KEY)
    assert [finding.message for finding in report.findings if finding.severity != "advice"] == []
    assert report.score >= 9


@pytest.mark.parametrize("key", KEYS)
def test_in_each_somebody_else_checks_the_result(key: str):
    crew = read_shipped(key).crew
    checks = [
        task
        for task in crew.tasks
        if any(CATALOG.skills[skill].activity == "review" for skill in task.skills) and task.depends_on
    ]
    makers = {task.agent for task in crew.tasks if task not in checks}
    assert any(check.agent not in makers for check in checks)

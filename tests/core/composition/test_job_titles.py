import pytest

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.models.objective import Objective


def roles_for(text: str) -> list[str]:
    catalog = load_catalog()
    crew = CatalogComposer(catalog).build(analyze(Objective(text=text), catalog))
    return [agent.role for agent in crew.agents]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Which of our 40 stores should we close next year, and why?", "Store Advisor"),
        ("Why did NPS drop from 47 to 31 among SME customers in Q2?", "NPS Advisor"),
        ("Assess the effect of remote work on the productivity of our developers", "Remote Work Analyst"),
        ("Evaluate the city's pilot of free buses and report to the council", "Free Bus Researcher"),
        ("Analyse 18 months of helpdesk tickets and find five causes", "Helpdesk Ticket Advisor"),
    ],
)
def test_a_job_is_called_after_a_thing_and_not_after_words_that_ask_or_measure(text: str, role: str) -> None:
    assert role in roles_for(text)


def test_a_plural_that_has_no_singular_stays_in_a_job_title() -> None:
    roles = roles_for("Write a report on sales in Europe and compare it with Asia")
    assert any(role.startswith("Sales ") for role in roles)
    assert not any(role.startswith("Sale ") for role in roles)

"""Telling the same work and the same role in other words."""

import pytest

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.likeness import SAME_WORK, compare_roles, compare_tasks, share_words
from crewgen_core.composition.names import CLOSE_ENOUGH
from crewgen_core.models.crew import Task

ANALYST = "Customer Retention Analyst"


def task(name: str, *skills: str) -> Task:
    return Task(key=name.lower().replace(" ", "_"), name=name, skills=skills)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (task("Analyze why churn rose in Q3", "data_analysis"), task("Find what drives churn", "data_analysis")),
        (task("Write a brief", "report_writing"), task("Write the brief", "editing")),
        (task("Clean the exports", "data_cleaning"), task("Cleaning exports", "data_cleaning")),
    ],
)
def test_tasks_of_the_same_work_are_known_as_such(one: Task, other: Task, small_catalog: Catalog):
    assert compare_tasks(one, other, ANALYST, ANALYST, small_catalog) >= SAME_WORK


def test_tasks_that_share_the_kind_of_work_and_no_word_are_two(small_catalog: Catalog):
    one, other = task("Check every claim", "fact_checking"), task("Find what drives churn", "data_analysis")
    assert compare_tasks(one, other, "Fact Checker", ANALYST, small_catalog) < SAME_WORK


def test_a_role_is_the_same_whatever_the_order_of_its_words():
    assert compare_roles("Analyst, customer retention", ANALYST) >= CLOSE_ENOUGH
    assert compare_roles("Executive Writer", ANALYST) < CLOSE_ENOUGH


def test_words_are_shared_by_their_stems():
    assert share_words("Analyse the exports", "analyzing export files") == 1
    assert share_words("", "analyse") == 0

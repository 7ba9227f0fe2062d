"""What a name means that a model wrote."""

import pytest

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.names import Glossary, find_name, make_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("data_analysis", "data_analysis"),
        ("Data Analysis", "data_analysis"),
        ("analysis of data", "data_analysis"),
        ("data analysing", "data_analysis"),
        ("Quantitative-Analysis", "data_analysis"),
        ("copy editing", "editing"),
        ("market research", None),
        ("juggling", None),
        ("", None),
        ("…", None),
    ],
)
def test_a_skill_is_found_by_what_it_is_called(name: str, key: str | None, small_catalog: Catalog):
    assert Glossary(small_catalog).skill(name) == key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("FileReadTool", "file_read"),
        ("file read tool", "file_read"),
        ("SerperDevTool", "web_search"),
        ("Web Search Tool", "web_search"),
        ("rm -rf", None),
        ("basic_tools", None),
    ],
)
def test_a_tool_is_found_by_what_it_is_called(name: str, key: str | None, small_catalog: Catalog):
    assert Glossary(small_catalog).tool(name) == key


def test_nothing_is_found_among_nothing():
    assert find_name("x", {}) is None


def test_keys_are_snake_case_and_never_taken_twice():
    assert make_key("Check the Claims!", {}, "task_1") == "check_the_claims"
    assert (
        make_key("Check the claims", {"check_the_claims": 1, "check_the_claims_2": 1}, "task_1") == "check_the_claims_3"
    )
    assert make_key("日本語", {}, "task_1") == "task_1"

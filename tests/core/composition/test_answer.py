"""Reading what a model answered."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.composition.answer import CrewAnswer, read_answer
from tests.support.model_server import GOOD_ANSWER, ODD_ANSWERS, SPOKEN_FAULTS

AGENT = {"key": "a", "role": "Analyst"}
TASK = {"key": "t", "name": "Analyse", "agent": "a"}


def read(**more: object) -> CrewAnswer:
    answer = read_answer(json.dumps({"agents": [AGENT], "tasks": [TASK]} | more))
    assert answer is not None
    return answer


def test_plain_json_is_read_as_it_is():
    answer = read_answer(GOOD_ANSWER)
    assert answer is not None
    assert [agent.key for agent in answer.agents] == ["churn_analyst", "brief_writer"]
    assert [task.key for task in answer.tasks] == ["clean_exports", "find_drivers", "write_brief"]


@pytest.mark.parametrize("form", [form for form in ODD_ANSWERS if form != "truncated"])
def test_an_odd_form_of_the_same_answer_reads_the_same(form: str):
    assert read_answer(ODD_ANSWERS[form].text) == read_answer(GOOD_ANSWER)


def test_of_a_truncated_answer_the_beginning_is_read():
    answer = read_answer(ODD_ANSWERS["truncated"].text)
    assert answer is not None
    assert len(answer.agents) == 2
    assert answer.tasks[0].key == "clean_exports"


@pytest.mark.parametrize("fault", SPOKEN_FAULTS)
def test_an_answer_without_a_crew_is_none(fault: str):
    assert read_answer(SPOKEN_FAULTS[fault].text) is None


def test_parts_given_by_key_are_read():
    answer = read(agents={"a": {"role": "Analyst"}}, tasks={"t": {"name": "Analyse"}})
    assert (answer.agents[0].key, answer.tasks[0].key) == ("a", "t")


def test_names_are_read_from_a_text_or_from_objects():
    answer = read(agents=[AGENT | {"skills": "data analysis, editing", "tools": [{"name": "csv"}, None, 7]}])
    assert answer.agents[0].skills == ("data analysis", "editing")
    assert answer.agents[0].tools == ("csv", "7")


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        *((90, 90), ("90 minutes", 90), ("1.5 h", 90), ("2 hours", 120), (0.2, 1), (-5, 0), (1e300, 0), ("1e999", 1)),
        *(("soon", 0), (None, 0), (True, 0), ([], 0), (float("nan"), 0), (float("inf"), 0)),
    ],
)
def test_minutes_are_read_and_kept_within_reason(said: object, minutes: float):
    assert read(tasks=[TASK | {"human_minutes": said}]).tasks[0].human_minutes == minutes


def test_a_list_where_a_text_should_be_becomes_lines():
    assert read(tasks=[TASK | {"description": ["First", "Second"]}]).tasks[0].description == "First\nSecond"


def test_control_characters_and_lone_surrogates_are_dropped():
    assert read(agents=[AGENT | {"role": "An\u0000a\ud800lyst\u0007"}]).agents[0].role == "Analyst"


def test_what_is_no_part_is_left_out():
    assert len(read(agents=[AGENT, 3, None, "x", [AGENT]]).agents) == 1


def test_an_unknown_process_is_sequential():
    assert read(process="consensual").process == "sequential"


def test_of_a_field_that_is_there_twice_the_one_with_parts_counts():
    answer = read_answer(
        f'{{"agents": [{json.dumps(AGENT)}], "tasks": [{json.dumps(TASK)}], "tasks": 7, "agents": null}}'
    )
    assert answer is not None
    assert (len(answer.agents), len(answer.tasks)) == (1, 1)


def test_a_very_long_text_does_not_hide_what_comes_after_it():
    assert read(agents=[AGENT | {"goal": "x" * 500_000}]).tasks[0].name == "Analyse"


def test_orders_to_a_terminal_are_dropped():
    assert read(agents=[AGENT | {"role": "\u001b[31mAnalyst\u001b[0m"}]).agents[0].role == "Analyst"


def test_thousands_of_parts_are_cut():
    assert len(read(tasks=[TASK] * 5_000).tasks) <= 60


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(JSON, JSON)
def test_any_json_in_place_of_agents_and_tasks_is_read_or_none(agents: object, tasks: object):
    answer = read_answer(json.dumps({"agents": agents, "tasks": tasks}))
    assert answer is None or (answer.agents and answer.tasks)


@given(st.text(max_size=300), st.integers(0, len(GOOD_ANSWER)), st.integers(0, len(GOOD_ANSWER)))
def test_any_damage_to_an_answer_is_survived(noise: str, start: int, end: int):
    read_answer(GOOD_ANSWER[:start] + noise + GOOD_ANSWER[end:])

"""Events and failures of runs in words."""

import pytest

from crewgen_core.execution.wording import Names, explain_failure, word_event

NAMES = Names({"find": "Find causes"}, {"lead": "Lead", "analyst": "Analyst"})


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"kind": "task_started"}, "“Find causes” begins."),
        ({"kind": "agent_started", "agent": "analyst", "delegated": True}, "Analyst works on what was delegated"),
        (
            {
                "kind": "tool_started",
                "agent": "lead",
                "tool": "Delegate work to coworker",
                "input": '{"task": "Dig.", "coworker": "Analyst"}',
            },
            "Lead delegates to Analyst: Dig.",
        ),
        ({"kind": "tool_started", "agent": "lead", "tool": "delegate_work_to_coworker", "input": "["}, "to somebody"),
        ({"kind": "tool_failed", "tool": "Search", "error": "no"}, "Search failed: no"),
        ({"kind": "call_failed", "model": "", "agent": "lead", "error": "no"}, "The model gave Lead no answer: no"),
        ({"kind": "question", "agent": None, "draft": "x"}, "waits for a person"),
    ],
)
def test_an_event_is_told_in_a_sentence(event: dict[str, object], words: str):
    told = word_event({"task": "find", "agent": "lead", **event}, NAMES)
    assert told is not None and words in told[1]


def test_what_people_need_not_read_is_not_told():
    assert word_event({"kind": "completed", "output": ""}, NAMES) is None


def test_a_failure_says_where_what_and_what_crewai_said():
    reason = explain_failure("Error code: 429 - quota\nexceeded " + "x" * 2_000, "Find causes")
    assert reason.startswith("It failed at “Find causes”. The model's provider takes no more calls now")
    assert len(reason) < 800
    assert explain_failure("Strange", None) == "It failed. CrewAI says: Strange"

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crewgen_core.models.objective import MAX_OBJECTIVE_CHARACTERS, Objective, clean_text


def test_control_characters_go_and_everything_visible_stays() -> None:
    assert clean_text(" a\x00b\x1b[31m\r\nc\td \u202eeñ 雨 🎉\ud800 ") == "ab[31m\nc\td \u202eeñ 雨 🎉"


@given(st.text())
def test_cleaned_text_can_be_stored_and_cleaning_it_again_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert once.encode("utf-8").decode("utf-8") == once
    assert clean_text(once) == once


@pytest.mark.parametrize("text", ["", "   \n ", "\x00\x07", "a" * (MAX_OBJECTIVE_CHARACTERS + 1)])
def test_an_empty_or_endless_text_is_no_objective(text: str) -> None:
    with pytest.raises(ValidationError):
        Objective(text=text)


@pytest.mark.parametrize(
    "limits", [{"budget_usd": -1}, {"deadline_minutes": 0}, {"max_agents": 0}, {"max_agents": 51}, {"colour": "green"}]
)
def test_impossible_limits_are_refused(limits: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Objective.model_validate({"text": "Write a brief", **limits})

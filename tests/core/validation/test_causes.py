"""Which failure modes rules prevent, and which of them a crew leaves open."""

from crewgen_core.catalog.failure_modes import load_failure_modes
from crewgen_core.validation.causes import list_causes, list_prevented
from crewgen_core.validation.rules import RULES
from crewgen_core.validation.validate import validate
from tests.core.validation.samples import CATALOG, CHECK, ENVIRONMENT, SOUND, WRITE, analysis, with_task

MODES = load_failure_modes().modes


def causes_of(crew) -> list:
    return list(list_causes(validate(crew, CATALOG, analysis(), ENVIRONMENT)))


def test_rules_name_only_modes_that_exist_each_once() -> None:
    keys = {mode.key for mode in MODES}
    for rule in RULES:
        assert set(rule.prevents) <= keys, rule.code
        assert len(set(rule.prevents)) == len(rule.prevents)


def test_a_rule_that_prevents_nothing_says_nothing() -> None:
    prevented = list_prevented()
    assert set(prevented) == {rule.code for rule in RULES if rule.prevents}
    assert "CG101" not in prevented
    assert [mode.code for mode in prevented["CG341"]] == ["FM-3.2", "FM-3.3"]


def test_what_findings_leave_open_comes_first_and_the_rest_by_share() -> None:
    causes = causes_of(with_task(WRITE, expected_output=""))
    assert [cause.mode.key for cause in causes[:2]] == ["unaware_of_end", "no_verification"]
    assert all(cause.open == ("CG305",) for cause in causes[:2])
    rest = [cause.mode.share for cause in causes[2:]]
    assert rest[:2] == [15.7, 13.2]
    assert rest[-1] is None


def test_every_mode_is_a_cause_and_a_sound_crew_leaves_none_open() -> None:
    causes = causes_of(SOUND)
    assert {cause.mode.key for cause in causes} == {mode.key for mode in MODES}
    assert not any(cause.open for cause in causes)


def test_modes_that_no_rule_can_see_say_so() -> None:
    unseen = {cause.mode.key for cause in causes_of(SOUND) if not cause.watched}
    assert unseen == {"lost_history", "conversation_reset", "ignored_input"}


def test_a_code_is_named_once_however_often_it_was_found() -> None:
    crew = with_task(WRITE, expected_output="").model_copy(
        update={"tasks": tuple(task.model_copy(update={"expected_output": ""}) for task in (WRITE, CHECK))}
    )
    first = causes_of(crew)[0]
    assert first.open.count("CG305") == 1

"""Crews to choose from: really different, sound, within the limits, and ranked for reasons that are true."""

import re
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewgen_core.alternatives.ranking import WILL_BREAK, breaks_limits, limit_codes, usd_per_success
from crewgen_core.app import Crewgen
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.errors import UnusableObjective
from crewgen_core.models.alternative import Alternative, Comparison
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective, clean_text
from crewgen_core.numbers import format_usd
from crewgen_core.settings import Settings
from tests.support.objectives import BENCHMARKED, CHURN, DIFFERENT, FREE_TEXTS, faults_of

DOOR = Crewgen(Settings(), environment={})
SMALL = "Write release notes from our Git history"
RISKY = "Review our NDA with a software vendor and list the clauses that put us at risk"
LIGHTHOUSE = (
    "Make a murder-mystery dinner game set in a lighthouse for eight players: a plot with three red herrings, "
    "character cards and a host's timetable."
)
PARALLEL = "Business case for a milking robot on a 70-cow farm"


def compare(text: str, crew: Crew | None = None, made_by: str = "", **limits: object) -> Comparison:
    return DOOR.alternatives(Objective.model_validate({"text": text, **limits}), crew, made_by)


def of_kind(comparison: Comparison, kind: str) -> Alternative:
    return next(alternative for alternative in comparison.alternatives if alternative.kind == kind)


def shape(crew: Crew) -> tuple[int, list[tuple[str, ...]]]:
    return len(crew.agents), sorted(task.skills for task in crew.tasks)


@pytest.mark.parametrize("text", [*BENCHMARKED[::9], *DIFFERENT])
def test_the_crews_are_sound_and_really_different_and_each_says_why(text: str) -> None:
    comparison = compare(text)
    analysis = DOOR.analyze(Objective(text=text))
    crews = [alternative.crew for alternative in comparison.alternatives]
    assert 1 <= len(crews) <= 3
    assert len(crews) == 3 or comparison.remarks
    assert [alternative.rank for alternative in comparison.alternatives] == list(range(1, len(crews) + 1))
    assert all(shape(one) != shape(other) for one, other in combinations(crews, 2))
    for alternative in comparison.alternatives:
        assert faults_of(alternative.crew, analysis, load_catalog()) == []
        assert alternative.report.valid
        assert 2 <= len(alternative.reasons) <= 5
        assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in alternative.reasons)
        assert all(sentence.endswith(".") for sentence in (*alternative.reasons, *comparison.remarks))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    text=st.sampled_from(DIFFERENT) | FREE_TEXTS.filter(clean_text),
    max_agents=st.none() | st.integers(1, 4),
    allowed_tools=st.none() | st.lists(st.sampled_from(sorted(load_catalog().tools)), max_size=5).map(tuple),
    budget_usd=st.none() | st.decimals("0.001", "1", places=3),
    deadline_minutes=st.none() | st.floats(0.2, 60),
)
def test_whatever_is_asked_for_the_limits_are_kept_by_all_that_are_offered(text: str, **limits: object) -> None:
    try:
        comparison = compare(text, **limits)
    except UnusableObjective:
        return
    balanced = next((it for it in comparison.alternatives if it.kind == "balanced"), None)
    constraints = DOOR.analyze(Objective.model_validate({"text": text, **limits})).constraints
    for alternative in comparison.alternatives:
        assert alternative.report.valid
        if breaks_limits(alternative.estimate, constraints) == WILL_BREAK and alternative is not balanced:
            assert balanced is not None  # it is offered only where it comes nearer than the balanced one
            assert breaks_limits(balanced.estimate, constraints) == WILL_BREAK
        broken = [found.message for found in alternative.report.findings if found.code in limit_codes()]
        assert all(message in " ".join(alternative.reasons) for message in broken)


def test_the_same_question_has_the_same_answer() -> None:
    assert compare(CHURN) == compare(CHURN)


def test_a_small_objective_has_no_leaner_crew_and_it_is_said() -> None:
    comparison = compare(SMALL)
    assert {alternative.kind for alternative in comparison.alternatives} == {"balanced", "thorough"}
    assert "The objective is small: the lean crew is the balanced one." in comparison.remarks


def test_the_figures_of_a_reason_are_those_of_the_estimates() -> None:
    comparison = compare(SMALL)
    for alternative in comparison.alternatives:
        cost = usd_per_success(alternative.estimate)
        assert f"A success costs about {format_usd(cost)} here" in alternative.reasons[0]


def test_where_the_chances_cannot_be_told_apart_the_cheaper_comes_first_and_it_is_said() -> None:
    first, second = compare(SMALL).alternatives
    assert "overlaps with that of the thorough crew" in first.reasons[0]
    assert "so the cheaper is the better bet" in first.reasons[0]
    assert "which is the cheaper" in second.reasons[0]


def test_a_crew_that_is_cheaper_and_likelier_than_the_best_bet_is_named_with_what_it_lacks() -> None:
    best, _, last = compare(LIGHTHOUSE).alternatives
    assert (best.kind, last.kind) == ("balanced", "lean")
    assert last.estimate.success.p50 > best.estimate.success.p50
    named = r"The lean crew is cheaper and likelier to succeed \(\$[\d.]+, \d+%\), but no task verifies"
    assert re.search(named, best.reasons[0])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(text=st.sampled_from([LIGHTHOUSE, RISKY, *BENCHMARKED, *DIFFERENT]) | FREE_TEXTS.filter(clean_text))
def test_the_best_bet_is_beaten_in_cost_and_chance_only_by_crews_that_its_reasons_name(text: str) -> None:
    try:
        best, *others = compare(text).alternatives
    except UnusableObjective:
        return
    assert best.estimate.cost_usd is not None
    why = best.reasons[0]
    for place, other in enumerate(others):
        assert other.estimate.cost_usd is not None
        cheaper = other.estimate.cost_usd.p50 < best.estimate.cost_usd.p50
        if not cheaper or other.estimate.success.p50 <= best.estimate.success.p50:
            continue
        if place:
            assert f"The {other.kind} crew is cheaper and likelier to succeed (" in why
        else:  # the first sentence is about these two already
            assert "the better bet" not in why
            assert f"the {other.kind} crew" in why or "nothing is checked as closely" in why


def test_high_risk_puts_the_crew_that_checks_most_first() -> None:
    first = compare(RISKY).alternatives[0]
    assert first.kind == "thorough"
    assert first.reasons[0].startswith("The objective carries a high risk (legal consequences)")
    assert first.crew.tasks[-1].human_input


def test_a_crew_without_the_check_that_its_work_asks_for_comes_behind_those_with_one() -> None:
    last = compare(CHURN).alternatives[-1]
    assert last.kind == "lean"
    assert last.reasons[0].startswith("No task verifies the result")
    assert re.search(r'It leaves out what the balanced crew has: "Check .+"\.', last.reasons[-1])


def test_a_budget_is_held_before_all_else() -> None:
    comparison = compare(PARALLEL, budget_usd=Decimal("0.09"))
    assert comparison.alternatives[0].kind == "lean"
    assert "$0.09 allowed" in comparison.alternatives[0].reasons[0]
    assert any(remark.startswith("The thorough crew is not offered") for remark in comparison.remarks)
    assert of_kind(comparison, "balanced").reasons[0].startswith("One run")


def test_every_crew_that_is_offered_says_which_limits_it_breaks() -> None:
    offered = compare(LIGHTHOUSE, budget_usd=Decimal("0.005"), deadline_minutes=0.5).alternatives
    assert {alternative.kind for alternative in offered} == {"lean", "balanced"}
    for alternative in offered:
        said = " ".join(alternative.reasons)
        assert re.search(r"One run (may|will probably) need more than the \$0\.005 allowed", said)
        assert re.search(r"One run (may|will probably) need more than the 0\.5 minutes allowed", said)


def test_the_crew_of_a_model_is_compared_with_lean_and_thorough_and_named_as_what_it_is() -> None:
    balanced = of_kind(compare(CHURN), "balanced").crew
    longer = balanced.tasks[0].model_copy(update={"key": "second_look", "name": "Look again", "depends_on": ()})
    given_crew = balanced.model_copy(update={"tasks": (longer, *balanced.tasks)})
    comparison = compare(CHURN, given_crew, "openai/gpt-5.6-luna")
    assert {alternative.kind for alternative in comparison.alternatives} == {"given", "lean", "thorough"}
    shown = of_kind(comparison, "given")
    assert (shown.shown, shown.made_by, shown.crew) == (True, "openai/gpt-5.6-luna", given_crew)
    assert all(not it.shown and it.made_by == "Built-in" for it in comparison.alternatives if it is not shown)
    assert "The crew shown is by openai/gpt-5.6-luna, the others are by the built-in engine." in comparison.remarks


def test_once_one_is_taken_the_balanced_crew_is_still_among_the_others() -> None:
    for kind in ("lean", "thorough"):
        taken = of_kind(compare(CHURN), kind)
        comparison = compare(CHURN, taken.crew, "Built-in")
        assert {alternative.kind for alternative in comparison.alternatives} == {"lean", "balanced", "thorough"}
        assert [alternative.kind for alternative in comparison.alternatives if alternative.shown] == [kind]


def test_a_broken_crew_comes_last_and_says_what_is_wrong() -> None:
    broken = of_kind(compare(CHURN), "balanced").crew.model_copy(update={"agents": ()})
    last = compare(CHURN, broken, "Built-in, edited").alternatives[-1]
    assert last.shown
    assert last.reasons[0].startswith("It has errors: ")


def test_taking_one_is_a_version_that_can_be_undone(tmp_path: Path) -> None:
    door = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"), environment={})
    made = door.generate(Objective(text=CHURN), model="")
    lean = of_kind(door.alternatives(made.design.objective, made.design.crew, "Built-in"), "lean")
    taken = door.crews.save_version(made.crew_id, lean.crew, lean.note, expected=1)
    assert (taken.number, taken.note, taken.crew) == (2, "Took the lean alternative", lean.crew)
    assert (taken.report, taken.estimate) == (lean.report, lean.estimate)
    assert door.crews.revert(made.crew_id, 1, expected=2).crew == made.design.crew
    door.database.close()

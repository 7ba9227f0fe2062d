"""Runs held against what was predicted for them, and their results as files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotFound
from crewgen_core.models.run import RunSettings
from crewgen_core.settings import Settings
from tests.support.crews import hierarchical_crew, sequential_crew
from tests.support.runs import MODEL, PREDICTED, begin, end, finish, put_finished_run, put_run


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    door = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"), {})
    yield door
    door.database.close()


def test_the_whole_run_is_held_against_what_was_stored_with_it(crewgen: Crewgen):
    run_id = put_finished_run(crewgen, crewgen.crews.save(sequential_crew()).crew_id)
    comparison = crewgen.run_reports.compare(run_id)
    whole = comparison.whole
    assert comparison.success == PREDICTED.success
    assert whole.tokens.predicted and whole.cost_usd.predicted and whole.seconds.predicted
    assert (whole.tokens.predicted.p50, whole.seconds.predicted.p50) == (PREDICTED.tokens, PREDICTED.duration_s)
    assert whole.cost_usd.predicted.p50 == pytest.approx(0.05)
    assert whole.tokens.predicted.p10 < whole.tokens.predicted.p50 < whole.tokens.predicted.p90
    assert (whole.tokens.actual, whole.cost_usd.actual) == (6_000, pytest.approx(0.006))
    assert whole.tokens.ratio == pytest.approx(0.5)


def test_tasks_and_agents_have_predictions_and_what_they_took(crewgen: Crewgen):
    run_id = put_finished_run(crewgen, crewgen.crews.save(sequential_crew()).crew_id)
    comparison = crewgen.run_reports.compare(run_id)
    assert [part.name for part in comparison.tasks] == ["Find what drives churn", "Write the brief", "Check the brief"]
    assert {part.name for part in comparison.agents} == {"Retention Analyst", "Brief Writer", "Quality Reviewer"}
    for part in (*comparison.tasks, *comparison.agents):
        assert part.tokens.predicted and part.tokens.actual == 2_000
        assert part.cost_usd.predicted and part.cost_usd.actual == pytest.approx(0.002)
    assert all(part.seconds.predicted and part.seconds.actual is not None for part in comparison.tasks)


def test_what_was_not_reached_has_no_actual_figures(crewgen: Crewgen):
    run_id = put_run(crewgen, crewgen.crews.save(hierarchical_crew()).crew_id)
    begin(crewgen, run_id, "plan")
    finish(crewgen, run_id, "plan", agent="lead")
    begin(crewgen, run_id, "book")
    end(crewgen, run_id, "failed", "The model was not there.")
    comparison = crewgen.run_reports.compare(run_id)
    plan, book = comparison.tasks
    assert plan.tokens.actual == 2_000
    assert (book.tokens.actual, book.seconds.actual, book.tokens.ratio) == (None, None, None)
    lead = next(part for part in comparison.agents if part.key == "lead")
    assert lead.tokens.actual == 2_000
    assert lead.tokens.predicted


def test_a_run_is_foreseen_with_the_model_that_it_will_use(crewgen: Crewgen):
    crew_id = crewgen.crews.save(sequential_crew()).crew_id
    known = crewgen.run_reports.foresee(crew_id, None, RunSettings(model=MODEL))
    unknown = crewgen.run_reports.foresee(crew_id, None, RunSettings(model="somebody/something"))
    assert {share.model for share in known.by_task} == {MODEL}
    assert known.cost_usd is not None
    assert unknown.cost_usd is None


def test_placeholders_are_those_of_the_texts_and_none_where_crewai_refuses(crewgen: Crewgen):
    crew = sequential_crew()
    assert crewgen.run_reports.list_placeholders(crewgen.crews.save(crew).crew_id) == ("topic",)
    refused = crew.model_copy(update={"tasks": ()})
    assert crewgen.run_reports.list_placeholders(crewgen.crews.save(refused).crew_id) == ()


def test_results_come_in_order_below_their_names(crewgen: Crewgen):
    crew = sequential_crew().model_copy(update={"name": "../../etc/passwd"})
    run_id = put_finished_run(crewgen, crewgen.crews.save(crew).crew_id, ["First.", "", "Third\n=1+1"])
    file = crewgen.run_reports.export(run_id)
    text = file.content.decode()
    assert "/" not in file.name and file.name.endswith(f"_run_{run_id}.txt")
    assert text.index("1. Find what drives churn") < text.index("First.") < text.index("3. Check the brief")
    assert "2. Write the brief" not in text
    with pytest.raises(NotFound):
        crewgen.run_reports.export(99)


def test_crews_that_were_run_are_listed_once_the_last_one_first(crewgen: Crewgen):
    one, two = (crewgen.crews.save(crew).crew_id for crew in (sequential_crew(), hierarchical_crew()))
    crewgen.crews.save(hierarchical_crew())
    for crew_id in (one, two, two, one):
        put_run(crewgen, crew_id)
    assert list(crewgen.run_reports.list_crews().items()) == [(one, "Churn brief"), (two, "Launch")]

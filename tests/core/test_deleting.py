"""Deleting and bringing back: nowhere to be seen, nothing lost for 30 days, gone for good after that."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from crewgen_core.app import Crewgen
from crewgen_core.errors import CannotDelete, NotFound
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.models.outcome import OutcomeEntry, OutsideRun
from crewgen_core.models.run import RunSettings
from crewgen_core.settings import Settings
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables import crew_tables, job_tables, run_tables, template_tables
from crewgen_core.storage.tables.schema import metadata
from tests.support.ended_runs import add_run
from tests.support.finished_jobs import finish_rows
from tests.support.templates import market_template

OBJECTIVE = Objective(text="Write a report about electric bikes for the board.")
GOOD = OutcomeEntry(succeeded=True)


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", log_level="ERROR"), {})
    yield crewgen
    crewgen.database.close()


def run_crew(crewgen: Crewgen, crew_id: int, **columns: object) -> int:
    with crewgen.database.begin() as connection:
        return add_run(connection, crewgen.crews.get(crew_id), **columns)


def finish_job(crewgen: Crewgen, count: int = 2) -> int:
    rows = [NewItem(at + 2, OBJECTIVE.text) for at in range(count)]
    job = crewgen.bulk.start_items(NewJob(name="Reports", kind="generate"), rows)
    finish_rows(crewgen, job.id)
    return job.id


def count_rows(crewgen: Crewgen) -> dict[str, int]:
    with crewgen.database.read() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.tables.values()
        }


def test_a_deleted_crew_is_nowhere_and_comes_back_with_its_runs(crewgen: Crewgen):
    made = crewgen.generate(OBJECTIVE)
    run_id = run_crew(crewgen, made.crew_id)
    outcome = crewgen.outcomes.record_run(run_id, GOOD)
    learned = crewgen.outcomes.calibration().cost.outcomes
    deleted = crewgen.deletions.delete("crew", made.crew_id)
    assert (deleted.thing, deleted.key, deleted.along) == ("crew", str(made.crew_id), "1 run, 1 outcome")
    assert deleted.until - deleted.deleted_at == timedelta(days=30)
    asks = (
        lambda: crewgen.crews.get(made.crew_id),
        lambda: crewgen.crews.versions(made.crew_id),
        lambda: crewgen.crews.share(made.crew_id, True),
        lambda: crewgen.deletions.delete("crew", made.crew_id),
        lambda: crewgen.get_request(made.request_id),
        lambda: crewgen.running.get(run_id),
        lambda: crewgen.outcomes.get(outcome.id),
        lambda: crewgen.deletions.restore("run", run_id),
    )
    for ask in asks:
        with pytest.raises(NotFound):
            ask()
    assert (crewgen.crews.list(), crewgen.crews.list("electric"), crewgen.list_requests()) == ((), (), ())
    assert (crewgen.crews.count(), crewgen.crews.count("electric"), crewgen.running.count_runs()) == (0, 0, 0)
    counted = crewgen.count_everything()
    assert (counted.crews, counted.versions, counted.requests["completed"]) == (0, 0, 1)
    assert (learned, crewgen.outcomes.calibration().cost.outcomes) == (1, 0)
    assert [gone.key for gone in crewgen.deletions.list()] == [str(made.crew_id)]

    crewgen.deletions.restore("crew", made.crew_id)
    assert crewgen.crews.get(made.crew_id).crew == made.design.crew
    assert (crewgen.running.get(run_id).outcome_id, crewgen.outcomes.get(outcome.id).run_id) == (outcome.id, run_id)
    assert (crewgen.outcomes.calibration().cost.outcomes, crewgen.deletions.list()) == (1, ())
    told = [event.action for event in crewgen.audit.list_of_crew(made.crew_id)]
    assert told[:2] == ["brought back", "deleted"]


def test_what_was_deleted_on_its_own_before_stays_deleted(crewgen: Crewgen):
    crew_id = crewgen.generate(OBJECTIVE).crew_id
    kept, gone = run_crew(crewgen, crew_id), run_crew(crewgen, crew_id)
    crewgen.deletions.delete("run", gone)
    crewgen.deletions.delete("crew", crew_id)
    crewgen.deletions.restore("crew", crew_id)
    assert [run.id for run in crewgen.running.list_runs()] == [kept]
    assert [deleted.key for deleted in crewgen.deletions.list()] == [str(gone)]


@pytest.mark.parametrize("with_crews", [False, True])
def test_a_job_goes_with_its_crews_or_without(crewgen: Crewgen, with_crews: bool):
    job_id = finish_job(crewgen)
    deleted = crewgen.deletions.delete("job", job_id, with_crews)
    assert (deleted.along, crewgen.crews.count()) == (("2 crews", 0) if with_crews else ("", 2))
    assert crewgen.bulk.list_jobs() == ()
    with pytest.raises(NotFound):
        crewgen.bulk.progress(job_id)
    assert [gone.thing for gone in crewgen.deletions.list()] == ["job"]
    crewgen.deletions.restore("job", job_id)
    assert (crewgen.bulk.get(job_id).completed, crewgen.crews.count()) == (2, 2)


def test_what_is_worked_on_is_not_deleted(crewgen: Crewgen):
    crew_id = crewgen.generate(OBJECTIVE).crew_id
    run_id = run_crew(crewgen, crew_id, state="running", finished_at=None)
    job = crewgen.bulk.start_items(NewJob(name="Reports", kind="generate"), [NewItem(2, OBJECTIVE.text)])
    for thing, key, hint in (("run", run_id, "Stop"), ("crew", crew_id, "Stop"), ("job", job.id, "Cancel")):
        with pytest.raises(CannotDelete) as refused:
            crewgen.deletions.delete(thing, key)
        assert refused.value.hint.startswith(hint)
    assert (crewgen.deletions.list(), crewgen.crews.count()) == ((), 1)


def test_the_key_of_a_deleted_template_is_free_and_both_can_be_there_in_the_end(crewgen: Crewgen):
    first = crewgen.templates.create(market_template())
    crewgen.templates.delete(first.template.key)
    assert [gone.key for gone in crewgen.deletions.list()] == [first.template.key]
    crewgen.templates.create(market_template(name="Another"))
    assert crewgen.deletions.restore("template", first.template.key).key == f"{first.template.key}-2"
    back = crewgen.templates.get(f"{first.template.key}-2")
    assert (back.template.name, back.template.key) == (first.template.name, f"{first.template.key}-2")
    assert crewgen.templates.get(first.template.key).template.name == "Another"


def test_a_deleted_outcome_gives_way_to_the_same_said_anew(crewgen: Crewgen):
    crew_id = crewgen.generate(OBJECTIVE).crew_id
    run_id = run_crew(crewgen, crew_id)
    first = crewgen.outcomes.record_run(run_id, GOOD)
    crewgen.outcomes.delete(first.id)
    assert crewgen.running.get(run_id).outcome_id is None
    crewgen.outcomes.record_run(run_id, OutcomeEntry(succeeded=False))
    with pytest.raises(NotFound):
        crewgen.deletions.restore("outcome", first.id)
    file = f"crew,succeeded\n{crew_id},yes\n".encode()
    crewgen.outcomes.import_file("a.csv", file)
    (read, _) = crewgen.outcomes.list_outcomes()
    crewgen.outcomes.delete(read.id)
    assert crewgen.outcomes.import_file("a.csv", file).recorded == 1
    assert crewgen.outcomes.count() == 2


def test_after_thirty_days_it_goes_for_good_with_all_that_hangs_on_it(crewgen: Crewgen):
    kept = crewgen.generate(OBJECTIVE).crew_id
    before = count_rows(crewgen)
    job_id = finish_job(crewgen)
    crew_id = crewgen.crews.list()[0].id
    crewgen.optimizing.optimize_stored(crew_id, "cost")
    crewgen.outcomes.record_run(run_crew(crewgen, crew_id, settings=RunSettings(dry=False)), GOOD)
    crewgen.outcomes.record_outside(OutsideRun(crew_id=crew_id, succeeded=True))
    key = crewgen.templates.create(market_template()).template.key
    crewgen.templates.delete(key)
    crewgen.deletions.delete("job", job_id, with_crews=True)
    assert crewgen.deletions.purge() == 0
    with crewgen.database.begin() as connection:
        for table in (
            crew_tables.crews,
            job_tables.jobs,
            run_tables.runs,
            run_tables.outcomes,
            template_tables.dynamic_crew_templates,
        ):
            deleted = table.c.deleted_at.is_not(None)
            month_ago = tell_time() - timedelta(days=30, seconds=1)
            connection.execute(update(table).where(deleted).values(deleted_at=month_ago))
    assert crewgen.deletions.list() == ()
    with pytest.raises(NotFound):
        crewgen.deletions.restore("job", job_id)
    assert crewgen.deletions.purge() > 0
    after = count_rows(crewgen)
    grown = {name for name, count in after.items() if count != before[name]}
    figures = {"audit_events", "usage_days", "request_kinds", "request_days", "request_times", "generation_requests"}
    assert grown - figures <= {"dynamic_crew_templates", "template_versions", "shipped_templates"}
    assert [row.id for row in crewgen.crews.list()] == [kept]
    assert crewgen.count_everything().requests["completed"] == 3

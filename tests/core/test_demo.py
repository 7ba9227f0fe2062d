"""The demo: real crews and simulated runs to look at, marked as such, which teach nothing and can be removed."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from sqlalchemy import select

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotAllowed, UnusableOutcome
from crewgen_core.front.analytics import usual_period
from crewgen_core.models.analytics import Scope
from crewgen_core.models.job import ItemQuery, NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.models.outcome import OutcomeEntry, OutsideRun
from crewgen_core.models.person import Role
from crewgen_core.models.template import TemplateQuery
from crewgen_core.settings import Settings
from crewgen_core.storage import bookmarks
from crewgen_core.storage.tables import people_tables, request_tables
from crewgen_core.storage.tables.schema import metadata
from crewgen_core.storage.tally_rebuild import rebuild_tally
from tests.support.ended_runs import add_run

OBJECTIVE = Objective(text="Write a report about electric bikes for the board.")
ALL = TemplateQuery(archived=None)


def open_door(path: Path) -> Crewgen:
    return Crewgen(Settings(database_url=f"sqlite:///{path}", log_level="ERROR"), {})


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with one crew of a person and the demo, to be copied."""
    path = tmp_path_factory.mktemp("demo") / "crewgen.db"
    door = open_door(path)
    door.generate(OBJECTIVE, "")
    door.demo.load()
    with door.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    door.close()
    return path


@pytest.fixture
def door(loaded: Path, tmp_path: Path) -> Iterator[Crewgen]:
    opened = open_door(copyfile(loaded, tmp_path / "crewgen.db"))
    yield opened
    opened.close()


def read_all(door: Crewgen) -> dict[str, list[Any]]:
    """Return every row of every table but the audit, which says what was done."""
    with door.database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=str)
            for table in metadata.sorted_tables
            if table is not people_tables.audit_events
        }


def find_demo_crew(door: Crewgen, with_template: bool = False) -> int:
    for row in door.crews.list(limit=200):
        objective = door.crews.get(row.id).objective
        if row.demo and objective and bool(objective.template) == with_template:
            return row.id
    raise AssertionError("The demo has no such crew.")


def test_everything_that_the_demo_puts_in_says_so(door: Crewgen):
    there = door.demo.summary()
    crews = [row for row in door.crews.list(limit=200) if row.demo]
    assert len(crews) == there.crews and door.crews.count() == there.crews + 1
    assert all(door.crews.get(row.id).demo for row in crews)
    assert all(run.demo for run in door.running.list_runs(limit=200)) and there.runs >= 20
    assert all(outcome.demo for outcome in door.outcomes.list_outcomes(limit=200)) and there.outcomes == there.runs
    assert [job.demo for job in door.bulk.list_jobs()] == [True]
    assert sum(row.demo for row in door.templates.list(ALL, 200)) == there.templates == 2


def test_its_crews_can_run_and_its_job_is_finished(door: Crewgen):
    assert all(row.figures.error_count == 0 for row in door.crews.list(limit=200))
    (job,) = door.bulk.list_jobs()
    assert (job.state, job.pending, job.failed) == ("completed", 0, 0) and job.completed >= 24
    page = door.bulk.list_items(job.id, ItemQuery(), 100)
    assert page.total == job.total and all(item.figures for item in page.items)


def test_its_runs_are_drawn_from_the_estimates_and_say_that_no_model_was_asked(door: Crewgen):
    for run in door.running.list_runs(limit=200):
        assert any("no model was asked" in note for note in run.notes)
        progress = door.running.progress(run.id)
        assert progress.tasks and all(task.output.startswith("Demo text") for task in progress.tasks)
        assert progress.run.usage.tokens == sum(agent.usage.tokens for agent in progress.agents) > 0
        expected = door.crews.get(run.crew_id, run.number).estimate
        assert run.predicted.success == expected.success.p50 and run.usage.cost_usd is not None


def test_loading_twice_changes_nothing(door: Crewgen):
    before = read_all(door)
    assert door.demo.load() == door.demo.summary()
    assert read_all(door) == before


def test_its_outcomes_teach_nothing(door: Crewgen):
    assert door.outcomes.count() >= 20
    assert door.outcomes.calibration().outcomes == 0
    assert door.generate(OBJECTIVE, "").design.estimate.own_outcomes == 0


def test_removing_it_leaves_exactly_what_was_there_before(tmp_path: Path):
    door = open_door(tmp_path / "crewgen.db")
    door.generate(OBJECTIVE, "")
    door.templates.list(ALL)
    before = read_all(door)
    door.demo.load()
    removed = door.demo.remove()
    assert removed.kept == () and removed.removed.crews > 30
    assert read_all(door) == before
    assert not door.demo.is_loaded() and door.demo.remove().removed.crews == 0
    door.close()


def test_what_somebody_made_their_own_stays_when_it_is_removed(door: Crewgen):
    crews = [row.id for row in reversed(door.crews.list(limit=200)) if row.demo]
    changed, ran, judged, optimized, copied = crews[:5]
    door.crews.save_version(changed, door.crews.get(changed).crew, "Edited", 1)
    with door.database.begin() as connection:
        add_run(connection, door.crews.get(ran), previous_run_id=door.running.list_runs(ran)[0].id)
    door.outcomes.record_outside(OutsideRun(crew_id=judged, succeeded=True))
    door.optimizing.optimize_stored(optimized, "cost")
    copy = door.crews.copy(copied).crew_id
    told = door.demo.list_kept()
    kept = door.demo.remove().kept
    assert told == kept
    assert {int(thing.key): thing.why for thing in kept if thing.thing == "crew"} == {
        changed: "it was changed",
        ran: "it was run",
        judged: "an outcome was recorded",
        optimized: "an optimization of it was kept",
    }
    left = door.crews.list(limit=200)
    assert {changed, ran, judged, optimized, copy} < {row.id for row in left} and not any(row.demo for row in left)
    assert len(left) == 6 and [run.crew_id for run in door.running.list_runs()] == [ran]
    assert door.outcomes.calibration().outcomes == 1


def test_a_template_stays_where_a_crew_that_stays_was_made_from_it(door: Crewgen):
    crew = find_demo_crew(door, with_template=True)
    door.crews.save_version(crew, door.crews.get(crew).crew, "Edited", 1)
    assert [thing.thing for thing in door.demo.remove().kept] == ["crew", "template"]
    assert not any(row.demo for row in door.templates.list(ALL, 200))


def test_a_job_that_another_was_made_of_stays_with_its_crews(door: Crewgen):
    (job,) = door.bulk.list_jobs()
    door.bulk.follow_up(job.id, NewJob(name="Check them", kind="validate"))
    kept = door.demo.remove().kept
    assert [thing.thing for thing in kept] == ["job"] + ["crew"] * job.total
    assert not door.bulk.get(job.id).demo and door.bulk.list_items(job.id).total == job.total


def test_a_crew_of_the_demo_that_a_job_of_somebody_uses_stays(door: Crewgen):
    crew = find_demo_crew(door)
    door.bulk.start_items(NewJob(name="Mine", kind="validate"), [NewItem(0, OBJECTIVE.text, crew_id=crew)])
    assert [(thing.key, thing.why) for thing in door.demo.remove().kept] == [(str(crew), "a job uses it")]


def test_figures_count_it_apart_and_forget_it_with_it(door: Crewgen):
    period = usual_period()
    with_demo, without = (door.analytics.overview(Scope(period=period, demo=demo)).now for demo in (True, False))
    there = door.demo.summary()
    assert (with_demo.requests, without.requests) == (there.crews + 1, 1)
    assert with_demo.actual and with_demo.actual.runs == there.runs and without.actual is None
    assert with_demo.running.usd > 0 and without.running.usd == 0
    crew = find_demo_crew(door)
    door.crews.save_version(crew, door.crews.get(crew).crew, "Edited", 1)
    door.demo.remove()
    counted = door.analytics.overview(Scope(period=period)).now
    assert counted.requests == 2 == sum(door.count_everything().requests.values())
    with door.database.begin() as connection:
        days = request_tables.request_days
        before = [tuple(row) for row in connection.execute(select(days).order_by(*days.c))]
        rebuild_tally(connection)
        after = [tuple(row) for row in connection.execute(select(days).order_by(*days.c))]
    assert sorted(row[3:] for row in before) == sorted(row[3:] for row in after)


def test_it_is_loaded_by_who_may_write_and_removed_by_its_loader_or_an_administrator(tmp_path: Path):
    house = open_door(tmp_path / "crewgen.db")

    def enter(name: str, role: Role) -> Crewgen:
        return house.acting_for(house.people.sign_in(name, f"{name}@example.org", name, role))

    ada, ben, vera = enter("Ada", Role.EDITOR), enter("Ben", Role.EDITOR), enter("Vera", Role.VIEWER)
    with pytest.raises(NotAllowed):
        vera.demo.load()
    ada.demo.load()
    summary = ben.demo.load()
    assert summary.loaded_by == "Ada" and not summary.may_remove
    assert {row.owner_name for row in vera.crews.list(limit=200)} == {"Ada"}
    assert not any(row.may_change for row in ben.crews.list(limit=200))
    for asker in (ben, vera):
        with pytest.raises(NotAllowed):
            asker.demo.remove()
    mine = ben.crews.copy(ben.crews.list(limit=1)[0].id).crew_id
    ada.demo.remove()
    assert [row.id for row in house.crews.list(limit=200)] == [mine]
    house.close()


def test_nothing_is_said_about_simulated_runs_by_people(door: Crewgen):
    run = door.running.list_runs(limit=1)[0]
    assert run.outcome_id is not None
    entry = OutcomeEntry(succeeded=True)
    for ask in (
        lambda: door.outcomes.record_run(run.id, entry),
        lambda: door.outcomes.change(run.outcome_id or 0, entry),
    ):
        with pytest.raises(UnusableOutcome, match="demo"):
            ask()
    assert "demo" in door.outcomes.judge_run(run.id).note


def test_what_was_deleted_of_it_goes_with_it_for_good(door: Crewgen):
    crew = find_demo_crew(door)
    with door.database.begin() as connection:
        bookmarks.note_opened(connection, "local", ("crew", str(crew)))
    door.deletions.delete("crew", crew)
    assert door.demo.summary().crews == 41
    door.demo.remove()
    assert door.deletions.list() == () and door.crews.count() == 1
    with door.database.read() as connection:
        assert bookmarks.list_opened(connection, "local", 9) == []


def test_loading_it_again_does_not_touch_a_template_of_it_that_stayed(door: Crewgen):
    stored = door.templates.get("demo-board-brief")
    door.templates.edit("demo-board-brief", stored.template, "Mine", 1)
    door.demo.remove()
    before = door.templates.get("demo-board-brief")
    door.demo.load()
    assert door.templates.get("demo-board-brief") == before and not before.demo
    assert door.templates.get("demo-board-brief-2").demo

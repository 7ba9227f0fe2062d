from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from crewgen_core.errors import NotFound
from crewgen_core.models.design import Design
from crewgen_core.models.outcome import Judgement, OutcomeEntry, OutcomeQuery, OutsideRun, StoredOutcome
from crewgen_core.models.run import Prediction, RunSettings
from crewgen_core.models.stored import StoredCrew
from crewgen_core.storage import crews, outcomes
from crewgen_core.storage.database import Database
from crewgen_core.storage.judged_runs import read_run
from crewgen_core.storage.lessons import read_newest, read_stamp
from tests.support.ended_runs import BEGAN, add_run

PREDICTED = Prediction(success=0.6, cost_usd=Decimal("0.25"), duration_s=300, tokens=60_000)
GOOD = OutcomeEntry(succeeded=True, rating=4, comment="As it should be")
BAD = OutcomeEntry(succeeded=False)


@pytest.fixture
def stored(database: Database, design: Design) -> StoredCrew:
    with database.begin() as connection:
        return crews.create(connection, design.crew, design.report, design.estimate)


def judge_run(
    database: Database,
    run_id: int,
    entry: OutcomeEntry = GOOD,
    by: str = "person",
    judgements: Sequence[Judgement] = (),
) -> StoredOutcome:
    with database.begin() as connection:
        run = read_run(connection, run_id)
        return outcomes.record(connection, run, entry, by, judgements)  # type: ignore[arg-type]


def add_outside(database: Database, *runs: OutsideRun, fingerprints: Sequence[str | None] = ()) -> int:
    marks = fingerprints or [None] * len(runs)
    with database.begin() as connection:
        return outcomes.record_outside(
            connection, [(run, run.number or 1, PREDICTED, mark) for run, mark in zip(runs, marks, strict=True)]
        )


def test_what_came_of_a_run_stands_beside_what_was_predicted_for_it(database: Database, stored: StoredCrew) -> None:
    with database.begin() as connection:
        run_id = add_run(connection, stored, template_key="brief", template_number=3)
    made = judge_run(database, run_id)
    assert (made.run_id, made.crew_id, made.number, made.crew_name) == (run_id, stored.crew_id, 1, stored.crew.name)
    assert (made.succeeded, made.rating, made.comment, made.judged_by) == (True, 4, "As it should be", "person")
    assert made.predicted == Prediction(success=0.5, cost_usd=Decimal("0.1"), duration_s=240, tokens=50_000)
    assert (made.cost_usd, made.tokens) == (Decimal("0.123456"), 48_000)
    assert made.duration_s == 180  # waiting for a person is not counted
    assert made.ran_at == BEGAN
    assert (made.template, made.template_number) == ("brief", 3)


@pytest.mark.parametrize("state", ["failed", "stopped"])
def test_what_half_a_run_cost_is_not_compared_with_a_whole_one(
    database: Database, stored: StoredCrew, state: str
) -> None:
    with database.begin() as connection:
        run_id = add_run(connection, stored, state=state)
    made = judge_run(database, run_id, BAD)
    assert (made.succeeded, made.cost_usd, made.tokens, made.duration_s) == (False, None, None, None)


def test_who_judges_again_replaces_the_verdict_and_keeps_what_others_said(
    database: Database, stored: StoredCrew
) -> None:
    checks = Judgement(by="checks", succeeded=True, reason="Everything that was asked for is there.")
    model = Judgement(by="model", model="gpt-5.6-luna", succeeded=False, reason="The figures are made up.")
    with database.begin() as connection:
        run_id = add_run(connection, stored)
    first = judge_run(database, run_id, GOOD, "checks", [checks])
    judge_run(database, run_id, BAD, "model", [model])
    last = judge_run(database, run_id, OutcomeEntry(succeeded=True, comment="I looked them up"))
    assert last.id == first.id
    assert (last.succeeded, last.judged_by, last.rating) == (True, "person", None)
    assert last.judgements == (checks, model)
    assert last.updated_at > first.updated_at
    with database.read() as connection:
        assert outcomes.count_outcomes(connection) == 1
        assert outcomes.find_of_run(connection, run_id) == last


def test_a_run_made_elsewhere_has_what_people_know_of_it(database: Database, stored: StoredCrew) -> None:
    ran_at = datetime(2026, 2, 1, tzinfo=UTC)
    run = OutsideRun(
        crew_id=stored.crew_id, succeeded=False, cost_usd=Decimal("0.5"), tokens=7, duration_s=60, ran_at=ran_at
    )
    add_outside(database, run, OutsideRun(crew_id=stored.crew_id, succeeded=True))
    with database.read() as connection:
        newest, oldest = outcomes.list_outcomes(connection)
    assert (oldest.cost_usd, oldest.tokens, oldest.duration_s, oldest.ran_at) == (Decimal("0.5"), 7, 60, ran_at)
    assert (oldest.predicted, oldest.judged_by, oldest.run_id) == (PREDICTED, "person", None)
    assert (newest.cost_usd, newest.tokens, newest.duration_s) == (None, None, None)
    assert datetime.now(UTC) - newest.ran_at < timedelta(minutes=5)


def test_lists_are_filtered_and_paged_in_the_database(database: Database, stored: StoredCrew) -> None:
    with database.begin() as connection:
        runs = [add_run(connection, stored, template_key=key) for key in ("brief", "brief", None)]
    made = [judge_run(database, run, GOOD if at else BAD) for at, run in enumerate(runs)]
    ids = [outcome.id for outcome in made]

    def found(limit: int = 50, before: int | None = None, **query: object) -> list[int]:
        with database.read() as connection:
            wanted = OutcomeQuery.model_validate(query)
            rows = outcomes.list_outcomes(connection, wanted, limit, before)
            assert limit < 50 or outcomes.count_outcomes(connection, wanted) == len(rows)
            return [row.id for row in rows]

    assert found() == ids[::-1]
    assert found(limit=1, before=ids[2]) == [ids[1]]
    assert found(template="brief") == [ids[1], ids[0]]
    assert found(template="") == [ids[2]]
    assert found(succeeded=False) == [ids[0]]
    assert found(judged_by="checks") == []
    assert found(crew_id=stored.crew_id + 1) == []
    with database.read() as connection:
        assert outcomes.list_templates(connection) == ("brief",)


def test_learning_reads_the_newest_runs_in_their_order(database: Database, stored: StoredCrew) -> None:
    days = [BEGAN + timedelta(days=day) for day in (2, 0, 1)]
    add_outside(
        database, *[OutsideRun(crew_id=stored.crew_id, succeeded=day == BEGAN, ran_at=day, tokens=1) for day in days]
    )
    with database.read() as connection:
        read = read_newest(connection, 10)
        assert [outcome.succeeded for outcome in read] == [True, False, False]
        assert [outcome.succeeded for outcome in read_newest(connection, 2)] == [False, False]
    assert read[0].predicted_cost_usd == Decimal("0.25")
    assert (read[0].predicted_success, read[0].predicted_duration_s) == (0.6, 300)
    assert (read[0].actual_cost_usd, read[0].actual_duration_s) == (None, None)


def test_the_stamp_tells_every_change(database: Database, stored: StoredCrew) -> None:
    stamps = list[object]()

    def look() -> None:
        with database.read() as connection:
            stamps.append(read_stamp(connection))
            assert read_stamp(connection) == stamps[-1]

    look()
    add_outside(database, OutsideRun(crew_id=stored.crew_id, succeeded=True))
    look()
    with database.begin() as connection:
        outcomes.change(connection, 1, BAD)
    look()
    with database.begin() as connection:
        outcomes.remove(connection, 1)
    look()
    assert len({repr(stamp) for stamp in stamps[:3]}) == 3
    assert stamps[3] == stamps[0]


def test_rows_that_were_read_before_are_known_again(database: Database, stored: StoredCrew) -> None:
    run = OutsideRun(crew_id=stored.crew_id, succeeded=True)
    marks = [f"{number:064}" for number in range(1_201)]
    add_outside(database, *[run] * len(marks), fingerprints=marks)
    with database.read() as connection:
        found = outcomes.find_known(connection, [*marks, "new"])
    assert list(found) == marks


def test_what_is_not_there_is_told(database: Database) -> None:
    with database.begin() as connection:
        with pytest.raises(NotFound, match="no outcome 7"):
            outcomes.get(connection, 7)
        with pytest.raises(NotFound, match="no outcome 7"):
            outcomes.change(connection, 7, GOOD)
        with pytest.raises(NotFound, match="no outcome 7"):
            outcomes.remove(connection, 7)
        with pytest.raises(NotFound, match="no run 7"):
            read_run(connection, 7)


def test_a_run_tells_how_it_is_to_be_judged(database: Database, stored: StoredCrew) -> None:
    settings = RunSettings(judge="checks")
    task = stored.crew.tasks[0].key
    with database.begin() as connection:
        run_id = add_run(connection, stored, {task: "A result"}, settings)
        run = read_run(connection, run_id)
    assert run.settings.judge == "checks"
    assert (run.tasks[0].key, run.tasks[0].output) == (task, "A result")

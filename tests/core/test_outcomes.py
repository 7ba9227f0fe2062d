from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotFound, UnreadableUpload, UnusableOutcome
from crewgen_core.imports.sheet.cells import CellFault
from crewgen_core.imports.sheet.outcome_rows import read_moment, read_yes
from crewgen_core.models.outcome import OutcomeEntry, OutsideRun
from crewgen_core.models.run import RunSettings
from crewgen_core.models.stored import StoredCrew
from crewgen_core.settings import Settings
from tests.support.crews import sequential_crew
from tests.support.ended_runs import add_run


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    opened = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"), {})
    yield opened
    if "database" in vars(opened):
        opened.database.close()


@pytest.fixture
def stored(crewgen: Crewgen) -> StoredCrew:
    return crewgen.crews.save(sequential_crew())


def table(
    *rows: str, header: str = "crew,version,succeeded,rating,comment,cost_usd,tokens,duration_minutes,ran_at"
) -> bytes:
    return "\n".join((header, *rows)).encode()


def test_a_run_made_elsewhere_is_compared_with_what_is_predicted_now(crewgen: Crewgen, stored: StoredCrew) -> None:
    made = crewgen.outcomes.record_outside(
        OutsideRun(crew_id=stored.crew_id, succeeded=True, cost_usd=Decimal("0.10"), rating=5)
    )
    _, estimate = crewgen.review(stored.crew)
    assert made.predicted.success == estimate.success.p50
    assert estimate.cost_usd
    assert made.predicted.cost_usd == estimate.cost_usd.p50
    assert (made.number, made.cost_usd, made.rating) == (1, Decimal("0.10"), 5)
    assert crewgen.outcomes.list_outcomes() == (made,)
    assert crewgen.outcomes.get(made.id) == made


def test_a_crew_or_version_that_is_not_there_has_no_outcome(crewgen: Crewgen, stored: StoredCrew) -> None:
    for run in (OutsideRun(crew_id=99, succeeded=True), OutsideRun(crew_id=stored.crew_id, number=2, succeeded=True)):
        with pytest.raises(NotFound):
            crewgen.outcomes.record_outside(run)
    assert crewgen.outcomes.count() == 0


def test_a_person_changes_their_mind(crewgen: Crewgen, stored: StoredCrew) -> None:
    made = crewgen.outcomes.record_outside(OutsideRun(crew_id=stored.crew_id, succeeded=True))
    changed = crewgen.outcomes.change(made.id, OutcomeEntry(succeeded=False, comment="It was copied"))
    assert (changed.succeeded, changed.comment, changed.predicted) == (False, "It was copied", made.predicted)
    crewgen.outcomes.delete(made.id)
    assert crewgen.outcomes.list_outcomes() == ()


def test_dry_runs_and_runs_that_go_on_teach_nothing(crewgen: Crewgen, stored: StoredCrew) -> None:
    with crewgen.database.begin() as connection:
        dry = add_run(connection, stored, settings=RunSettings(dry=True))
        goes_on = add_run(connection, stored, state="waiting", finished_at=None)
        ended = add_run(connection, stored)
    entry = OutcomeEntry(succeeded=True)
    with pytest.raises(UnusableOutcome, match="dry run"):
        crewgen.outcomes.record_run(dry, entry)
    with pytest.raises(UnusableOutcome, match="not ended"):
        crewgen.outcomes.record_run(goes_on, entry)
    assert crewgen.outcomes.record_run(ended, entry) == crewgen.outcomes.find_of_run(ended)
    assert crewgen.outcomes.find_of_run(dry) is None


def test_every_good_row_of_a_file_is_recorded_and_every_bad_one_told(crewgen: Crewgen, stored: StoredCrew) -> None:
    crew = stored.crew_id
    made = crewgen.outcomes.import_file(
        "results.csv",
        table(
            f"{crew},1,yes,5,Fine,0.12,48 200,6.5,2026-03-02 14:30",
            f"{crew},7,yes,,,,,,",
            f"{crew},,perhaps,9,,$x,-1,soon,tomorrow",
            ",,,,,,,,",
            f"{crew},,no,,,,,,",
            "99,,no,,,,,,",
            "the first one,,no,,,,,,",
            f"{crew},,,,,,,,",
        ),
    )
    assert (made.rows, made.recorded, made.known) == (7, 2, ())
    told = {bad.row: bad for bad in made.bad_rows}
    assert set(told) == {3, 4, 7, 8, 9}
    assert "no version 7 of crew" in told[3].reason
    assert told[4].column == "succeeded; rating; cost_usd; tokens; duration_minutes; ran_at"
    assert 'The cost "$x" is no amount' in told[4].reason
    assert "no crew 99" in told[7].reason
    assert told[8].value == "the first one"
    assert "write yes or no" in told[9].reason
    newest, oldest = crewgen.outcomes.list_outcomes()
    assert (newest.succeeded, newest.cost_usd) == (False, None)
    assert (oldest.rating, oldest.comment, oldest.cost_usd) == (5, "Fine", Decimal("0.12"))
    assert (oldest.tokens, oldest.duration_s) == (48_200, 390)
    assert oldest.ran_at == datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def test_the_same_file_again_doubles_nothing_and_says_so(crewgen: Crewgen, stored: StoredCrew) -> None:
    rows = [f"{stored.crew_id},,yes,,,,,,"] * 3
    first = crewgen.outcomes.import_file("a.csv", table(*rows))
    crewgen.crews.save_version(stored.crew_id, stored.crew, "Edited", 1)  # the newest version is another one now
    second = crewgen.outcomes.import_file("b.csv", table(*rows))
    assert (first.recorded, second.recorded) == (3, 0)
    assert [known.row for known in second.known] == [2, 3, 4]
    assert crewgen.outcomes.count() == 3
    longer = crewgen.outcomes.import_file("c.csv", table(*rows, rows[0]))
    assert (longer.recorded, len(longer.known)) == (1, 3)
    again = crewgen.outcomes.import_file("d.csv", table(*rows), again=True)
    assert (again.recorded, len(again.known)) == (3, 3)
    assert crewgen.outcomes.count() == 7


def test_a_file_can_be_checked_without_recording_anything(crewgen: Crewgen, stored: StoredCrew) -> None:
    made = crewgen.outcomes.import_file("a.csv", table(f"{stored.crew_id},,yes,,,,,,"), only_check=True)
    assert made.recorded == 1
    assert crewgen.outcomes.count() == 0


def test_columns_have_usual_names_in_any_order_and_others_are_told(crewgen: Crewgen, stored: StoredCrew) -> None:
    content = f"Success;Mood;Crew ID;Minutes\nja;great;{stored.crew_id};1 h 30\n".encode()
    made = crewgen.outcomes.import_file("a.csv", content)
    assert made.recorded == 1
    assert 'Not used: "Mood".' in made.notes
    assert crewgen.outcomes.list_outcomes()[0].duration_s == 5_400


def test_a_table_without_success_is_refused_as_a_whole(crewgen: Crewgen) -> None:
    with pytest.raises(UnreadableUpload, match="no column succeeded"):
        crewgen.outcomes.import_file("a.csv", b"crew,rating\n1,5\n")


def test_the_sample_is_read_without_a_fault(crewgen: Crewgen, stored: StoredCrew) -> None:
    crewgen.crews.save_version(stored.crew_id, stored.crew, "Edited", 1)
    made = crewgen.outcomes.import_file("sample.csv", crewgen.outcomes.sample().content)
    assert (made.recorded, made.bad_rows, made.notes) == (3, (), ())


@given(st.text(max_size=40))
def test_no_cell_is_taken_for_a_moment_or_a_verdict_by_accident(cell: str) -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    try:
        moment = read_moment(cell, now)
    except CellFault:
        pass
    else:
        assert moment.tzinfo is not None
        assert 2020 <= moment.year <= 2026
    try:
        assert isinstance(read_yes(cell), bool)
    except CellFault as fault:
        assert "yes" in str(fault)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_told_to_be_none(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    crewgen = Crewgen(Settings(database_url=f"sqlite:///{tmp_path_factory.getbasetemp() / 'any.db'}"), {})
    header = b"crew,succeeded\n"
    try:
        made = crewgen.outcomes.import_file("any", header + content, only_check=True)
    except UnreadableUpload as fault:
        assert fault.hint
    else:
        assert made.recorded == 0  # there is no crew
        assert len(made.bad_rows) == made.rows

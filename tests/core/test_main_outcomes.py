"""The command ``outcomes``: what it records, lists, reads in, forgets and refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.models.run import RunSettings
from crewgen_core.models.stored import StoredCrew
from crewgen_core.settings import load_settings
from tests.support.command_line import Run
from tests.support.crews import sequential_crew
from tests.support.ended_runs import add_run
from tests.support.recorded_outcomes import record_outcomes

pytestmark = pytest.mark.usefixtures("surroundings")


@pytest.fixture
def crewgen(surroundings: None) -> Iterator[Crewgen]:
    opened = Crewgen(load_settings())
    yield opened
    if "database" in vars(opened):
        opened.database.close()


@pytest.fixture
def stored(crewgen: Crewgen) -> StoredCrew:
    return crewgen.crews.save(sequential_crew())


def test_without_outcomes_it_is_said_how_to_record_one(run: Run) -> None:
    for action in ((), ("list",)):
        told = run("outcomes", *action)
        assert told.code == 0
        assert "outcomes for-run" in " ".join(told.out.split())
    assert run("outcomes", "--json").document == {"count": 0, "outcomes": []}


def test_a_run_made_elsewhere_is_recorded_beside_what_was_predicted(run: Run, stored: StoredCrew) -> None:
    measured = ("--cost-usd", "$0.12", "--tokens", "48 200", "--minutes", "6.5", "--ran-at", "2026-03-02 14:30")
    told = run("outcomes", "add", f"{stored.crew_id}", "--succeeded", "yes", "--rating", "4", *measured)
    assert told.code == 0
    assert "succeeded, rated 4 of 5" in " ".join(told.out.split())
    assert "was predicted" in told.out
    listed = run("outcomes", "list", "--json").document
    (outcome,) = listed["outcomes"]
    assert (listed["count"], outcome["succeeded"], outcome["cost_usd"]) == (1, True, 0.12)
    assert (outcome["tokens"], outcome["duration_s"], outcome["rating"]) == (48_200, 390, 4)
    assert run("outcomes", "--json", "list").document == listed
    assert stored.crew.name[:10] in run("outcomes").out


def test_what_came_of_a_run_of_here_is_recorded_and_recorded_anew(
    run: Run, crewgen: Crewgen, stored: StoredCrew
) -> None:
    with crewgen.database.begin() as connection:
        ended, dry = (add_run(connection, stored, settings=RunSettings(dry=it)) for it in (False, True))
    said = run("outcomes", "for-run", f"{ended}", "--succeeded", "no", "--comment", "Two sources are made up", "--json")
    assert (said.document["run_id"], said.document["succeeded"]) == (ended, False)
    again = run("outcomes", "for-run", f"{ended}", "--succeeded", "yes")
    assert again.code == 0
    assert crewgen.outcomes.count() == 1
    refused = run("outcomes", "for-run", f"{dry}", "--succeeded", "yes")
    assert (refused.code, refused.out) == (2, "")
    assert "dry run" in refused.err


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--succeeded", "perhaps"), "--succeeded"),
        (("--succeeded", "yes", "--rating", "6"), "--rating"),
        (("--succeeded", "yes", "--cost-usd", "5 EUR"), "US dollars"),
        (("--succeeded", "yes", "--minutes", "0"), "--minutes"),
        (("--succeeded", "yes", "--ran-at", "soon"), "--ran-at"),
        (("--succeeded", "yes", "--version", "7"), "version 7"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_recorded(
    run: Run, crewgen: Crewgen, stored: StoredCrew, options: tuple[str, ...], why: str
) -> None:
    refused = run("outcomes", "add", f"{stored.crew_id}", *options)
    assert (refused.code, refused.out) == (2, "")
    assert why in refused.err
    assert crewgen.outcomes.count() == 0


@pytest.mark.parametrize(
    "arguments",
    [("add", "99", "--succeeded", "no"), ("for-run", "x", "--succeeded", "no"), ("delete", "7"), ("import", "no.csv")],
)
def test_what_is_not_there_is_said_to_be_so(run: Run, arguments: tuple[str, ...]) -> None:
    refused = run("outcomes", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert len(refused.err.splitlines()) == 2


def test_a_table_is_checked_then_recorded_once(run: Run, crewgen: Crewgen, stored: StoredCrew, tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text(f"crew,succeeded,comment\n{stored.crew_id},yes,\n{stored.crew_id},no,late\n99,no,\n")
    checked = run("outcomes", "import", f"{path}", "--check")
    assert (checked.code, crewgen.outcomes.count()) == (1, 0)
    assert "2 outcomes would be recorded" in checked.out
    assert "no crew 99" in checked.out
    recorded = run("outcomes", "import", f"{path}", "--json").document
    assert (recorded["recorded"], [bad["row"] for bad in recorded["bad_rows"]]) == (2, [4])
    again = run("outcomes", "import", f"{path}")
    assert "0 outcomes recorded" in again.out
    assert "row 2: outcome" in again.out
    run("outcomes", "import", f"{path}", "--again")
    assert crewgen.outcomes.count() == 4
    assert "1 of 4 outcomes" in run("outcomes", "list", "--limit", "1").out


def test_the_sample_can_be_read_in_again(run: Run, crewgen: Crewgen, stored: StoredCrew, tmp_path: Path) -> None:
    printed = run("outcomes", "sample")
    assert printed.out.startswith("crew,version,succeeded")
    written = tmp_path / "sample.csv"
    assert run("outcomes", "sample", "--out", f"{written}").code == 0
    assert run("outcomes", "sample", "--out", f"{written}").code == 2
    read = run("outcomes", "import", f"{written}")  # its second row names a version that this crew lacks
    assert (read.code, crewgen.outcomes.count()) == (1, 2)


def test_an_outcome_is_forgotten(run: Run, crewgen: Crewgen, stored: StoredCrew) -> None:
    made = run("outcomes", "add", f"{stored.crew_id}", "--succeeded", "no", "--json").document
    told = run("outcomes", "delete", f"{made['id']}")
    assert (told.code, told.out) == (0, "")
    assert "forgotten" in told.err
    assert crewgen.outcomes.count() == 0


def test_the_calibration_says_how_many_outcomes_it_rests_on(run: Run, crewgen: Crewgen, stored: StoredCrew) -> None:
    assert "no outcomes yet" in run("calibration").out
    record_outcomes(crewgen, stored, 12)
    told = run("calibration")
    assert told.code == 0
    assert "12 outcomes" in told.out
    assert "uncalibrated" in told.out
    assert "times the prediction" in told.out
    assert run("calibration", "--json").document["outcomes"] == 12
    assert run("calibration", "--template", "none such", "--json").document["outcomes"] == 0

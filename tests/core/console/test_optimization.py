"""The command ``optimize``: what it prints, stores and refuses."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.console.optimization import WIDTH
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Limits
from crewgen_core.settings import load_settings
from tests.support.command_line import Run

pytestmark = pytest.mark.usefixtures("surroundings")

OBJECTIVE = "Translate our privacy policy into Spanish and check the terms."

QUICK = ("--providers", "openai", "--keep-process", "--min-success", "1%")
"""Little to compare, and something to change."""


@pytest.fixture
def crew_file(run: Run, tmp_path: Path) -> Path:
    """What ``generate --json`` printed; its crew is stored as number 1."""
    path = tmp_path / "design.json"
    path.write_text(run("generate", OBJECTIVE, "--builtin", "--json").out, encoding="utf-8")
    return path


@pytest.fixture
def front_door() -> Iterator[Crewgen]:
    crewgen = Crewgen(load_settings())
    yield crewgen
    if "database" in crewgen.__dict__:
        crewgen.database.close()


def test_the_result_is_printed_for_people(run: Run, crew_file: Path):
    ended = run("optimize", str(crew_file), "--goal", "cost", *QUICK)
    assert (ended.code, ended.err) == (0, "")
    for part in (
        "before",
        "after",
        "Success",
        "Cost",
        "Duration",
        "Changes (figures: each alone)",
        "The solver proved",
    ):
        assert part in ended.out
    assert "Stored as" not in ended.out
    assert max(map(len, ended.out.splitlines())) <= WIDTH


@pytest.mark.parametrize("crew", ["file", "1"])
def test_one_json_document_holds_the_whole_optimization(run: Run, crew_file: Path, crew: str):
    place = str(crew_file) if crew == "file" else crew
    ended = run("optimize", place, "--goal", "cost", *QUICK, "--json")
    document = ended.document
    assert ended.err == ""
    assert ("optimization_id" in document) == (crew == "1")
    assert "version" not in document
    assert "frontier" not in document
    assert {"goal", "limits", "feasible", "before", "after", "changes", "verdict", "proof", "variants"} <= set(document)
    assert document["limits"]["least_success"] == 0.01
    assert document["changes"]
    assert all(change["effect"]["cost_usd"]["p50"] > 0 for change in document["changes"])


def test_every_option_reaches_the_limits(run: Run, crew_file: Path):
    crew = json.loads(crew_file.read_text())["crew"]
    first = crew["agents"][0]["key"]
    document = run(
        "optimize", "1", "--goal", "balanced", "--max-cost", "0.75", "--max-minutes", "90.5", "--min-success", "0.02",
        "--models", "gpt-5-mini, gpt-6-sol", "--fixed-agents", first, "--max-agents", "7", "--new-tools",
        "--keep-process", "--keep-order", "--keep-reviews", "--beyond-objective", "--json",
    ).document  # fmt: skip
    assert document["limits"] == {
        "budget_usd": 0.75,
        "deadline_minutes": 90.5,
        "least_success": 0.02,
        "models": ["gpt-5-mini", "gpt-6-sol"],
        "providers": None,
        "fixed_agents": [first],
        "max_agents": 7,
        "new_tools": True,
        "keep_process": True,
        "keep_order": True,
        "keep_reviews": True,
        "beyond_objective": True,
    }


def test_applying_makes_a_new_version_that_the_front_door_finds(run: Run, crew_file: Path, front_door: Crewgen):
    ended = run("optimize", "1", "--goal", "cost", *QUICK, "--apply", "--json")
    document = ended.document
    assert (ended.code, document["version"]) == (0, 2)
    stored = front_door.crews.get(1)
    assert stored.number == 2
    assert stored.estimate.cost_usd
    assert float(stored.estimate.cost_usd.p50) == document["after"]["cost_usd"]["p50"]
    kept = front_door.optimizing.get(document["optimization_id"])
    assert kept.row.applied == tuple(range(len(document["changes"])))
    printed = run("optimize", "1", "--goal", "speed", *QUICK, "--max-cost", "5", "--apply").out
    assert "Stored as version 3 of crew 1." in printed or "No improvement" in printed
    assert [row.goal for row in front_door.optimizing.list_of(1)] == ["speed", "cost"]


def test_the_changed_crew_is_written_where_it_is_wanted(run: Run, crew_file: Path, tmp_path: Path):
    out = tmp_path / "new" / "better.json"
    ended = run("optimize", str(crew_file), "--goal", "cost", *QUICK, "--out", str(out))
    assert ended.code == 0
    assert str(out) in ended.out
    before, after = (run("estimate", str(path), "--json").document for path in (crew_file, out))
    assert after["cost_usd"]["p50"] < before["cost_usd"]["p50"]
    assert run("validate", str(out)).code == 0
    refused = run("optimize", str(crew_file), "--goal", "cost", *QUICK, "--out", str(out))
    assert (refused.code, refused.out) == (2, "")
    assert "--force" in refused.err
    assert run("optimize", str(crew_file), "--goal", "cost", *QUICK, "--out", str(out), "--force").code == 0


def test_nothing_is_applied_when_the_file_cannot_be_written(run: Run, crew_file: Path, front_door: Crewgen):
    ended = run("optimize", "1", "--goal", "cost", *QUICK, "--apply", "--out", str(crew_file))
    assert ended.code == 2
    assert front_door.crews.get(1).number == 1


def test_where_nothing_is_to_change_it_is_said_that_nothing_is_written(run: Run, crew_file: Path, tmp_path: Path):
    out = tmp_path / "same.json"
    quiet = ("--models", "", "--keep-process", "--keep-order", "--keep-reviews")
    ended = run("optimize", str(crew_file), "--goal", "cost", *quiet, "--out", str(out))
    assert ended.code == 0
    assert "No improvement found" in ended.out
    assert "Nothing was written" in ended.out
    assert not out.exists()
    applied = run("optimize", "1", "--goal", "cost", *quiet, "--apply", "--json")
    assert (applied.code, "version" in applied.document) == (0, False)


def test_the_frontier_is_listed_when_asked_for(run: Run, crew_file: Path):
    narrow = ("--models", "gpt-5-mini", "--keep-process", "--keep-order", "--keep-reviews")
    printed = run("optimize", str(crew_file), "--goal", "cost", *narrow, "--frontier").out
    assert "Frontier: crews that no other one beats" in printed
    document = run("optimize", str(crew_file), "--goal", "cost", *narrow, "--frontier", "--json").document
    assert len(document["frontier"]) >= 2
    assert all("crew" not in point for point in document["frontier"])
    assert {"cheapest", "fastest", "most successful"} <= {point["kind"] for point in document["frontier"]}


def test_limits_that_no_crew_keeps_end_with_code_2_and_the_nearest_crews(run: Run, crew_file: Path):
    asked = ("optimize", str(crew_file), "--goal", "performance", *QUICK, "--max-cost", "0.000001")
    ended = run(*asked)
    assert ended.code == 2
    assert ended.out.startswith("No crew keeps ")
    assert "cheapest" in ended.out
    document = run(*asked, "--json")
    assert (document.code, document.document["feasible"]) == (2, False)


def test_limits_in_the_objective_of_a_file_count(run: Run, crew_file: Path):
    asked = ("optimize", str(crew_file), "--goal", "cost", *QUICK, "--json")
    objective = f"{OBJECTIVE} In under 45 minutes for less than $2."
    with_limits = run(*asked, "--objective", objective).document
    assert with_limits["stated"] == ["budget_usd", "deadline_minutes"]
    assert (with_limits["limits"]["budget_usd"], with_limits["limits"]["deadline_minutes"]) == (2, 45)
    assert "The objective itself asks for a budget of $2.00" in with_limits["verdict"]
    assert run(*asked, "--objective", objective, "--beyond-objective").document["stated"] == []
    assert run(*asked).document["stated"] == []


BAD_NUMBERS = (
    "0",
    "-1",
    "abc",
    "",
    "nan",
    "inf",
    "1e999",
    "1e-999",
    "2,5",
    "1 000",
    "10000000",
    "50%",
    "$2",
    "x" * 400,
)


@pytest.mark.parametrize("value", BAD_NUMBERS)
@pytest.mark.parametrize(
    ("option", "wants"),
    [
        ("--max-cost", "a number of US dollars above 0"),
        ("--max-minutes", "a number of minutes above 0"),
        ("--max-agents", "a whole number of agents above 0 and up to 200"),
    ],
)
def test_a_number_that_cannot_be_used_is_answered_in_a_sentence(
    run: Run, tmp_path: Path, option: str, wants: str, value: str
):
    path = crew_of_one(tmp_path)
    ended = run("optimize", str(path), "--goal", "cost", f"{option}={value}", "--json")
    assert (ended.code, ended.out) == (2, "")
    sentence, hint = ended.err.splitlines()
    assert sentence.startswith(f"{option} needs {wants}")
    assert sentence.endswith(f'not "{value[:30]}".')
    assert hint == f"Write {option} 2, for example."


@pytest.mark.parametrize("value", ["2.5", "201", "1e2.5", "0.5"])
def test_agents_are_counted_whole(run: Run, tmp_path: Path, value: str):
    ended = run("optimize", str(crew_of_one(tmp_path)), "--goal", "cost", "--max-agents", value)
    assert ended.code == 2
    assert "--max-agents needs a whole number of agents above 0 and up to 200" in ended.err


@pytest.mark.parametrize("value", ["60", "1", "100%", "-1", "-5%", "abc", "%", "", "nan%", "1e9", "0.9999999999"])
def test_a_least_success_that_is_no_share_is_answered_in_a_sentence(run: Run, tmp_path: Path, value: str):
    ended = run("optimize", str(crew_of_one(tmp_path)), "--goal", "cost", f"--min-success={value}")
    assert (ended.code, ended.out) == (2, "")
    assert "--min-success needs a share from 0 up to below 1, or a percentage" in ended.err
    assert "60%" in ended.err


@pytest.mark.parametrize(("value", "share"), [("0.05", 0.05), ("5%", 0.05), (" 5 % ", 0.05), ("0", 0), ("1e-3", 0.001)])
def test_a_least_success_may_be_a_share_or_a_percentage(run: Run, tmp_path: Path, value: str, share: float):
    path = str(crew_of_one(tmp_path))
    asked = ("optimize", path, "--goal", "cost", "--models", "", "--keep-process", "--json", f"--min-success={value}")
    assert run(*asked).document["limits"]["least_success"] == pytest.approx(share)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--goal", "chep"), 'There is no goal "chep".'),
        (("--goal", ""), 'There is no goal "".'),
        (("--goal", "cost", "--providers", "nosuch"), 'No model of a provider "nosuch"'),
        (("--goal", "cost", "--models", "gpt-5-mini,nosuch"), "The price of a model nosuch is not known"),
        (("--goal", "cost", "--fixed-agents", "nosuch"), 'There is no agent "nosuch" to keep'),
        (("--goal", "cost", "--apply"), "Only a stored crew gets a new version."),
        (("--goal", "cost", "--objective", ""), "The objective is empty."),
        (("--goal", "cost", "--objective", "Ok!"), "The objective has no words."),
    ],
)
def test_what_cannot_be_asked_is_answered_in_a_sentence(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], sentence: str
):
    ended = run("optimize", str(crew_of_one(tmp_path)), *arguments, "--json")
    assert (ended.code, ended.out) == (2, "")
    assert sentence in ended.err
    assert len(ended.err.splitlines()) == 2, "what happened, and what to do"


def test_a_stored_crew_has_its_objective_and_a_number_that_is_none_is_not_found(run: Run, crew_file: Path):
    ended = run("optimize", "1", "--goal", "cost", "--objective", OBJECTIVE)
    assert ended.code == 2
    assert "A stored crew has its objective already." in ended.err
    assert run("optimize", "99", "--goal", "cost").err.startswith("There is no crew 99.")


def test_a_goal_is_needed(run: Run, tmp_path: Path):
    with pytest.raises(SystemExit) as ended:
        run("optimize", str(crew_of_one(tmp_path)))
    assert ended.value.code == 2


def test_a_crew_with_errors_is_not_optimized(run: Run, tmp_path: Path):
    path = tmp_path / "broken.json"
    document = json.loads(crew_of_one(tmp_path).read_text())
    document["tasks"][0]["agent"] = "nobody"
    path.write_text(json.dumps(document))
    ended = run("optimize", str(path), "--goal", "cost")
    assert ended.code == 2
    assert ended.err.startswith("The crew has an error: ")


def test_estimate_and_optimize_agree_to_the_cent_wherever_they_are_asked(
    run: Run, crew_file: Path, front_door: Crewgen
):
    designed = json.loads(crew_file.read_text())
    crew, objective = front_door.crews.get(1).crew, Objective(text=OBJECTIVE)
    estimated = run("estimate", str(crew_file), "--json").document
    of_file = run("optimize", str(crew_file), "--goal", "cost", *QUICK, "--json").document
    of_stored = run("optimize", "1", "--goal", "cost", *QUICK, "--json").document
    limits = Limits(providers=("openai",), keep_process=True, least_success=0.01)
    asked = front_door.optimizing.optimize(crew, "cost", limits, objective).model_dump(mode="json")
    for figure in ("cost_usd", "success", "duration_s"):
        assert estimated[figure] == designed["estimate"][figure]
        assert estimated[figure] == of_file["before"][figure] == of_stored["before"][figure] == asked["before"][figure]
        assert of_file["after"][figure] == of_stored["after"][figure] == asked["after"][figure]
    assert of_file["changes"] == of_stored["changes"] == asked["changes"]


def crew_of_one(folder: Path) -> Path:
    """Write a crew file with one agent and one task, and without an objective."""
    path = folder / "one.json"
    agent = {"key": "a", "role": "Translator", "goal": "Translate.", "backstory": "You know both languages."}
    task = {"key": "t", "name": "Translate it", "description": "Translate.", "expected_output": "A text.", "agent": "a"}
    crew = {"schema": "crewgen/1", "name": "One", "coordination": "solo", "agents": [agent], "tasks": [task]}
    path.write_text(json.dumps(crew), encoding="utf-8")
    return path

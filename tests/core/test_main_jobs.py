"""The commands ``bulk`` and ``jobs``: what they print, start, wait for, write and refuse.

Rows are worked on in this process; where a command waits, worker processes of its own do it.
"""

import csv
import io
import json
import os
import signal
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.settings import load_settings
from tests.support.command_line import Ended, Run, run_apart, start
from tests.support.jobs import work_on_all

pytestmark = pytest.mark.usefixtures("surroundings")

ROWS = (
    "objective;name;budget_usd;team\n"
    "Write a market report on electric bikes for the board.;Bikes;2,50;Berlin\n"
    ";Nothing;;\n"
    "Compare the prices of three competitors in a table.;Prices;-4;\n"
    "Compare the prices of three competitors in a table.;Table;;\n"
)


@pytest.fixture
def rows_file(tmp_path: Path) -> Path:
    """Four rows, of which the second has no objective and the third no budget that could be."""
    path = tmp_path / "rows.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


@pytest.fixture
def good_file(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_text("objective\nWrite a market report on electric bikes for the board.\n", encoding="utf-8")
    return path


@pytest.fixture
def crewgen() -> Iterator[Crewgen]:
    crewgen = Crewgen(load_settings())
    yield crewgen
    if "database" in crewgen.__dict__:
        crewgen.database.close()


def work(crewgen: Crewgen, job_id: int = 1) -> None:
    work_on_all(crewgen, job_id)


def refused(ended: Ended) -> list[str]:
    """Return what a refused command said: what happened, and what to do."""
    assert (ended.code, ended.out) == (2, "")
    return ended.err.splitlines()


# --- bulk -------------------------------------------------------------------------------------------------------------


def test_a_check_tells_every_bad_row_and_the_forecast_and_starts_nothing(run: Run, rows_file: Path):
    ended = run("bulk", str(rows_file), "--check")
    assert ended.code == 1
    flat = " ".join(ended.out.split())
    assert "UTF-8, cells separated by semicolons" in flat
    assert "4 rows: 2 good, 2 bad" in flat
    assert "row 3, objective: The objective is empty" in flat
    assert 'row 4, budget_usd "-4": The budget "-4" is out of range' in flat
    assert "Forecast for 2 crews" in flat and "nothing: no model is asked" in flat
    assert run("jobs", "--json").document == {"jobs": []}


def test_a_check_of_good_rows_ends_with_code_0(run: Run, good_file: Path):
    assert run("bulk", str(good_file), "--check").code == 0


def test_a_check_as_json_is_one_document_with_upload_and_forecast(run: Run, rows_file: Path):
    document = run("bulk", str(rows_file), "--check", "--json").document
    assert [(bad["row"], bad["column"]) for bad in document["upload"]["bad_rows"]] == [
        (3, "objective"),
        (4, "budget_usd"),
    ]
    assert document["forecast"]["rows"] == 2


def test_a_job_is_started_and_left_to_others_where_nobody_waits(run: Run, good_file: Path, crewgen: Crewgen):
    ended = run("bulk", str(good_file), "--no-wait", "--name", "My reports", "--priority", "high", "--max-agents", "2")
    assert ended.code == 0
    assert "worker" in ended.err
    job = crewgen.bulk.get(1)
    assert (job.name, job.state, job.priority, job.total) == ("My reports", "running", "high", 1)
    assert crewgen.bulk.list_items(1).items[0].requirements == {"max_agents": 2}


def test_the_very_same_command_finds_its_unfinished_job_and_any_other_starts_a_new_one(run: Run, good_file: Path):
    first, same, other, again = (
        run("bulk", str(good_file), "--no-wait", "--json", *more)
        for more in ((), (), ("--max-agents", "3"), ("--again",))
    )
    assert [ended.document["job"]["id"] for ended in (first, same, other, again)] == [1, 1, 2, 3]
    assert [ended.document["resumed"] for ended in (first, same, other, again)] == [False, True, False, False]
    assert "--again" in same.err


def test_a_changed_file_is_another_job(run: Run, good_file: Path):
    run("bulk", str(good_file), "--no-wait")
    good_file.write_text("objective\nWrite a market report on cargo bikes for the board.\n", encoding="utf-8")
    assert run("bulk", str(good_file), "--no-wait", "--json").document["job"]["id"] == 2


def test_a_finished_job_is_not_found_again(run: Run, good_file: Path, crewgen: Crewgen):
    run("bulk", str(good_file), "--no-wait")
    work(crewgen)
    assert run("bulk", str(good_file), "--no-wait", "--json").document["job"]["id"] == 2


def test_columns_are_chosen_and_the_recognised_ones_stay(run: Run, tmp_path: Path):
    path = tmp_path / "odd.csv"
    path.write_text("wanted,name\nWrite a market report on electric bikes for the board.,Bikes\n", encoding="utf-8")
    assert "No column is recognised" in refused(run("bulk", str(path), "--check", "--json"))[0]
    mapping = run("bulk", str(path), "--map", "objective=wanted", "--check", "--json").document["upload"]["mapping"]
    assert mapping == {"objective": "wanted", "name": "name"}
    taken = ("--map", "objective=wanted", "--map", "name=", "--check", "--json")
    assert run("bulk", str(path), *taken).document["upload"]["mapping"] == {"objective": "wanted"}


def test_duplicates_are_left_out_where_wanted(run: Run, tmp_path: Path):
    path = tmp_path / "twice.csv"
    path.write_text("objective\n" + "Write a market report on electric bikes for the board.\n" * 3, encoding="utf-8")
    assert run("bulk", str(path), "--no-wait", "--json").document["job"]["total"] == 3
    assert run("bulk", str(path), "--no-wait", "--json", "--skip-duplicates").document["job"]["total"] == 1


def test_a_file_without_a_good_row_starts_no_job(run: Run, tmp_path: Path):
    path = tmp_path / "bad.csv"
    path.write_text("objective,name\n,a\n", encoding="utf-8")
    ended = run("bulk", str(path))
    assert ended.code == 2
    assert "no job was started" in ended.err
    assert "row 2" in ended.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["missing.csv"], "missing.csv cannot be read"),
        (["{good}", "--map", "objective"], '--map needs FIELD=COLUMN, not "objective"'),
        (["{good}", "--map", "colour=objective"], "Nothing is called colour"),
        (["{good}", "--budget-usd", "much"], "The value of --budget-usd cannot be used"),
        (["{good}", "--name", ""], "The value of --name cannot be used"),
        (["{good}", "--job-budget", "-1"], "--job-budget needs a number of US dollars"),
        (["{good}", "--domain", "frobnication"], "frobnication"),
        (["{good}", "--model", "nobody-knows-this"], "nobody-knows-this"),
        (["{good}", "--out", "results.txt"], "results.txt does not say what to write"),
        (["{good}", "--out", "{good}"], "is there already"),
    ],
)
def test_what_cannot_be_is_refused_before_a_job_is_started(run: Run, good_file: Path, arguments: list[str], told: str):
    filled = [argument.format(good=good_file) for argument in arguments]
    sentence, hint = refused(run("bulk", *filled, "--no-wait", "--json"))
    assert told in sentence and hint
    assert run("jobs", "--json").document == {"jobs": []}


def test_a_budget_that_cannot_be_kept_is_refused(run: Run, good_file: Path):
    told = refused(
        run(
            "bulk", str(good_file), "--no-wait", "--json", "--model", "openrouter/nobody/own-model", "--job-budget", "1"
        )
    )
    assert "price of openrouter/nobody/own-model is not known" in told[0]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal on POSIX only")
def test_ctrl_c_leaves_the_job_as_it_is_and_the_same_command_goes_on(
    good_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    command = ["bulk", str(good_file), "--out", str(tmp_path / "out.jsonl"), "--json"]
    monkeypatch.setenv("CREWGEN_WORKERS", "0")  # nobody works on it, so the command waits until it is stopped
    with start(command) as process:
        assert process.stderr
        assert "Job 1 has 1 row" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines() == ["Job 1 stays as it is. To go on: python -m crewgen_core jobs 1 --wait"]
    assert not (tmp_path / "out.jsonl").exists()

    monkeypatch.setenv("CREWGEN_WORKERS", "1")
    ended = run_apart(*command)
    assert ended.code == 0, ended.err
    document = ended.document
    assert document["resumed"] and document["job"]["id"] == 1
    assert (document["job"]["state"], document["job"]["completed"]) == ("completed", 1)
    (row,) = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(row)["state"] == "completed"


def test_waiting_for_a_paused_job_ends_at_once_and_says_how_to_go_on(run: Run, good_file: Path):
    run("bulk", str(good_file), "--no-wait")
    run("jobs", "1", "--pause")
    ended = run("bulk", str(good_file), "--out", "never-written.csv")
    assert ended.code == 2
    assert "jobs 1 --resume --wait" in ended.err
    assert not Path("never-written.csv").exists()


# --- jobs -------------------------------------------------------------------------------------------------------------


def test_jobs_are_listed_the_newest_first(run: Run, good_file: Path):
    assert "no jobs yet" in run("jobs").out
    for name in ("First", "Second"):
        run("bulk", str(good_file), "--no-wait", "--name", name)
    heads, newest, oldest = run("jobs").out.splitlines()
    assert heads.split() == ["job", "state", "rows", "done", "failed", "spent", "name"]
    assert newest.split()[:2] == ["2", "running"] and newest.endswith("Second")
    assert oldest.endswith("First")


def test_a_job_is_paused_resumed_cancelled_and_tried_again(run: Run, good_file: Path):
    run("bulk", str(good_file), "--no-wait")
    states = [
        run("jobs", "1", f"--{verb}", "--json").document["job"]["state"] for verb in ("pause", "resume", "cancel")
    ]
    assert states == ["paused", "running", "cancelled"]
    tried = run("jobs", "1", "--retry", "--json")
    assert tried.document["job"]["state"] == "running"
    assert tried.err == "1 row to try again.\n"


def test_a_budget_is_changed_and_taken_away(run: Run, good_file: Path):
    run("bulk", str(good_file), "--no-wait", "--model", "openai/gpt-5-mini", "--job-budget", "2")
    budgets = [run("jobs", "1", "--budget", text, "--json").document["job"]["budget_usd"] for text in ("3.5", "none")]
    assert budgets == [3.5, None]
    assert "--budget needs a number" in refused(run("jobs", "1", "--budget", "lots"))[0]


def test_results_are_written_as_table_lines_and_projects(run: Run, rows_file: Path, tmp_path: Path, crewgen: Crewgen):
    run("bulk", str(rows_file), "--no-wait")
    work(crewgen)
    paths = [tmp_path / f"results.{ending}" for ending in ("csv", "jsonl", "zip")]
    for path in paths:
        assert run("jobs", "1", "--out", str(path), "--json").document["written"] == str(path)
    rows = list(csv.DictReader(io.StringIO(paths[0].read_text(encoding="utf-8-sig"))))
    assert [(row["row"], row["team"], row["state"]) for row in rows] == [
        ("2", "Berlin", "completed"),
        ("5", "", "completed"),
    ]
    assert len(paths[1].read_text(encoding="utf-8").splitlines()) == 2
    with zipfile.ZipFile(paths[2]) as archive:
        assert sum(name.endswith("crew.jsonc") for name in archive.namelist()) == 2
    assert "is there already" in refused(run("jobs", "1", "--out", str(paths[0])))[0]
    assert run("jobs", "1", "--out", str(paths[0]), "--force").code == 0


def test_crews_of_a_job_are_checked_and_optimized_in_further_ones(run: Run, good_file: Path, crewgen: Crewgen):
    run("bulk", str(good_file), "--no-wait")
    work(crewgen)
    checked = run("jobs", "1", "--validate", "--json").document["job"]
    assert (checked["id"], checked["kind"], checked["source_job_id"]) == (2, "validate", 1)
    optimized = run("jobs", "1", "--optimize", "cost", "--apply", "--json").document["job"]
    assert (optimized["id"], optimized["kind"], optimized["settings"]["goal"]) == (3, "optimize", "cost")
    work(crewgen, 3)
    assert "Optimize for cost: good" in run("jobs", "3").out


def test_failed_rows_are_grouped_by_reason_and_listed_on_demand(run: Run, good_file: Path, crewgen: Crewgen):
    run("bulk", str(good_file), "--no-wait", "--model", "openai/gpt-5-mini")  # without a key, the model refuses
    work(crewgen)
    told = run("jobs", "1").out
    assert "0 of 1 rows done, 1 failed" in told
    assert "1 row: " in told
    assert "jobs 1 --retry --wait" in told
    assert "row 2, Write a market report on electric bikes" in run("jobs", "1", "--failed").out
    (row,) = run("jobs", "1", "--failed", "--json").document["failed_rows"]
    assert row["failure_reason"]


def test_waiting_for_a_job_with_failed_rows_ends_with_code_1(run: Run, good_file: Path, crewgen: Crewgen):
    run("bulk", str(good_file), "--no-wait", "--model", "openai/gpt-5-mini")
    work(crewgen)
    assert run("jobs", "1", "--wait").code == 1


def test_what_steers_a_terminal_is_not_printed(run: Run, good_file: Path):
    run("bulk", str(good_file), "--no-wait", "--name", "\x1b[2J\x07Reports")
    assert "\x1b" not in run("jobs").out + run("jobs", "1").out


@pytest.mark.parametrize("job", ["7", "x", "9" * 30])
def test_a_job_that_is_not_there_is_told(run: Run, job: str):
    sentence, hint = refused(run("jobs", job))
    assert "There is no job" in sentence and "`jobs`" in hint


def test_a_change_without_a_job_is_refused(run: Run):
    assert "Which job" in refused(run("jobs", "--wait"))[0]
    assert "Which job" in refused(run("jobs", "--optimize", "cost"))[0]


def test_applying_nothing_is_refused(run: Run, good_file: Path):
    run("bulk", str(good_file), "--no-wait")
    assert "--apply" in refused(run("jobs", "1", "--apply"))[0]

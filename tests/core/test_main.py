"""The command line, in this process where that can be, in one of its own where exit and streams are what is tested."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crewgen_core.__main__ import EXPORT_FORMATS, main
from crewgen_core.commands.register import COMMANDS
from crewgen_core.console.terminal import COLUMNS
from crewgen_core.exports.forms import EXPORTS
from crewgen_core.settings import ROOT
from tests.support.command_line import Run, run_apart, start
from tests.support.model_server import ODD_ANSWERS, SPOKEN_FAULTS, TRANSPORT_FAULTS, ModelServer

pytestmark = pytest.mark.usefixtures("surroundings")

OBJECTIVE = "Analyze why churn rose in Q3 from our subscription exports and write a two-page brief for the board."

BROKEN_CREW = {
    "schema": "crewgen/1",
    "agents": [{"key": "writer", "role": "Writer", "goal": "Write", "backstory": "You write."}],
    "tasks": [
        {"key": "a", "name": "Draft", "agent": "writer", "depends_on": ["b"]},
        {"key": "b", "name": "Outline", "agent": "writer", "depends_on": ["a"]},
    ],
}
"""Two tasks that wait for each other."""


@pytest.fixture
def crew_file(run: Run, tmp_path: Path) -> Path:
    """What ``generate --json`` printed, as a file."""
    path = tmp_path / "design.json"
    path.write_text(run("generate", OBJECTIVE, "--builtin", "--json").out, encoding="utf-8")
    return path


@pytest.fixture
def broken_file(tmp_path: Path) -> Path:
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(BROKEN_CREW), encoding="utf-8")
    return path


def give_input(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


# --- help and options -------------------------------------------------------------------------------------------------


def test_without_a_command_the_help_is_printed(run: Run):
    ended = run()
    assert ended.code == 0
    assert all(command in ended.out for command in COMMANDS)


def test_every_format_of_the_front_door_is_offered():
    assert set(EXPORT_FORMATS) == set(EXPORTS)


def test_help_imports_neither_the_core_nor_anything_heavy():
    code = "import sys\nfrom crewgen_core.__main__ import main\nmain([])\nprint(*sys.modules)"
    modules = subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).split()
    assert not {"pydantic", "sqlalchemy", "yaml", "numpy", "crewgen_core.app"} & set(modules)


@pytest.mark.parametrize("command", ["analyze", "validate", "estimate", "why"])
def test_a_command_that_stores_nothing_opens_no_database(command: str, run: Run, crew_file: Path, tmp_path: Path):
    (tmp_path / "crewgen.db").unlink()
    assert run(command, OBJECTIVE if command == "analyze" else str(crew_file)).code == 0
    assert not (tmp_path / "crewgen.db").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["generate"],
        ["generate", OBJECTIVE, "--model", "a/b", "--builtin"],
        ["generate", OBJECTIVE, "--jso"],
    ],
)
def test_wrong_usage_ends_with_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ending:
        main(arguments)
    assert ending.value.code == 2
    assert "usage:" in capsys.readouterr().err


# --- generate ---------------------------------------------------------------------------------------------------------


def test_json_of_generate_is_one_document_and_nothing_else():
    ended = run_apart("generate", OBJECTIVE, "--builtin", "--json")
    assert ended.code == 0
    assert list(ended.document) == [
        "schema", "request_id", "crew_id", "objective", "analysis", "crew", "report", "estimate", "provenance",
    ]  # fmt: skip
    assert ended.document["crew"]["schema"] == ended.document["schema"] == "crewgen/1"
    assert ended.err == ""


def test_a_person_reads_agents_tasks_findings_estimate_and_engine_in_80_columns(run: Run):
    ended = run("generate", OBJECTIVE, "--builtin")
    for title in ("Made by Built-in", "Agents (", "Tasks (", "Findings (", "Success", "Cost", "Duration", "Tokens"):
        assert title in ended.out
    assert max(map(len, ended.out.splitlines())) <= COLUMNS
    assert ended.err == ""


def test_alternatives_are_compared_after_the_crew_with_their_reasons(run: Run):
    ended = run("generate", OBJECTIVE, "--builtin", "--alternatives")
    told = ended.out.partition("Alternatives (3), the best bet first")[2]
    for title in ("Lean crew", "Balanced crew, shown above", "Thorough crew"):
        assert title in told
    assert told.count("    Success ") == told.count("    Cost ") == 3
    assert max(map(len, ended.out.splitlines())) <= COLUMNS
    assert "Alternatives" not in run("generate", OBJECTIVE, "--builtin").out


def test_json_lists_the_alternatives_that_were_asked_for_beside_the_crew(run: Run):
    document = run("generate", OBJECTIVE, "--builtin", "--alternatives", "--json").document
    (shown,) = [alternative for alternative in document["alternatives"] if alternative["shown"]]
    assert len(document["alternatives"]) == 3
    assert [task["key"] for task in shown["crew"]["tasks"]] == [task["key"] for task in document["crew"]["tasks"]]
    assert shown["estimate"] == document["estimate"]


def test_every_option_of_generate_reaches_the_objective(run: Run):
    ended = run(
        "generate", OBJECTIVE, "--builtin", "--json", "--context", "We sell software.", "--domain", "finance",
        "--budget-usd", "2.50", "--deadline-minutes", "30", "--max-agents", "3",
        "--allowed-tools", "file_read, csv_search", "--preferences", "Be brief.",
    )  # fmt: skip
    objective = ended.document["objective"]
    assert objective == {
        "text": OBJECTIVE,
        "context": "We sell software.",
        "domain": "finance",
        "budget_usd": 2.5,
        "deadline_minutes": 30.0,
        "max_agents": 3,
        "allowed_tools": ["file_read", "csv_search"],
        "allowed_models": None,
        "template": None,
        "template_number": None,
        "template_values": {},
        "preferences": "Be brief.",
    }
    assert len(ended.document["crew"]["agents"]) <= 3


def test_the_objective_may_come_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch):
    give_input(monkeypatch, f"{OBJECTIVE}\n".encode())
    assert run("generate", "-", "--builtin", "--json").document["objective"]["text"] == OBJECTIVE


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([""], "The objective is empty."),
        (["   "], "The objective is empty."),
        (["word"], "too little to plan from"),
        ([OBJECTIVE, "--budget-usd", "much"], "--budget-usd"),
        ([OBJECTIVE, "--budget-usd", "-1"], "--budget-usd"),
        ([OBJECTIVE, "--deadline-minutes", "nan"], "--deadline-minutes"),
        ([OBJECTIVE, "--max-agents", "0"], "--max-agents"),
        ([OBJECTIVE, "--domain", "finanse"], 'no domain "finanse"'),
        ([OBJECTIVE, "--allowed-tools", "file_red"], 'no tool "file_red"'),
    ],
)
def test_an_objective_that_cannot_be_used_is_refused_in_a_sentence_with_a_hint(
    arguments: list[str], said: str, run: Run
):
    ended = run("generate", *arguments, "--builtin", "--json")
    assert ended.code == 2
    assert ended.out == ""
    sentence, hint = ended.err.splitlines()
    assert said in sentence
    assert hint


def test_an_unknown_name_is_answered_with_the_nearest_known_ones(run: Run):
    assert "finance" in run("generate", OBJECTIVE, "--domain", "finanse").err


def test_input_that_is_no_text_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch):
    give_input(monkeypatch, b"\xff\xfe\x00\x80")
    ended = run("analyze", "-")
    assert (ended.code, ended.out) == (2, "")
    assert "UTF-8" in ended.err


# --- generate with a model --------------------------------------------------------------------------------------------


def assert_honest(document: dict[str, Any]) -> None:
    """The crew is valid, and its provenance names who made it and, where the model did not, why."""
    provenance = document["provenance"]
    assert provenance["model"] == "openai/test"
    assert document["crew"]["tasks"]
    assert not [finding for finding in document["report"]["findings"] if finding["severity"] == "error"]
    if provenance["engine"] == "model":
        assert (provenance["label"], provenance["fallback_reason"]) == ("openai/test", "")
    else:
        assert provenance["label"] == "Built-in"
        assert provenance["fallback_reason"]


def test_a_good_answer_of_a_model_needs_one_question(model_server: ModelServer, run: Run):
    ended = run("generate", OBJECTIVE, "--model", "openai/test", "--json")
    assert ended.code == 0
    assert_honest(ended.document)
    assert ended.document["provenance"]["engine"] == "model"
    assert ended.document["provenance"]["calls"] == len(model_server.requests) == 1


def test_the_crew_of_a_model_stands_beside_those_of_the_built_in_engine(model_server: ModelServer, run: Run):
    alternatives = run("generate", OBJECTIVE, "--model", "openai/test", "--alternatives", "--json").document[
        "alternatives"
    ]
    makers = {alternative["kind"]: alternative["made_by"] for alternative in alternatives}
    assert makers["given"] == "openai/test"
    assert {maker for kind, maker in makers.items() if kind != "given"} == {"Built-in"}
    assert len(model_server.requests) == 1


def test_the_same_request_is_answered_from_the_earlier_one_unless_a_fresh_answer_is_wanted(
    model_server: ModelServer, run: Run
):
    first = run("generate", OBJECTIVE, "--model", "openai/test", "--json").document
    told = run("generate", OBJECTIVE, "--model", "openai/test").out
    assert f"Answered from request {first['request_id']} of " in told
    assert "--fresh" in told
    assert len(model_server.requests) == 1
    fresh = run("generate", OBJECTIVE, "--model", "openai/test", "--fresh", "--json").document
    assert fresh["provenance"]["cached_from"] is None
    assert len(model_server.requests) == 2


def test_the_configured_model_is_asked_unless_builtin_is_chosen(
    model_server: ModelServer, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CREWGEN_MODEL", "openai/test")
    assert run("generate", OBJECTIVE, "--json").document["provenance"]["engine"] == "model"
    asked = len(model_server.requests)
    assert run("generate", OBJECTIVE, "--builtin", "--json").document["provenance"]["model"] is None
    assert len(model_server.requests) == asked


@pytest.mark.parametrize("fault", [*TRANSPORT_FAULTS, *SPOKEN_FAULTS])
def test_a_model_that_gives_no_crew_is_replaced_by_the_built_in_engine_which_says_so(
    fault: str, model_server: ModelServer, run: Run, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CREWGEN_MODEL_DEADLINE_SECONDS", "0.5" if fault == "hang" else "20")
    model_server.script = [(TRANSPORT_FAULTS | SPOKEN_FAULTS)[fault]]
    ended = run("generate", OBJECTIVE, "--model", "openai/test", "--json")
    assert ended.code == 0
    assert_honest(ended.document)
    assert ended.document["provenance"]["engine"] == "catalog"
    assert "sk-" not in ended.out + ended.err


@pytest.mark.parametrize("form", ODD_ANSWERS)
def test_an_answer_in_an_odd_form_still_gives_a_valid_crew(form: str, model_server: ModelServer, run: Run):
    model_server.script = [ODD_ANSWERS[form]]
    ended = run("generate", OBJECTIVE, "--model", "openai/test", "--json")
    assert ended.code == 0
    assert_honest(ended.document)


def test_a_server_that_is_not_there_is_named_as_the_reason(
    model_server: ModelServer, run: Run, monkeypatch: pytest.MonkeyPatch
):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        ended = run("generate", OBJECTIVE, "--model", "openai/test")
    assert ended.code == 0
    assert "Made by Built-in" in ended.out
    assert "openai/test was asked, but:" in ended.out
    assert model_server.requests == []


# --- analyze, validate, estimate --------------------------------------------------------------------------------------


def test_analyze_tells_domain_skills_and_the_words_that_say_so(run: Run):
    ended = run("analyze", OBJECTIVE)
    assert ended.code == 0
    assert "two-page brief" in ended.out
    assert "Human work before planning: about" in ended.out
    assert max(map(len, ended.out.splitlines())) <= COLUMNS
    assert run("analyze", OBJECTIVE, "--json").document["objective"]["text"] == OBJECTIVE


def test_what_generate_printed_is_valid_and_has_the_same_estimate(run: Run, crew_file: Path):
    assert run("validate", str(crew_file)).code == 0
    document = json.loads(crew_file.read_text(encoding="utf-8"))
    again = run("estimate", str(crew_file), "--json").document
    assert again == document["estimate"]


def test_validate_may_be_told_the_objective(run: Run, crew_file: Path):
    ended = run("validate", str(crew_file), "--objective", "Translate the user manual into Spanish.", "--json")
    codes = {finding["code"] for finding in ended.document["findings"]}
    alone = {finding["code"] for finding in run("validate", str(crew_file), "--json").document["findings"]}
    assert codes > alone


def test_a_crew_with_errors_ends_with_code_1(run: Run, broken_file: Path):
    ended = run("validate", str(broken_file))
    assert ended.code == 1
    assert "error CG" in ended.out
    report = run("validate", str(broken_file), "--json")
    assert (report.code, report.document["valid"]) == (1, False)


def test_an_explained_estimate_shows_the_computation_with_its_numbers(run: Run, crew_file: Path):
    printed = run("estimate", str(crew_file), "--explain").out
    assert "How this was computed" in printed
    assert "Load: " in printed
    assert "What moves the figures most" in printed
    assert max(map(len, printed.splitlines())) <= 80
    document = run("estimate", str(crew_file), "--explain", "--json").document
    assert document["computation"]["sensitivity"]["base"]["success"] == document["success"]["p50"]
    assert "computation" not in run("estimate", str(crew_file), "--json").document


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xff", b'{"schema": "crewgen/9"}', b"a: &a [*a]"])
@pytest.mark.parametrize("command", ["validate", "estimate"])
def test_a_file_that_holds_no_crew_ends_with_code_2(command: str, content: bytes, run: Run, tmp_path: Path):
    path = tmp_path / "some.json"
    path.write_bytes(content)
    ended = run(command, str(path), "--json")
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.err.splitlines()) == 2


def test_a_file_that_is_not_there_ends_with_code_2(run: Run, tmp_path: Path):
    ended = run("validate", str(tmp_path / "nowhere.json"))
    assert ended.code == 2
    assert "nowhere.json cannot be read" in ended.err


def test_a_crew_may_come_from_standard_input(run: Run, crew_file: Path, monkeypatch: pytest.MonkeyPatch):
    give_input(monkeypatch, crew_file.read_bytes())
    assert run("validate", "-").code == 0


def test_crew_and_objective_cannot_both_come_from_standard_input(run: Run):
    assert run("validate", "-", "--objective", "-").code == 2


def test_validate_says_which_published_failures_a_finding_prevents(run: Run, broken_file: Path):
    document = run("validate", str(broken_file), "--json").document
    prevents = {finding["code"]: [mode["code"] for mode in finding["prevents"]] for finding in document["findings"]}
    assert prevents["CG305"] == ["FM-1.5", "FM-3.2"]
    assert prevents["CG123"] == []
    assert document["causes_from"]["source"] == "arXiv 2503.13657 v3"
    assert document["causes"][0]["open"]
    assert "covered" in document
    assert "Most likely causes of failure (MAST" in run("validate", str(broken_file)).out


def test_many_files_are_checked_at_once_and_a_bad_one_holds_none_back(
    run: Run, crew_file: Path, broken_file: Path, tmp_path: Path
):
    ended = run("validate", str(crew_file), str(broken_file))
    assert ended.code == 1
    assert "Crews (2): 1 can run, 1 with errors" in ended.out
    assert max(map(len, ended.out.splitlines())) <= COLUMNS
    bad = tmp_path / "bad.json"
    bad.write_text("{", encoding="utf-8")
    document = run("validate", str(bad), str(crew_file), str(broken_file), str(tmp_path / "none.json"), "--json")
    assert document.code == 2
    verdicts = {Path(row["file"]).name: row["verdict"] for row in document.document["crews"]}
    assert verdicts == {
        "bad.json": "unreadable",
        "none.json": "unreadable",
        crew_file.name: "can run",
        broken_file.name: "has errors",
    }
    assert document.document["valid"] is False


def test_a_folder_or_zip_of_many_crews_is_a_table(run: Run, crew_file: Path, tmp_path: Path):
    folder = tmp_path / "many"
    folder.mkdir()
    for name in ("a.json", "b.json"):
        (folder / name).write_bytes(crew_file.read_bytes())
    rows = run("validate", str(folder), "--json").document["crews"]
    assert [(row["file"], row["verdict"]) for row in rows] == [("a.json", "can run"), ("b.json", "can run")]
    packed = tmp_path / "many.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    ended = run("validate", str(packed))
    assert (ended.code, ended.out.splitlines()[0]) == (0, "Crews (2): 2 can run")


# --- refine -----------------------------------------------------------------------------------------------------------


def test_refine_changes_a_stored_crew_in_a_new_version(run: Run):
    number = str(run("generate", OBJECTIVE, "--builtin", "--json").document["crew_id"])
    ended = run("refine", number, "add a manager and write it in German")
    assert ended.code == 0
    assert f"Crew {number}, version 2" in ended.out
    assert "Done" in ended.out
    assert "{+Write in German.+}" in ended.out
    assert max(map(len, ended.out.splitlines())) <= COLUMNS
    again = run("refine", number, "no manager", "--builtin", "--json").document
    assert (again["changed"], again["version"]) == (True, 3)
    assert again["crew"]["process"] == "sequential"


def test_refine_writes_a_changed_crew_file_that_is_valid(run: Run, crew_file: Path, tmp_path: Path):
    path = tmp_path / "changed.json"
    ended = run("refine", str(crew_file), "two agents only", "--out", str(path))
    assert (ended.code, ended.out.splitlines()[-1]) == (0, str(path))
    assert len(json.loads(path.read_text(encoding="utf-8"))["agents"]) == 2
    assert run("validate", str(path)).code == 0
    assert run("refine", str(crew_file), "two agents only", "--out", str(path)).code == 2
    assert run("refine", str(crew_file), "two agents only", "--out", str(path), "--force").code == 0


def test_refine_prints_a_changed_crew_where_no_file_is_named(run: Run, crew_file: Path):
    ended = run("refine", str(crew_file), "two agents only")
    assert "Agents (2)" in ended.out


def test_refine_says_what_can_be_asked_for_and_ends_with_code_2(run: Run, crew_file: Path, tmp_path: Path):
    ended = run("refine", str(crew_file), "sing me a song", "--out", str(tmp_path / "x.json"))
    assert ended.code == 2
    assert "Nothing was changed." in ended.out
    assert "make it cheaper" in " ".join(ended.out.split())
    assert not (tmp_path / "x.json").exists()


# --- export -----------------------------------------------------------------------------------------------------------


def test_why_lists_every_part_of_a_stored_crew_with_its_reason(run: Run):
    made = run("generate", OBJECTIVE, "--json").document
    listed = run("why", str(made["crew_id"]))
    assert listed.code == 0
    assert f"tasks/{made['crew']['tasks'][0]['key']}\n" in listed.out
    assert "The objective asks for it: “Analyze … churn”." in listed.out
    assert max(map(len, listed.out.splitlines())) <= COLUMNS
    parts = run("why", str(made["crew_id"]), "--json").document["parts"]
    assert {"process", f"agents/{made['crew']['agents'][0]['key']}"} <= {part["path"] for part in parts}


def test_why_explains_one_part_of_a_crew_file_with_and_without_it(run: Run, crew_file: Path):
    last = run("why", str(crew_file), "--json").document["parts"][-1]["path"]
    told = run("why", str(crew_file), last)
    assert "CG341 asks for it: No verification." in told.out
    assert "One run now, and then" in told.out
    assert max(map(len, told.out.splitlines())) <= COLUMNS
    explanation = run("why", str(crew_file), last, "--json").document
    assert explanation["absence"]["found"][0]["code"] == "CG341"


def test_why_quotes_the_objective_that_it_is_told(run: Run, broken_file: Path):
    told = run("why", str(broken_file), "tasks/b", "--objective", "Write an outline on brass gnomons.")
    assert "“outline" in told.out


def test_why_refuses_a_part_that_is_not_there(run: Run, crew_file: Path):
    ended = run("why", str(crew_file), "tasks/nothing")
    assert (ended.code, ended.out) == (2, "")
    assert 'This crew has no part "tasks/nothing".' in ended.err


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_every_export_can_be_read_back_and_is_valid(form: str, run: Run, crew_file: Path, tmp_path: Path):
    ended = run("export", str(crew_file), "--format", form, "--out", f"{tmp_path / 'out'}/")
    assert ended.code == 0
    assert run("validate", ended.out.strip()).code == 0


def test_a_stored_crew_is_exported_by_its_number(run: Run, crew_file: Path, tmp_path: Path):
    number = json.loads(crew_file.read_text(encoding="utf-8"))["crew_id"]
    path = tmp_path / "crew.yaml"
    assert run("export", str(number), "--format", "crewgen-yaml", "--out", str(path)).out.strip() == str(path)
    assert "schema: crewgen/1" in path.read_text(encoding="utf-8")


def test_an_unpacked_project_is_read_as_a_folder(run: Run, crew_file: Path, tmp_path: Path):
    packed = tmp_path / "project.zip"
    run("export", str(crew_file), "--format", "crewai-yaml", "--out", str(packed))
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "project")
    assert run("validate", str(tmp_path / "project")).code == 0


def test_a_file_that_is_there_is_replaced_only_by_force(run: Run, crew_file: Path, tmp_path: Path):
    path = tmp_path / "mine.json"
    path.write_text("precious", encoding="utf-8")
    arguments = ["export", str(crew_file), "--format", "crewgen", "--out", str(path)]
    ended = run(*arguments)
    assert ended.code == 2
    assert "--force" in ended.err
    assert path.read_text(encoding="utf-8") == "precious"
    assert run(*arguments, "--force").code == 0
    assert json.loads(path.read_text(encoding="utf-8"))["schema"] == "crewgen/1"


@pytest.mark.parametrize("number", ["4711", "9" * 30])
def test_an_unknown_number_is_refused(number: str, run: Run, tmp_path: Path):
    ended = run("export", number, "--format", "crewgen", "--out", str(tmp_path / "x.json"))
    assert ended.code == 2
    assert number in ended.err


def test_a_crew_that_crewai_would_refuse_is_not_exported(run: Run, broken_file: Path, tmp_path: Path):
    ended = run("export", str(broken_file), "--format", "crewai-json", "--out", str(tmp_path / "x.zip"))
    assert ended.code == 2
    assert not (tmp_path / "x.zip").exists()


# --- models -----------------------------------------------------------------------------------------------------------


def test_models_lists_what_is_known_and_what_is_not(run: Run):
    ended = run("models")
    assert ended.code == 0
    assert all(len(line) <= COLUMNS for line in ended.out.splitlines())
    assert "GPT-5 mini (gpt-5-mini)\n    ECI 145.5, 0.25 in, 2 out USD per million, 107/s, assumed" in ended.out
    assert "quality unknown" in ended.out
    assert "ended 22 Oct 2026!" in ended.out


def test_models_of_one_provider_are_one_json_document(run: Run):
    models = run("models", "--provider", "mistral", "--json").document["models"]
    assert {model["provider"] for model in models} == {"mistral"}
    assert models[0]["eci_source"]["status"] == "published"


def test_a_provider_that_is_not_known_gets_those_that_are(run: Run):
    ended = run("models", "--provider", "nobody")
    assert (ended.code, ended.out) == (2, "")
    assert "No known model is from a provider nobody." in ended.err
    assert "anthropic" in ended.err


# --- doctor, and how the program ends ---------------------------------------------------------------------------------


def test_doctor_tells_every_check(run: Run):
    ended = run("doctor")
    assert ended.code == 0
    assert "Catalog:" in ended.out
    assert {check["name"] for check in run("doctor", "--json").document["checks"]} > {"Python", "Database", "Prices"}


def test_doctor_ends_with_code_2_when_something_does_not_work(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CREWGEN_DATABASE_URL", "nonsense")
    ended = run("doctor")
    assert ended.code == 2
    assert "fault     Database" in ended.out


def test_a_setting_that_cannot_be_used_is_named(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CREWGEN_MODEL_DEADLINE_SECONDS", "soon")
    ended = run("analyze", OBJECTIVE)
    assert ended.code == 2
    assert "CREWGEN_MODEL_DEADLINE_SECONDS" in ended.err


def test_an_error_of_crewgens_own_shows_no_traceback(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "stdin", object())
    ended = run("analyze", "-")
    assert ended.code == 2
    assert "AttributeError" in ended.err
    assert "Traceback" not in ended.err


def test_logs_are_written_to_standard_error_when_they_are_asked_for(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CREWGEN_LOG_LEVEL", "INFO")
    ended = run("generate", OBJECTIVE, "--builtin", "--json")
    assert "crew designed" in ended.err
    assert ended.document["crew_id"]


def test_exit_codes_reach_the_shell(broken_file: Path):
    assert run_apart("validate", str(broken_file)).code == 1
    assert run_apart("validate", "-", given="nothing").code == 2


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal on POSIX only")
def test_ctrl_c_ends_with_130_and_no_traceback(model_server: ModelServer):
    model_server.script = [TRANSPORT_FAULTS["hang"]]
    with start(["generate", OBJECTIVE, "--model", "openai/test", "--json"]) as process:
        while not model_server.requests and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (out, err) == ("", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is a disk without space on Linux only")
def test_a_full_disk_is_told_in_a_sentence():
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "crewgen_core", "analyze", OBJECTIVE], cwd=ROOT, stdout=full, stderr=subprocess.PIPE
        )
    assert ended.returncode == 2
    assert "No space left" in ended.stderr.decode()
    assert "Traceback" not in ended.stderr.decode()


@pytest.mark.skipif(os.name != "posix", reason="pipes are closed like this on POSIX only")
def test_a_reader_that_leaves_early_sees_no_traceback():
    with start(["generate", OBJECTIVE, "--builtin", "--json"]) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        err = process.stderr.read()
    assert process.returncode == 141
    assert err == ""

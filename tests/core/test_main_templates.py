"""Templates on the command line."""

from pathlib import Path

import pytest

from tests.support.command_line import Run

TEXT = "Size the market for heat pumps and compare the competitors."


def test_a_crew_starts_from_a_template_with_values(run: Run):
    ended = run("generate", TEXT, "--builtin", "--json", "--template", "market-entry-brief", "--set", "region=Norway")
    assert ended.document["objective"]["template"] == "market-entry-brief"
    assert "Norway" in ended.document["crew"]["tasks"][0]["description"]


def test_the_templates_that_come_with_it_are_listed_and_found(run: Run):
    listed = run("templates", "list")
    assert "market-entry-brief: Market entry brief" in listed.out
    found = run("templates", "list", "--category", "Marketing", "--search", "market", "--json").document["templates"]
    assert "market-entry-brief" in [row["key"] for row in found]
    assert {row["category"] for row in found} == {"Marketing"}
    assert "No template is like that" in run("templates", "list", "--search", "no such words").out


def test_a_template_is_shown_with_blanks_crew_versions_and_figures(run: Run):
    shown = run("templates", "show", "market-entry-brief")
    for said in ('region: Region, text ("Germany")', "Fact Checker", "Came with crewgen", "no run judged yet"):
        assert said in shown.out
    document = run("templates", "show", "market-entry-brief", "--json").document
    assert document["number"] == document["versions"][0]["number"] == 1
    assert document["figures"]["success"]["runs"] == 0


def test_a_template_is_used_with_values_or_in_other_words(run: Run):
    used = run("templates", "use", "market-entry-brief", "--set", "region=Norway", "--builtin")
    assert "in Norway" in used.out
    assert "From template “Market entry brief”, version 1." in used.out
    adapted = run("templates", "use", "market-entry-brief", "--objective", TEXT, "--builtin", "--json").document
    assert adapted["objective"]["text"] == TEXT
    assert run("templates", "show", "market-entry-brief", "--json").document["uses"] == 2


def test_a_template_goes_from_a_crew_through_a_file_and_back(run: Run, tmp_path: Path):
    crew = run("generate", TEXT, "--builtin", "--json").document
    made = run("templates", "create", "Heat pumps", "--crew", str(crew["crew_id"]), "--category", "Energy", "--json")
    assert (made.document["template"]["key"], made.document["template"]["category"]) == ("heat-pumps", "Energy")
    before = run("templates", "use", "heat-pumps", "--builtin", "--json").document["crew"]
    written = run("templates", "export", "heat-pumps", "--out", f"{tmp_path}/")
    assert "heat-pumps is deleted" in run("templates", "delete", "heat-pumps", "--yes").out
    assert run("templates", "show", "heat-pumps").code == 2
    assert "heat-pumps is imported" in run("templates", "import", written.out.strip()).out
    assert run("templates", "use", "heat-pumps", "--builtin", "--json").document["crew"] == before


def test_a_file_whose_key_is_taken_becomes_another_template_or_a_version(run: Run, tmp_path: Path):
    path = tmp_path / "one.json"
    run("templates", "create", "Weekly digest")
    run("templates", "export", "weekly-digest", "--out", str(path))
    assert "weekly-digest-2 is imported (version 1)" in run("templates", "import", str(path)).out
    assert "weekly-digest is imported (version 2)" in run("templates", "import", str(path), "--as-version").out
    assert "there already" in run("templates", "export", "weekly-digest", "--out", str(path)).err


def test_an_archived_template_is_not_listed_and_not_used_until_it_is_restored(run: Run):
    assert "is archived" in run("templates", "archive", "market-entry-brief").out
    assert "market-entry-brief" not in run("templates", "list").out
    assert "market-entry-brief" in run("templates", "list", "--archived").out
    assert run("templates", "use", "market-entry-brief", "--builtin").code == 2
    assert "is restored" in run("templates", "restore", "market-entry-brief").out
    assert run("templates", "use", "market-entry-brief", "--builtin").code == 0


def test_a_template_is_deleted_only_when_it_is_meant(run: Run):
    run("templates", "duplicate", "market-entry-brief", "--name", "Mine")
    refused = run("templates", "delete", "mine")
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert run("templates", "delete", "mine", "--yes", "--json").document == {"deleted": "mine"}
    assert "mine:" not in run("templates", "list").out


def test_fitting_templates_are_suggested_with_the_reasons(run: Run):
    told = run("templates", "suggest", TEXT)
    assert "market-entry-brief" in told.out
    assert "Shares competitors, market" in told.out
    (best, *_) = run("templates", "suggest", TEXT, "--json").document["suggestions"]
    assert best["key"] == "market-entry-brief"
    assert best["score"] > 0
    assert "No template fits" in run("templates", "suggest", "zzz qqq").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "no-such-template"),
        ("show", "market-entry-brief", "--version", "9"),
        ("use", "market-entry-brief", "--set", "region", "--builtin"),
        ("use", "market-entry-brief", "--set", "planet=Mars", "--builtin"),
        ("create", "Of nothing", "--crew", "x"),
        ("create", "Of nothing", "--crew", "99"),
        ("create", "\u2003"),
        ("import", "/no/such/file.json"),
        ("import", "/"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(run: Run, arguments: tuple[str, ...]):
    refused = run("templates", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert len(refused.err.strip().splitlines()) == 2
    assert "Traceback" not in refused.err


def test_a_value_without_a_template_or_a_name_is_refused(run: Run):
    assert "--set needs a template" in run("generate", TEXT, "--builtin", "--set", "region").err

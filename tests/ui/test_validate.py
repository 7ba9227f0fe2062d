"""The Validate page: any crew can be checked, mended and kept; nothing that is given makes it fail."""

import io
import json
import zipfile

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import AttributeDictionary

from crewgen_core.app import Crewgen
from crewgen_core.models.objective import Objective

BRIEF = "Write a brief about churn for the board from our exports."
BROKEN = [
    '{"name": ',
    "agents: [\n  - :",
    "hello",
    "[1, 2]",
    "{}",
    "null",
    "1e999",
    "a: &a [*a]",
    "\x00\ufeff",
    "--- !!python/x",
]


def open_page(app: AppTest) -> AppTest:
    app.run()
    return app.switch_page("validate.py").run()


def click(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label.startswith(label)).click().run()


def check(app: AppTest, text: str) -> AppTest:
    open_page(app)
    app.text_area(key="pasted_crew").set_value(text)
    return click(app, "Check the crew")


def codes(app: AppTest) -> list[str]:
    """Return the codes of the findings that are shown."""
    return [text.value.partition("[")[2][:5] for text in app.markdown if "-badge[CG" in text.value]


def upload(app: AppTest, **files: bytes) -> AppTest:
    """Give files instead of a text, by name, with "__" for the dot, and check them."""
    open_page(app)
    app.get("button_group")[0].set_value("Upload").run()
    for name, content in files.items():
        app.file_uploader[0].upload(name.replace("__", "."), content)
    app.run()
    return click(app, "Check the crew")


@pytest.mark.parametrize("text", BROKEN)
def test_a_text_that_is_no_crew_gets_a_sentence_and_stays(app: AppTest, text: str) -> None:
    check(app, text)
    assert len(app.error) == 1
    assert app.text_area(key="pasted_crew").value == text
    assert not app.exception
    assert codes(app) == []


def test_nothing_gets_a_sentence(app: AppTest) -> None:
    check(app, " \n")
    assert "There is nothing to check yet" in app.error[0].value


def test_the_example_has_findings_with_their_codes(app: AppTest) -> None:
    click(open_page(app), "Load an example")
    assert {"CG107", "CG123", "CG221"} <= set(codes(app))
    assert "cannot run yet" in app.error[0].value


def test_one_fix_mends_one_finding_and_undo_brings_it_back(app: AppTest) -> None:
    click(open_page(app), "Load an example")
    before = codes(app)
    app.button(key="check_fix_0").click().run()
    assert before[0] not in codes(app)
    assert set(before[1:3]) <= set(codes(app))
    app.button(key="undo_fix").click().run()
    assert codes(app) == before


def test_all_fixes_leave_a_crew_that_can_run(app: AppTest, crewgen: Crewgen) -> None:
    click(open_page(app), "Load an example")
    app.button(key="apply_all").click().run()
    assert len(app.error) == 0
    app.button(key="save_crew").click().run()
    assert [header.value for header in app.header] == ["Churn brief with faults"]
    stored = crewgen.crews.get(crewgen.crews.list()[0].id)
    assert stored.report.valid
    assert "fixes applied" in stored.note


def test_an_empty_crew_is_not_valid(app: AppTest) -> None:
    check(app, "schema: crewgen/1\nname: Empty\nagents: []\ntasks: []\n")
    assert codes(app) == ["CG101", "CG102"]
    assert "not complete" in app.error[0].value


def test_a_generated_crew_is_read_back_without_an_error(app: AppTest, crewgen: Crewgen) -> None:
    crew = crewgen.generate(Objective(text=BRIEF)).design.crew
    exported = crewgen.export(crew, "crewgen")
    check(app, exported.content.decode())
    assert len(app.error) == 0
    assert app.subheader[0].value == crew.name


def test_an_exported_project_is_read_from_its_zip(app: AppTest, crewgen: Crewgen) -> None:
    crew = crewgen.generate(Objective(text=BRIEF)).design.crew
    upload(app, project__zip=crewgen.export(crew, "crewai-json").content)
    assert len(app.error) == 0
    assert not app.exception
    assert app.subheader[0].value


@pytest.mark.parametrize(
    "files",
    [
        {"crew__zip": b"PK\x03\x04 no archive"},
        {"picture__png": b"\x89PNG\r\n"},
        {"crew__json": b"\xff\xfe\x00"},
        {"crew__json": b""},
        {"a__json": b"{", "b__yaml": b": :"},
    ],
)
def test_files_that_hold_no_crew_get_a_sentence(app: AppTest, files: dict[str, bytes]) -> None:
    upload(app, **files)
    assert len(app.error) == 1
    assert not app.exception


def test_an_objective_that_cannot_be_used_is_said_and_the_crew_is_checked_all_the_same(app: AppTest) -> None:
    open_page(app)
    app.text_area(key="pasted_crew").set_value("schema: crewgen/1\nname: Empty\nagents: []\ntasks: []\n")
    app.text_area(key="crew_objective").set_value("?!")
    click(app, "Check the crew")
    assert any("The objective was not used" in caption.value for caption in app.caption)
    assert codes(app) == ["CG101", "CG102"]


def test_text_of_a_crew_is_never_markdown_nor_html(app: AppTest) -> None:
    name = "<script>alert(1)</script> **bold** $x$ :red[x]"
    check(app, json.dumps({"schema": "crewgen/1", "name": name, "agents": [], "tasks": []}))
    assert "**bold**" not in app.subheader[0].value
    assert "$x$" not in app.subheader[0].value
    assert not any(element.proto.allow_html for element in app.markdown)


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def texts(app: AppTest) -> str:
    return "\n".join(element.value for element in (*app.markdown, *app.caption)).replace("\\", "")


def test_the_summary_says_coverage_counts_and_what_a_run_will_do(app: AppTest) -> None:
    click(open_page(app), "Load an example")
    shown = metrics(app)
    assert (shown["Errors"], shown["Recommendations"], shown["Skills covered"]) == ("3", "2", "25%")
    assert "No agent has: executive writing, recommendation, data cleaning." in texts(app)
    assert {"Chance of success", "Cost per run", "Duration"} <= set(shown)


def test_a_crew_that_needs_no_skills_has_no_share_of_them(app: AppTest) -> None:
    check(app, "schema: crewgen/1\nname: Empty\nagents: []\ntasks: []\n")
    assert metrics(app)["Skills covered"] == "none needed"


def test_findings_say_what_they_prevent_and_what_their_fix_does(app: AppTest) -> None:
    click(open_page(app), "Load an example")
    assert "1.5% of the failures seen in 1,642 published runs" in texts(app)
    assert "leaves the estimate as it is" in texts(app)
    assert "cost $0.056 → $0.065" in texts(app).replace("\u2060", "")
    assert any("arXiv 2503.13657 v3" in element.help for element in app.markdown if element.help)


def test_the_causes_of_failure_begin_with_what_findings_leave_open(app: AppTest) -> None:
    click(open_page(app), "Load an example")
    assert any(header.value == "Most likely causes of failure for this crew" for header in app.subheader)
    causes = next(text.value for text in app.markdown if text.value.startswith("1. **"))
    lines = [line for line in causes.splitlines() if line.startswith("1.")]
    assert "orange-badge[CG" in lines[0]
    assert "orange-badge[CG" not in lines[-1]
    assert "Step repetition" in causes


def test_of_many_findings_some_are_shown_and_all_on_demand(app: AppTest) -> None:
    agents = [{"key": f"a{n}", "role": "", "goal": "", "backstory": ""} for n in range(30)]
    check(app, json.dumps({"schema": "crewgen/1", "name": "x", "agents": agents, "tasks": []}))
    assert codes(app).count("CG108") < 30
    app.toggle(key="check_error_all").set_value(True).run()
    assert codes(app).count("CG108") == 30


# --- many crews -------------------------------------------------------------------------------------------------------

FAULTY = {
    "schema": "crewgen/1",
    "agents": [
        {"key": "w", "role": "Brief Writer", "goal": "Write briefs that a board reads", "backstory": "You write."}
    ],
    "tasks": [
        {
            "key": "t",
            "name": "Write",
            "agent": "ghost",
            "description": "Write a brief of two pages for the board.",
            "expected_output": "Two pages in Markdown.",
        }
    ],
}
SOUND = FAULTY | {"tasks": [FAULTY["tasks"][0] | {"agent": "w"}]}


def document(content: dict, name: str) -> bytes:
    return json.dumps(content | {"name": name}).encode()


def open_many(app: AppTest) -> AppTest:
    open_page(app)
    app.get("button_group")[0].set_value("Many crews").run()
    return app


def check_many(app: AppTest, files: dict[str, bytes]) -> AppTest:
    open_many(app)
    for name, content in files.items():
        app.file_uploader[0].upload(name, content)
    app.run()
    return click(app, "Check all crews")


def three_files() -> dict[str, bytes]:
    return {"a.json": document(FAULTY, "First"), "b.json": b"{", "c.json": document(SOUND, "=Third")}


def column(app: AppTest, name: str) -> list:
    return list(app.dataframe[0].value[name])


def choose_row(app: AppTest, at: int, only: bool = False) -> AppTest:
    selection = {"selection": {"rows": [at], "columns": [], "cells": []}}
    app.session_state[f"batch_table_{only}"] = AttributeDictionary(selection)
    return app.run()


def test_many_files_become_a_table_and_a_bad_one_holds_none_back(app: AppTest) -> None:
    check_many(app, three_files())
    assert column(app, "File") == ["a.json", "b.json", "c.json"]
    assert column(app, "Verdict") == ["✗ has errors", "? unreadable", "✓ can run"]
    assert column(app, "Crew")[2] == "'=Third"
    assert metrics(app)["Unreadable"] == "1"
    assert "not valid JSON" in texts(app)
    assert not app.exception


def test_a_zip_of_many_crews_and_projects_is_looked_into(app: AppTest, crewgen: Crewgen) -> None:
    crew = crewgen.generate(Objective(text=BRIEF)).design.crew
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("x/a.json", document(FAULTY, "First"))
        archive.writestr("project.zip", crewgen.export(crew, "crewai-json").content)
    check_many(app, {"all.zip": buffer.getvalue()})
    assert column(app, "File") == ["all.zip/project.zip", "all.zip/x/a.json"]


def test_the_table_can_show_only_what_has_errors(app: AppTest) -> None:
    check_many(app, three_files())
    app.toggle(key="batch_only_errors").set_value(True).run()
    assert column(app, "File") == ["a.json", "b.json"]


def test_a_crew_of_the_table_is_opened_mended_and_the_table_knows(app: AppTest) -> None:
    check_many(app, three_files())
    choose_row(app, 0)
    click(app, "Open First")
    assert app.subheader[0].value == "First"
    assert "CG107" in codes(app)
    app.button(key="apply_all").click().run()
    click(app, "Back to all crews")
    assert column(app, "Verdict") == ["✓ can run", "? unreadable", "✓ can run"]


def test_an_unreadable_row_says_why(app: AppTest) -> None:
    check_many(app, three_files())
    choose_row(app, 1)
    assert "not valid JSON" in app.error[0].value
    assert not any(button.label.startswith("Open") for button in app.button)


def test_all_fixes_of_all_crews_are_applied_and_undone(app: AppTest) -> None:
    check_many(app, three_files())
    click(app, "Apply all fixes to all crews")
    assert "✗ has errors" not in column(app, "Verdict")
    assert "applied" in texts(app)
    click(app, "Undo all fixes")
    assert column(app, "Verdict")[0] == "✗ has errors"


def test_what_is_chosen_for_one_crew_does_not_touch_the_batch(app: AppTest) -> None:
    click(open_page(app), "Load an example")
    app.get("button_group")[0].set_value("Many crews").run()
    assert app.text_area(key="crews_objective").value == ""
    assert not app.dataframe
    check_many(app, three_files())
    app.get("button_group")[0].set_value("Paste").run()
    assert app.subheader[0].value == "Churn brief with faults"


def test_a_batch_of_nothing_gets_a_sentence(app: AppTest) -> None:
    click(open_many(app), "Check all crews")
    assert "There is nothing to check yet" in app.error[0].value


def test_one_objective_may_be_given_for_all(app: AppTest) -> None:
    open_many(app)
    app.file_uploader[0].upload("c.json", document(SOUND, "Third")).run()
    app.text_area(key="crews_objective").set_value("Translate the manual into Spanish.").run()
    click(app, "Check all crews")
    assert "objective not reflected" in column(app, "In words")[0]

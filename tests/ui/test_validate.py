"""The Validate page: any crew can be checked, mended and kept; nothing that is given makes it fail."""

import json

import pytest
from streamlit.testing.v1 import AppTest

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
    stored = crewgen.get_crew(crewgen.list_crews()[0].id)
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

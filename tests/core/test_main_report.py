"""The command that writes reports."""

from pathlib import Path

import pytest

from tests.support.command_line import Run


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_report_is_written_in_the_form_of_the_files_ending(run: Run, tmp_path: Path, form: str) -> None:
    run("generate", "Write a two-page brief about tea for the board", "--builtin")
    path = tmp_path / f"report.{form}"
    done = run("report", "1", "--out", str(path))
    assert (done.code, done.out.strip()) == (0, str(path))
    assert path.stat().st_size > 5_000
    again = run("report", "1", "--out", str(path))
    assert again.code == 2 and "is there already" in again.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("7", "--out", "report.pdf"), "There is no crew 7"),
        (("x", "--job", "--out", "report.pdf"), 'There is no job "x"'),
        (("1", "--out", "report.docx"), "End the name of the file with .html or .pdf"),
    ],
)
def test_what_cannot_be_written_is_told_in_a_sentence(run: Run, arguments: tuple[str, ...], said: str) -> None:
    done = run("report", *arguments)
    assert done.code == 2 and said in done.err

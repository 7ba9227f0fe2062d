"""CSV that a spreadsheet can open without running anything."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crewgen_core.exports.table import STARTS_A_FORMULA, export_table, write_csv
from crewgen_core.models.table import Table


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("start", STARTS_A_FORMULA)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(start: str) -> None:
    evil = f'{start}HYPERLINK("http://x")'
    assert read(write_csv([evil], [[evil]])) == [[f"'{evil}"], [f"'{evil}"]]


def test_spaces_before_a_formula_do_not_hide_it() -> None:
    assert read(write_csv(["a"], [["  =1+1"]]))[1] == ["'  =1+1"]


@pytest.mark.parametrize(
    "text", ["a;b", "Do:\n- research (all of it)\n- write!\n", "x - y; z", "it's", '"=1"', "a;- b"]
)
def test_a_text_without_formula_stays_as_it_is(text: str) -> None:
    assert read(write_csv(["a"], [[text]]))[1] == [text]


@given(st.text("=@+-;\t\n\" 'a(|!", max_size=12))
def test_no_formula_starts_where_a_spreadsheet_takes_semicolons_for_the_ends_of_cells(text: str) -> None:
    line = write_csv(["a", "b"], [[1, f"x{text}"]]).removeprefix("a,b\r\n")
    for piece in re.split(r"[;\t\r\n]", line)[1:]:
        start = piece.lstrip(' "')
        assert not start.startswith(("=", "@"))
        assert not re.match(r"[+-](?! |$)|[+-] .*(\w\(|\||!\S)", start)


def test_numbers_stay_numbers_and_the_unknown_stays_empty() -> None:
    assert read(write_csv(["a"], [[-0.61234567, 3, None, "x"]]))[1] == ["-0.612346", "3", "", "x"]


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_any_text_can_be_read_back_and_starts_no_formula(cells: list[str]) -> None:
    found = read(write_csv(["a"] * len(cells), [cells]))[1]
    for cell, text in zip(found, cells, strict=True):
        assert cell.replace("'", "") == text.replace("\0", "").replace("'", "")
    assert not any(cell.lstrip(" ").startswith(STARTS_A_FORMULA) for cell in found)


def test_the_file_is_named_after_the_table_and_known_to_be_utf_8() -> None:
    file = export_table(Table(title="Cost by task: “Überblick”", columns=("task",), rows=(("Größe",),)))
    assert file.name == "cost_by_task_uberblick.csv"
    assert file.media_type == "text/csv"
    assert file.content == "\ufefftask\r\nGröße\r\n".encode()


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValidationError, match="one cell for each column"):
        Table(title="t", columns=("a", "b"), rows=(("x",),))

"""CSV that a spreadsheet can open without running anything."""

import csv
import io

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


def test_numbers_stay_numbers_and_the_unknown_stays_empty() -> None:
    assert read(write_csv(["a"], [[-0.61234567, 3, None, "x"]]))[1] == ["-0.612346", "3", "", "x"]


@given(st.lists(st.text(), min_size=1, max_size=3))
def test_any_text_can_be_read_back_and_starts_no_formula(cells: list[str]) -> None:
    found = read(write_csv(["a"] * len(cells), [cells]))[1]
    for cell, text in zip(found, cells, strict=True):
        clean = text.replace("\0", "")
        assert cell in (clean, f"'{clean}")
    assert not any(cell.lstrip(" ").startswith(STARTS_A_FORMULA) for cell in found)


def test_the_file_is_named_after_the_table_and_known_to_be_utf_8() -> None:
    file = export_table(Table(title="Cost by task: “Überblick”", columns=("task",), rows=(("Größe",),)))
    assert file.name == "cost_by_task_uberblick.csv"
    assert file.media_type == "text/csv"
    assert file.content == "\ufefftask\r\nGröße\r\n".encode()


def test_a_row_has_a_cell_for_each_column() -> None:
    with pytest.raises(ValidationError, match="one cell for each column"):
        Table(title="t", columns=("a", "b"), rows=(("x",),))

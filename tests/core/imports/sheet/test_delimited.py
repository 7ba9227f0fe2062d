"""Records of CSV texts as people and programs write them."""

import pytest

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.delimited import LONGEST_CELL, find_delimiter, read_records
from crewgen_core.imports.sheet.sheet import read_sheet
from crewgen_core.models.upload import BadRow
from tests.support.uploads import checked, good, only_bad


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_what_separates_cells_is_found_out(delimiter: str) -> None:
    content = f"objective{delimiter}budget\nAnalyze a and b{delimiter}2.5\n".encode()
    assert find_delimiter(content, "utf-8") == delimiter
    (row,) = good(checked(content))
    assert row.requirements == {"budget_usd": 2.5}


def test_commas_in_a_text_do_not_hide_a_semicolon() -> None:
    content = "name;objective\nA;Compare a, b, and c, then write, edit, send\nB;Do d, e, f, and g, h, i\n"
    assert find_delimiter(content.encode(), "utf-8") == ";"


@pytest.mark.parametrize("first", ["sep=|\r\n", '"sep=|"\r\n', "SEP=|\n"])
def test_the_first_line_of_excel_says_what_separates_and_is_no_row(first: str) -> None:
    sheet = read_sheet("a.csv", f"{first}objective|name\r\nWrite a, b; c|N\r\n".encode())
    assert (sheet.delimiter, sheet.columns) == ("|", ("objective", "name"))
    assert list(sheet.rows()) == [(3, ["Write a, b; c", "N"])]


def test_a_chosen_delimiter_overrules() -> None:
    sheet = read_sheet("a.csv", b"sep=;\nobjective,a;b\nx,y\n", delimiter=",")
    assert sheet.columns == ("objective", "a;b")


@pytest.mark.parametrize("chosen", ["ab", '"', "\n", "x", "7", " ", "\0"])
def test_what_cannot_separate_is_refused(chosen: str) -> None:
    with pytest.raises(UnreadableUpload, match="one character"):
        read_sheet("a.csv", b"objective\nx", delimiter=chosen)


def test_where_there_is_one_column_a_line_is_a_cell_with_its_commas() -> None:
    sheet = read_sheet("a.csv", b'objective\nCompare a, b; and c\n"Quoted, too"\n')
    assert [cells for _, cells in sheet.rows()] == [["Compare a, b; and c"], ["Quoted, too"]]
    assert "each line is one cell" in sheet.notes[0]


def test_a_row_has_the_number_of_the_line_it_begins_in() -> None:
    content = 'objective,name\r\n\r\n"Write\r\na ""big"" report",A\r\n ,\n"x\ny\nz",B\rlast,C'
    rows = [(row.row, row.text, row.name) for row in good(checked(content))]
    assert rows == [(3, 'Write\na "big" report', "A"), (6, "x\ny\nz", "B"), (9, "last", "C")]


def test_other_separators_of_lines_are_part_of_a_cell() -> None:
    (row,) = good(checked("objective,name\nWrite\u2028a\u0085report\x0bnow,A\n"))
    assert row.text == "Write\u2028areportnow"  # control characters go, as everywhere


def test_zero_bytes_are_dropped() -> None:
    (row,) = good(checked(b"objective,name\nWri\0te a report,\0\n"))
    assert (row.text, row.name) == ("Write a report", "")


def test_a_row_with_a_stray_quotation_mark_is_bad_and_the_next_is_read() -> None:
    bad, next_row = checked('objective,name\n"Say "hello" to all",A\nWrite a report,B\n')
    assert isinstance(bad, BadRow)
    assert bad.row == 2
    assert "quotation marks in line 2 do not match" in bad.reason
    assert next_row.row == 3


def test_a_quotation_mark_that_is_never_closed_is_told_with_the_lines_it_takes() -> None:
    bad = only_bad('objective,name\n"Write a report,A\nWrite b,B\nWrite c,C\n')
    assert (bad.row, "lines 2 to 4" in bad.reason) == (2, True)


def test_a_cell_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    line = "x" * 1_000 + "\n"
    content = ("objective,name\na,b\n" + '"' + line * (LONGEST_CELL // 1_000 + 1)).encode()
    with pytest.raises(UnreadableUpload, match="begins in line 3 is longer than 1,000,000"):
        list(read_records(content, "utf-8", ","))


def test_spaces_before_quotation_marks_do_no_harm() -> None:
    (row,) = good(checked('objective, name\n"Write, edit", "A, B"\n'))
    assert (row.text, row.name) == ("Write, edit", "A, B")

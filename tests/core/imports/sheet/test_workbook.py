"""XLSX files: cells as people see them, and files that would end the process that opens them."""

import io
import struct
import zipfile
import zlib

import pytest

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.sheet import MOST_ROWS, read_sheet
from crewgen_core.models.upload import BadRow
from tests.support.uploads import checked, good, inspected
from tests.support.workbooks import DATE, DATE_AND_TIME, HOURS, TIME, make_workbook, number, pack

TABLE = [["objective", "budget"], ["Write a report", 2]]


def cells_of(content: bytes, tab: str | None = None) -> list[tuple[int, list[str]]]:
    return [row for row in read_sheet("a.xlsx", content, tab=tab).rows() if not isinstance(row, BadRow)]


def test_cells_are_the_text_that_a_person_sees() -> None:
    row = [
        "text", 2.0, 2.5, 0.30000000000000004, True, False, "00123", number(46_000, DATE),
        number(46_000.5, DATE_AND_TIME), number(0.0625, TIME), number(1.0625, HOURS),
        b'<c r="{at}" t="str"><f>A1</f><v>0815</v></c>', 12345678901234567890,
    ]  # fmt: skip
    ((_, cells),) = cells_of(make_workbook({"S": [[f"c{n}" for n in range(len(row))], row]}))
    assert cells == [
        "text", "2", "2.5", "0.3", "TRUE", "FALSE", "00123", "2025-12-09", "2025-12-09 12:00", "01:30", "25:30", "0815",
        "1.23456789012346e+19",
    ]  # fmt: skip


def test_a_row_has_the_number_that_the_spreadsheet_shows() -> None:
    xml = '<row r="3"><c r="B3" t="inlineStr"><is><t>objective</t></is></c></row>'
    xml += '<row r="7"><c r="B7" t="inlineStr"><is><t>Write a\nreport</t></is></c></row>'
    (row,) = good(checked(make_workbook({"S": xml})))
    assert (row.row, row.text) == (7, "Write a\nreport")


def test_numbers_and_times_of_a_spreadsheet_are_requirements() -> None:
    rows = [["objective", "budget", "deadline", "max agents"], ["Write a", 2.5, number(0.0625, TIME), 3.0]]
    (row,) = good(checked(make_workbook({"S": rows})))
    assert row.requirements == {"budget_usd": 2.5, "deadline_minutes": 90, "max_agents": 3}


def test_formulas_written_as_text_come_through() -> None:
    (row,) = good(checked(make_workbook({"S": [["objective"], ['=HYPERLINK("http://evil.example")']]})))
    assert row.text == '=HYPERLINK("http://evil.example")'


def test_the_first_sheet_that_is_not_empty_is_read_and_another_can_be_chosen() -> None:
    content = make_workbook(
        {"Old": TABLE, "Empty": [], "Main": [["objective"], ["Write b"]], "C": TABLE}, hidden=["Old"]
    )
    sheet = read_sheet("a.xlsx", content)
    assert (sheet.tab, sheet.tabs) == ("Main", ("Empty", "Main", "C", "Old"))
    assert sheet.notes == ('Of 4 sheets, "Main" is read.',)
    assert cells_of(content, "C") == [(2, ["Write a report", "2"])]


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnreadableUpload, match='no sheet "Z"') as refused:
        read_sheet("a.xlsx", make_workbook({"A": TABLE, "B": TABLE}), tab="Z")
    assert refused.value.hint == 'It has "A", "B".'


def test_a_workbook_is_known_by_its_bytes_not_its_name() -> None:
    assert inspected(make_workbook({"S": TABLE})).kind == "xlsx"


def test_empty_rows_and_cells_around_the_table_do_no_harm() -> None:
    rows = [[], ["objective", "name", None], [None, None, " "], ["Write a", None, None], ["Write b"]]
    assert [row.text for row in good(checked(make_workbook({"S": rows})))] == ["Write a", "Write b"]


def test_more_rows_than_200_000_are_refused() -> None:
    xml = '<row><c t="str"><v>objective</v></c></row>' + "<row><c><v>1</v></c></row>" * (MOST_ROWS + 1)
    with pytest.raises(UnreadableUpload, match="more than 200,000 rows"):
        list(read_sheet("a.xlsx", make_workbook({"S": xml})).rows())


def test_a_few_bytes_that_ask_for_hundreds_of_gigabytes_are_refused() -> None:
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(UnreadableUpload, match="spread over too large an area"):
        read_sheet("a.xlsx", make_workbook({"S": corners}))


def test_a_workbook_that_states_too_large_a_size_is_refused_before_it_is_opened() -> None:
    content = make_workbook({"S": TABLE})
    at = content.rindex(b"PK\x01\x02")
    stated = content[: at + 24] + struct.pack("<I", 2_000_000_000) + content[at + 28 :]
    with pytest.raises(UnreadableUpload, match="unpacks to more than 500 MB"):
        read_sheet("a.xlsx", stated)


def test_a_workbook_that_is_larger_than_it_states_is_refused() -> None:
    content = _understate("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><row r="1" x="', megabytes=3_000)
    assert len(content) < 4_000_000
    with pytest.raises(UnreadableUpload, match="is damaged"):
        read_sheet("a.xlsx", content)


def _understate(name: str, begin: bytes, megabytes: int) -> bytes:
    """Return a workbook with a part that unpacks to many megabytes of blanks and states the size that it has packed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = packer.compress(begin) + packer.flush(zlib.Z_FULL_FLUSH)
    blanks = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)  # can be repeated after itself
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_workbook({"S": TABLE}))) as source, zipfile.ZipFile(buffer, "w") as package:
        for part in source.namelist():
            package.writestr(part, head + blanks * megabytes if part == name else source.read(part))
    content = bytearray(buffer.getvalue())
    for mark, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.rindex(mark)  # the last part
        content[at + method] = zipfile.ZIP_DEFLATED
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (make_workbook({"S": TABLE})[:-30], "is damaged"),
        (make_workbook({"S": "<row><c><v>1</row>"}), "is damaged"),
        (make_workbook({"S": []}), "no sheet with cells"),
        (pack({"readme.txt": "x"}), "a ZIP file, but no spreadsheet"),
        (pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}), "no .xlsx file"),
        (pack({"xl/workbook.bin": "x"}), "no .xlsx file"),
        (b"PK\x03\x04", "is damaged"),
        (b"PK\x05\x06" + bytes(18), "a ZIP file, but no spreadsheet"),
    ],
)
def test_what_is_no_readable_workbook_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UnreadableUpload, match=sentence) as refused:
        read_sheet("a.xlsx", content)
    assert refused.value.hint

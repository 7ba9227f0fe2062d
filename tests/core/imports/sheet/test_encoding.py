"""How letters are written as bytes: found out, told, or chosen."""

import codecs

import pytest

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.encoding import ENCODINGS, find_encoding
from crewgen_core.imports.sheet.sheet import read_sheet
from tests.support.uploads import checked, good

TEXT = "objective;name\r\nPrüfe die Verträge für 5 €;Müller\r\n"


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (TEXT.encode(), "UTF-8"),
        (TEXT.encode("utf-8-sig"), "UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16 LE"),
        (TEXT.encode("utf-16-le"), "UTF-16 LE"),
        (TEXT.encode("utf-16-be"), "UTF-16 BE"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "UTF-16 BE"),
        (TEXT.encode("utf-32"), "UTF-32"),
        (TEXT.encode("cp1252"), "Windows-1252"),
    ],
)
def test_an_encoding_is_found_out_with_and_without_its_mark(content: bytes, label: str) -> None:
    assert find_encoding("a.csv", content).label == label
    (row,) = good(checked(content))
    assert (row.text, row.name) == ("Prüfe die Verträge für 5 €", "Müller")


def test_windows_1252_is_told_with_the_line_that_is_not_utf_8() -> None:
    assert "line 2 is not UTF-8" in find_encoding("a.csv", TEXT.encode("cp1252")).note
    assert find_encoding("a.csv", TEXT.encode()).note == ""


@pytest.mark.parametrize("label", ENCODINGS)
def test_every_offered_encoding_can_be_chosen_by_its_name_and_by_pythons(label: str) -> None:
    content = "objective\nWrite a report".encode(ENCODINGS[label])
    assert find_encoding("a.csv", content, label).label == label
    assert content.decode(find_encoding("a.csv", content, label.upper()).codec).endswith("Write a report")
    assert find_encoding("a.csv", content, codecs.lookup(ENCODINGS[label]).name).label == label


def test_a_chosen_encoding_overrules_what_would_be_found_out() -> None:
    content = "objective\nПроверь договор".encode("cp1251")
    assert find_encoding("a.csv", content).label == "Windows-1252"
    assert find_encoding("a.csv", content, "Windows-1251").label == "Windows-1251"


def test_an_encoding_that_does_not_fit_is_refused_with_the_line() -> None:
    with pytest.raises(UnreadableUpload, match="not UTF-8 throughout: line 2"):
        find_encoding("a.csv", TEXT.encode("cp1252"), "UTF-8")
    with pytest.raises(UnreadableUpload, match="not UTF-8 throughout: line 3"):
        find_encoding("a.csv", codecs.BOM_UTF8 + b"a\nb\n\xff")


def test_a_file_that_says_it_is_utf_8_and_is_not_can_be_read_as_something_else() -> None:
    content = codecs.BOM_UTF8 + TEXT.encode("cp1252")
    with pytest.raises(UnreadableUpload):
        read_sheet("a.csv", content)
    assert read_sheet("a.csv", content, "Windows-1252").columns == ("objective", "name")


def test_bytes_that_are_no_known_encoding_are_refused() -> None:
    with pytest.raises(UnreadableUpload, match="neither UTF-8"):
        find_encoding("a.csv", b"objective\nW\x81\x8d")


@pytest.mark.parametrize("chosen", ["klingon", "rot13", "unicode_escape", "idna", "utf-7", "a\0b", "x" * 500])
def test_an_encoding_that_is_not_offered_is_refused(chosen: str) -> None:
    with pytest.raises(UnreadableUpload, match="There is no encoding"):
        find_encoding("a.csv", b"objective\nx", chosen)


def test_a_letter_that_is_split_between_two_chunks_is_read() -> None:
    content = ("objective\n" + "é" * 1_200_001).encode()
    assert find_encoding("a.csv", content).label == "UTF-8"
    assert find_encoding("a.csv", content[:-1]).label == "Windows-1252"


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + bytes(range(1, 256)) * 9, b"\x1f\x8b\x08" + bytes(range(256)) * 9]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableUpload, match="no text file"):
        find_encoding("a.csv", content)

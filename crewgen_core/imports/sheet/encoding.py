"""Finding out how the letters of a text file are written as bytes, without guessing silently.

A byte order mark says it; else UTF-8 is taken when every byte fits, which a text in another encoding does not do by
chance; else Windows-1252, which is told, because many bytes fit there. A person may choose another one.
"""

import codecs
from typing import NamedTuple

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.cells import shorten

ENCODINGS: dict[str, str] = {
    "UTF-8": "utf-8-sig",
    "UTF-16": "utf-16",
    "UTF-16 LE": "utf-16-le",
    "UTF-16 BE": "utf-16-be",
    "Windows-1252": "cp1252",
    "Windows-1250": "cp1250",
    "Windows-1251": "cp1251",
    "Windows-1253": "cp1253",
    "Windows-1254": "cp1254",
    "Windows-1255": "cp1255",
    "Windows-1256": "cp1256",
    "ISO 8859-1": "iso8859-1",
    "ISO 8859-2": "iso8859-2",
    "ISO 8859-15": "iso8859-15",
    "Mac Roman": "mac-roman",
    "Shift JIS": "cp932",
    "GB 18030": "gb18030",
    "Big5": "big5",
    "EUC-KR": "cp949",
}
"""Python's codec by the name that people see and choose."""

_MARKS = (
    (codecs.BOM_UTF8, "UTF-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "UTF-32", "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "UTF-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "UTF-16 LE", "utf-16"),
    (codecs.BOM_UTF16_BE, "UTF-16 BE", "utf-16"),
)

_SAMPLE = 4_096
"""Bytes at the beginning that are looked at to tell UTF-16 and what is no text."""

_CHUNK = 1_000_000
"""Bytes that are tried at a time, so that a large text is never held as letters."""

_CONTROLS = bytes(code for code in range(32) if code not in b"\0\t\n\v\f\r\x1b")


class Encoding(NamedTuple):
    """How a file is read."""

    label: str
    """As people call it."""
    codec: str
    """As Python calls it; every byte of the file fits."""
    note: str = ""
    """What to look at when it was assumed; a sentence or nothing."""


def find_encoding(name: str, content: bytes, chosen: str | None = None) -> Encoding:
    """Return the encoding of a file, or check the chosen one. Raises UnreadableUpload when the bytes do not fit."""
    if chosen:
        label = _find_label(chosen)
        if label.startswith("UTF-16") and content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _insist(name, content, label, "utf-16")  # the mark is no letter, and says the order of the bytes
        return _insist(name, content, label, ENCODINGS[label])
    for mark, label, codec in _MARKS:
        if content.startswith(mark):
            return _insist(name, content, label, codec)
    return _guess(name, content)


def _guess(name: str, content: bytes) -> Encoding:
    sample = content[:_SAMPLE]
    codec = _tell_utf16(sample)
    if codec and _find_misfit(content, codec) is None:
        return Encoding("UTF-16 LE" if codec.endswith("le") else "UTF-16 BE", codec)
    if len(sample) - len(sample.translate(None, _CONTROLS)) > len(sample) // 20:
        raise UnreadableUpload(f"{name} is no text file and no spreadsheet that can be read.")
    misfit = _find_misfit(content, "utf-8")
    if misfit is None:
        return Encoding("UTF-8", "utf-8")
    line = _line_of(content, misfit)
    if _find_misfit(content, "cp1252") is not None:
        raise UnreadableUpload(
            f"{name} is neither UTF-8 (see line {line:,}), UTF-16 nor Windows-1252.",
            "Save it as “CSV UTF-8” in your spreadsheet program, or choose its encoding.",
        )
    return Encoding(
        "Windows-1252",
        "cp1252",
        f"Read as Windows-1252, because line {line:,} is not UTF-8. Where letters look wrong in the preview, choose "
        "the encoding.",
    )


def _insist(name: str, content: bytes, label: str, codec: str) -> Encoding:
    misfit = _find_misfit(content, codec)
    if misfit is not None:
        raise UnreadableUpload(
            f"{name} is not {label} throughout: line {_line_of(content, misfit):,} has bytes that do not fit.",
            "Save it as “CSV UTF-8” in your spreadsheet program, or choose another encoding.",
        )
    return Encoding(label, codec)


def _find_label(chosen: str) -> str:
    """Return the known encoding of that name, ours or Python's."""
    plain = chosen.strip().casefold()
    for label in ENCODINGS:
        if plain == label.casefold():
            return label
    try:
        codec = codecs.lookup(plain).name
    except (LookupError, ValueError):  # ValueError: a name with a NUL
        codec = ""
    codec = "utf-8-sig" if codec == "utf-8" else codec
    for label, known in ENCODINGS.items():
        if codec == codecs.lookup(known).name:
            return label
    raise UnreadableUpload(f'There is no encoding "{shorten(chosen, 40)}".', f"Choose one of {', '.join(ENCODINGS)}.")


def _tell_utf16(sample: bytes) -> str:
    """Return the codec when every second byte is often zero, as in UTF-16 of Western text and of any header."""
    half = len(sample) // 2
    low, high = sample[1::2].count(0), sample[::2].count(0)
    if half and low > half // 5 and high <= half // 20:
        return "utf-16-le"
    return "utf-16-be" if half and high > half // 5 and low <= half // 20 else ""


def _find_misfit(content: bytes, codec: str) -> int | None:
    """Return about where the first byte is that the codec does not have, or None when all fit."""
    if codec.startswith("utf-8"):
        if content.isascii():
            return None
        codec = "utf-8"  # counts the bytes of the mark, too
    decoder = codecs.getincrementaldecoder(codec)("strict")
    view = memoryview(content)
    for start in range(0, len(content), _CHUNK):
        try:
            decoder.decode(view[start : start + _CHUNK], start + _CHUNK >= len(content))
        except UnicodeError as error:
            return start + max(getattr(error, "start", 0), 0)
    return None


def _line_of(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1

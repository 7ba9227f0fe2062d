"""The form that was asked for: JSON, YAML, CSV, a table, a list, headings."""

import csv
import io
import json
import re
from collections.abc import Iterator

import yaml

from crewgen_core.judging.result import Result, shorten_quote
from crewgen_core.models.outcome import Check

FEWEST_ROWS = 2
"""Lines of CSV: a header and a row."""


def check_form(expected: str, result: Result) -> Iterator[Check]:
    """Yield a check for each form that an expectation names before its conditions."""
    asked, _, _ = expected.partition("Accepted when:")
    for form, check in ((_JSON, _check_json), (_YAML, _check_yaml), (_CSV, _check_csv)):
        if match := form.search(asked):
            yield check(match[0], result)
    if (match := _TABLE.search(asked)) and not _CSV.search(asked):
        there = bool(result.tables) or "<table" in result.text.lower() or "\t" in result.text or _is_csv(result)
        yield _tell("table", there, match[0], result)
    if match := _LIST.search(asked):
        yield _tell("list", bool(result.lists or result.tables), match[0], result)
    if match := _HEADINGS.search(asked):
        yield _tell("heading", bool(result.headings), match[0], result)


def _check_json(quote: str, result: Result) -> Check:
    candidates = [content for language, content in result.blocks if language in ("", "json", "jsonc")]
    last = ""
    for text in [result.text, *candidates]:
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            last = str(error)
        else:
            return Check(state="met", sentence="JSON was asked for, and it can be read.", quote=quote)
    found = f"what is there cannot be read as JSON ({shorten_quote(last)})"
    return Check(state="not met", sentence=f"JSON was asked for, and {found}.", quote=quote)


def _check_yaml(quote: str, result: Result) -> Check:
    candidates = [content for language, content in result.blocks if language in ("", "yaml", "yml")]
    for text in candidates or [result.text]:
        try:
            read = yaml.safe_load(text)
        except (yaml.YAMLError, ValueError, RecursionError):
            continue
        if isinstance(read, dict | list):
            return Check(state="met", sentence="YAML was asked for, and it can be read.", quote=quote)
    return Check(state="not met", sentence="YAML was asked for, and there is none that can be read.", quote=quote)


def _check_csv(quote: str, result: Result) -> Check:
    if _is_csv(result):
        return Check(state="met", sentence="CSV was asked for, and its rows have as many cells each.", quote=quote)
    return Check(
        state="not met", sentence="CSV was asked for, and there are no rows with as many cells each.", quote=quote
    )


def _is_csv(result: Result) -> bool:
    for text in [content for language, content in result.blocks if language in ("", "csv")] or [result.text]:
        for delimiter in (",", ";", "\t"):
            try:
                rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True) if row]
            except csv.Error:
                continue
            if len(rows) >= FEWEST_ROWS and len(rows[0]) > 1 and len({len(row) for row in rows}) == 1:
                return True
    return False


def _tell(what: str, there: bool, quote: str, result: Result) -> Check:
    if there:
        return Check(state="met", sentence=f"A {what} was asked for, and there is one.", quote=quote)
    if result.blocks:
        told = f"A {what} was asked for; there is none outside of code."
        return Check(state="cannot tell", sentence=told, quote=quote)
    return Check(state="not met", sentence=f"A {what} was asked for, and there is none.", quote=quote)


_JSON = re.compile(
    r"\b(?:(?:as|in|valid|an?|one|returns?|output) (?:valid )?JSON\b(?! (?:schema|API|lines))"
    r"|JSON (?:object|array|document|list|file)\b)"
)
_YAML = re.compile(r"\b(?:(?:as|in|valid|an?) (?:valid )?YAML\b|YAML (?:file|document)\b)")
_CSV = re.compile(r"\b(?:(?:as|in|an?) CSV\b(?! (?:export|input))|CSV (?:file|table|with)\b)")
_TABLE = re.compile(r"\b(?:\w+ )?tables?\b(?! of contents)", re.I)
_LIST = re.compile(r"\b(?:bullet(?:ed)?(?:[ -]points?| list)?s?|numbered list|checklist|list of)\b", re.I)
_HEADINGS = re.compile(r"\b(?:with|under) (?:clear |markdown )?(?:headings|subheadings|headers)\b", re.I)

"""The rows of a job as CSV that is safe in spreadsheets, and as JSON Lines that keep every text."""

import csv
import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.exports.job_table import COLUMNS, export_job_csv, export_job_jsonl
from crewgen_core.exports.table import STARTS_A_FORMULA
from crewgen_core.models.job import Item
from tests.support.job_rows import make_figures, make_item

FORMULAS = ['=HYPERLINK("http://x","y")', "@SUM(1,2)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "＝1+1", "  =1"]


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_named(content: bytes) -> list[dict[str, str]]:
    header, *rows = read(content)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_a_completed_and_a_failed_row_with_all_that_is_known_of_them() -> None:
    done = make_item(
        spent_usd=Decimal("0.0021"), tags="q3, eu", notice="Made by Built-in.", extra={"owner": "Ann"}, line=4
    )
    failed = make_item(
        state="failed", figures=None, crew_id=None, crew_name="", engine="", domain="", failure_reason="No key."
    )
    exported = export_job_csv("Spring, “Überblick”", [done, failed], ["owner"])
    assert (exported.name, exported.media_type) == ("spring_uberblick_results.csv", "text/csv")
    first, second = read_named(exported.content)
    assert list(first) == [*COLUMNS, "owner"]
    assert first == {
        "row": "4",
        "name": "Churn",
        "objective": "Analyze churn and write a brief.",
        "state": "completed",
        "crew_id": "3",
        "crew_name": "Churn in Q3",
        "engine": "Built-in",
        "domain": "Software",
        "success": "0.4",
        "success_p10": "0.2",
        "success_p90": "0.7",
        "cost_usd": "0.03",
        "duration_s": "120",
        "agents": "2",
        "tasks": "3",
        "errors": "0",
        "warnings": "0",
        "score": "8.5",
        "spent_usd": "0.0021",
        "seconds": "0.02",
        "failure_reason": "",
        "notice": "Made by Built-in.",
        "tags": "q3, eu",
        "owner": "Ann",
    }
    assert (second["state"], second["success"], second["failure_reason"], second["owner"]) == (
        "failed",
        "",
        "No key.",
        "",
    )


def test_an_unknown_cost_is_an_empty_cell_and_a_stored_crew_has_its_place_for_a_row() -> None:
    (row,) = read_named(
        export_job_csv("x", [make_item(figures=make_figures(cost_usd=None), line=0, position=9)]).content
    )
    assert (row["cost_usd"], row["row"]) == ("", "9")


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_text_of_a_row_and_no_name_of_a_column_is_a_formula(formula: str) -> None:
    texts = dict.fromkeys(
        ("name", "objective", "tags", "failure_reason", "notice", "crew_name", "engine", "domain"), formula
    )
    content = export_job_csv(formula, [make_item(**texts, extra={formula: formula})], [formula]).content
    cells = [cell for row in read(content) for cell in row]
    assert sum(cell.replace("'", "") == formula.replace("'", "") for cell in cells) == len(texts) + 2
    assert not any(cell.lstrip(" ").startswith(STARTS_A_FORMULA) for cell in cells)


@given(st.lists(st.text(max_size=12) | st.sampled_from([*COLUMNS, *FORMULAS]), max_size=5, unique=True), st.text())
def test_any_uploaded_columns_keep_their_content_below_different_names(columns: list[str], text: str) -> None:
    item = make_item(extra=dict.fromkeys(columns, f"x{text}"), objective=text)
    header, row = read(export_job_csv("x", [item], columns).content)
    assert len(header) == len(row) == len(COLUMNS) + len(columns)
    if not any("\0" in column for column in columns):
        assert len(set(header)) == len(header)
    assert row[len(COLUMNS) :] == [f"x{text}".replace("\0", "")] * len(columns)
    assert not any(cell.lstrip(" ").startswith(STARTS_A_FORMULA) for cell in (*header, *row))


def test_an_uploaded_column_that_is_called_like_one_of_ours_is_told_apart() -> None:
    item = make_item(extra={"state": "Ohio", "state (uploaded)": "old"})
    (row,) = read_named(export_job_csv("x", [item], ["state", "state (uploaded)"]).content)
    assert row["state"] == "completed"
    assert row["state (uploaded)"] == "old"
    assert row["state (uploaded) (uploaded)"] == "Ohio"


@given(st.text(), st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3))
def test_json_lines_give_back_every_row_as_it_was(text: str, extra: dict[str, str]) -> None:
    items = [make_item(objective=text, extra=extra, spent_usd=Decimal("0.000123"), before=make_figures()), make_item()]
    exported = export_job_jsonl("Spring", items)
    assert exported.name == "spring_results.jsonl"
    lines = exported.content.decode().removesuffix("\n").split("\n")
    assert tuple(map(Item.model_validate_json, lines)) == tuple(items)
    assert json.loads(lines[0])["spent_usd"] == 0.000123

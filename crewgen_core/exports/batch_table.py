"""The rows of a batch as files: CSV for people with a spreadsheet, JSON Lines with every finding for programs."""

import json
from collections.abc import Sequence
from typing import Any

from crewgen_core.exports.exported import Exported
from crewgen_core.exports.table import export_table
from crewgen_core.models.batch import BatchRow, UnreadableFile
from crewgen_core.models.report import Finding
from crewgen_core.models.table import Cell, Table
from crewgen_core.validation.causes import list_prevented

COLUMNS = (
    "file",
    "crew",
    "verdict",
    "score",
    "errors",
    "warnings",
    "advice",
    "coverage",
    "missing_skills",
    "success",
    "success_p10",
    "success_p90",
    "cost_usd",
    "duration_s",
    "fixes_applied",
    "says",
)
"""Coverage and success are shares from 0 to 1, cost and duration the typical ones (P50) of one run; ``says`` is the
verdict in a sentence, or why the file could not be read."""


def export_table_csv(rows: Sequence[BatchRow]) -> Exported:
    """Return one line for each row."""
    cells = (row_cells(row) for row in rows)
    lines = tuple(tuple(found.get(column) for column in COLUMNS) for found in cells)
    return export_table(Table(title="Crews", columns=COLUMNS, rows=lines))


def export_table_jsonl(rows: Sequence[BatchRow]) -> Exported:
    """Return one JSON object for each row, with its findings."""
    lines = (json.dumps(row_document(row), ensure_ascii=False) + "\n" for row in rows)
    return Exported("crews.jsonl", "".join(lines).encode("utf-8", "replace"), "application/jsonl")


def row_cells(row: BatchRow) -> dict[str, Cell]:
    """Return a row by its columns."""
    if isinstance(row, UnreadableFile):
        return {"file": row.file, "verdict": row.verdict, "says": f"{row.reason} {row.hint}"}
    report, estimate = row.report, row.estimate
    return {
        "file": row.file,
        "crew": row.crew.name,
        "verdict": row.verdict,
        "score": report.score,
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "advice": report.count("advice"),
        "coverage": None if report.covered is None else round(report.covered, 3),
        "missing_skills": "; ".join(report.missing_skills),
        "success": round(estimate.success.p50, 3),
        "success_p10": round(estimate.success.p10, 3),
        "success_p90": round(estimate.success.p90, 3),
        "cost_usd": float(estimate.cost_usd.p50) if estimate.cost_usd else None,
        "duration_s": round(estimate.duration_s.p50, 1),
        "fixes_applied": len(row.changes),
        "says": report.verdict,
    }


def row_document(row: BatchRow) -> dict[str, Any]:
    """Return a row as plain values, with its findings and notes."""
    document: dict[str, Any] = {column: row_cells(row).get(column) for column in COLUMNS}
    if isinstance(row, UnreadableFile):
        return document
    document["missing_skills"] = list(row.report.missing_skills)
    findings = [finding_document(finding) for finding in row.report.findings]
    return {**document, "findings": findings, "notes": list(row.notes)}


def finding_document(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain values, with the published failure modes that it leaves open."""
    modes = list_prevented().get(finding.code, ())
    prevents = [{"code": mode.code, "name": mode.name, "share": mode.share} for mode in modes]
    return {**finding.model_dump(mode="json"), "prevents": prevents}

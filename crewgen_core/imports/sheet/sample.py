"""A file to begin with: every column that has a meaning, and four rows of different trades."""

import csv
import io

from crewgen_core.models.upload import COLUMN_FIELDS, ColumnField

_ROWS: tuple[dict[ColumnField, str], ...] = (
    {
        "objective": "Analyze why churn rose in Q3 from our subscription exports "
        "and write a two-page brief for the board.",
        "name": "Churn brief",
        "context": "Exports are monthly CSV files; prices rose by 8% in July.",
        "domain": "Data and analytics",
        "budget_usd": "2.50",
        "deadline_minutes": "30",
        "max_agents": "4",
        "priority": "high",
        "tags": "board, churn",
    },
    {
        "objective": "Review the attached supplier contract for termination, liability and data protection risks, "
        "and list what to renegotiate.",
        "name": "Contract review",
        "domain": "legal",
        "deadline_minutes": "1 h 30",
        "model": "built-in",
        "tags": "contracts",
        "preferences": "A person confirms the list before it is sent.",
    },
    {
        "objective": "Plan a product launch on social media for three weeks: posts, a calendar "
        "and the figures to watch.",
        "name": "Launch plan",
        "context": "A refillable water bottle for hikers, sold in our own shop.",
        "domain": "Marketing",
        "budget_usd": "$1",
        "max_agents": "5",
        "priority": "normal",
        "tags": "launch; social media",
    },
    {
        "objective": "Write step-by-step answers to our 20 most frequent support questions\n"
        "from the tickets of the last quarter.",
        "name": "Support answers",
        "domain": "Customer support",
        "budget_usd": "0.80",
        "deadline_minutes": "45",
        "priority": "low",
    },
)


def sample_csv() -> bytes:
    """Return a CSV file for download, in UTF-8 with the mark by which spreadsheet programs recognise it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMN_FIELDS)
    writer.writeheader()
    writer.writerows(_ROWS)
    return text.getvalue().encode("utf-8-sig")

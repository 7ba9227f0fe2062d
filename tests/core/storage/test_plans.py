"""Lists and charts read by indexes: no plan goes through a large table, or sorts one."""

from datetime import date

import pytest
from sqlalchemy import event

from crewgen_core.models.analytics import Period, Scope
from crewgen_core.storage import counts, crews, jobs, requests, tally_reading
from crewgen_core.storage.database import Database, Transaction

LARGE = ("crews", "crew_versions", "generation_requests", "generation_metrics", "request_days", "request_times")
YEAR = Scope(period=Period(first=date(2026, 1, 5), last=date(2026, 12, 20)))

ASKED = {
    "crews": lambda it: crews.list_crews(it, limit=8, before=90),
    "crews searched": lambda it: crews.list_crews(it, "churn", limit=8, before=90),
    "crews found, counted": lambda it: crews.count_crews(it, "churn"),
    "requests": lambda it: requests.list_requests(it, limit=5),
    "failed requests": lambda it: requests.list_requests(it, limit=5, state="failed"),
    "jobs": lambda it: jobs.list_jobs(it, limit=8),
    "open requests": counts.count_open,
    "requests over a year": lambda it: tally_reading.sum_up(it, YEAR, YEAR.period, "state", "day"),
    "times over a year": lambda it: tally_reading.count_times(it, YEAR, YEAR.period, "day"),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_list_is_read_by_an_index(database: Database, name: str):
    plans = [step for plan in explain(database, name) for step in plan]
    scans = [step for step in plans for table in LARGE if step.startswith(f"SCAN {table}") and "PRIMARY" not in step]
    walks = {"SCAN crews", "SCAN generation_requests"}  # from the newest on, until a page is full
    paged = name in ("crews", "requests")
    assert [step for step in scans if not (paged and step in walks)] == []
    assert "USE TEMP B-TREE FOR ORDER BY" not in plans


def explain(database: Database, name: str) -> list[list[str]]:
    """Return the plan of each statement that is asked."""
    asked: list[tuple[str, object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    with database.read() as connection:
        event.listen(connection, "before_cursor_execute", note)
        ask(connection, name)
        event.remove(connection, "before_cursor_execute", note)
        return [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for statement, parameters in asked
        ]


def ask(connection: Transaction, name: str) -> None:
    ASKED[name](connection)

"""Jobs with rows that are finished already, without working on any."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import Connection

from crewgen_core.models.job import Figures, FinishedItem, Item, NewItem, NewJob
from crewgen_core.storage import job_items, job_results, jobs


def make_figures(
    success: float = 0.4, cost_usd: str | None = "0.03", duration_s: float = 120.0, **others: float
) -> Figures:
    """The figures of a crew with two agents and three tasks, unless said otherwise."""
    fields = {"agents": 2, "tasks": 3, "errors": 0, "warnings": 0, "score": 8.5} | others
    return Figures.model_validate(
        {
            "success": success,
            "success_p10": success / 2,
            "success_p90": (1 + success) / 2,
            "cost_usd": None if cost_usd is None else Decimal(cost_usd),
            "duration_s": duration_s,
            **fields,
        }
    )


def add_job(connection: Connection, rows: Iterable[NewItem], name: str = "Spring campaign") -> tuple[int, list[int]]:
    """Store a job and return its id and those of its rows."""
    job_id = jobs.create(connection, NewJob(name=name))
    job_items.add(connection, job_id, rows)
    return job_id, [item.id for item in job_results.stream_items(connection, job_id)]


def add_finished(connection: Connection, figures: Sequence[Figures | None], domain: str = "Software") -> int:
    """Store a job with a completed row for each of the figures, a failed one where there are none; return its id."""
    rows = [NewItem(line=at + 2, text=f"Write report {at}", name=f"Report {at}") for at in range(len(figures))]
    job_id, ids = add_job(connection, rows)
    job_items.finish(
        connection,
        job_id,
        [
            FinishedItem(id=item, figures=found, crew_name="Reporters", engine="Built-in", domain=domain, seconds=0.1)
            if found
            else FinishedItem(id=item, state="failed", failure_reason="The model gave no answer.")
            for item, found in zip(ids, figures, strict=True)
        ],
    )
    return job_id


def make_item(**fields: object) -> Item:
    """A row as it comes out of the database: completed, with figures, unless said otherwise."""
    usual: dict[str, object] = {
        "id": 7,
        "job_id": 1,
        "position": 1,
        "line": 2,
        "state": "completed",
        "name": "Churn",
        "objective": "Analyze churn and write a brief.",
        "requirements": {},
        "model": "",
        "priority": "normal",
        "tags": "",
        "extra": {},
        "attempts": 1,
        "crew_id": 3,
        "crew_name": "Churn in Q3",
        "version_number": 1,
        "engine": "Built-in",
        "domain": "Software",
        "figures": make_figures(),
        "seconds": 0.02,
    }
    return Item.model_validate(usual | fields)

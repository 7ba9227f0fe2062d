"""A history of requests, runs and outcomes on chosen days, stored as the product stores them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from sqlalchemy import Connection, insert

from crewgen_core.models.value import Quantiles
from crewgen_core.storage import tally
from crewgen_core.storage.money import to_micro_usd
from crewgen_core.storage.tables import run_tables
from crewgen_core.storage.tally import Ended, Kind

MODEL = "openai/gpt-5-mini"


@dataclass(frozen=True)
class Made:
    """A request that has ended, as analytics counts it."""

    day: date
    kind: Kind = Kind("completed", "single")  # noqa: RUF009 frozen
    seconds: float = 0.02
    success: float = 0.4
    cost_usd: Decimal | None = Decimal(0)


def count_requests(connection: Connection, made: Sequence[Made]) -> None:
    """Count requests that are not stored themselves."""
    tally.add(
        connection,
        [
            Ended(
                one.kind,
                noon(one.day),
                newest_id=at + 1,
                seconds=one.seconds if one.kind.state == "completed" else None,
                success=Quantiles(p10=one.success / 2, p50=one.success, p90=(1 + one.success) / 2)
                if one.kind.state == "completed"
                else None,
                cost_micro_usd=None if one.cost_usd is None else to_micro_usd(one.cost_usd),
            )
            for at, one in enumerate(made)
        ],
    )


def noon(day: date) -> datetime:
    """Return the middle of a day in UTC."""
    return datetime.combine(day, time(12), UTC)


def add_run(
    connection: Connection,
    crew_id: int,
    day: date,
    usage: Sequence[tuple[str, str, int | None]] = (),
    succeeded: bool | None = None,
    template: str | None = None,
    dry: bool = False,
) -> int:
    """Store a run with what each agent's model cost in millionths of a dollar, and its outcome where there is one."""
    runs, outcomes = run_tables.runs, run_tables.outcomes
    run_id = connection.execute(
        insert(runs)
        .values(
            crew_id=crew_id,
            version_number=1,
            crew_name="Crew",
            state="completed",
            settings={},
            model=MODEL,
            dry=dry,
            notes=[],
            template_key=template,
            predicted_success=0.4,
            predicted_duration_s=60.0,
            predicted_tokens=1000.0,
            task_count=2,
            created_at=noon(day),
        )
        .returning(runs.c.id)
    ).scalar_one()
    for agent, model, cost in usage:
        connection.execute(
            insert(run_tables.run_usage).values(
                run_id=run_id,
                task="",
                agent=agent,
                model=model,
                calls=2,
                tokens_in=900,
                tokens_cached=0,
                tokens_out=100,
                cost_micro_usd=cost,
            )
        )
    if succeeded is not None:
        connection.execute(
            insert(outcomes).values(
                run_id=run_id,
                crew_id=crew_id,
                version_number=1,
                template_key=template,
                succeeded=succeeded,
                judged_by="person",
                judgement={},
                predicted_success=0.4,
                ran_at=noon(day),
            )
        )
    return run_id

"""Models: what people corrected about them, and what is asked of them."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables.columns import UtcTime, created_at, metadata
from crewgen_core.storage.tables.job_tables import job_items, jobs

model_corrections = Table(
    "model_corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model_name", String(200), nullable=False, unique=True),  # its LiteLLM name
    Column("correction", JSON, nullable=False),  # what people know better than the shipped facts, with its source
    created_at(),
    Column("updated_at", UtcTime, nullable=False, default=tell_time),
)

model_calls = Table(
    "model_calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("provider", String(100), nullable=False),
    Column("model", Text, nullable=False),
    Column("item_id", Integer, ForeignKey(job_items.c.id)),  # NULL for calls that belong to no job
    Column("job_id", Integer, ForeignKey(jobs.c.id)),
    Column("step", Integer, nullable=False, default=0),  # which question of its item it is
    Column("started_ms", BigInteger, nullable=False),  # milliseconds since 1970, by the clock of the database
    Column("ended_ms", BigInteger),  # NULL while it is open
    Column("lapses_ms", BigInteger, nullable=False),  # one still open after its deadline belongs to a dead process
    Column("worker_id", String(100)),  # NULL for calls outside of workers
    Column("reserved_micro_usd", BigInteger, nullable=False, default=0),  # the most it may cost, while it is open
    Column("cost_micro_usd", BigInteger),
    Column("result", String(10)),  # answered, failed, or lost with its process; NULL while it is open
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("answer", JSON(none_as_null=True)),  # kept until its item is finished, so that it is never asked twice
    Column("person_id", Integer),  # for whom; NULL: without login
    Column("token_id", Integer),
    Column("run_id", Integer, index=True),  # NULL for calls that belong to no run
    Index("ix_model_calls_provider_started_ms", "provider", "started_ms"),
    Index("ix_model_calls_provider_ended_ms", "provider", "ended_ms"),
    Index("ix_model_calls_job_id_ended_ms", "job_id", "ended_ms"),
    Index("ix_model_calls_item_id_step", "item_id", "step"),
)
"""Calls of models: what keeps to the limits of providers and to the budgets of jobs, over all workers."""

"""Bulk work: jobs, their rows, and who works on them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from crewgen_core.storage.tables.columns import (
    UtcTime,
    created_at,
    deleted_at,
    demo,
    find_deleted,
    metadata,
    owner_id,
    shared,
)
from crewgen_core.storage.tables.crew_tables import crews
from crewgen_core.storage.tables.request_tables import generation_requests

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(300), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("file_name", String(300), nullable=False, default=""),
    Column("state", String(20), nullable=False, index=True),
    Column("state_reason", Text, nullable=False, default=""),
    Column("resumes_at", UtcTime),  # when a paused one goes on by itself; NULL: when a person wants it
    Column("priority", String(10), nullable=False),
    Column("model", Text),  # LiteLLM name for rows without one of their own; NULL for the built-in engine
    Column("settings", JSON, nullable=False),
    Column("source_job_id", Integer, ForeignKey("jobs.id")),
    Column("total", Integer, nullable=False, default=0),
    Column("completed_count", Integer, nullable=False, default=0),  # the three move with the items, in one transaction
    Column("failed_count", Integer, nullable=False, default=0),
    Column("cancelled_count", Integer, nullable=False, default=0),
    Column("budget_micro_usd", BigInteger),
    Column("spent_micro_usd", BigInteger, nullable=False, default=0),
    Column("chunk_count", Integer, nullable=False, default=0),  # chunks that there are
    Column("enqueued_chunks", Integer, nullable=False, default=0),  # of them, those that the queue was given
    Column("queue_state", String(20), nullable=False, default="running"),  # the state that the queue was brought to
    Column("first_turn", BigInteger, nullable=False, default=0),  # where its chunks begin among those of other jobs
    owner_id(),
    Column("token_id", Integer),  # the token by which it was started; NULL: on a page or the command line
    shared(),
    demo(),
    created_at(),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    deleted_at(),
    find_deleted("jobs"),
    CheckConstraint("kind IN ('generate', 'validate', 'optimize')", name="kind"),
    CheckConstraint("state IN ('running', 'paused', 'cancelled', 'completed')", name="state"),
    CheckConstraint("priority IN ('high', 'normal', 'low')", name="priority"),
)
"""Bulk work. ``state`` is what people want; the queue is brought to it (``crewgen_core.jobs.reconciliation``)."""

_FAILED = text("state = 'failed'")

job_items = Table(
    "job_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("line", Integer, nullable=False),  # row in the uploaded file; 0 for stored crews
    Column("chunk", Integer, nullable=False),  # rows of one chunk are worked on together; trying again gives a new one
    Column("state", String(20), nullable=False, server_default="pending"),
    Column("name", String(300), nullable=False),
    Column("objective", Text, nullable=False),
    Column("requirements", JSON(none_as_null=True)),
    Column("model", Text, nullable=False),  # LiteLLM name; empty for the built-in engine
    Column("priority", String(10), nullable=False),
    Column("tags", Text, nullable=False, server_default=""),
    Column("extra", JSON(none_as_null=True)),  # columns of the file that are not ours
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failure_reason", Text, nullable=False, server_default=""),
    Column("notice", Text, nullable=False, server_default=""),
    Column("crew_id", Integer, ForeignKey(crews.c.id), index=True),
    Column("version_number", Integer),
    Column("request_id", Integer, ForeignKey(generation_requests.c.id), index=True),
    Column("crew_name", String(300), nullable=False, server_default=""),
    Column("engine", Text, nullable=False, server_default=""),
    Column("domain", String(200), nullable=False, server_default=""),
    Column("success", Float),
    Column("success_p10", Float),
    Column("success_p90", Float),
    Column("cost_micro_usd", BigInteger),
    Column("duration_s", Float),
    Column("agent_count", Integer),
    Column("task_count", Integer),
    Column("error_count", Integer),
    Column("warning_count", Integer),
    Column("score", Float),
    Column("before", JSON(none_as_null=True)),  # the figures before optimizing
    Column("spent_micro_usd", BigInteger, nullable=False, server_default="0"),
    Column("seconds", Float),
    Column("finished_at", UtcTime),
    Index("ix_job_items_job_id_chunk", "job_id", "chunk"),
    Index("ix_job_items_job_id_finished_at", "job_id", "finished_at"),
    Index("ix_job_items_failed", "job_id", sqlite_where=_FAILED, postgresql_where=_FAILED),  # few rows, asked often
    CheckConstraint("state IN ('pending', 'completed', 'failed', 'cancelled')", name="state"),
)
"""The rows of jobs: the truth about what is done. A row leaves ``pending`` once, together with what came of it."""

workers = Table(
    "workers",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("host", String(200), nullable=False),
    Column("process_id", Integer, nullable=False),
    Column("beats", Integer, nullable=False, default=0),  # moves on as long as the worker lives
    created_at(),
)
"""Processes that work on jobs; a dead one's row stays until another worker took over what it had in hand."""

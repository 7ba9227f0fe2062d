"""Requests for a crew, what was asked and measured, and the sums of those that have ended."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from crewgen_core.storage.tables.columns import UtcTime, created_at, demo, metadata, owner_id
from crewgen_core.storage.tables.crew_tables import crews

generation_requests = Table(
    "generation_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("objective", Text, nullable=False),
    Column("requirements", JSON, nullable=False),  # the objective without its text: context, limits, preferences
    Column("template_id", String(100)),  # key of the template
    Column("template_number", Integer),  # the version of that template
    Column("llm_provider", Text),  # LiteLLM name of the model that was asked; NULL for the built-in engine
    Column("engine", Text, nullable=False),
    Column("generation_status", String(50), nullable=False, index=True, default="pending"),
    Column("failure_reason", Text, nullable=False, default=""),
    Column("generated_crew_id", Integer, ForeignKey(crews.c.id), unique=True),
    Column("generation_result", JSON(none_as_null=True)),
    Column("validation_result", JSON(none_as_null=True)),
    Column("generation_time_seconds", Float),
    Column("kind_id", Integer),  # its row in request_kinds; NULL until it has ended
    Column("answer_key", String(64), index=True),  # hash of what shaped a model's answer; NULL where none can be reused
    owner_id(),
    created_at(),
    Column("started_at", UtcTime),
    Column("completed_at", UtcTime),
    Index("ix_generation_requests_owner_id", "owner_id"),
    CheckConstraint("generation_status IN ('pending', 'generating', 'completed', 'failed')", name="generation_status"),
)

task_requirements = Table(
    "task_requirements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("generation_request_id", Integer, ForeignKey("generation_requests.id"), nullable=False, index=True),
    Column("requirement_type", String(100), nullable=False),
    Column("requirement_name", Text, nullable=False),
    Column("requirement_value", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("satisfied", Boolean),  # NULL: a crew alone does not tell
    Column("requirement_metadata", JSON, nullable=False),
    created_at(),
    CheckConstraint("priority BETWEEN 1 AND 5", name="priority"),
)

generation_metrics = Table(
    "generation_metrics",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("generation_request_id", Integer, ForeignKey("generation_requests.id"), nullable=False),
    Column("metric_name", String(255), nullable=False),
    Column("metric_value", Float, nullable=False),  # whole numbers, micro_usd among them, are exact below 2**53
    Column("metric_unit", String(50), nullable=False),
    Column("metric_category", String(100), nullable=False),
    Column("metric_metadata", JSON, nullable=False),
    created_at(),
    UniqueConstraint("generation_request_id", "metric_name"),
)

request_kinds = Table(
    "request_kinds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", String(64), nullable=False, unique=True),  # hash of the other columns
    Column("state", String(20), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("model", Text, nullable=False),  # LiteLLM name of the model that was asked; empty for the built-in engine
    Column("fallback", Boolean, nullable=False),  # True: the built-in crew, because the model failed
    Column("domain", String(200), nullable=False),  # its key; empty where it is not known
    Column("template_key", String(100), nullable=False),  # empty: without a template
    Column("problem", String(300), nullable=False),  # why it failed or fell back, without numbers and names
    demo(),
    CheckConstraint("state IN ('completed', 'failed')", name="state"),
    CheckConstraint("origin IN ('single', 'bulk')", name="origin"),
)
"""What requests that have ended have in common: what they are filtered and grouped by."""

request_days = Table(
    "request_days",
    metadata,
    Column("grain", String(5), primary_key=True),
    Column("day", Date, primary_key=True),  # UTC; of a month, its first
    Column("kind_id", Integer, ForeignKey("request_kinds.id"), primary_key=True),
    Column("requests", Integer, nullable=False),
    Column("success_ppm", BigInteger, nullable=False),  # sums of millionths, so that they stay exact
    Column("success_p10_ppm", BigInteger, nullable=False),
    Column("success_p90_ppm", BigInteger, nullable=False),
    Column("cost_micro_usd", BigInteger, nullable=False),  # of those whose cost is known
    Column("unpriced", Integer, nullable=False),  # those completed whose cost is not known
    Column("newest_id", Integer, nullable=False),  # of a request; of a job, where a row of it failed
    CheckConstraint("grain IN ('day', 'month')", name="grain"),
    sqlite_with_rowid=False,  # kept in the order of its key, which is how it is read
)
"""Ended requests, summed up by day and by month; written together with what they count (``storage.tally``)."""

request_times = Table(
    "request_times",
    metadata,
    Column("grain", String(5), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind_id", Integer, ForeignKey("request_kinds.id"), primary_key=True),
    Column("step", Integer, primary_key=True),  # of a logarithmic scale of seconds (``crewgen_core.time_scale``)
    Column("requests", Integer, nullable=False),
    CheckConstraint("grain IN ('day', 'month')", name="grain"),
    sqlite_with_rowid=False,
)
"""How long generating took: completed requests by day or month and step of the scale."""

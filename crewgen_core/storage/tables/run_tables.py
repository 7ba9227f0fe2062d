"""Runs of crews, what happened in them, and what came of them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables.columns import (
    UtcTime,
    created_at,
    deleted_at,
    demo,
    find_deleted,
    find_demo,
    metadata,
    owner_id,
)
from crewgen_core.storage.tables.crew_tables import crews

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("crew_id", Integer, ForeignKey(crews.c.id), nullable=False, index=True),
    Column("version_number", Integer, nullable=False),
    Column("crew_name", String(300), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("reason", Text, nullable=False, default=""),
    Column("settings", JSON, nullable=False),
    Column("model", Text, nullable=False),  # LiteLLM name of the model of agents without one of their own
    Column("dry", Boolean, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("template_key", String(100)),
    Column("template_number", Integer),
    Column("predicted_success", Float, nullable=False),  # the four: typical values, not corrected by own outcomes
    Column("predicted_cost_micro_usd", BigInteger),
    Column("predicted_duration_s", Float, nullable=False),
    Column("predicted_tokens", Float, nullable=False),
    Column("task_count", Integer, nullable=False),
    Column("done_count", Integer, nullable=False, default=0),
    Column("calls", Integer, nullable=False, default=0),
    Column("tokens_in", BigInteger, nullable=False, default=0),
    Column("tokens_cached", BigInteger, nullable=False, default=0),
    Column("tokens_out", BigInteger, nullable=False, default=0),
    Column("cost_micro_usd", BigInteger),  # NULL: the price of a model is not known
    Column("waited_s", Float, nullable=False, default=0.0),
    Column("previous_run_id", Integer, ForeignKey("runs.id")),
    Column("stop_wanted", Boolean, nullable=False, default=False),  # a person's wish; its process carries it out
    Column("host", String(200), nullable=False, default=""),  # where its process is
    Column("process_id", Integer),
    Column("beat_ms", BigInteger),  # when its process last said that it lives, by the clock of the database
    owner_id(),
    Column("token_id", Integer),  # the token by which it was started; NULL: on a page or the command line
    created_at(),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    demo(),
    find_demo("runs"),
    deleted_at(),
    find_deleted("runs"),
    Index("ix_runs_created_at", "created_at"),
    CheckConstraint("state IN ('starting', 'running', 'waiting', 'completed', 'failed', 'stopped')", name="state"),
)
"""Executions of crews on CrewAI. People write wishes and answers; everything else is written by the run's process."""

run_tasks = Table(
    "run_tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("key", String(100), nullable=False),
    Column("name", String(500), nullable=False),
    Column("agent", String(100)),
    Column("state", String(20), nullable=False),
    Column("output", Text, nullable=False, default=""),
    Column("seconds", Float),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    UniqueConstraint("run_id", "key"),
    CheckConstraint("state IN ('pending', 'running', 'waiting', 'completed', 'failed')", name="state"),
)

run_usage = Table(
    "run_usage",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("task", String(100), nullable=False),  # key of the task; empty for calls that belong to none
    Column("agent", String(100), nullable=False),  # key of the agent, the manager's among them
    Column("model", Text, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_cached", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("cost_micro_usd", BigInteger),  # NULL: the price of the model is not known
    UniqueConstraint("run_id", "task", "agent", "model"),
)
"""What the model calls of a run took, by task, agent and model."""

run_events = Table(
    "run_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("task", String(100)),
    Column("agent", String(100)),
    Column("text", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("run_id", "number"),
)

run_questions = Table(
    "run_questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False, index=True),
    Column("task", String(100), nullable=False),
    Column("draft", Text, nullable=False),
    Column("answer", Text),  # empty accepts the draft; NULL: not answered yet
    Column("asked_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
)
"""What tasks marked human_input wait for."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), unique=True),  # NULL for a run made elsewhere
    Column("crew_id", Integer, ForeignKey(crews.c.id), nullable=False, index=True),
    Column("version_number", Integer, nullable=False),
    Column("template_key", String(100), index=True),
    Column("template_number", Integer),
    Column("succeeded", Boolean, nullable=False),
    Column("judged_by", String(20), nullable=False),
    Column("judgement", JSON, nullable=False),  # what the checks or the model said, by task
    Column("rating", Integer),
    Column("comment", Text, nullable=False, default=""),
    Column("predicted_success", Float, nullable=False),  # the four: typical values, not corrected by own outcomes
    Column("predicted_cost_micro_usd", BigInteger),
    Column("predicted_duration_s", Float),
    Column("predicted_tokens", Float),
    Column("actual_cost_micro_usd", BigInteger),  # NULL where nobody knows
    Column("actual_duration_s", Float),
    Column("actual_tokens", BigInteger),
    Column("ran_at", UtcTime, nullable=False, index=True),
    created_at(),
    Column("updated_at", UtcTime, nullable=False, default=tell_time, index=True),
    Column("fingerprint", String(64), unique=True, index=True),  # of the row of a file that it was read from
    demo(),
    find_demo("outcomes"),
    deleted_at(),
    find_deleted("outcomes"),
    CheckConstraint("judged_by IN ('person', 'checks', 'model')", name="judged_by"),
    CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
)
"""What came of runs, beside what was predicted for them."""

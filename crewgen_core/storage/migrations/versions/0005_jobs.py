"""Bulk work: jobs with their items, the workers, the calls of models."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("file_name", sa.String(300), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("state_reason", sa.Text, nullable=False),
        sa.Column("priority", sa.String(10), nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("source_job_id", sa.Integer, sa.ForeignKey("jobs.id")),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("completed_count", sa.Integer, nullable=False),
        sa.Column("failed_count", sa.Integer, nullable=False),
        sa.Column("cancelled_count", sa.Integer, nullable=False),
        sa.Column("budget_micro_usd", sa.BigInteger),
        sa.Column("spent_micro_usd", sa.BigInteger, nullable=False),
        sa.Column("chunk_count", sa.Integer, nullable=False),
        sa.Column("enqueued_chunks", sa.Integer, nullable=False),
        sa.Column("queue_state", sa.String(20), nullable=False),
        sa.Column("first_turn", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("kind IN ('generate', 'validate', 'optimize')", name="kind"),
        sa.CheckConstraint("state IN ('running', 'paused', 'cancelled', 'completed')", name="state"),
        sa.CheckConstraint("priority IN ('high', 'normal', 'low')", name="priority"),
    )
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_table(
        "job_items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("job_id", sa.Integer, sa.ForeignKey("jobs.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("chunk", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False, server_default="pending"),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("objective", sa.Text, nullable=False),
        sa.Column("requirements", sa.JSON),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("priority", sa.String(10), nullable=False),
        sa.Column("tags", sa.Text, nullable=False, server_default=""),
        sa.Column("extra", sa.JSON),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("failure_reason", sa.Text, nullable=False, server_default=""),
        sa.Column("notice", sa.Text, nullable=False, server_default=""),
        sa.Column("crew_id", sa.Integer, sa.ForeignKey("crews.id")),
        sa.Column("version_number", sa.Integer),
        sa.Column("request_id", sa.Integer, sa.ForeignKey("generation_requests.id")),
        sa.Column("crew_name", sa.String(300), nullable=False, server_default=""),
        sa.Column("engine", sa.Text, nullable=False, server_default=""),
        sa.Column("domain", sa.String(200), nullable=False, server_default=""),
        sa.Column("success", sa.Float),
        sa.Column("success_p10", sa.Float),
        sa.Column("success_p90", sa.Float),
        sa.Column("cost_micro_usd", sa.BigInteger),
        sa.Column("duration_s", sa.Float),
        sa.Column("agent_count", sa.Integer),
        sa.Column("task_count", sa.Integer),
        sa.Column("error_count", sa.Integer),
        sa.Column("warning_count", sa.Integer),
        sa.Column("score", sa.Float),
        sa.Column("before", sa.JSON),
        sa.Column("spent_micro_usd", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("seconds", sa.Float),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('pending', 'completed', 'failed', 'cancelled')", name="state"),
    )
    op.create_index("ix_job_items_job_id_chunk", "job_items", ["job_id", "chunk"])
    op.create_index("ix_job_items_job_id_finished_at", "job_items", ["job_id", "finished_at"])
    failed = sa.text("state = 'failed'")
    op.create_index("ix_job_items_failed", "job_items", ["job_id"], sqlite_where=failed, postgresql_where=failed)
    op.create_table(
        "workers",
        sa.Column("id", sa.String(100), primary_key=True),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("process_id", sa.Integer, nullable=False),
        sa.Column("beats", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "model_calls",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("provider", sa.String(100), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("item_id", sa.Integer, sa.ForeignKey("job_items.id")),
        sa.Column("job_id", sa.Integer, sa.ForeignKey("jobs.id")),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("started_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.Column("lapses_ms", sa.BigInteger, nullable=False),
        sa.Column("worker_id", sa.String(100)),
        sa.Column("reserved_micro_usd", sa.BigInteger, nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger),
        sa.Column("answer", sa.JSON),
    )
    op.create_index("ix_model_calls_provider_started_ms", "model_calls", ["provider", "started_ms"])
    op.create_index("ix_model_calls_provider_ended_ms", "model_calls", ["provider", "ended_ms"])
    op.create_index("ix_model_calls_job_id_ended_ms", "model_calls", ["job_id", "ended_ms"])
    op.create_index("ix_model_calls_item_id_step", "model_calls", ["item_id", "step"])

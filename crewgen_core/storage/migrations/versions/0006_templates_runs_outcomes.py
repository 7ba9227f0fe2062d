"""Templates with their versions, runs of crews on CrewAI, and what came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("crews", sa.Column("template_key", sa.String(100)))
    op.add_column("crews", sa.Column("template_number", sa.Integer))
    op.create_index("ix_crews_template_key", "crews", ["template_key"])
    op.add_column("generation_requests", sa.Column("template_number", sa.Integer))
    op.create_table(
        "dynamic_crew_templates",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("template_type", sa.String(100), nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("newest_number", sa.Integer, nullable=False),
        sa.Column("usage_count", sa.Integer, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("shipped", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("template_type IN ('task_based', 'domain_specific')", name="template_type"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "template_versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("template_id", sa.Integer, sa.ForeignKey("dynamic_crew_templates.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("template_config", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("template_id", "number"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("crew_id", sa.Integer, sa.ForeignKey("crews.id"), nullable=False),
        sa.Column("version_number", sa.Integer, nullable=False),
        sa.Column("crew_name", sa.String(300), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("dry", sa.Boolean, nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
        sa.Column("template_key", sa.String(100)),
        sa.Column("template_number", sa.Integer),
        sa.Column("predicted_success", sa.Float, nullable=False),
        sa.Column("predicted_cost_micro_usd", sa.BigInteger),
        sa.Column("predicted_duration_s", sa.Float, nullable=False),
        sa.Column("predicted_tokens", sa.Float, nullable=False),
        sa.Column("task_count", sa.Integer, nullable=False),
        sa.Column("done_count", sa.Integer, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("tokens_in", sa.BigInteger, nullable=False),
        sa.Column("tokens_cached", sa.BigInteger, nullable=False),
        sa.Column("tokens_out", sa.BigInteger, nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger),
        sa.Column("waited_s", sa.Float, nullable=False),
        sa.Column("previous_run_id", sa.Integer, sa.ForeignKey("runs.id")),
        sa.Column("stop_wanted", sa.Boolean, nullable=False),
        sa.Column("host", sa.String(200), nullable=False),
        sa.Column("process_id", sa.Integer),
        sa.Column("beat_ms", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('starting', 'running', 'waiting', 'completed', 'failed', 'stopped')", name="state"
        ),
    )
    op.create_index("ix_runs_crew_id", "runs", ["crew_id"])
    op.create_index("ix_runs_state", "runs", ["state"])
    op.create_table(
        "run_tasks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("agent", sa.String(100)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("output", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("run_id", "key"),
        sa.CheckConstraint("state IN ('pending', 'running', 'waiting', 'completed', 'failed')", name="state"),
    )
    op.create_table(
        "run_usage",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("task", sa.String(100), nullable=False),
        sa.Column("agent", sa.String(100), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("tokens_in", sa.BigInteger, nullable=False),
        sa.Column("tokens_cached", sa.BigInteger, nullable=False),
        sa.Column("tokens_out", sa.BigInteger, nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger),
        sa.UniqueConstraint("run_id", "task", "agent", "model"),
    )
    op.create_table(
        "run_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("task", sa.String(100)),
        sa.Column("agent", sa.String(100)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("run_id", "number"),
    )
    op.create_table(
        "run_questions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id"), nullable=False),
        sa.Column("task", sa.String(100), nullable=False),
        sa.Column("draft", sa.Text, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_run_questions_run_id", "run_questions", ["run_id"])
    op.create_table(
        "outcomes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.Integer, sa.ForeignKey("runs.id")),
        sa.Column("crew_id", sa.Integer, sa.ForeignKey("crews.id"), nullable=False),
        sa.Column("version_number", sa.Integer, nullable=False),
        sa.Column("template_key", sa.String(100)),
        sa.Column("template_number", sa.Integer),
        sa.Column("succeeded", sa.Boolean, nullable=False),
        sa.Column("judged_by", sa.String(20), nullable=False),
        sa.Column("judgement", sa.JSON, nullable=False),
        sa.Column("rating", sa.Integer),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("predicted_success", sa.Float, nullable=False),
        sa.Column("predicted_cost_micro_usd", sa.BigInteger),
        sa.Column("predicted_duration_s", sa.Float),
        sa.Column("predicted_tokens", sa.Float),
        sa.Column("actual_cost_micro_usd", sa.BigInteger),
        sa.Column("actual_duration_s", sa.Float),
        sa.Column("actual_tokens", sa.BigInteger),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("judged_by IN ('person', 'checks', 'model')", name="judged_by"),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        sa.UniqueConstraint("run_id"),
    )
    op.create_index("ix_outcomes_crew_id", "outcomes", ["crew_id"])
    op.create_index("ix_outcomes_template_key", "outcomes", ["template_key"])
    op.create_index("ix_outcomes_ran_at", "outcomes", ["ran_at"])

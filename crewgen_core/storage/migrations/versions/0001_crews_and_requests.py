"""Crews with versions, agents and capabilities; requests with requirements and metrics."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "crews",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("objective", sa.Text, nullable=False),
        sa.Column("requirements", sa.JSON),
        sa.Column("newest_number", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "crew_versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("crew_id", sa.Integer, sa.ForeignKey("crews.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("parent_number", sa.Integer),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("crew", sa.JSON, nullable=False),
        sa.Column("report", sa.JSON, nullable=False),
        sa.Column("estimate", sa.JSON, nullable=False),
        sa.Column("agent_count", sa.Integer, nullable=False),
        sa.Column("task_count", sa.Integer, nullable=False),
        sa.Column("error_count", sa.Integer, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("success", sa.Float, nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger),
        sa.Column("duration_s", sa.Float, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("crew_id", "number"),
    )
    op.create_table(
        "agents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("crew_version_id", sa.Integer, sa.ForeignKey("crew_versions.id"), nullable=False, index=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("role", sa.String(500), nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("backstory", sa.Text, nullable=False),
        sa.Column("tools", sa.JSON, nullable=False),
        sa.Column("model", sa.Text),
        sa.Column("allow_delegation", sa.Boolean, nullable=False),
        sa.Column("max_iter", sa.Integer, nullable=False),
    )
    op.create_table(
        "agent_capabilities",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("agent_id", sa.Integer, sa.ForeignKey("agents.id"), nullable=False, index=True),
        sa.Column("capability_name", sa.String(255), nullable=False),
        sa.Column("capability_type", sa.String(100), nullable=False),
        sa.Column("proficiency_level", sa.Integer, nullable=False),
        sa.Column("verified", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("proficiency_level BETWEEN 1 AND 10", name="proficiency_level"),
    )
    op.create_table(
        "generation_requests",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("objective", sa.Text, nullable=False),
        sa.Column("requirements", sa.JSON, nullable=False),
        sa.Column("template_id", sa.String(100)),
        sa.Column("llm_provider", sa.Text),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("generation_status", sa.String(50), nullable=False, index=True),
        sa.Column("failure_reason", sa.Text, nullable=False),
        sa.Column("generated_crew_id", sa.Integer, sa.ForeignKey("crews.id"), unique=True),
        sa.Column("generation_result", sa.JSON),
        sa.Column("validation_result", sa.JSON),
        sa.Column("generation_time_seconds", sa.Float),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("completed_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "generation_status IN ('pending', 'generating', 'completed', 'failed')", name="generation_status"
        ),
    )
    op.create_table(
        "task_requirements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "generation_request_id", sa.Integer, sa.ForeignKey("generation_requests.id"), nullable=False, index=True
        ),
        sa.Column("requirement_type", sa.String(100), nullable=False),
        sa.Column("requirement_name", sa.Text, nullable=False),
        sa.Column("requirement_value", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("satisfied", sa.Boolean),
        sa.Column("requirement_metadata", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 5", name="priority"),
    )
    op.create_table(
        "generation_metrics",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("generation_request_id", sa.Integer, sa.ForeignKey("generation_requests.id"), nullable=False),
        sa.Column("metric_name", sa.String(255), nullable=False),
        sa.Column("metric_value", sa.Float, nullable=False),
        sa.Column("metric_unit", sa.String(50), nullable=False),
        sa.Column("metric_category", sa.String(100), nullable=False),
        sa.Column("metric_metadata", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("generation_request_id", "metric_name"),
    )

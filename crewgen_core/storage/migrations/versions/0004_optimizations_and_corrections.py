"""Optimizations of crews, and what people know better about models."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "crew_optimizations",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("crew_id", sa.Integer, sa.ForeignKey("crews.id"), nullable=False),
        sa.Column("version_number", sa.Integer, nullable=False),
        sa.Column("optimization_goal", sa.String(20), nullable=False),
        sa.Column("limits", sa.JSON, nullable=False),
        sa.Column("optimization_result", sa.JSON, nullable=False),
        sa.Column("success_before", sa.Float, nullable=False),
        sa.Column("success_after", sa.Float, nullable=False),
        sa.Column("cost_before_micro_usd", sa.BigInteger),
        sa.Column("cost_after_micro_usd", sa.BigInteger),
        sa.Column("duration_before_s", sa.Float, nullable=False),
        sa.Column("duration_after_s", sa.Float, nullable=False),
        sa.Column("change_count", sa.Integer, nullable=False),
        sa.Column("optimal", sa.Boolean, nullable=False),
        sa.Column("gap", sa.Float, nullable=False),
        sa.Column("solver_seconds", sa.Float, nullable=False),
        sa.Column("applied_changes", sa.JSON, nullable=False),
        sa.Column("applied_number", sa.Integer),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "optimization_goal IN ('performance', 'cost', 'speed', 'quality', 'balanced')",
            name="optimization_goal",
        ),
    )
    op.create_index("ix_crew_optimizations_crew_id", "crew_optimizations", ["crew_id"])
    op.create_table(
        "model_corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("model_name", sa.String(200), nullable=False),
        sa.Column("correction", sa.JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("model_name"),
    )

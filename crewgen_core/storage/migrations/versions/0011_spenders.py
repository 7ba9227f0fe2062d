"""Whose money jobs and runs spend, the model calls of runs, and when a paused job goes on by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("jobs", sa.Column("token_id", sa.Integer))
    op.add_column("runs", sa.Column("token_id", sa.Integer))
    op.add_column("jobs", sa.Column("resumes_at", sa.DateTime(timezone=True)))
    op.add_column("model_calls", sa.Column("run_id", sa.Integer))
    op.create_index("ix_model_calls_run_id", "model_calls", ["run_id"])

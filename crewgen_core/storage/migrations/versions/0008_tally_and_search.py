"""Ended requests summed up by day and month, and an index for searching crews."""

import sqlalchemy as sa
from alembic import op

from crewgen_core.storage.crew_search import create_crew_search
from crewgen_core.storage.tally_rebuild import rebuild_tally

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "request_kinds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("origin", sa.String(10), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("fallback", sa.Boolean, nullable=False),
        sa.Column("domain", sa.String(200), nullable=False),
        sa.Column("template_key", sa.String(100), nullable=False),
        sa.Column("problem", sa.String(300), nullable=False),
        sa.CheckConstraint("state IN ('completed', 'failed')", name="state"),
        sa.CheckConstraint("origin IN ('single', 'bulk')", name="origin"),
        sa.UniqueConstraint("fingerprint"),
    )
    op.create_table(
        "request_days",
        sa.Column("grain", sa.String(5), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind_id", sa.Integer, sa.ForeignKey("request_kinds.id"), primary_key=True),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("success_ppm", sa.BigInteger, nullable=False),
        sa.Column("success_p10_ppm", sa.BigInteger, nullable=False),
        sa.Column("success_p90_ppm", sa.BigInteger, nullable=False),
        sa.Column("cost_micro_usd", sa.BigInteger, nullable=False),
        sa.Column("unpriced", sa.Integer, nullable=False),
        sa.Column("newest_id", sa.Integer, nullable=False),
        sa.CheckConstraint("grain IN ('day', 'month')", name="grain"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "request_times",
        sa.Column("grain", sa.String(5), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("kind_id", sa.Integer, sa.ForeignKey("request_kinds.id"), primary_key=True),
        sa.Column("step", sa.Integer, primary_key=True),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.CheckConstraint("grain IN ('day', 'month')", name="grain"),
        sqlite_with_rowid=False,
    )
    op.add_column("generation_requests", sa.Column("kind_id", sa.Integer))
    op.create_index("ix_runs_created_at", "runs", ["created_at"])
    rebuild_tally(op.get_bind())
    create_crew_search(op.get_bind())

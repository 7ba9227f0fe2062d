"""What is deleted can be brought back for a time; everybody has favourites and a list of what they opened lately."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

DELETABLE = ("crews", "jobs", "dynamic_crew_templates", "runs", "outcomes")


def upgrade() -> None:
    for table in DELETABLE:
        op.add_column(table, sa.Column("deleted_at", sa.DateTime(timezone=True)))
        there = sa.text("deleted_at IS NOT NULL")
        op.create_index(f"ix_{table}_deleted_at", table, ["deleted_at"], sqlite_where=there, postgresql_where=there)
    for column in ("crew_id", "request_id"):  # who deletes a crew for good looks for the rows that name it
        op.create_index(f"ix_job_items_{column}", "job_items", [column])
    op.create_table(
        "bookmarks",
        sa.Column("subject", sa.String(120), primary_key=True),
        sa.Column("thing", sa.String(20), primary_key=True),
        sa.Column("thing_id", sa.String(100), primary_key=True),
        sa.Column("starred_at", sa.DateTime(timezone=True)),
        sa.Column("opened_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_bookmarks_subject_opened_at", "bookmarks", ["subject", "opened_at"])

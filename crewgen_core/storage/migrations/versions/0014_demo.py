"""What the demo put in is marked as such, so that it is shown as a demo, teaches nothing and can be removed."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

MARKED = ("crews", "jobs", "dynamic_crew_templates", "runs", "outcomes", "request_kinds")

FOUND = ("crews", "runs", "outcomes")
"""Those of which there may be so many that the demo's are found by an index."""


def upgrade() -> None:
    for table in MARKED:
        op.add_column(table, sa.Column("demo", sa.Boolean, nullable=False, server_default=sa.false()))
    for table in FOUND:
        op.create_index(
            f"ix_{table}_demo",
            table,
            ["demo"],
            sqlite_where=sa.text("demo IS 1"),
            postgresql_where=sa.text("demo IS true"),
        )
    op.create_table(
        "demo_data",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("owner_id", sa.Integer),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )

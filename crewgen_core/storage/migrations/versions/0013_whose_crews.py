"""Whose crews and requests are is found by an index, so that a page of them is as quick among those of many people."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index("ix_crews_owner_id", "crews", ["owner_id"])
    op.create_index(
        "ix_crews_shared",
        "crews",
        ["shared"],
        sqlite_where=sa.text("shared IS 1"),
        postgresql_where=sa.text("shared IS true"),
    )
    op.create_index("ix_generation_requests_owner_id", "generation_requests", ["owner_id"])

"""Rows of uploaded outcomes are told apart, so that a file that comes twice is recorded once."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("outcomes", sa.Column("fingerprint", sa.String(64)))
    op.create_index("ix_outcomes_fingerprint", "outcomes", ["fingerprint"], unique=True)
    op.create_index("ix_outcomes_updated_at", "outcomes", ["updated_at"])

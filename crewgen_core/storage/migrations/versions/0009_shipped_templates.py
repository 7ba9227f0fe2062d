"""Which templates that came with crewgen were put into the database, so that a deleted one does not come back."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "shipped_templates",
        sa.Column("key", sa.String(100), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
    )

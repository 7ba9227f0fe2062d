"""Versions of crews: the limits they were checked against, and who made them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("crew_versions", sa.Column("limits", sa.JSON))
    op.add_column("crew_versions", sa.Column("provenance", sa.JSON))

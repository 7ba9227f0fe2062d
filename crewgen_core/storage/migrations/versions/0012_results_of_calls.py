"""Calls of models say how they ended and what they took, for whoever watches."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("model_calls", sa.Column("result", sa.String(10)))
    op.add_column("model_calls", sa.Column("tokens_in", sa.Integer))
    op.add_column("model_calls", sa.Column("tokens_out", sa.Integer))

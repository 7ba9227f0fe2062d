"""The key by which a model's answer is found again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("generation_requests", sa.Column("answer_key", sa.String(64)))
    op.create_index("ix_generation_requests_answer_key", "generation_requests", ["answer_key"])

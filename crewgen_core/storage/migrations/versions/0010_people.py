"""People, their tokens, whose things are, who changed them, and what was used of the limits of a day."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

OWNED = ("crews", "jobs", "dynamic_crew_templates", "runs", "generation_requests")
SHARED = ("crews", "jobs", "dynamic_crew_templates")
MADE = ("crew_versions", "template_versions")


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject", sa.String(500), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("subject"),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'admin')", name="role"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id")),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("prefix", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("scope", sa.String(10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("scope IN ('read', 'write', 'admin')", name="scope"),
    )
    op.create_index("ix_api_tokens_person_id", "api_tokens", ["person_id"])
    op.create_table(
        "audit_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer),
        sa.Column("person_name", sa.String(300), nullable=False),
        sa.Column("token_id", sa.Integer),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("thing", sa.String(40), nullable=False),
        sa.Column("thing_id", sa.String(100), nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
    )
    op.create_index("ix_audit_events_at", "audit_events", ["at"])
    op.create_index("ix_audit_events_thing_thing_id", "audit_events", ["thing", "thing_id"])
    op.create_table(
        "usage_days",
        sa.Column("subject", sa.String(120), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("generations", sa.Integer, nullable=False),
        sa.Column("spent_micro_usd", sa.BigInteger, nullable=False),
        sa.Column("reserved_micro_usd", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.String(120), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("headers", sa.JSON(none_as_null=True)),
        sa.Column("body", sa.Text),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    for table in OWNED:
        op.add_column(table, sa.Column("owner_id", sa.Integer))
    for table in SHARED:
        op.add_column(table, sa.Column("shared", sa.Boolean, nullable=False, server_default=sa.false()))
    for table in MADE:
        op.add_column(table, sa.Column("made_by", sa.Integer))
    op.add_column("model_calls", sa.Column("person_id", sa.Integer))
    op.add_column("model_calls", sa.Column("token_id", sa.Integer))

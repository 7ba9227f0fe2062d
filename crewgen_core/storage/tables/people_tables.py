"""People, what they may use, and what they did."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables.columns import UtcTime, created_at, metadata

people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(500), nullable=False, unique=True),  # issuer and subject, by which a provider knows them
    Column("email", String(320), nullable=False),
    Column("name", String(300), nullable=False),
    Column("role", String(10), nullable=False),
    Column("is_active", Boolean, nullable=False, default=True),  # False: an administrator shut them out
    created_at(),
    Column("seen_at", UtcTime, nullable=False, default=tell_time),
    CheckConstraint("role IN ('viewer', 'editor', 'admin')", name="role"),
)
"""Who has signed in; nobody is ever deleted, so that who did what stays known."""

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id"), index=True),  # NULL: made without login
    Column("name", String(100), nullable=False),
    Column("prefix", String(20), nullable=False),  # how people tell tokens apart
    Column("digest", String(64), nullable=False, unique=True),  # SHA-256: the token itself is kept nowhere
    Column("scope", String(10), nullable=False),
    created_at(),
    Column("expires_at", UtcTime),  # NULL: never
    Column("used_at", UtcTime),  # to the minute
    Column("revoked_at", UtcTime),
    CheckConstraint("scope IN ('read', 'write', 'admin')", name="scope"),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False, default=tell_time, index=True),
    Column("person_id", Integer),  # NULL: without login, or crewgen itself
    Column("person_name", String(300), nullable=False),  # as it was then
    Column("token_id", Integer),  # NULL: by the pages or the command line
    Column("action", String(60), nullable=False),
    Column("thing", String(40), nullable=False),
    Column("thing_id", String(100), nullable=False),
    Column("summary", Text, nullable=False),
    Column("request_id", String(64), nullable=False, default=""),
    Index("ix_audit_events_thing_thing_id", "thing", "thing_id"),
)
"""Who made and changed what; written in the transaction that does it, and never changed."""

usage_days = Table(
    "usage_days",
    metadata,
    Column("subject", String(120), primary_key=True),  # "person:3", "token:7", "local", "provider:openai"
    Column("day", Date, primary_key=True),  # UTC
    Column("generations", Integer, nullable=False, default=0),
    Column("spent_micro_usd", BigInteger, nullable=False, default=0),
    Column("reserved_micro_usd", BigInteger, nullable=False, default=0),  # the most that calls still open may cost
)
"""What was used of the limits of a day; a row is moved on only while it stays within them."""

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("caller", String(120), primary_key=True),  # subject, as in usage_days
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),  # of method, path and body
    Column("status", Integer),  # NULL while the first request is being answered
    Column("headers", JSON(none_as_null=True)),
    Column("body", Text),
    Column("created_at", UtcTime, nullable=False, default=tell_time, index=True),
)
"""Answers that are given again to a request that comes twice."""

bookmarks = Table(
    "bookmarks",
    metadata,
    Column("subject", String(120), primary_key=True),  # whose: "person:3", or "local" without login
    Column("thing", String(20), primary_key=True),
    Column("thing_id", String(100), primary_key=True),  # of a template its key
    Column("starred_at", UtcTime),  # NULL: no favourite
    Column("opened_at", UtcTime),  # NULL: not opened lately
    Index("ix_bookmarks_subject_opened_at", "subject", "opened_at"),
)
"""What people starred and opened; rows of what is gone stay, and are not shown."""

tours = Table(
    "tours",
    metadata,
    Column("subject", String(120), primary_key=True),  # "local" or "person:3", as in usage_days
    created_at(),
)
"""Who took the tour of the dashboard, or left it."""

"""Templates with all their versions, and those that came with crewgen."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables.columns import (
    UtcTime,
    created_at,
    deleted_at,
    demo,
    find_deleted,
    metadata,
    owner_id,
    shared,
)

dynamic_crew_templates = Table(
    "dynamic_crew_templates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(100), nullable=False, unique=True),  # how objectives, crews and outcomes name it
    Column("name", String(255), nullable=False),
    Column("description", Text, nullable=False, default=""),
    Column("template_type", String(100), nullable=False),
    Column("category", String(100), nullable=False, default=""),
    Column("tags", JSON, nullable=False),
    Column("newest_number", Integer, nullable=False),  # saving a version moves it on: the lock against lost edits
    Column("usage_count", Integer, nullable=False, default=0),
    Column("is_active", Boolean, nullable=False, default=True),  # False: archived
    Column("shipped", Boolean, nullable=False, default=False),  # came with crewgen
    owner_id(),
    shared(),
    demo(),
    created_at(),
    Column("updated_at", UtcTime, nullable=False, default=tell_time),
    deleted_at(),
    find_deleted("dynamic_crew_templates"),
    CheckConstraint("template_type IN ('task_based', 'domain_specific')", name="template_type"),
)

template_versions = Table(
    "template_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("template_id", Integer, ForeignKey("dynamic_crew_templates.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("template_config", JSON, nullable=False),  # crew skeleton and blanks
    Column("made_by", Integer),  # who saved it (``people``); NULL: without login, or crewgen itself
    created_at(),
    UniqueConstraint("template_id", "number"),
)
"""States of templates; never changed after they were written."""

shipped_templates = Table(
    "shipped_templates",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("fingerprint", String(64), nullable=False),  # of the file that was put in
    Column("number", Integer, nullable=False),  # the version that was made of it; a higher one is a person's
)
"""Templates that came with crewgen and were put in once; a row stays when a person deletes its template."""

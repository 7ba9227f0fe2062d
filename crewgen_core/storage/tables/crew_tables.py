"""Crews with all their versions, who is in them, and what optimizing proposed."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.tables.columns import (
    UtcTime,
    created_at,
    deleted_at,
    demo,
    find_deleted,
    find_demo,
    metadata,
    owner_id,
    shared,
)

crews = Table(
    "crews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(300), nullable=False),
    Column("objective", Text, nullable=False),
    Column("requirements", JSON(none_as_null=True)),  # the limits of its objective; NULL when it came without one
    Column("newest_number", Integer, nullable=False),  # saving a version moves it on: the lock against lost edits
    Column("template_key", String(100), index=True),  # the template it was made from; NULL for crews made without one
    Column("template_number", Integer),  # the version of that template
    owner_id(),
    shared(),
    demo(),
    created_at(),
    Column("updated_at", UtcTime, nullable=False, default=tell_time),
    find_demo("crews"),
    deleted_at(),
    find_deleted("crews"),
    Index("ix_crews_owner_id", "owner_id"),
    Index("ix_crews_shared", "shared", sqlite_where=text("shared IS 1"), postgresql_where=text("shared IS true")),
)

crew_versions = Table(
    "crew_versions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("crew_id", Integer, ForeignKey("crews.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("parent_number", Integer),
    Column("note", Text, nullable=False),
    Column("crew", JSON, nullable=False),
    Column("report", JSON, nullable=False),
    Column("estimate", JSON, nullable=False),
    Column("limits", JSON(none_as_null=True)),  # of its objective; NULL: those that the crew began with
    Column("provenance", JSON(none_as_null=True)),  # who refined it; NULL when a person edited it, and for version 1
    Column("agent_count", Integer, nullable=False),
    Column("task_count", Integer, nullable=False),
    Column("error_count", Integer, nullable=False),
    Column("score", Float, nullable=False),
    Column("success", Float, nullable=False),
    Column("cost_micro_usd", BigInteger),
    Column("duration_s", Float, nullable=False),
    Column("made_by", Integer),  # who saved it (``people``); NULL: without login, or crewgen itself
    created_at(),
    UniqueConstraint("crew_id", "number"),
)
"""States of crews; never changed after they were written."""

agents = Table(
    "agents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("crew_version_id", Integer, ForeignKey("crew_versions.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("key", String(100), nullable=False),
    Column("role", String(500), nullable=False),
    Column("goal", Text, nullable=False),
    Column("backstory", Text, nullable=False),
    Column("tools", JSON, nullable=False),
    Column("model", Text),
    Column("allow_delegation", Boolean, nullable=False),
    Column("max_iter", Integer, nullable=False),
)

agent_capabilities = Table(
    "agent_capabilities",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("agent_id", Integer, ForeignKey("agents.id"), nullable=False, index=True),
    Column("capability_name", String(255), nullable=False),
    Column("capability_type", String(100), nullable=False),
    Column("proficiency_level", Integer, nullable=False),
    Column("verified", Boolean, nullable=False),  # a task of this agent asks for the skill, says its report
    created_at(),
    CheckConstraint("proficiency_level BETWEEN 1 AND 10", name="proficiency_level"),
)

crew_optimizations = Table(
    "crew_optimizations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("crew_id", Integer, ForeignKey("crews.id"), nullable=False, index=True),
    Column("version_number", Integer, nullable=False),  # the version that was optimized
    Column("optimization_goal", String(20), nullable=False),
    Column("limits", JSON, nullable=False),
    Column("optimization_result", JSON, nullable=False),  # the whole Optimization but for the crews of its variants
    Column("success_before", Float, nullable=False),
    Column("success_after", Float, nullable=False),
    Column("cost_before_micro_usd", BigInteger),
    Column("cost_after_micro_usd", BigInteger),
    Column("duration_before_s", Float, nullable=False),
    Column("duration_after_s", Float, nullable=False),
    Column("change_count", Integer, nullable=False),
    Column("optimal", Boolean, nullable=False),
    Column("gap", Float, nullable=False),
    Column("solver_seconds", Float, nullable=False),
    Column("applied_changes", JSON, nullable=False),  # positions of the changes that are in the newest version
    Column("applied_number", Integer),  # the version that came of applying; NULL until something was applied
    created_at(),
    Column("applied_at", UtcTime),
    CheckConstraint(
        "optimization_goal IN ('performance', 'cost', 'speed', 'quality', 'balanced')", name="optimization_goal"
    ),
)

"""Every table and column. The newest migration makes exactly these; a test compares them.

Times are UTC. Money is in whole millionths of a US dollar (``micro_usd``), so that sums stay exact.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; databases that keep no zone get it without, and it comes back with it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any zone into UTC; a moment without zone is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A stored moment needs a time zone.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def tell_time() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def _created_at() -> Column[datetime]:
    return Column("created_at", UtcTime, nullable=False, default=tell_time)


def _owner_id() -> Column[int]:
    """Whose it is (``people``, whose rows stay for ever); NULL for what was made without login: it is everybody's."""
    return Column("owner_id", Integer)


def _deleted_at() -> Column[datetime]:
    """When a person deleted it; NULL: it is there. What went with something else has the same moment as that."""
    return Column("deleted_at", UtcTime)


def _find_deleted(table: str) -> Index:
    """Return the index of the few rows that are deleted; it never serves to find those that are there."""
    return Index(f"ix_{table}_deleted_at", "deleted_at", sqlite_where=_DELETED, postgresql_where=_DELETED)


_DELETED = text("deleted_at IS NOT NULL")


def _shared() -> Column[bool]:
    """Whether everybody may look at it and use it."""
    return Column("shared", Boolean, nullable=False, default=False, server_default=false())


def _demo() -> Column[bool]:
    """Whether the demo put it in; no default of Python's, so that whoever writes rows of old schemas leaves it out."""
    return Column("demo", Boolean, nullable=False, server_default=false())


def _demo_index(table: str) -> Index:
    """Find the few rows of the demo among many."""
    return Index(f"ix_{table}_demo", "demo", sqlite_where=text("demo IS 1"), postgresql_where=text("demo IS true"))


people = Table(
    "people",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", String(500), nullable=False, unique=True),  # issuer and subject, by which a provider knows them
    Column("email", String(320), nullable=False),
    Column("name", String(300), nullable=False),
    Column("role", String(10), nullable=False),
    Column("is_active", Boolean, nullable=False, default=True),  # False: an administrator shut them out
    _created_at(),
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
    _created_at(),
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
    _owner_id(),
    _shared(),
    _demo(),
    _created_at(),
    Column("updated_at", UtcTime, nullable=False, default=tell_time),
    _demo_index("crews"),
    _deleted_at(),
    _find_deleted("crews"),
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
    _created_at(),
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
    _created_at(),
    CheckConstraint("proficiency_level BETWEEN 1 AND 10", name="proficiency_level"),
)

request_kinds = Table(
    "request_kinds",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fingerprint", String(64), nullable=False, unique=True),  # hash of the other columns
    Column("state", String(20), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("model", Text, nullable=False),  # LiteLLM name of the model that was asked; empty for the built-in engine
    Column("fallback", Boolean, nullable=False),  # True: the built-in crew, because the model failed
    Column("domain", String(200), nullable=False),  # its key; empty where it is not known
    Column("template_key", String(100), nullable=False),  # empty: without a template
    Column("problem", String(300), nullable=False),  # why it failed or fell back, without numbers and names
    _demo(),
    CheckConstraint("state IN ('completed', 'failed')", name="state"),
    CheckConstraint("origin IN ('single', 'bulk')", name="origin"),
)
"""What requests that have ended have in common: what they are filtered and grouped by."""

request_days = Table(
    "request_days",
    metadata,
    Column("grain", String(5), primary_key=True),
    Column("day", Date, primary_key=True),  # UTC; of a month, its first
    Column("kind_id", Integer, ForeignKey("request_kinds.id"), primary_key=True),
    Column("requests", Integer, nullable=False),
    Column("success_ppm", BigInteger, nullable=False),  # sums of millionths, so that they stay exact
    Column("success_p10_ppm", BigInteger, nullable=False),
    Column("success_p90_ppm", BigInteger, nullable=False),
    Column("cost_micro_usd", BigInteger, nullable=False),  # of those whose cost is known
    Column("unpriced", Integer, nullable=False),  # those completed whose cost is not known
    Column("newest_id", Integer, nullable=False),  # of a request; of a job, where a row of it failed
    CheckConstraint("grain IN ('day', 'month')", name="grain"),
    sqlite_with_rowid=False,  # kept in the order of its key, which is how it is read
)
"""Ended requests, summed up by day and by month; written together with what they count (``storage.tally``)."""

request_times = Table(
    "request_times",
    metadata,
    Column("grain", String(5), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind_id", Integer, ForeignKey("request_kinds.id"), primary_key=True),
    Column("step", Integer, primary_key=True),  # of a logarithmic scale of seconds (``crewgen_core.time_scale``)
    Column("requests", Integer, nullable=False),
    CheckConstraint("grain IN ('day', 'month')", name="grain"),
    sqlite_with_rowid=False,
)
"""How long generating took: completed requests by day or month and step of the scale."""

generation_requests = Table(
    "generation_requests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("objective", Text, nullable=False),
    Column("requirements", JSON, nullable=False),  # the objective without its text: context, limits, preferences
    Column("template_id", String(100)),  # key of the template
    Column("template_number", Integer),  # the version of that template
    Column("llm_provider", Text),  # LiteLLM name of the model that was asked; NULL for the built-in engine
    Column("engine", Text, nullable=False),
    Column("generation_status", String(50), nullable=False, index=True, default="pending"),
    Column("failure_reason", Text, nullable=False, default=""),
    Column("generated_crew_id", Integer, ForeignKey("crews.id"), unique=True),
    Column("generation_result", JSON(none_as_null=True)),
    Column("validation_result", JSON(none_as_null=True)),
    Column("generation_time_seconds", Float),
    Column("kind_id", Integer),  # its row in request_kinds; NULL until it has ended
    Column("answer_key", String(64), index=True),  # hash of what shaped a model's answer; NULL where none can be reused
    _owner_id(),
    _created_at(),
    Column("started_at", UtcTime),
    Column("completed_at", UtcTime),
    Index("ix_generation_requests_owner_id", "owner_id"),
    CheckConstraint("generation_status IN ('pending', 'generating', 'completed', 'failed')", name="generation_status"),
)

task_requirements = Table(
    "task_requirements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("generation_request_id", Integer, ForeignKey("generation_requests.id"), nullable=False, index=True),
    Column("requirement_type", String(100), nullable=False),
    Column("requirement_name", Text, nullable=False),
    Column("requirement_value", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("satisfied", Boolean),  # NULL: a crew alone does not tell
    Column("requirement_metadata", JSON, nullable=False),
    _created_at(),
    CheckConstraint("priority BETWEEN 1 AND 5", name="priority"),
)

generation_metrics = Table(
    "generation_metrics",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("generation_request_id", Integer, ForeignKey("generation_requests.id"), nullable=False),
    Column("metric_name", String(255), nullable=False),
    Column("metric_value", Float, nullable=False),  # whole numbers, micro_usd among them, are exact below 2**53
    Column("metric_unit", String(50), nullable=False),
    Column("metric_category", String(100), nullable=False),
    Column("metric_metadata", JSON, nullable=False),
    _created_at(),
    UniqueConstraint("generation_request_id", "metric_name"),
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
    _created_at(),
    Column("applied_at", UtcTime),
    CheckConstraint(
        "optimization_goal IN ('performance', 'cost', 'speed', 'quality', 'balanced')", name="optimization_goal"
    ),
)

model_corrections = Table(
    "model_corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("model_name", String(200), nullable=False, unique=True),  # its LiteLLM name
    Column("correction", JSON, nullable=False),  # what people know better than the shipped facts, with its source
    _created_at(),
    Column("updated_at", UtcTime, nullable=False, default=tell_time),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(300), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("file_name", String(300), nullable=False, default=""),
    Column("state", String(20), nullable=False, index=True),
    Column("state_reason", Text, nullable=False, default=""),
    Column("resumes_at", UtcTime),  # when a paused one goes on by itself; NULL: when a person wants it
    Column("priority", String(10), nullable=False),
    Column("model", Text),  # LiteLLM name for rows without one of their own; NULL for the built-in engine
    Column("settings", JSON, nullable=False),
    Column("source_job_id", Integer, ForeignKey("jobs.id")),
    Column("total", Integer, nullable=False, default=0),
    Column("completed_count", Integer, nullable=False, default=0),  # the three move with the items, in one transaction
    Column("failed_count", Integer, nullable=False, default=0),
    Column("cancelled_count", Integer, nullable=False, default=0),
    Column("budget_micro_usd", BigInteger),
    Column("spent_micro_usd", BigInteger, nullable=False, default=0),
    Column("chunk_count", Integer, nullable=False, default=0),  # chunks that there are
    Column("enqueued_chunks", Integer, nullable=False, default=0),  # of them, those that the queue was given
    Column("queue_state", String(20), nullable=False, default="running"),  # the state that the queue was brought to
    Column("first_turn", BigInteger, nullable=False, default=0),  # where its chunks begin among those of other jobs
    _owner_id(),
    Column("token_id", Integer),  # the token by which it was started; NULL: on a page or the command line
    _shared(),
    _demo(),
    _created_at(),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    _deleted_at(),
    _find_deleted("jobs"),
    CheckConstraint("kind IN ('generate', 'validate', 'optimize')", name="kind"),
    CheckConstraint("state IN ('running', 'paused', 'cancelled', 'completed')", name="state"),
    CheckConstraint("priority IN ('high', 'normal', 'low')", name="priority"),
)
"""Bulk work. ``state`` is what people want; the queue is brought to it (``crewgen_core.jobs.reconciliation``)."""

_FAILED = text("state = 'failed'")

job_items = Table(
    "job_items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", Integer, ForeignKey("jobs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("line", Integer, nullable=False),  # row in the uploaded file; 0 for stored crews
    Column("chunk", Integer, nullable=False),  # rows of one chunk are worked on together; trying again gives a new one
    Column("state", String(20), nullable=False, server_default="pending"),
    Column("name", String(300), nullable=False),
    Column("objective", Text, nullable=False),
    Column("requirements", JSON(none_as_null=True)),
    Column("model", Text, nullable=False),  # LiteLLM name; empty for the built-in engine
    Column("priority", String(10), nullable=False),
    Column("tags", Text, nullable=False, server_default=""),
    Column("extra", JSON(none_as_null=True)),  # columns of the file that are not ours
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("failure_reason", Text, nullable=False, server_default=""),
    Column("notice", Text, nullable=False, server_default=""),
    Column("crew_id", Integer, ForeignKey("crews.id"), index=True),
    Column("version_number", Integer),
    Column("request_id", Integer, ForeignKey("generation_requests.id"), index=True),
    Column("crew_name", String(300), nullable=False, server_default=""),
    Column("engine", Text, nullable=False, server_default=""),
    Column("domain", String(200), nullable=False, server_default=""),
    Column("success", Float),
    Column("success_p10", Float),
    Column("success_p90", Float),
    Column("cost_micro_usd", BigInteger),
    Column("duration_s", Float),
    Column("agent_count", Integer),
    Column("task_count", Integer),
    Column("error_count", Integer),
    Column("warning_count", Integer),
    Column("score", Float),
    Column("before", JSON(none_as_null=True)),  # the figures before optimizing
    Column("spent_micro_usd", BigInteger, nullable=False, server_default="0"),
    Column("seconds", Float),
    Column("finished_at", UtcTime),
    Index("ix_job_items_job_id_chunk", "job_id", "chunk"),
    Index("ix_job_items_job_id_finished_at", "job_id", "finished_at"),
    Index("ix_job_items_failed", "job_id", sqlite_where=_FAILED, postgresql_where=_FAILED),  # few rows, asked often
    CheckConstraint("state IN ('pending', 'completed', 'failed', 'cancelled')", name="state"),
)
"""The rows of jobs: the truth about what is done. A row leaves ``pending`` once, together with what came of it."""

workers = Table(
    "workers",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("host", String(200), nullable=False),
    Column("process_id", Integer, nullable=False),
    Column("beats", Integer, nullable=False, default=0),  # moves on as long as the worker lives
    _created_at(),
)
"""Processes that work on jobs; a dead one's row stays until another worker took over what it had in hand."""

model_calls = Table(
    "model_calls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("provider", String(100), nullable=False),
    Column("model", Text, nullable=False),
    Column("item_id", Integer, ForeignKey("job_items.id")),  # NULL for calls that belong to no job
    Column("job_id", Integer, ForeignKey("jobs.id")),
    Column("step", Integer, nullable=False, default=0),  # which question of its item it is
    Column("started_ms", BigInteger, nullable=False),  # milliseconds since 1970, by the clock of the database
    Column("ended_ms", BigInteger),  # NULL while it is open
    Column("lapses_ms", BigInteger, nullable=False),  # one still open after its deadline belongs to a dead process
    Column("worker_id", String(100)),  # NULL for calls outside of workers
    Column("reserved_micro_usd", BigInteger, nullable=False, default=0),  # the most it may cost, while it is open
    Column("cost_micro_usd", BigInteger),
    Column("result", String(10)),  # answered, failed, or lost with its process; NULL while it is open
    Column("tokens_in", Integer),
    Column("tokens_out", Integer),
    Column("answer", JSON(none_as_null=True)),  # kept until its item is finished, so that it is never asked twice
    Column("person_id", Integer),  # for whom; NULL: without login
    Column("token_id", Integer),
    Column("run_id", Integer, index=True),  # NULL for calls that belong to no run
    Index("ix_model_calls_provider_started_ms", "provider", "started_ms"),
    Index("ix_model_calls_provider_ended_ms", "provider", "ended_ms"),
    Index("ix_model_calls_job_id_ended_ms", "job_id", "ended_ms"),
    Index("ix_model_calls_item_id_step", "item_id", "step"),
)
"""Calls of models: what keeps to the limits of providers and to the budgets of jobs, over all workers."""

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
    _owner_id(),
    _shared(),
    _demo(),
    _created_at(),
    Column("updated_at", UtcTime, nullable=False, default=tell_time),
    _deleted_at(),
    _find_deleted("dynamic_crew_templates"),
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
    _created_at(),
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

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("crew_id", Integer, ForeignKey("crews.id"), nullable=False, index=True),
    Column("version_number", Integer, nullable=False),
    Column("crew_name", String(300), nullable=False),
    Column("state", String(20), nullable=False, index=True),
    Column("reason", Text, nullable=False, default=""),
    Column("settings", JSON, nullable=False),
    Column("model", Text, nullable=False),  # LiteLLM name of the model of agents without one of their own
    Column("dry", Boolean, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("template_key", String(100)),
    Column("template_number", Integer),
    Column("predicted_success", Float, nullable=False),  # the four: typical values, not corrected by own outcomes
    Column("predicted_cost_micro_usd", BigInteger),
    Column("predicted_duration_s", Float, nullable=False),
    Column("predicted_tokens", Float, nullable=False),
    Column("task_count", Integer, nullable=False),
    Column("done_count", Integer, nullable=False, default=0),
    Column("calls", Integer, nullable=False, default=0),
    Column("tokens_in", BigInteger, nullable=False, default=0),
    Column("tokens_cached", BigInteger, nullable=False, default=0),
    Column("tokens_out", BigInteger, nullable=False, default=0),
    Column("cost_micro_usd", BigInteger),  # NULL: the price of a model is not known
    Column("waited_s", Float, nullable=False, default=0.0),
    Column("previous_run_id", Integer, ForeignKey("runs.id")),
    Column("stop_wanted", Boolean, nullable=False, default=False),  # a person's wish; its process carries it out
    Column("host", String(200), nullable=False, default=""),  # where its process is
    Column("process_id", Integer),
    Column("beat_ms", BigInteger),  # when its process last said that it lives, by the clock of the database
    _owner_id(),
    Column("token_id", Integer),  # the token by which it was started; NULL: on a page or the command line
    _created_at(),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    _demo(),
    _demo_index("runs"),
    _deleted_at(),
    _find_deleted("runs"),
    Index("ix_runs_created_at", "created_at"),
    CheckConstraint("state IN ('starting', 'running', 'waiting', 'completed', 'failed', 'stopped')", name="state"),
)
"""Executions of crews on CrewAI. People write wishes and answers; everything else is written by the run's process."""

run_tasks = Table(
    "run_tasks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("key", String(100), nullable=False),
    Column("name", String(500), nullable=False),
    Column("agent", String(100)),
    Column("state", String(20), nullable=False),
    Column("output", Text, nullable=False, default=""),
    Column("seconds", Float),
    Column("started_at", UtcTime),
    Column("finished_at", UtcTime),
    UniqueConstraint("run_id", "key"),
    CheckConstraint("state IN ('pending', 'running', 'waiting', 'completed', 'failed')", name="state"),
)

run_usage = Table(
    "run_usage",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("task", String(100), nullable=False),  # key of the task; empty for calls that belong to none
    Column("agent", String(100), nullable=False),  # key of the agent, the manager's among them
    Column("model", Text, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("tokens_in", BigInteger, nullable=False),
    Column("tokens_cached", BigInteger, nullable=False),
    Column("tokens_out", BigInteger, nullable=False),
    Column("cost_micro_usd", BigInteger),  # NULL: the price of the model is not known
    UniqueConstraint("run_id", "task", "agent", "model"),
)
"""What the model calls of a run took, by task, agent and model."""

run_events = Table(
    "run_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("task", String(100)),
    Column("agent", String(100)),
    Column("text", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("run_id", "number"),
)

run_questions = Table(
    "run_questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False, index=True),
    Column("task", String(100), nullable=False),
    Column("draft", Text, nullable=False),
    Column("answer", Text),  # empty accepts the draft; NULL: not answered yet
    Column("asked_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
)
"""What tasks marked human_input wait for."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), unique=True),  # NULL for a run made elsewhere
    Column("crew_id", Integer, ForeignKey("crews.id"), nullable=False, index=True),
    Column("version_number", Integer, nullable=False),
    Column("template_key", String(100), index=True),
    Column("template_number", Integer),
    Column("succeeded", Boolean, nullable=False),
    Column("judged_by", String(20), nullable=False),
    Column("judgement", JSON, nullable=False),  # what the checks or the model said, by task
    Column("rating", Integer),
    Column("comment", Text, nullable=False, default=""),
    Column("predicted_success", Float, nullable=False),  # the four: typical values, not corrected by own outcomes
    Column("predicted_cost_micro_usd", BigInteger),
    Column("predicted_duration_s", Float),
    Column("predicted_tokens", Float),
    Column("actual_cost_micro_usd", BigInteger),  # NULL where nobody knows
    Column("actual_duration_s", Float),
    Column("actual_tokens", BigInteger),
    Column("ran_at", UtcTime, nullable=False, index=True),
    _created_at(),
    Column("updated_at", UtcTime, nullable=False, default=tell_time, index=True),
    Column("fingerprint", String(64), unique=True, index=True),  # of the row of a file that it was read from
    _demo(),
    _demo_index("outcomes"),
    _deleted_at(),
    _find_deleted("outcomes"),
    CheckConstraint("judged_by IN ('person', 'checks', 'model')", name="judged_by"),
    CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
)
"""What came of runs, beside what was predicted for them."""

demo_data = Table(
    "demo_data",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1: there is one demo
    _owner_id(),
    _created_at(),
)
"""The demo that is loaded: one row, none without it. What belongs to it is marked in its own table."""

tours = Table(
    "tours",
    metadata,
    Column("subject", String(120), primary_key=True),  # "local" or "person:3", as in usage_days
    _created_at(),
)
"""Who took the tour of the dashboard, or left it."""

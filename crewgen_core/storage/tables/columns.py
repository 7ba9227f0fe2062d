"""What tables have in common: how they are named, moments in UTC, and the columns that several of them have."""

from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, DateTime, Dialect, Index, Integer, MetaData, TypeDecorator, false, text

from crewgen_core.storage.clock import tell_time

_DELETED = text("deleted_at IS NOT NULL")

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


def created_at() -> Column[datetime]:
    """When it was made."""
    return Column("created_at", UtcTime, nullable=False, default=tell_time)


def owner_id() -> Column[int]:
    """Whose it is (``people``, whose rows stay for ever); NULL for what was made without login: it is everybody's."""
    return Column("owner_id", Integer)


def deleted_at() -> Column[datetime]:
    """When a person deleted it; NULL: it is there. What went with something else has the same moment as that."""
    return Column("deleted_at", UtcTime)


def find_deleted(table: str) -> Index:
    """Return the index of the few rows that are deleted; it never serves to find those that are there."""
    return Index(f"ix_{table}_deleted_at", "deleted_at", sqlite_where=_DELETED, postgresql_where=_DELETED)


def shared() -> Column[bool]:
    """Whether everybody may look at it and use it."""
    return Column("shared", Boolean, nullable=False, default=False, server_default=false())


def demo() -> Column[bool]:
    """Whether the demo put it in; no default of Python's, so that whoever writes rows of old schemas leaves it out."""
    return Column("demo", Boolean, nullable=False, server_default=false())


def find_demo(table: str) -> Index:
    """Find the few rows of the demo among many."""
    return Index(f"ix_{table}_demo", "demo", sqlite_where=text("demo IS 1"), postgresql_where=text("demo IS true"))

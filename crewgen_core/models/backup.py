"""What came of saving the database, and of bringing it back."""

from pathlib import Path

from crewgen_core.models.value import Value


class Backup(Value):
    """A backup that was made and read back."""

    path: Path
    bytes: int
    revision: str
    """Number of the newest migration of its tables."""


class Restored(Value):
    """A database that was brought back from a backup."""

    revision: str
    """That of the backup; the tables were brought up to date since."""
    migrated: bool
    """Whether the backup was of an older version of crewgen."""
    interrupted: int
    """Requests that were open when the backup was made; nobody works on them any more, so they ended as failed."""
    kept: Path | None
    """Where the database that was there before is now; None where there was none."""

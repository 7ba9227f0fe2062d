"""What backups of a file and of a server have in common: when one is ours, and how a file is finished."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from crewgen_core.errors import CannotRestore
from crewgen_core.storage.migration import list_revisions

IN_USE = "Another program has the database open: a dashboard, a worker, a run or a command."
CLOSE_IT = "Stop it and try again, or restore all the same with --force: what others are at will be lost."


def check_revision(revision: str | None, named: str) -> str:
    """Return the revision of a backup. Raises CannotRestore for one that is not ours, or is newer than this program."""
    known = list_revisions()
    if not revision:
        raise CannotRestore(f"{named} is a database, but not one of crewgen's.", "Give a file that `backup` made.")
    if revision not in known:
        raise CannotRestore(
            f"{named} was made by a newer version of crewgen.", "Restore it with that version, or a newer one."
        )
    return revision


def name_kept(place: Path, ending: str) -> Path:
    """Return a free path beside another one, for what was there before."""
    path = place.with_name(f"{place.stem}-before-restore-{datetime.now(UTC):%Y%m%d-%H%M%S}{ending}")
    return path if not path.exists() else path.with_stem(f"{path.stem}-{os.urandom(2).hex()}")


def put_in_place(made: Path, target: Path) -> None:
    """Give a finished file its name, so that it is whole there or not at all, whatever fails. Raises OSError."""
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def make_beside(target: Path) -> Generator[Path]:
    """Give a new file in the same folder that only its owner reads; it is gone afterwards, unless it was renamed."""
    handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=".part", dir=target.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{name}{ending}").unlink(missing_ok=True)

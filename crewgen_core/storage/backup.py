"""Backups: the whole database in one file, made while others read and write it, and brought back.

Nothing is kept or replaced before it was read back. A backup holds what the database holds: of people's tokens only the
hashes, and no keys of providers, which never get there.
"""

from datetime import UTC, datetime
from pathlib import Path

from crewgen_core.errors import CannotBackUp
from crewgen_core.models.backup import Backup, Restored
from crewgen_core.storage import file_backup, server_backup
from crewgen_core.storage.database import read_address


def back_up(url: str, out: str = "") -> Backup:
    """Save the database as it is at one moment.

    ``out`` is a file that is not there yet, or a folder; empty is the folder that the program runs in. Raises
    CannotBackUp, StorageFault.
    """
    address = read_address(url)
    on_file = address.get_backend_name() == "sqlite"
    target = Path(out or ".")
    if target.is_dir() or out.endswith("/"):
        ending = ".db" if on_file else server_backup.ENDING
        target /= f"crewgen-{datetime.now(UTC):%Y%m%d-%H%M%S}{ending}"
    if target.exists():
        raise CannotBackUp(f"{target} is there already.", "Choose another path.")
    target.parent.mkdir(parents=True, exist_ok=True)
    return (file_backup if on_file else server_backup).back_up(address, target)


def restore(url: str, source: Path, force: bool = False) -> Restored:
    """Bring a backup back and up to date; what was there before is kept in a file beside.

    Refused while others have the database open, unless with ``force``. Raises CannotRestore, StorageFault.
    """
    address = read_address(url)
    how = file_backup if address.get_backend_name() == "sqlite" else server_backup
    return how.restore(address, source, force)

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from crewgen_core.errors import CannotBackUp, CannotRestore
from crewgen_core.models.objective import Objective
from crewgen_core.settings import ROOT
from crewgen_core.storage import requests
from crewgen_core.storage.backup import back_up, restore
from crewgen_core.storage.database import Database
from crewgen_core.storage.migration import list_revisions
from tests.support.designs import make_design

OLDEST = Path(__file__).with_name("oldest_schema.sql")

WRITE_ON = """
import sys
from crewgen_core.models.objective import Objective
from crewgen_core.storage import requests
from crewgen_core.storage.database import Database
database = Database.open(sys.argv[1])
print("here", flush=True)
while True:
    with database.begin() as connection:  # always two together
        for _ in range(2):
            requests.create(connection, Objective(text="Plan a launch of a new product"))
"""


@contextmanager
def writing_beside(url: str) -> Iterator[None]:
    """Another process writes to the database, two requests in each transaction, until the block ends."""
    with subprocess.Popen([sys.executable, "-c", WRITE_ON, url], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'crewgen.db'}"


def ask(url: str, *texts: str) -> None:
    database = Database.open(url)
    with database.begin() as connection:
        for text in texts:
            requests.create(connection, Objective(text=text))
    database.close()


def count_requests(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT count(*) FROM generation_requests").fetchone()[0]


def list_objectives(url: str) -> set[str]:
    database = Database.open(url)
    with database.read() as connection:
        found = {row.objective.text for row in requests.list_requests(connection)}
    database.close()
    return found


def test_a_backup_made_while_another_process_writes_holds_whole_transactions(url: str, tmp_path: Path):
    ask(url, "Write a brief about churn", "Plan a wedding for 80 guests")
    with writing_beside(url):
        made = [back_up(url, str(tmp_path / f"{number}.db")) for number in range(3)]
    counts = [count_requests(backup.path) for backup in made]
    assert all(count % 2 == 0 for count in counts)
    assert counts == sorted(counts)
    assert count_requests(tmp_path / "crewgen.db") >= counts[-1]


def test_what_was_saved_comes_back_and_what_was_there_before_is_kept(url: str, tmp_path: Path):
    database = Database.open(url)
    with database.begin() as connection:
        requests.store_designs(connection, [make_design("Find out why churn rose in spring")], [None])
    database.close()
    saved = back_up(url, str(tmp_path))
    ask(url, "Write something else afterwards")
    restored = restore(url, saved.path)
    assert list_objectives(url) == {"Find out why churn rose in spring"}
    assert not restored.migrated
    assert restored.kept is not None
    assert list_objectives(f"sqlite:///{restored.kept}") == {
        "Find out why churn rose in spring",
        "Write something else afterwards",
    }


def test_a_backup_is_one_file_that_only_its_owner_reads(url: str, tmp_path: Path):
    ask(url, "Write a brief about churn")
    folder = tmp_path / "backups"
    made = back_up(url, f"{folder}/")
    assert list(folder.iterdir()) == [made.path]
    assert made.path.stat().st_mode & 0o077 == 0
    assert made.bytes == made.path.stat().st_size


def test_a_backup_of_the_oldest_schema_is_brought_up_to_date(url: str, tmp_path: Path):
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(OLDEST.read_text(encoding="utf-8"))
    before = old.read_bytes()
    restored = restore(url, old)
    assert (restored.revision, restored.migrated, restored.kept) == ("0001", True, None)
    assert old.read_bytes() == before
    database = Database.open(url)
    with database.read() as connection:
        request = requests.get(connection, 1)
        revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()
    assert revision == list_revisions()[-1]
    assert request.design is not None


def test_requests_that_were_open_when_it_was_saved_do_not_stay_open(url: str, tmp_path: Path):
    ask(url, "Write a brief about churn")
    saved = back_up(url, str(tmp_path))
    assert restore(url, saved.path).interrupted == 1
    database = Database.open(url)
    with database.read() as connection:
        assert [row.state for row in requests.list_requests(connection)] == ["failed"]
    database.close()


def test_a_damaged_database_is_moved_aside_for_the_restored_one(url: str, tmp_path: Path):
    ask(url, "Write a brief about churn")
    saved = back_up(url, str(tmp_path / "saved.db"))
    broken = b"This is no database any more." * 100
    (tmp_path / "crewgen.db").write_bytes(broken)
    restored = restore(url, saved.path)
    assert restored.kept is not None
    assert restored.kept.read_bytes() == broken
    assert list_objectives(url) == {"Write a brief about churn"}


def test_a_database_that_somebody_has_open_is_not_replaced_unless_forced(url: str, tmp_path: Path):
    ask(url, "Write a brief about churn")
    saved = back_up(url, str(tmp_path / "saved.db"))
    ask(url, "Write something else afterwards")
    with writing_beside(url):
        with pytest.raises(CannotRestore, match="open"):
            restore(url, saved.path)
        restore(url, saved.path, force=True)
    assert count_requests(tmp_path / "crewgen.db") % 2 == 1  # the saved one, and what was written beside since, by two
    assert "Write something else afterwards" not in list_objectives(url)


def test_who_has_it_open_while_it_is_forced_sees_the_restored_state_at_once(url: str, tmp_path: Path):
    ask(url, "Write a brief about churn")
    saved = back_up(url, str(tmp_path / "saved.db"))
    database = Database.open(url)
    with database.begin() as connection:
        requests.create(connection, Objective(text="Write something else afterwards"))
    restore(url, saved.path, force=True)
    with database.read() as connection:
        assert [row.objective.text for row in requests.list_requests(connection)] == ["Write a brief about churn"]
    database.close()


def make_newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def make_foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def damage(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 3 : -len(content) // 3] = os.urandom(len(content) - 2 * (len(content) // 3))
    file.write_bytes(content)


REFUSED = {
    "newer": (make_newer, "newer version"),
    "of another program": (make_foreign, "not one of crewgen's"),
    "damaged": (damage, "damaged"),
    "cut off": (lambda file: os.truncate(file, file.stat().st_size // 2), "damaged"),
    "empty": (lambda file: file.write_bytes(b""), "not one of crewgen's"),
    "a text": (lambda file: file.write_text("objective\nWrite a brief\n" * 50), "no database"),
    "of a server": (lambda file: file.write_bytes(b"PGDMP\1\0"), "PostgreSQL"),
    "missing": (lambda file: file.unlink(), "cannot be read"),
}


@pytest.mark.parametrize("how", REFUSED)
def test_a_file_that_cannot_be_restored_is_refused_and_nothing_changes(how: str, url: str, tmp_path: Path):
    spoil, reason = REFUSED[how]
    ask(url, *(f"Write a brief about topic {number}" for number in range(50)))
    saved = back_up(url, str(tmp_path / "saved.db"))
    spoil(saved.path)
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(CannotRestore, match=reason):
        restore(url, saved.path)
    assert {path.name for path in tmp_path.iterdir()} == before
    assert count_requests(tmp_path / "crewgen.db") == 50


def test_nothing_is_saved_where_there_is_no_database_and_no_file_is_overwritten(url: str, tmp_path: Path):
    with pytest.raises(CannotBackUp, match="not there"):
        back_up(url, str(tmp_path / "saved.db"))
    ask(url, "Write a brief about churn")
    (tmp_path / "saved.db").write_text("mine")
    with pytest.raises(CannotBackUp, match="there already"):
        back_up(url, str(tmp_path / "saved.db"))
    assert (tmp_path / "saved.db").read_text() == "mine"


def test_a_damaged_database_is_not_saved_as_if_it_were_whole(url: str, tmp_path: Path):
    ask(url, *(f"Write a brief about topic {number}" for number in range(50)))
    damage(tmp_path / "crewgen.db")
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(CannotBackUp):
        back_up(url, str(tmp_path / "saved.db"))
    assert {path.name for path in tmp_path.iterdir()} - before <= {"crewgen.db-wal", "crewgen.db-shm"}

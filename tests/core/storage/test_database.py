import sqlite3
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import text

from crewgen_core.errors import StorageFault
from crewgen_core.models.design import Design
from crewgen_core.models.objective import Objective
from crewgen_core.storage import crews, requests
from crewgen_core.storage.database import Database


def write_something(database: Database) -> None:
    with database.begin() as connection:
        requests.create(connection, Objective(text="Plan a launch"))


def count_requests(database: Database) -> int:
    with database.read() as connection:
        return len(requests.list_requests(connection))


def test_opening_makes_folder_and_file(database: Database) -> None:
    assert database.url.database is not None
    assert Path(database.url.database).is_file()


def test_sqlite_works_with_many_readers_and_writers_and_keeps_foreign_keys(database: Database) -> None:
    write_something(database)  # a connection sees the journal of the file when it first reads it
    with database.read() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        settings = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]
    assert settings == ["wal", 1, 1, 30_000]


def test_what_was_stored_is_there_when_opened_again(database: Database, url: str, design: Design) -> None:
    with database.begin() as connection:
        stored = crews.create(connection, design.crew, design.report, design.estimate)
    database.close()
    again = Database.open(url)
    with again.read() as connection:
        assert crews.get(connection, stored.crew_id) == stored
    again.close()


def test_nothing_is_stored_when_the_block_raises(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        requests.create(connection, Objective(text="Plan a launch"))
        _ = 1 / 0
    assert count_requests(database) == 0


def test_a_reader_sees_one_state_and_waits_for_no_writer(database: Database) -> None:
    write_something(database)
    with database.read() as reader:
        before = requests.list_requests(reader)
        writer = Thread(target=write_something, args=(database,))
        writer.start()
        writer.join()
        assert requests.list_requests(reader) == before
    assert count_requests(database) == 2


def test_a_database_locked_by_another_program_is_said_so_and_nothing_is_lost(url: str) -> None:
    database = Database.open(url, patience_s=0.1)
    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFault, match=r"crewgen\.db is locked by another program") as caught:
        write_something(database)
    assert "nothing was changed" in caught.value.hint
    assert count_requests(database) == 0
    other.rollback()
    other.close()
    write_something(database)
    assert count_requests(database) == 1
    database.close()


def test_a_new_database_locked_by_another_program_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "crewgen.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageFault, match="is locked by another program"):
        Database.open(f"sqlite:///{file}", patience_s=0.1)
    other.close()


def test_a_read_only_database_is_said_so(database: Database) -> None:
    with database.read() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    with pytest.raises(StorageFault, match="cannot be written: it is read-only") as caught:
        write_something(database)
    assert "CREWGEN_DATABASE_URL" in caught.value.hint


def test_a_full_disk_is_said_so_and_nothing_is_half_stored(database: Database, design: Design) -> None:
    with database.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageFault, match="the disk is full"):
        for _ in range(50):
            with database.begin() as connection:
                crews.create(connection, design.crew, design.report, design.estimate)
    with database.read() as connection:
        for row in crews.list_crews(connection):
            assert crews.get(connection, row.id).crew == design.crew


def test_a_file_that_is_no_database_is_said_so_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("These are my notes, and they are long enough for a header. " * 100)
    before = file.read_bytes()
    with pytest.raises(StorageFault, match=r"notes\.txt is not a database file"):
        Database.open(f"sqlite:///{file}")
    assert file.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StorageFault, match=r"crewgen\.db cannot be made"):
        Database.open(f"sqlite:///{tmp_path / 'data' / 'crewgen.db'}")


def test_a_folder_in_place_of_the_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StorageFault, match="cannot be opened"):
        Database.open(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize("address", ["", "not an address", "mysterydb://host/name", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_cannot_be_used_is_said_so(address: str) -> None:
    with pytest.raises(StorageFault, match="The address of the database") as caught:
        Database.open(address)
    assert "CREWGEN_DATABASE_URL" in caught.value.hint


def test_the_password_of_an_address_is_never_told() -> None:
    with pytest.raises(StorageFault) as caught:  # without the driver or without the server
        Database.open("postgresql://crewgen:very-secret@127.0.0.1:1/crewgen")
    assert "very-secret" not in f"{caught.value} {caught.value.hint}"


def test_half_a_character_is_refused_in_plain_words(database: Database) -> None:
    with pytest.raises(StorageFault, match="half of a character"), database.begin() as connection:
        request_id = requests.create(connection, Objective(text="Plan a launch"))
        requests.fail(connection, request_id, "\ud83d")
    assert count_requests(database) == 0


def test_a_document_changed_by_hand_is_said_so(database: Database, design: Design) -> None:
    with database.begin() as connection:
        stored = crews.create(connection, design.crew, design.report, design.estimate)
        connection.execute(text("""UPDATE crew_versions SET crew = '{"name": "x", "agents": 5}'"""))
    where = f"the crew of version 1 of crew {stored.crew_id} cannot be read: agents"
    with pytest.raises(StorageFault, match=where), database.read() as connection:
        crews.get(connection, stored.crew_id)


@pytest.mark.parametrize("kept", ['{"name": "x', "null", ""])
def test_a_document_that_is_no_crew_at_all_is_said_so(database: Database, design: Design, kept: str) -> None:
    with database.begin() as connection:
        stored = crews.create(connection, design.crew, design.report, design.estimate)
        connection.execute(text("UPDATE crew_versions SET crew = :kept"), {"kept": kept})
    where = f"the crew of version 1 of crew {stored.crew_id} cannot be read: all of it: "
    with pytest.raises(StorageFault, match=where) as caught, database.read() as connection:
        crews.get(connection, stored.crew_id)
    assert "restore the database from a backup" in caught.value.hint


def test_a_fault_says_whether_it_may_pass(url: str) -> None:
    database = Database.open(url, patience_s=0.01)
    with sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageFault) as locked, database.begin():
            pass
        other.execute("ROLLBACK")
    other.close()
    with pytest.raises(StorageFault) as refused, database.begin() as connection:
        requests.create(connection, Objective.model_construct(text="\ud83d"))
    database.close()
    assert (locked.value.passing, refused.value.passing) == (True, False)

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Text

from crewgen_core.errors import StorageFault
from crewgen_core.storage import crews, requests
from crewgen_core.storage.counts import count
from crewgen_core.storage.crew_search import INDEX
from crewgen_core.storage.database import Database
from crewgen_core.storage.engine import BEGIN, WRITING, make_engine
from crewgen_core.storage.migration import list_revisions
from crewgen_core.storage.tables.schema import metadata
from crewgen_core.storage.versions import list_versions
from tests.support.designs import make_design

ROOT = Path(__file__).resolve().parents[3]
OLDEST = Path(__file__).with_name("oldest_schema.sql")

OPEN = """
import sys
from crewgen_core.models.objective import Objective
from crewgen_core.storage import requests
from crewgen_core.storage.database import Database
database = Database.open(sys.argv[1])
with database.begin() as connection:
    requests.create(connection, Objective(text="Plan a launch"))
print("alembic" in sys.modules)
"""


def run_beside(url: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OPEN, url], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def read_revision(file: Path) -> list[str]:
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    connection.close()
    return [row[0] for row in rows]


def test_migrations_make_exactly_the_tables_that_the_code_names(database: Database) -> None:
    with database.read() as connection:
        options = {"compare_type": True, "include_name": lambda name, *_: not str(name).startswith(INDEX)}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_oldest_schema_is_migrated_with_its_rows(tmp_path: Path) -> None:
    file = tmp_path / "crewgen.db"
    old = sqlite3.connect(file)
    old.executescript(OLDEST.read_text(encoding="utf-8"))
    old.close()
    assert read_revision(file) == ["0001"]
    database = Database.open(f"sqlite:///{file}")
    assert read_revision(file) == [list_revisions()[-1]]
    with database.read() as connection:
        crew = crews.get(connection, 1)
        request = requests.get(connection, 1)
        counted = count(connection)
        rows = list_versions(connection, 1)
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        keys = connection.exec_driver_sql("SELECT answer_key FROM generation_requests").all()
    assert crew.crew == make_design().crew
    assert [row.number for row in rows] == [2, 1]
    assert request.design is not None
    assert request.design.crew == crew.crew
    assert keys == [(None,), (None,)]
    assert (counted.crews, counted.versions) == (1, 2)
    assert counted.requests == {"pending": 0, "generating": 0, "completed": 1, "failed": 1}
    database.close()


def test_processes_that_start_at_once_all_get_the_one_database(url: str) -> None:
    programs = [run_beside(url) for _ in range(4)]
    for program in programs:
        _, errors = program.communicate(timeout=120)
        assert (program.returncode, errors) == (0, "")
    database = Database.open(url)
    with database.read() as connection:
        assert len(requests.list_requests(connection)) == len(programs)
    database.close()


def test_an_up_to_date_database_is_opened_without_alembic(url: str) -> None:
    first, second = (run_beside(url).communicate(timeout=120)[0].strip() for _ in range(2))
    assert (first, second) == ("True", "False")


def test_a_database_of_a_newer_version_is_left_alone(database: Database, url: str) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageFault, match="was made by a newer version of crewgen"):
        Database.open(url)


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "other.db"
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE agents (of_another_program TEXT)")
    other.commit()
    with pytest.raises(StorageFault, match=r"other\.db could not do what was asked: table agents already exists"):
        Database.open(f"sqlite:///{file}")
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("agents",)]
    other.close()


def test_a_table_is_rebuilt_without_losing_the_rows_that_refer_to_it(database: Database) -> None:
    design = make_design()
    with database.begin() as connection:
        stored = crews.create(connection, design.crew, design.report, design.estimate)
    workshop = make_engine(database.url, patience_s=5, for_migration=True)
    with workshop.connect().execution_options(**{BEGIN: WRITING}) as connection, connection.begin():
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("crews", recreate="always") as crews_table:
            crews_table.add_column(Column("color", Text))
    with database.read() as connection:
        assert crews.get(connection, stored.crew_id) == stored


def test_migrations_are_numbered_without_gaps() -> None:
    assert list_revisions() == tuple(f"{number:04}" for number in range(1, len(list_revisions()) + 1))

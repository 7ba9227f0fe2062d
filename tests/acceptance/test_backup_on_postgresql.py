"""Backups on PostgreSQL: made and brought back by its own programs."""

import shutil
from pathlib import Path

import psycopg
import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import CannotBackUp, CannotRestore
from crewgen_core.models.job import NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.settings import Settings
from crewgen_core.storage.backup import restore
from crewgen_core.storage.migration import list_revisions

OBJECTIVE = "Write a two-page brief about churn for the board."


def test_what_was_saved_comes_back_with_its_queue_and_what_came_later_is_kept(postgresql_url: str, tmp_path: Path):
    crewgen = Crewgen(Settings(database_url=postgresql_url))
    made = crewgen.generate(Objective(text=OBJECTIVE), "")
    saved = crewgen.backups.make(str(tmp_path / "saved.dump"))
    crewgen.bulk.start("later.csv", b"objective\nPlan a wedding for 80 guests in June.\n", NewJob(name="later"))
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA dbos")
        connection.execute("CREATE TABLE dbos.of_later (id int)")
        with pytest.raises(CannotRestore, match="open"):
            crewgen.backups.restore(saved.path)
    restored = crewgen.backups.restore(saved.path)
    assert crewgen.crews.get(made.crew_id).crew == made.design.crew
    assert crewgen.bulk.list_jobs() == ()
    assert not restored.migrated
    with psycopg.connect(postgresql_url) as connection:
        assert connection.execute("SELECT to_regclass('dbos.of_later')").fetchone() == (None,)
    assert restored.kept is not None
    crewgen.backups.restore(restored.kept, force=True)
    assert [job.name for job in crewgen.bulk.list_jobs()] == ["later"]
    crewgen.database.close()


def test_a_damaged_or_newer_dump_changes_nothing(postgresql_url: str, tmp_path: Path):
    crewgen = Crewgen(Settings(database_url=postgresql_url))
    crewgen.generate(Objective(text=OBJECTIVE), "")
    whole = crewgen.backups.make(str(tmp_path / "saved.dump")).path
    damaged = tmp_path / "damaged.dump"
    damaged.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    newer = tmp_path / "newer.dump"
    with pytest.raises(CannotBackUp, match="newer"):  # this program does not know what it would save
        crewgen.backups.make(str(newer))
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", [list_revisions()[-1]])
    with pytest.raises(CannotRestore, match="damaged"):
        crewgen.backups.restore(damaged)
    assert crewgen.crews.count() == 1
    crewgen.database.close()


def test_tables_of_another_program_are_not_taken_away(postgresql_url: str, older_postgresql_url: str, tmp_path: Path):
    crewgen = Crewgen(Settings(database_url=postgresql_url))
    crewgen.generate(Objective(text=OBJECTIVE), "")
    saved = crewgen.backups.make(str(tmp_path / "saved.dump"))
    crewgen.database.close()
    with psycopg.connect(older_postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE recipes (name text)")
    with pytest.raises(CannotRestore, match="another program"):
        restore(older_postgresql_url, saved.path, force=True)


def test_without_its_programs_it_is_said_what_to_install(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    crewgen = Crewgen(Settings(database_url=postgresql_url))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(CannotBackUp, match="pg_dump of PostgreSQL is not installed"):
        crewgen.backups.make(str(tmp_path / "saved.dump"))
    assert list(tmp_path.iterdir()) == []

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.errors import NotAllowed
from crewgen_core.execution.processes import name_host
from crewgen_core.models.objective import Objective
from crewgen_core.models.person import Person, Role
from crewgen_core.settings import load_settings
from crewgen_core.storage import requests, workers
from crewgen_core.storage.workers import Worker
from tests.support.command_line import Run

BRIEF = "Write a two-page brief about churn for the board."


@pytest.fixture
def crewgen(surroundings: None) -> Crewgen:
    """The front door to the database of the commands, in which somebody asked for something."""
    crewgen = Crewgen(load_settings())
    ask(crewgen, BRIEF)
    return crewgen


def ask(crewgen: Crewgen, text: str) -> None:
    with crewgen.database.begin() as connection:
        requests.create(connection, Objective(text=text))
    crewgen.database.close()


def list_objectives(crewgen: Crewgen) -> list[str]:
    texts = [row.objective.text for row in crewgen.list_requests()]
    crewgen.database.close()
    return texts


def employ(crewgen: Crewgen, process_id: int) -> None:
    with crewgen.database.begin() as connection:
        workers.enter(connection, Worker("w-1", name_host(), process_id, beats=0))
    crewgen.database.close()


def test_a_database_is_saved_and_brought_back_by_commands(crewgen: Crewgen, run: Run, tmp_path: Path):
    saved = run("backup", "--out", str(tmp_path / "saved.db"))
    assert (saved.code, saved.out) == (0, f"{tmp_path / 'saved.db'}\n")
    assert "no keys" in saved.err
    ask(crewgen, "Write something else afterwards.")
    restored = run("restore", str(tmp_path / "saved.db"))
    assert restored.code == 0, restored.err
    assert "ended as interrupted" in restored.out
    assert "before-restore" in restored.out
    assert list_objectives(crewgen) == [BRIEF]


def test_json_says_the_same_and_nothing_else(crewgen: Crewgen, run: Run, tmp_path: Path):
    saved = run("backup", "--out", str(tmp_path / "saved.db"), "--json")
    assert saved.document["path"] == str(tmp_path / "saved.db")
    assert saved.err == ""
    restored = run("restore", str(tmp_path / "saved.db"), "--json").document
    assert restored["migrated"] is False
    assert Path(restored["kept"]).is_file()


def test_nothing_is_restored_under_a_worker_that_lives_unless_forced(crewgen: Crewgen, run: Run, tmp_path: Path):
    run("backup", "--out", str(tmp_path / "saved.db"))
    employ(crewgen, os.getpid())
    refused = run("restore", str(tmp_path / "saved.db"))
    assert refused.code == 2
    assert "in use by 1 worker" in refused.err
    assert "--force" in refused.err
    assert run("restore", str(tmp_path / "saved.db"), "--force").code == 0


def test_a_worker_that_died_is_in_nobody_s_way(crewgen: Crewgen, run: Run, tmp_path: Path):
    run("backup", "--out", str(tmp_path / "saved.db"))
    employ(crewgen, 2**22 + 1)  # no system numbers processes so high
    assert run("restore", str(tmp_path / "saved.db")).code == 0


def test_nothing_is_restored_while_a_page_has_the_database_open(crewgen: Crewgen, run: Run, tmp_path: Path):
    run("backup", "--out", str(tmp_path / "saved.db"))
    crewgen.list_requests()  # as a dashboard does, it keeps its connection
    refused = run("restore", str(tmp_path / "saved.db"))
    assert refused.code == 2
    assert "has the database open" in refused.err
    crewgen.database.close()


def test_a_damaged_present_database_does_not_keep_a_backup_from_being_restored(
    crewgen: Crewgen, run: Run, tmp_path: Path
):
    run("backup", "--out", str(tmp_path / "saved.db"))
    (tmp_path / "crewgen.db").write_bytes(b"no database " * 1000)
    assert run("restore", str(tmp_path / "saved.db")).code == 0
    with closing(sqlite3.connect(tmp_path / "crewgen.db")) as connection:
        assert connection.execute("SELECT count(*) FROM generation_requests").fetchone() == (1,)


def test_only_administrators_save_and_restore(crewgen: Crewgen, tmp_path: Path):
    editor = crewgen.acting_for(Person(id=7, name="Ed", role=Role.EDITOR))
    with pytest.raises(NotAllowed):
        editor.backups.make(str(tmp_path))
    with pytest.raises(NotAllowed):
        editor.backups.restore(tmp_path / "saved.db", force=True)


def test_a_fault_is_told_in_a_sentence(surroundings: None, run: Run, tmp_path: Path):
    for arguments in (("backup", "--out", str(tmp_path / "saved.db")), ("restore", str(tmp_path / "nowhere.db"))):
        ended = run(*arguments)
        assert ended.code == 2
        assert len(ended.err.splitlines()) == 2
        assert "Traceback" not in ended.err

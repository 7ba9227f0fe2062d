"""What a killed process leaves behind."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from crewgen_core.storage import crews, requests
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import crew_tables, request_tables
from tests.support.designs import make_design

ROOT = Path(__file__).resolve().parents[3]

BEGIN = """
import sys, time
from crewgen_core.storage import requests
from crewgen_core.storage.database import Database
from tests.support.designs import make_design
database, design = Database.open(sys.argv[1]), make_design()
"""

HALFWAY = (
    BEGIN
    + """
with database.begin() as connection:
    request_id = requests.create(connection, design.objective)
    requests.start(connection, request_id)
with database.begin() as connection:
    requests.complete(connection, request_id, design)
    print("halfway", flush=True)
    time.sleep(600)
"""
)

WITHOUT_END = (
    BEGIN
    + """
while True:
    with database.begin() as connection:
        request_id = requests.create(connection, design.objective)
        requests.start(connection, request_id)
    with database.begin() as connection:
        requests.complete(connection, request_id, design)
    print("one more", flush=True)
"""
)


def kill_after(script: str, url: str, lines: int) -> None:
    """Run the script in a process of its own and kill it after it has printed so many lines."""
    with subprocess.Popen([sys.executable, "-c", script, url], cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        for _ in range(lines):
            assert program.stdout.readline(), "the process ended before it was killed"
        program.kill()


def test_a_process_killed_while_it_stores_leaves_no_half_crew(database: Database, url: str) -> None:
    kill_after(HALFWAY, url, lines=1)
    with database.read() as connection:
        assert crews.list_crews(connection) == ()
        (request,) = requests.list_requests(connection)
        for table in (crew_tables.crew_versions, crew_tables.agents, request_tables.generation_metrics):
            assert connection.scalar(select(func.count()).select_from(table)) == 0
    assert request.state == "generating"
    with database.begin() as connection:
        assert requests.mark_interrupted(connection, older_than_s=0) == 1
    with database.read() as connection:
        assert requests.get(connection, request.id).failure_reason == requests.INTERRUPTED


def test_everything_finished_before_the_kill_is_whole(database: Database, url: str) -> None:
    kill_after(WITHOUT_END, url, lines=7)
    design = make_design()
    with database.read() as connection:
        done = requests.list_requests(connection, state="completed")
        assert len(done) >= 7
        assert crews.count_crews(connection) == len(done)
        for row in done:
            assert row.crew_id is not None
            assert crews.get(connection, row.crew_id).crew == design.crew
            assert len(requests.get(connection, row.id).metrics) == 12
        agents = connection.scalar(select(func.count()).select_from(crew_tables.agents))
    assert agents == len(done) * len(design.crew.agents)

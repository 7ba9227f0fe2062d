"""A whole session of work, told as loudly as it can be: no key and no token stands anywhere afterwards."""

import base64
import json
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from crewgen_core.app import Crewgen
from crewgen_core.settings import ROOT, Settings
from tests.support.model_server import GOOD_ANSWER, ModelServer, Reply, refuse, say
from tests.support.played_crewai import make_interpreter
from tests.support.processes import find_free_port, running, wait_until

MODEL = "openai/gpt-5-mini"
KEY = f"sk-proj-{secrets.token_hex(20)}"
FORMLESS = f"{secrets.token_hex(6)} {secrets.token_hex(6)}"
"""A key that only the name of its setting tells."""

ECHO = f"Incorrect API key provided: {KEY} (or {FORMLESS}). You can find your key at https://example.org."


@pytest.fixture
def environment(tmp_path: Path, running_model_server: ModelServer) -> dict[str, str]:
    """What programs see: keys, everything told, and a model that quotes the key when it refuses."""
    running_model_server.forget()
    ours = {name: value for name, value in os.environ.items() if not name.startswith("CREWGEN_")}
    return ours | {
        "OPENAI_API_KEY": KEY,
        "TAVILY_API_KEY": FORMLESS,
        "CREWGEN_LOG_LEVEL": "DEBUG",
        "CREWGEN_DATABASE_URL": f"sqlite:///{tmp_path / 'crewgen.db'}",
        "CREWGEN_MODEL_BASE_URL": running_model_server.url,
        "CREWGEN_CREWAI_PYTHON": str(make_interpreter(tmp_path / "crewai")),
        "CREWGEN_WORKERS": "1",
    }


SESSION = """
import json, sys, time
from pathlib import Path
from crewgen_core.app import Crewgen
from crewgen_core.errors import CrewgenError
from crewgen_core.models.job import NewItem, NewJob
from crewgen_core.models.objective import Objective
from crewgen_core.models.run import RunSettings
model, echo, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
crewgen = Crewgen.open()
crew_id = crewgen.generate(Objective(text="Plan a launch"), model).crew_id
crewgen.generate(Objective(text="Plan what leaks"), model)
crewgen.crews.refine(crew_id, "make what leaks somehow nicer for everybody involved", model)
crew = crewgen.crews.get(crew_id).crew
for form in ("crewai-json", "crewai-yaml", "crewgen"):
    exported = crewgen.export(crew, form)
    (folder / f"{form}-{exported.name}").write_bytes(exported.content)
rows = [NewItem(2, "Plan what leaks in a job", model=model), NewItem(3, "Plan a wedding")]
crewgen.bulk.start_items(NewJob(name="Rows"), rows)
told, fails = [{"job": True}, {"environment": True}], {"tell": {"kind": "failed", "error": "refused"}}
for dry, steps in ((False, [*told, fails]), (False, [*told, {"die": 9}]), (True, [*told, fails])):
    settings = RunSettings(dry=dry, leave_out_tools=True, inputs={"play": json.dumps(steps)})
    run = crewgen.running.start(crew_id, settings=settings)
    while run.open:
        time.sleep(0.2)
        run = crewgen.running.get(run.id)
    print("RUN", run.state, run.reason)
crewgen.backups.make(str(folder / "saved.db"))
raise RuntimeError(echo)
"""


def work(environment: dict[str, str], folder: Path) -> None:
    """Do a bit of everything in a process of its own, which ends with a fault that quotes the key."""
    with (folder / "session.log").open("wb") as log:
        ended = subprocess.run(
            [sys.executable, "-c", SESSION, MODEL, ECHO, str(folder)], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    told = (folder / "session.log").read_text(encoding="utf-8")
    assert ended.returncode == 1
    assert "RuntimeError: Incorrect API key provided: [hidden]" in told, told[-2_000:]
    assert told.count("RUN ") == 3, told[-2_000:]


def list_texts(database: Path) -> Iterator[tuple[str, str]]:
    """Yield every value of every column that is a text, with where it stands."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 its own names
            names = [column[0] for column in rows.description]
            for row in rows:
                for name, value in zip(names, row, strict=True):
                    if isinstance(value, str | bytes):
                        text = value if isinstance(value, str) else value.decode("utf-8", "replace")
                        yield f"{table}.{name}", text


def test_no_key_and_no_token_is_left_in_logs_files_or_the_database(
    environment: dict[str, str], tmp_path: Path, running_model_server: ModelServer
):
    def answer(body: dict[str, object]) -> Reply:
        if "leaks" not in str(body["messages"]):
            return say(GOOD_ANSWER)
        return refuse(500 if len(running_model_server.requests) == 1 else 401, ECHO)

    running_model_server.script = answer
    crewgen = Crewgen(Settings(database_url=environment["CREWGEN_DATABASE_URL"]))
    token = crewgen.people.make_token("of the test", "write").text
    crewgen.database.close()

    work(environment, tmp_path)
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    serve = ["streamlit", "run", "streamlit_app.py", *options, "--logger.level", "debug"]
    with running(serve, environment, tmp_path / "server.log") as server:
        wait_until(lambda: _answers(address), "the server answers")
        headers = {"Authorization": f"Bearer {token}"}
        wrong = {"Authorization": f"Bearer {token[:-1]}", "Cookie": f"_streamlit_user={token}"}
        with httpx.Client(base_url=f"{address}/api/v1", timeout=120) as client:
            asked = {"objective": {"text": "Plan what leaks again"}, "model": MODEL}
            assert client.post("/generation/generate", json=asked, headers=headers).status_code == 201
            assert client.get("/me", headers=wrong).status_code == 401
            client.get("/me", params={"token": token}, headers=headers)
            client.get("/metrics", headers=headers)
        wait_until(lambda: crewgen.bulk.list_jobs()[0].state == "completed", "the rows are done")
        (tmp_path / "results.jsonl").write_bytes(crewgen.bulk.export(1, "jsonl").content)
        crewgen.database.close()
        server.end(signal.SIGTERM)

    assert any(KEY in sent for sent in running_model_server.keys)  # the provider gets it, and nobody else
    hidden = {"the key": KEY, "a key without form": FORMLESS, "the token": token}
    for name, secret in hidden.items():
        forms = {secret, base64.b64encode(secret.encode()).decode().rstrip("="), json.dumps(secret)[1:-1]}
        for database in (tmp_path / "crewgen.db", tmp_path / "saved.db"):
            for where, text in list_texts(database):
                assert not any(form in text for form in forms), f"{name} stands in {where}"
        for path in sorted(tmp_path.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                assert not any(form.encode() in content for form in forms), f"{name} stands in {path.name}"


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/_stcore/health", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False

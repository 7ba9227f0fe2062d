"""The published document of the REST API, held against a running server by schemathesis: nothing else is answered."""

import os
import subprocess
import sys
from pathlib import Path

from crewgen_core.app import Crewgen
from crewgen_core.models.person import Role
from crewgen_core.settings import ROOT, Settings
from tests.support.finished_jobs import finish_rows
from tests.support.runs import put_finished_run
from tests.support.served_api import Api, call
from tests.support.signed_in import LOGIN

HERE = Path(__file__).parent

PHASES = "examples,coverage,fuzzing"
SEED = "20261126"
"""What is tried is the same each time, so that a change is answered for by what it changed."""
LONGEST_S = 60
"""Seconds after which nothing further is tried; on two free cores all is done in less."""


def test_the_api_keeps_to_its_document(tmp_path: Path):
    """All checks: no status, header, body or media type that is not published, wrong input refused, tokens needed."""
    settings = {"database_url": f"sqlite:///{tmp_path / 'crewgen.db'}", "workers": 0, "crewai_python": "/none"}
    house = Crewgen(Settings.model_validate(settings | LOGIN))
    person = house.people.sign_in("https://id.example|Ada", "ada@example.org", "Ada", Role.ADMIN)
    door = house.acting_for(person)
    token = door.people.make_token("schemathesis", "admin").text
    with call(house) as api:
        api.client.headers["Authorization"] = f"Bearer {token}"
        fill(api)
        checked = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                "--config-file",
                str(HERE / "schemathesis.toml"),
                "run",
                f"{api.client.base_url}openapi.json",
                *("--header", f"Authorization: Bearer {token}"),
                *("--checks", "all", "--phases", PHASES, "--max-examples", "3", "--workers", "1"),
                *(
                    "--seed",
                    SEED,
                    "--max-time",
                    str(LONGEST_S),
                    "--continue-on-failure",
                    "--max-failures",
                    "50",
                    "--no-shrink",
                ),
                *("--suppress-health-check", "all", "--no-color", "--warnings", "off", "--generation-database", "none"),
            ],
            cwd=tmp_path,
            env=os.environ | {"SCHEMATHESIS_HOOKS": "tests.acceptance.schema_checks", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
    assert checked.returncode == 0, checked.stdout[-30_000:] + checked.stderr[-3_000:]
    assert "Coverage" in checked.stdout


def fill(api: Api) -> None:
    """Have something of everything, under the numbers that examples name."""
    api.get("/openapi.json")  # making it takes a moment, and schemathesis waits ten seconds at most
    crew_id = api.generate()["crew_id"]
    job = api.post("/generation/bulk-generate", {"name": "One", "objectives": [{"objective": {"text": "A brief."}}]})
    finish_rows(api.front_door, job["id"])
    run_id = put_finished_run(api.front_door, crew_id)
    api.post(f"/generation/runs/{run_id}/outcome", {"succeeded": True})

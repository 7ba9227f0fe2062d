"""Nobody gets round a limit by letting crewgen ask for them."""

import json
from decimal import Decimal
from pathlib import Path

from crewgen_core.app import Crewgen
from crewgen_core.models.person import Role
from crewgen_core.models.run import RunSettings
from crewgen_core.run_process import judge
from crewgen_core.settings import Settings
from tests.support.crews import sequential_crew
from tests.support.ended_runs import add_run
from tests.support.model_server import ModelServer, say

MODEL = "openai/gpt-5-mini"


def test_whoever_started_a_run_pays_the_model_that_judges_it(tmp_path: Path, model_server: ModelServer) -> None:
    model_server.script = [say(json.dumps({"tasks": [], "succeeded": True, "reason": "All of it is there."}))]
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", spend_per_day_usd=Decimal(1))
    house = Crewgen(settings)
    ada = house.acting_for(house.people.sign_in("https://id.example|ada", "ada@example.org", "Ada", Role.EDITOR))
    token = ada.people.make_token("nightly", "write").row.id
    stored = ada.crews.save(sequential_crew())
    with ada.database.begin() as connection:
        results = {
            task.key: "Prices drove churn: 40 % of those who left named them first." for task in stored.crew.tasks
        }
        run = RunSettings(judge="model", judge_model=MODEL)
        run_id = add_run(connection, stored, results, run, owner_id=ada.person.id, token_id=token)
    judge(run_id, settings)
    assert len(model_server.requests) == 1
    program = house.acting_for(ada.person.limit_to("write", token))
    used = {standing.whose: standing.used for standing in program.limits.describe() if standing.kind == "spend"}
    assert used["person"] == used["token"] > 0
    assert [standing.used for standing in house.limits.describe() if standing.kind == "spend"] == [0]


def test_a_run_of_nobody_known_is_judged_too(tmp_path: Path, model_server: ModelServer) -> None:
    model_server.script = [say(json.dumps({"tasks": [], "succeeded": True, "reason": "All of it is there."}))]
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}")
    house = Crewgen(settings)
    stored = house.crews.save(sequential_crew())
    with house.database.begin() as connection:
        results = {
            task.key: "Prices drove churn: 40 % of those who left named them first." for task in stored.crew.tasks
        }
        run_id = add_run(connection, stored, results, RunSettings(judge="model", judge_model=MODEL))
    judge(run_id, settings)
    assert house.outcomes.find_of_run(run_id)

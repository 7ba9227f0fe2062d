"""Figures for Prometheus, and whether the server can work."""

from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from crewgen_core.app import Crewgen
from crewgen_core.models.person import Role
from crewgen_core.settings import Settings
from crewgen_core.storage import people
from tests.support.model_server import ModelServer, refuse
from tests.support.served_api import Api, call

BRIEF = {"objective": {"text": "Write a two-page brief about electric bikes."}}


def read_figures(text: str) -> dict[str, dict[tuple[str, ...], float]]:
    """Return the samples by name and values of their labels, in the order of the labels' names."""
    figures: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = tuple(sample.labels[name] for name in sorted(sample.labels))
            figures.setdefault(sample.name, {})[labels] = sample.value
    return figures


def ask_figures(api: Api) -> dict[str, dict[tuple[str, ...], float]]:
    answer = api.ask("GET", "/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return read_figures(answer.text)


def test_requests_are_counted_by_the_pattern_of_their_route(api: Api):
    before = ask_figures(api).get("crewgen_http_requests_total", {})
    for path in ("/generation/crews/991", "/generation/crews/992", "/made/up/address"):
        api.ask("GET", path)
    after = ask_figures(api)
    requests = after["crewgen_http_requests_total"]
    crew, nothing = ("GET", "/generation/crews/{crew_id}", "404"), ("GET", "(none)", "404")
    assert requests[crew] - before.get(crew, 0) == 2
    assert requests[nothing] - before.get(nothing, 0) == 1
    assert "/made/up/address" not in str(requests)
    assert after["crewgen_http_request_seconds_count"][crew[:2]] >= 2


def test_what_happened_in_the_database_is_counted(api: Api, model_server: ModelServer):
    before = ask_figures(api)
    api.post("/generation/generate", {**BRIEF, "model": ""})
    api.post("/generation/generate", {**BRIEF, "model": "openai/gpt-5-mini", "fresh": True})
    model_server.script = [refuse(401)]
    api.post("/generation/generate", {**BRIEF, "model": "openai/gpt-5-mini", "fresh": True})
    after = ask_figures(api)

    def grown(name: str, *labels: str) -> float:
        return after[name].get(labels, 0) - before.get(name, {}).get(labels, 0)

    assert grown("crewgen_generations_total", "built-in", "single", "completed") == 1
    assert grown("crewgen_generations_total", "openai/gpt-5-mini", "single", "completed") == 1
    assert grown("crewgen_generations_total", "openai/gpt-5-mini", "single", "fell_back") == 1
    assert grown("crewgen_model_calls_total", "crewgen", "openai", "answered") == 1
    assert grown("crewgen_model_calls_total", "crewgen", "openai", "failed") == 1
    assert grown("crewgen_model_tokens_in_total", "crewgen", "openai", "answered") == 1_200
    assert grown("crewgen_model_tokens_out_total", "crewgen", "openai", "answered") == 800
    assert grown("crewgen_model_usd_total", "crewgen", "openai", "answered") > 0
    assert after["crewgen_database_up"] == {(): 1}
    assert after["crewgen_open_model_calls"] == {(): 0}
    assert after["crewgen_workers"] == {(): 0}


def test_rows_of_jobs_are_counted_by_state(api: Api):
    before = ask_figures(api)["crewgen_job_items"]
    api.front_door.bulk.start("two.csv", b"objective\nPlan a wedding\nPlan a launch\n", _new_job())
    after = ask_figures(api)
    assert after["crewgen_job_items"]["pending",] - before.get(("pending",), 0) == 2
    assert after["crewgen_jobs"]["running",] >= 1


def _new_job() -> Any:
    from crewgen_core.models.job import NewJob

    return NewJob(name="two")


def test_a_database_that_cannot_be_read_is_told_by_figures_and_health(tmp_path: Path):
    front_door = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", workers=0))
    with call(front_door) as api:
        api.generate()
        front_door.database.close()
        for ending in ("", "-wal", "-shm"):
            (tmp_path / f"crewgen.db{ending}").unlink(missing_ok=True)
        (tmp_path / "crewgen.db").write_bytes(b"no database " * 1_000)
        health = api.ask("GET", "/health")
        assert health.status_code == 503
        assert health.json()["parts"]["database"] == "failing"
        assert "crewgen.db" not in health.text
        assert ask_figures(api)["crewgen_database_up"] == {(): 0}


def test_tables_of_a_newer_version_are_told(tmp_path: Path):
    front_door = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", workers=0))
    with call(front_door) as api:
        api.generate()
        with front_door.database.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        health = api.ask("GET", "/health")
        assert health.status_code == 503
        assert health.json()["parts"] == {"database": "ok", "migrations": "failing", "disk": "ok"}
    front_door.database.close()


@pytest.mark.parametrize(("role", "status"), [(Role.ADMIN, 200), (Role.EDITOR, 403)])
def test_figures_are_for_administrators_and_their_tokens_of_any_scope(tmp_path: Path, role: Role, status: int):
    front_door = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}", workers=0))
    with front_door.database.begin() as connection:
        people.add_person(connection, "them", "a@example.org", "Ada", role)
    person = front_door.people.sign_in("them", "a@example.org", "Ada", role)
    token = front_door.acting_for(person).people.make_token("watch", "read").text
    with call(front_door) as api:
        answer = api.ask("GET", "/metrics", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status
    front_door.database.close()

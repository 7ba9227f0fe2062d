"""Runs and outcomes through the API."""

import pytest

from tests.support.runs import ask, begin, put_finished_run, put_run
from tests.support.served_api import Api


@pytest.fixture(scope="module")
def crew_id(api: Api) -> int:
    return api.generate()["crew_id"]


def first_task(api: Api, crew_id: int) -> str:
    return api.front_door.crews.get(crew_id).crew.tasks[0].key


def test_what_cannot_run_here_is_told_with_what_is_missing(api: Api, crew_id: int):
    answer = api.ask("POST", "/generation/runs", json={"crew_id": crew_id, "settings": {"dry": True}})
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:crewgen:problem:conflict"
    assert api.ask("POST", "/generation/runs", json={"crew_id": 987654}).status_code == 404


def test_a_run_is_looked_at_and_answered(api: Api, crew_id: int):
    run_id = put_run(api.front_door, crew_id)
    task = first_task(api, crew_id)
    begin(api.front_door, run_id, task)
    question_id = ask(api.front_door, run_id, task, "A draft.")
    assert api.get(f"/generation/runs/{run_id}")["question"]["draft"] == "A draft."
    assert [run["id"] for run in api.get("/generation/runs", crew_id=crew_id, state="waiting")["items"]] == [run_id]
    wrong = api.ask("POST", f"/generation/runs/{run_id}/answer", json={"question_id": question_id + 1})
    assert wrong.status_code == 409
    answered = api.post(f"/generation/runs/{run_id}/answer", {"question_id": question_id, "text": "Shorter."})
    assert answered["answer"] == "Shorter."


def test_a_run_that_has_ended_cannot_be_stopped(api: Api, crew_id: int):
    run_id = put_finished_run(api.front_door, crew_id)
    assert api.ask("POST", f"/generation/runs/{run_id}/stop").status_code == 409


def test_what_came_of_runs_is_recorded_and_listed_and_forgotten(api: Api, crew_id: int):
    run_id = put_finished_run(api.front_door, crew_id)
    here = api.post(f"/generation/runs/{run_id}/outcome", {"succeeded": True, "rating": 4})
    there = api.post("/generation/outcomes", {"crew_id": crew_id, "succeeded": False, "cost_usd": 0.5, "tokens": 10})
    listed = api.get("/generation/outcomes", crew_id=crew_id)["items"]
    assert [outcome["id"] for outcome in listed] == [there["id"], here["id"]]
    assert [one["id"] for one in api.get("/generation/outcomes", succeeded=True)["items"]] == [here["id"]]
    assert api.get(f"/generation/outcomes/{there['id']}")["cost_usd"] == 0.5
    assert api.ask("DELETE", f"/generation/outcomes/{there['id']}").status_code == 204
    assert api.ask("GET", f"/generation/outcomes/{there['id']}").status_code == 404


def test_metrics_tell_what_happened_over_some_days(api: Api, crew_id: int):
    now = api.get("/generation/metrics")["overview"]["now"]
    assert now["completed"] >= 1
    none = api.get("/generation/metrics", first="2020-01-01", last="2020-01-31", state=["failed", "completed"])
    assert none["overview"]["now"]["requests"] == 0
    assert (
        api.ask("GET", "/generation/metrics", params={"first": "2020-02-01", "last": "2020-01-01"}).status_code == 422
    )
    assert api.ask("GET", "/generation/metrics", params={"first": "0001-01-01"}).status_code == 422

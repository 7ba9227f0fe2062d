"""Generating through the API."""

import time

from tests.support.served_api import Api


def test_an_objective_becomes_a_crew_that_is_stored(api: Api):
    answer = api.ask("POST", "/generation/generate", json={"objective": {"text": "Write a brief about bikes."}})
    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/v1/generation/crews/{made['crew_id']}"
    assert made["design"]["crew"] == api.front_door.crews.get(made["crew_id"]).crew.model_dump(mode="json")


def test_who_does_not_wait_is_told_where_to_look(api: Api):
    answer = api.ask(
        "POST", "/generation/generate", params={"wait": "false"}, json={"objective": {"text": "Write a brief."}}
    )
    told = answer.json()
    assert answer.status_code == 202
    assert answer.headers["Location"] == told["status"] == f"/api/v1/generation/requests/{told['request_id']}"
    while (request := api.front_door.get_request(told["request_id"])).state in ("pending", "generating"):
        time.sleep(0.02)
    assert request.state == "completed"


def test_an_unknown_template_is_told_and_the_request_is_kept(api: Api):
    body = {"objective": {"text": "Write a brief about bikes.", "template": "there-is-none"}}
    assert api.ask("POST", "/generation/generate", json=body).status_code == 404
    assert api.front_door.list_requests(limit=1)[0].state == "failed"

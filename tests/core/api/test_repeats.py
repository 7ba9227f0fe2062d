"""Requests that come twice are done once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
from sqlalchemy import select

from crewgen_core.models.person import Role
from crewgen_core.storage.tables import people_tables
from tests.support.served_api import Api

BRIEF = {"objective": {"text": "Write a two-page brief about electric bikes."}}


def ask(api: Api, key: str | bytes, body: object = BRIEF, path: str = "/generation/generate") -> httpx.Response:
    return api.ask("POST", path, json=body, headers={"Idempotency-Key": key})


def test_the_same_request_again_gives_the_first_answer_and_makes_nothing(api: Api):
    key = str(uuid4())
    first = ask(api, key)
    before = api.front_door.crews.count()
    again = ask(api, key)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert api.front_door.crews.count() == before


def test_a_key_of_another_request_is_refused(api: Api):
    key = str(uuid4())
    ask(api, key)
    other = ask(api, key, {"objective": {"text": "Something else entirely, please."}})
    assert other.status_code == 422
    assert other.json()["type"] == "urn:crewgen:problem:idempotency-key-reused"
    assert ask(api, key, BRIEF, "/generation/analyze").status_code == 422


def test_what_came_to_nothing_may_be_tried_again_with_the_same_key(api: Api):
    key = str(uuid4())
    assert ask(api, key, {"objective": {"text": ""}}).status_code == 422
    assert ask(api, key).status_code == 201


def test_many_at_once_with_one_key_make_one_crew(api: Api):
    key, before = str(uuid4()), api.front_door.crews.count()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(api, key), range(8)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert api.front_door.crews.count() == before + 1
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert all(answer.json()["type"].endswith("still-running") for answer in answers if answer.status_code == 409)


def test_a_file_may_be_uploaded_again_whatever_its_form_looks_like(api: Api):
    key = {"Idempotency-Key": str(uuid4())}
    jobs = [
        api.ask(
            "POST",
            "/generation/bulk-generate/upload",
            files={"file": ("a.csv", b"objective\nWrite a brief\n", "text/csv")},
            headers=key,
        ).json()["id"]
        for _ in range(2)
    ]
    assert jobs[0] == jobs[1]


def test_a_key_that_is_none_is_refused(api: Api):
    for key in ("", "a b", "x" * 201, "ключ".encode()):
        assert ask(api, key).status_code == 422


def test_nothing_is_kept_for_whoever_may_only_look(api: Api):
    person = api.front_door.people.sign_in("https://id.example|Vera", "vera@example.org", "Vera", Role.VIEWER)
    token = api.front_door.acting_for(person).people.make_token("looks", "read").text
    headers = {"Idempotency-Key": "looks-again-and-again", "Authorization": f"Bearer {token}"}
    answers = [api.ask("POST", "/generation/analyze", json=BRIEF, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert "Idempotent-Replayed" not in answers[1].headers
    with api.front_door.database.read() as connection:
        keys = select(people_tables.idempotency_keys).where(people_tables.idempotency_keys.c.caller == person.subject)
        assert connection.execute(keys).all() == []

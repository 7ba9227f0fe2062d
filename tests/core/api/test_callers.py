"""Who calls, and what they may do."""

from crewgen_core.app import Crewgen
from crewgen_core.models.person import Person, Role, Scope
from tests.support.served_api import Api

BRIEF = {"objective": {"text": "Write a two-page brief about electric bikes."}}


def sign_in(api: Api, name: str, role: Role) -> Person:
    return api.front_door.people.sign_in(f"https://id.example|{name}", f"{name}@example.org", name, role)


def make_token(api: Api, name: str, role: Role, scope: Scope) -> str:
    door: Crewgen = api.front_door.acting_for(sign_in(api, name, role))
    return door.people.make_token(f"{name}'s", scope).text


def with_token(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_token_speaks_for_its_person(api: Api):
    token = make_token(api, "Ada", Role.EDITOR, "write")
    me = api.ask("GET", "/me", headers=with_token(token)).json()
    assert (me["name"], me["role"]) == ("Ada", "editor")
    assert me["token_id"]
    assert api.get("/me") == {"id": None, "name": "Without login", "email": "", "role": "admin", "token_id": None}


def test_a_token_to_read_may_look_and_make_nothing(api: Api):
    headers = with_token(make_token(api, "Bob", Role.EDITOR, "read"))
    assert api.ask("GET", "/generation/crews", headers=headers).status_code == 200
    assert api.ask("POST", "/generation/analyze", json=BRIEF, headers=headers).status_code == 200
    refused = api.ask("POST", "/generation/generate", json=BRIEF, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:crewgen:problem:not-allowed")


def test_a_revoked_token_is_worth_nothing_at_once(api: Api):
    text = make_token(api, "Cyd", Role.EDITOR, "write")
    assert api.ask("GET", "/me", headers=with_token(text)).status_code == 200
    door = api.front_door.acting_for(sign_in(api, "Cyd", Role.EDITOR))
    door.people.revoke_token(door.people.list_tokens()[0].id)
    refused = api.ask("GET", "/me", headers=with_token(text))
    assert (refused.status_code, refused.json()["type"]) == (401, "urn:crewgen:problem:not-signed-in")
    assert "revoked" in refused.json()["detail"]


def test_a_program_with_a_token_may_come_from_anywhere(api: Api):
    headers = with_token(make_token(api, "Dee", Role.VIEWER, "read")) | {"Origin": "https://elsewhere.example"}
    assert api.ask("GET", "/me", headers=headers).status_code == 200


def test_keys_of_one_person_say_nothing_about_those_of_another(api: Api):
    key = {"Idempotency-Key": "the-same-key"}
    tokens = [make_token(api, name, Role.EDITOR, "write") for name in ("Eve", "Flo")]
    answers = [api.ask("POST", "/generation/generate", json=BRIEF, headers=key | with_token(token)) for token in tokens]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["crew_id"] != answers[1].json()["crew_id"]

"""How requests are read, and what a caller is told when one cannot be answered."""

import json

import pytest

from tests.support.served_api import Api

BRIEF = {"objective": {"text": "Write a two-page brief about electric bikes."}}


def test_health_is_open_and_says_little(api: Api):
    answer = api.ask("GET", "/health")
    assert answer.json() == {
        "status": "ok",
        "parts": {"database": "ok", "migrations": "ok", "disk": "ok"},
        "version": "1.0.0",
    }


def test_every_answer_has_a_request_id_and_is_kept_by_nobody(api: Api):
    headers = api.ask("GET", "/generation/nothing").headers
    assert len(headers["X-Request-ID"]) == 32
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/nothing", 404, "no-such-route"),
        ("DELETE", "/health", 405, "method-not-allowed"),
        ("POST", "/generation/generate", 422, "invalid-request"),
    ],
)
def test_what_cannot_be_done_is_told_as_a_problem(api: Api, method: str, path: str, status: int, kind: str):
    answer = api.ask(method, path)
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["type"]) == (status, status, f"urn:crewgen:problem:{kind}")
    assert problem["instance"] == f"/api/v1{path}"
    assert problem["request_id"] == answer.headers["X-Request-ID"]
    assert problem["title"]
    assert problem["detail"]
    assert problem["hint"]


def test_a_wrong_method_is_told_which_there_are(api: Api):
    assert api.ask("PUT", "/generation/generate").status_code == 405
    assert api.ask("PUT", "/generation/generate").headers["Allow"] == "POST"


def test_a_fault_in_a_field_is_named_by_a_json_pointer(api: Api):
    answer = api.ask(
        "POST", "/generation/generate", json={"objective": {"text": "x", "max_agents": 0, "colour": "red"}}
    )
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/objective/max_agents", "#/objective/colour"]


def test_what_was_sent_is_not_repeated_in_the_problem(api: Api):
    answer = api.ask("POST", "/generation/generate", json={"objective": {"text": "x", "budget_usd": "sk-secret-value"}})
    assert answer.status_code == 422
    assert "sk-secret-value" not in answer.text


def test_an_unknown_parameter_is_refused_by_name(api: Api):
    answer = api.ask("POST", "/generation/generate", params={"wiat": "false"}, json=BRIEF)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"pointer": None, "parameter": "wiat", "detail": "there is no such parameter; there are wait"}
    ]


def test_a_parameter_that_is_given_twice_is_refused(api: Api):
    answer = api.ask("POST", "/generation/generate?wait=true&wait=false", json=BRIEF)
    assert answer.json()["errors"][0]["detail"] == "it is given twice"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[1, 2",
        b"\xff\xfe{}",
        b'{"objective": {"text": "a\\u0000b"}}',
        b'{"objective": {"text": "half \\ud83d of a letter"}}',
        b'{"objective": {"text": "x", "max_agents": 123456789012345678901234567890}}',
        b'{"objective": {"text": "x", "template_number": 9223372036854775808}}',
        b'{"objective": {"text": "x", "budget_usd": 1e999}}',
        b'{"objective": {"text": "x", "budget_usd": NaN}}',
        b'{"objective": {"text": "x", "budget_usd": Infinity}}',
        b'{"objective": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"null",
        b'"text"',
    ],
    ids=lambda body: body[:60].decode("latin-1"),
)
def test_a_body_that_nothing_could_hold_is_refused_and_breaks_nothing(api: Api, body: bytes):
    answer = api.ask("POST", "/generation/generate", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:crewgen:problem:invalid-request"


def test_a_whole_letter_outside_the_basic_plane_is_fine(api: Api):
    body = json.dumps({"objective": {"text": "Write a brief about bikes 🚲"}})
    answer = api.ask("POST", "/generation/generate", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["design"]["objective"]["text"].endswith("🚲")


@pytest.mark.parametrize(
    "media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_what_a_form_of_another_site_could_send_is_refused(api: Api, media: str):
    answer = api.ask("POST", "/generation/generate", content=json.dumps(BRIEF), headers={"Content-Type": media})
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_request_that_another_site_sends_through_a_browser_is_refused(api: Api, headers: dict[str, str]):
    answer = api.ask("POST", "/generation/generate", json=BRIEF, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:crewgen:problem:foreign-origin"


def test_a_request_of_the_dashboards_own_page_is_answered(api: Api):
    own = str(api.client.base_url).removesuffix("/api/v1/")
    headers = {"Origin": own, "Sec-Fetch-Site": "same-origin"}
    assert api.ask("POST", "/generation/generate", json=BRIEF, headers=headers).status_code == 201


@pytest.mark.parametrize("said", ["Bearer nonsense", "Bearer", "Basic dTpw", "nonsense", "Bearer " + "x" * 5_000])
def test_a_token_that_is_none_is_refused_even_where_none_is_needed(api: Api, said: str):
    answer = api.ask("POST", "/generation/generate", json=BRIEF, headers={"Authorization": said})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_body_that_is_too_large_is_refused_whether_or_not_its_size_is_said(api: Api):
    large = b" " * (11 * 2**20)
    media = {"Content-Type": "application/json"}
    assert api.ask("POST", "/generation/generate", content=large, headers=media).status_code == 413
    assert api.ask("POST", "/generation/generate", content=iter([large]), headers=media).status_code == 413

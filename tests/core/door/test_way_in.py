"""What a request meets before it reaches the dashboard, over real HTTP."""

import json
from collections.abc import Iterator

import pytest
import structlog

from crewgen_core.door import bodies
from crewgen_core.logs import configure_logs
from crewgen_core.settings import Settings
from tests.support.opened_door import GOOD_COOKIE, MOST_UPLOAD_BYTES, OpenedDoor

LOGIN = {
    "oidc_metadata_url": "https://login.example.com/.well-known/openid-configuration",
    "oidc_client_id": "crewgen",
    "oidc_client_secret": "s",
    "cookie_secret": "0123456789" * 4,
    "public_url": "https://crewgen.example.com",
}
FROM_AFAR = "203.0.113.9"


@pytest.fixture(scope="module")
def without_login() -> Iterator[OpenedDoor]:
    with OpenedDoor(Settings(log_level="ERROR")) as door:
        yield door


@pytest.fixture(scope="module")
def with_login() -> Iterator[OpenedDoor]:
    with OpenedDoor(Settings.model_validate(LOGIN), client=FROM_AFAR) as door:
        yield door


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST:8501", "localhost."])
def test_the_names_of_this_machine_are_let_in(host: str, without_login: OpenedDoor):
    assert without_login.ask("/", headers={"Host": host})[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "a b", "10.0.0.5"]
)
def test_a_name_that_was_pointed_to_this_machine_is_turned_away(host: str, without_login: OpenedDoor):
    status, headers, text = without_login.ask("/", headers={"Host": host})
    assert status == 421
    assert "CREWGEN_ALLOWED_HOSTS" in text
    assert headers["x-content-type-options"] == "nosniff"
    assert " 421 " in without_login.open_socket({"Host": host})


def test_further_names_are_let_in_where_they_are_configured():
    with OpenedDoor(Settings(allowed_hosts=("crewgen.lan",), public_url="http://crewgen.example:8501")) as door:
        assert [door.ask("/", headers={"Host": host})[0] for host in ("crewgen.lan", "crewgen.example:8501")] == [
            200
        ] * 2


def test_without_login_only_this_machine_is_let_in():
    with OpenedDoor(Settings(), client=FROM_AFAR) as door:
        for path in ("/", "/settings", "/media/a.csv", "/_stcore/health", "/api/v1/health"):
            status, _, text = door.ask(path)
            assert status == 403
            assert "no login" in text
        assert " 403 " in door.open_socket({})


def test_a_dashboard_that_is_open_to_the_network_is_reached_by_address_but_by_no_foreign_name():
    with OpenedDoor(Settings(open_to_network=True), client=FROM_AFAR) as door:
        asked = [door.ask("/", headers={"Host": host})[0] for host in ("10.0.0.5:8501", "[fe80::1]", "evil.example")]
    assert asked == [200, 200, 421]


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:3000", "null", "http://["])
def test_pages_of_other_origins_open_no_stream_and_change_nothing(origin: str, without_login: OpenedDoor):
    assert " 403 " in without_login.open_socket({"Origin": origin})
    assert without_login.ask("/api/v1/crews", "POST", {"Origin": origin}, b"{}")[0] == 403
    assert without_login.ask("/", headers={"Origin": origin})[0] == 200


def test_own_pages_and_programs_open_streams(without_login: OpenedDoor, with_login: OpenedDoor):
    own = {"Origin": f"http://localhost:{without_login.port}"}
    assert " 101 " in without_login.open_socket(own)
    assert " 101 " in without_login.open_socket({})
    assert " 101 " in with_login.open_socket({"Origin": "https://crewgen.example.com"})


def test_pages_under_the_public_name_that_came_in_the_clear_are_of_another_origin(with_login: OpenedDoor):
    public = {"Host": "crewgen.example.com"}
    assert " 101 " in with_login.open_socket(public | {"Origin": "https://crewgen.example.com"})
    assert " 403 " in with_login.open_socket(public | {"Origin": "http://crewgen.example.com"})


@pytest.mark.parametrize("path", ["/_stcore/agent/interact", "/_stcore/metrics", "/_stcore/script-health-check"])
def test_streamlits_ways_in_for_programs_are_closed_to_everybody(
    path: str, without_login: OpenedDoor, with_login: OpenedDoor
):
    assert without_login.ask(path)[0] == 404
    assert with_login.ask(path, headers={"Cookie": GOOD_COOKIE, "Host": "crewgen.example.com"})[0] == 404


@pytest.mark.parametrize(
    "path", ["/media/a.csv", "/%6dedia/a.csv", "/_stcore/upload_file/s/f", "/_stcore/whatever", "/component/a/b.js"]
)
def test_with_login_files_are_for_those_who_signed_in(path: str, with_login: OpenedDoor):
    host = {"Host": "crewgen.example.com"}
    assert with_login.ask(path, headers=host)[0] == 401
    assert with_login.ask(path, headers={**host, "Cookie": "signed=forged"})[0] == 401
    assert with_login.ask(path, headers={**host, "Cookie": GOOD_COOKIE})[0] == 200


@pytest.mark.parametrize("path", ["/", "/settings", "/_stcore/health", "/_stcore/host-config", "/static/js/index.js"])
def test_what_the_sign_in_page_needs_is_open(path: str, with_login: OpenedDoor):
    assert with_login.ask(path, headers={"Host": "crewgen.example.com"})[0] == 200


def test_no_cookie_reaches_the_api(with_login: OpenedDoor):
    text = with_login.ask("/api/v1/crews", headers={"Host": "crewgen.example.com", "Cookie": GOOD_COOKIE})[2]
    assert json.loads(text)["cookie"] == ""


def test_every_answer_has_strict_headers(with_login: OpenedDoor):
    for path, status in (("/", 200), ("/media/a", 401), ("/_stcore/metrics", 404), ("/fails", 500)):
        answer = with_login.ask(path, headers={"Host": "crewgen.example.com"})
        assert answer[0] == status
        headers = answer[1]
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["strict-transport-security"].startswith("max-age=")
        assert "camera=()" in headers["permissions-policy"]


def test_answers_for_one_person_are_kept_by_nobody(with_login: OpenedDoor):
    for path in ("/api/v1/crews", "/media/a.csv"):
        headers = with_login.ask(path, headers={"Host": "crewgen.example.com", "Cookie": GOOD_COOKIE})[1]
        assert headers["cache-control"] == "no-store"


def test_a_cookie_never_travels_in_the_clear_where_people_come_by_https(
    without_login: OpenedDoor, with_login: OpenedDoor
):
    assert with_login.ask("/", headers={"Host": "crewgen.example.com"})[1]["set-cookie"] == "a=b; Path=/; Secure"
    assert without_login.ask("/")[1]["set-cookie"] == "a=b; Path=/"
    assert "strict-transport-security" not in without_login.ask("/")[1]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(without_login: OpenedDoor):
    status, headers, text = without_login.ask(
        "/api/v1/crews", "POST", {"Content-Length": str(bodies.MOST_API_BYTES + 1)}, b""
    )
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert json.loads(text)["status"] == 413
    assert without_login.ask("/settings", "POST", body=b"x" * (bodies.MOST_OTHER_BYTES + 1))[0] == 413
    assert without_login.ask("/_stcore/upload_file/s/f", "PUT", body=b"x" * MOST_UPLOAD_BYTES)[0] == 200


def test_a_body_of_unsaid_length_is_cut_off_at_the_limit(without_login: OpenedDoor):
    def pieces() -> Iterator[bytes]:
        for _ in range(3):
            yield b"x" * (bodies.MOST_OTHER_BYTES // 2)

    assert without_login.ask("/settings", "POST", body=pieces())[0] == 413


def test_a_body_that_comes_too_slowly_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, without_login: OpenedDoor):
    monkeypatch.setattr(bodies, "FIRST_PATIENCE_S", 0.05)
    assert " 408 " in without_login.send_slowly("/api/v1/crews", length=100, part=b"{")


@pytest.mark.parametrize(
    ("given", "kept"), [("from-the-proxy.01", True), ("a\tb", False), ("x" * 65, False), ("short", False)]
)
def test_a_request_keeps_a_well_formed_id_and_gets_one_otherwise(given: str, kept: bool, without_login: OpenedDoor):
    answered = without_login.ask("/", headers={"X-Request-ID": given})[1]["x-request-id"]
    assert (answered == given) is kept
    assert len(answered) >= 8


def test_the_log_has_one_line_for_each_request_without_secrets(capfd: pytest.CaptureFixture[str]):
    before = structlog.get_config()
    configure_logs("INFO", "json")
    try:
        with OpenedDoor(Settings()) as door:
            cookies = {"Cookie": "secret=cookie", "Authorization": "Bearer secret-token", "X-Request-ID": "request-1"}
            door.ask("/_stcore/upload_file/secret-session/f?code=secret", "PUT", cookies, b"secret body")
            door.ask("/%0Aforged line?token=secret".replace(" ", "%20"))
            door.ask("/fails")
            door.ask("/_stcore/health")
    finally:
        structlog.configure(**before)
    written = capfd.readouterr().err
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["method"], line["path"], line["status"]) for line in requests] == [
        ("PUT", "/_stcore/upload_file/…", 200),
        ("GET", "/%0Aforged%20line", 200),
        ("GET", "/fails", 500),
    ]
    assert (requests[0]["request"], requests[0]["person"]) == ("request-1", 7)
    assert all(line["ms"] >= 0 for line in requests)
    assert "secret" not in written
    assert "sk-abcdefgh" not in written


def test_a_fault_is_told_by_an_id_and_nothing_else(without_login: OpenedDoor):
    status, headers, text = without_login.ask("/fails")
    assert status == 500
    assert headers["x-request-id"] in text
    assert "sk-" not in text

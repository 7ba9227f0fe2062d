import pytest

from crewgen_core.door.ended import EndedSignIns
from crewgen_core.door.identity import read_identity
from crewgen_core.door.login import read_login
from crewgen_core.errors import UnknownSetting
from crewgen_core.settings import Settings

WHOLE = {
    "oidc_metadata_url": "https://login.example.com/.well-known/openid-configuration",
    "oidc_client_id": "crewgen",
    "oidc_client_secret": "s",
    "cookie_secret": "0123456789" * 4,
    "public_url": "https://crewgen.example.com/",
}
NOW = 1_800_000_000.0
CLAIMS = {
    "is_logged_in": True,
    "iss": "https://login.example.com",
    "sub": "42",
    "iat": NOW - 10,
    "name": "Ada\n Lovelace",
}


def read(**claims: object):
    return read_identity({**CLAIMS, **claims}, NOW, 3_600)


def test_nothing_set_is_no_login():
    assert read_login(Settings()) is None


def test_a_whole_login_is_what_streamlit_needs():
    login = read_login(Settings.model_validate(WHOLE))
    assert login is not None
    assert login.provider == "login.example.com"
    assert login.make_section() == {
        "redirect_uri": "https://crewgen.example.com/oauth2callback",
        "cookie_secret": "0123456789" * 4,
        "client_id": "crewgen",
        "client_secret": "s",
        "server_metadata_url": WHOLE["oidc_metadata_url"],
    }
    assert "0123456789" not in repr(login)


@pytest.mark.parametrize("missing", WHOLE)
def test_half_a_login_is_refused_with_what_is_missing(missing: str):
    half = {name: value for name, value in WHOLE.items() if name != missing}
    with pytest.raises(UnknownSetting, match=f"CREWGEN_{missing.upper()} is missing"):
        read_login(Settings.model_validate(half))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cookie_secret", "too short"),
        ("oidc_metadata_url", "http://login.example.com/"),
        ("oidc_metadata_url", "login"),
        ("public_url", "crewgen.example.com"),
        ("public_url", "https://crewgen.example.com/studio"),
        ("public_url", "javascript://x"),
    ],
)
def test_a_login_that_would_not_be_safe_is_refused(name: str, value: str):
    with pytest.raises(UnknownSetting, match=f"CREWGEN_{name.upper()}"):
        read_login(Settings.model_validate({**WHOLE, name: value}))


def test_a_person_is_known_by_provider_and_subject():
    person = read(email="ada@example.com", email_verified=True)
    assert person is not None
    assert (person.subject, person.name) == ("https://login.example.com|42", "Ada Lovelace")


@pytest.mark.parametrize(
    "claims",
    [
        {"is_logged_in": False},
        {"is_logged_in": "true"},
        {"iss": None},
        {"iss": ""},
        {"sub": None},
        {"sub": ""},
        {"iat": None},
        {"iat": True},
        {"iat": NOW - 3_600},
        {"iat": NOW + 10_000},
        {"iat": float("nan")},
    ],
)
def test_what_does_not_say_who_and_since_when_is_nobody(claims: dict[str, object]):
    assert read(**claims) is None


@pytest.mark.parametrize(
    ("claims", "admin"),
    [
        ({"email": "Ada@Example.com", "email_verified": True}, True),
        ({"email": "ada@example.com", "email_verified": False}, False),
        ({"email": "ada@example.com"}, False),
        ({"email": "ada@example.com", "email_verified": "true"}, False),
        ({"email": "eve@example.com", "email_verified": True}, False),
        ({"email": "", "email_verified": True}, False),
    ],
)
def test_only_an_email_that_is_verified_makes_an_administrator(claims: dict[str, object], admin: bool):
    person = read(**claims)
    assert person is not None
    assert person.is_among(("ada@example.com",)) is admin


def test_a_sign_in_that_was_ended_is_over_and_a_later_one_is_not():
    ended, first, later = EndedSignIns(), read(), read(iat=NOW - 5)
    assert first is not None
    ended.end(first)
    assert first in ended
    assert read() in ended
    assert later not in ended
    assert None not in ended


def test_a_subject_may_be_named_as_administrator_where_a_provider_verifies_no_emails():
    person = read()
    assert person is not None
    assert person.is_among(("https://login.example.com|42",))
    assert not person.is_among(())

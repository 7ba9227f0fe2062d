from pathlib import Path

import pytest

from crewgen_core.errors import UnknownSetting
from crewgen_core.settings import load_settings


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CREWGEN_MODEL", "CREWGEN_LOG_LEVEL", "CREWGEN_MODEL_DEADLINE_SECONDS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "secrets.toml"


def test_the_environment_is_read(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREWGEN_MODEL", "openai/gpt-5.6-luna")
    assert load_settings(secrets).model == "openai/gpt-5.6-luna"


def test_without_anything_set_the_built_in_engine_is_used(secrets: Path) -> None:
    assert load_settings(secrets).model == ""


def test_an_empty_variable_counts_as_not_set(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREWGEN_LOG_LEVEL", "")
    assert load_settings(secrets).log_level == "INFO"


def test_keys_of_the_file_reach_the_environment_but_never_replace_what_is_there(secrets: Path) -> None:
    secrets.write_text('SOME_API_KEY = "file"\nOTHER_API_KEY = "file"\nN = 3\n[part]\nX = "y"\n', encoding="utf-8")
    environment = {"OTHER_API_KEY": "mine"}
    load_settings(secrets, environment)
    assert environment == {"SOME_API_KEY": "file", "OTHER_API_KEY": "mine"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CREWGEN_MODEL_DEADLINE_SECONDS", "soon"),
        ("CREWGEN_MODEL_DEADLINE_SECONDS", "0"),
        ("CREWGEN_LOG_LEVEL", "LOUD"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(
    name: str, value: str, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UnknownSetting, match=name):
        load_settings(secrets)


@pytest.mark.parametrize("content", [b"a = [", b"\xff\xfe"])
def test_a_broken_secrets_file_is_refused_without_showing_its_content(content: bytes, secrets: Path) -> None:
    secrets.write_bytes(content)
    with pytest.raises(UnknownSetting, match=r"secrets\.toml"):
        load_settings(secrets, {})


def test_names_are_written_with_commas(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREWGEN_ADMINS", "ada@example.com, eve@example.com,")
    assert load_settings(secrets).admins == ("ada@example.com", "eve@example.com")


def test_the_section_of_streamlits_login_is_read_as_settings(secrets: Path) -> None:
    secrets.write_text(
        '[auth]\nredirect_uri = "https://crewgen.example.com/oauth2callback"\ncookie_secret = "c"\n'
        '[auth.keycloak]\nclient_id = "i"\nclient_secret = "s"\nserver_metadata_url = "https://u"\n'
        'client_kwargs = {prompt = "login"}\n',
        encoding="utf-8",
    )
    environment = {"CREWGEN_COOKIE_SECRET": "mine"}
    load_settings(secrets, environment)
    assert environment == {
        "CREWGEN_PUBLIC_URL": "https://crewgen.example.com",
        "CREWGEN_COOKIE_SECRET": "mine",
        "CREWGEN_OIDC_CLIENT_ID": "i",
        "CREWGEN_OIDC_CLIENT_SECRET": "s",
        "CREWGEN_OIDC_METADATA_URL": "https://u",
        "CREWGEN_OIDC_CLIENT_KWARGS": '{"prompt": "login"}',
    }


@pytest.mark.parametrize(
    "section",
    [
        '[auth]\nredirect_uri = "https://crewgen.example.com"\n',
        '[auth.a]\nclient_id = "i"\n[auth.b]\nclient_id = "j"\n',
    ],
)
def test_a_section_that_cannot_be_used_is_refused(section: str, secrets: Path) -> None:
    secrets.write_text(section, encoding="utf-8")
    with pytest.raises(UnknownSetting, match=r"\[auth\]"):
        load_settings(secrets, {})


def test_parameters_that_are_no_json_are_refused(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREWGEN_OIDC_CLIENT_KWARGS", "{")
    with pytest.raises(UnknownSetting, match="CREWGEN_OIDC_CLIENT_KWARGS"):
        load_settings(secrets)

"""What the doctor says about a house that is well, and about one that is not."""

from pathlib import Path

import pytest

from crewgen_core.catalog.loader import load_catalog
from crewgen_core.front.doctor import Check, examine
from crewgen_core.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}")


def checks(settings: Settings, environment: dict[str, str] | None = None) -> dict[str, Check]:
    """Return all checks by name."""
    return {check.name: check for check in examine(settings, load_catalog(), environment or {})}


def test_nothing_is_at_fault_without_any_key(settings: Settings):
    found = checks(settings)
    assert {check.status for check in found.values()} <= {"ok", "optional"}
    assert found["Providers"].status == "optional"
    assert "built-in" in found["Providers"].message


def test_everything_that_is_not_well_says_what_to_do(settings: Settings):
    assert all(check.hint for check in checks(settings).values() if check.status != "ok")


def test_a_key_is_told_by_its_provider_and_never_shown(settings: Settings):
    found = checks(settings, {"OPENAI_API_KEY": "sk-very-secret"})
    assert (found["Providers"].status, "OpenAI" in found["Providers"].message) == ("ok", True)
    assert "sk-very-secret" not in str(found)


def test_a_database_that_cannot_be_opened_is_a_fault(tmp_path: Path):
    (tmp_path / "file").touch()
    found = checks(Settings(database_url=f"sqlite:///{tmp_path / 'file' / 'x.db'}"))
    assert (found["Database"].status, bool(found["Database"].hint)) == ("fault", True)


def test_a_password_in_the_address_of_the_database_is_not_shown():
    found = checks(Settings(database_url="nonsense://somebody:geheim@nowhere/x"))
    assert found["Database"].status == "fault"
    assert "geheim" not in str(found)


def test_a_tool_is_ready_once_its_keys_are_set(settings: Settings):
    without = checks(settings)["Tools"].message
    assert without != checks(settings, {"SERPER_API_KEY": "x"})["Tools"].message


def test_the_engine_that_makes_crews_is_named(settings: Settings):
    assert "built-in" in checks(settings)["Default engine"].message
    chosen = settings.model_copy(update={"model": "openai/gpt-5-mini"})
    assert "openai/gpt-5-mini" in checks(chosen)["Default engine"].message

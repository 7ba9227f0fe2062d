"""Fixtures of the pages: every test gets a database and an environment of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from pages.shared.session import front_door
from tests.support.sign_ins import LOGIN

ROUTER = Path(__file__).parents[2] / "pages" / "router.py"


@pytest.fixture
def crewgen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crewgen]:
    """The front door that the pages use, with a real SQLite database of this test and no model."""
    monkeypatch.setenv("CREWGEN_DATABASE_URL", f"sqlite:///{tmp_path / 'crewgen.db'}")
    monkeypatch.setenv("CREWGEN_MODEL", "")
    st.cache_resource.clear()
    door = front_door()
    yield door
    door.database.close()
    st.cache_resource.clear()


@pytest.fixture
def app(crewgen: Crewgen) -> AppTest:
    """The dashboard, not yet run."""
    return AppTest.from_file(str(ROUTER), default_timeout=30)


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch, crewgen: Crewgen) -> AppTest:
    """A dashboard with login, not yet run."""
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    crewgen.database.close()
    st.cache_resource.clear()
    return AppTest.from_file(str(ROUTER), default_timeout=30)

from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.models.design import Design
from crewgen_core.storage.database import Database
from tests.support.designs import make_design


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'data' / 'crewgen.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database.open(url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def design() -> Design:
    return make_design()

"""What the tests of threats share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.settings import Settings


@pytest.fixture
def crewgen(tmp_path: Path) -> Iterator[Crewgen]:
    """A front door with a database of its own and no keys."""
    opened = Crewgen(Settings(database_url=f"sqlite:///{tmp_path / 'crewgen.db'}"), {})
    yield opened
    if "database" in vars(opened):
        opened.database.close()

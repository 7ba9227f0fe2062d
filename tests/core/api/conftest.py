"""The API, served once for each module with a database of its own."""

from collections.abc import Iterator

import pytest

from crewgen_core.app import Crewgen
from crewgen_core.settings import Settings
from tests.support.served_api import Api, call


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The API of a dashboard without login."""
    database = tmp_path_factory.mktemp("api") / "crewgen.db"
    front_door = Crewgen(Settings(database_url=f"sqlite:///{database}", workers=0, crewai_python="/there/is/none"))
    with call(front_door) as served:
        yield served
    front_door.database.close()

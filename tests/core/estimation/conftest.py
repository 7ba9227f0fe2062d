import pytest

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.constants import Constants, load_constants
from tests.support.estimation import small_catalog


@pytest.fixture(scope="session")
def constants() -> Constants:
    return load_constants()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return small_catalog()

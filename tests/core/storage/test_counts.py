from decimal import Decimal

from crewgen_core.storage import requests
from crewgen_core.storage.counts import count
from crewgen_core.storage.database import Database
from tests.support.designs import make_design


def test_an_empty_database_counts_nothing(database: Database) -> None:
    with database.read() as connection:
        counted = count(connection)
    assert (counted.crews, counted.versions, counted.generation_usd) == (0, 0, 0)
    assert counted.requests == {"pending": 0, "generating": 0, "completed": 0, "failed": 0}


def test_costs_of_generating_are_summed_exactly(database: Database) -> None:
    with database.begin() as connection:
        for _ in range(10):
            design = make_design(cost_usd=Decimal("0.000001"))
            requests.complete(connection, requests.create(connection, design.objective), design)
        unknown = make_design(cost_usd=None)
        requests.complete(connection, requests.create(connection, unknown.objective), unknown)
        requests.create(connection, unknown.objective)
    with database.read() as connection:
        counted = count(connection)
    assert counted.generation_usd == Decimal("0.00001")
    assert counted.unknown_costs == 1
    assert (counted.crews, counted.versions) == (11, 11)
    assert counted.requests == {"pending": 1, "generating": 0, "completed": 11, "failed": 0}

import pytest
from sqlalchemy import select, update

from crewgen_core.errors import StorageFault
from crewgen_core.models.design import Design
from crewgen_core.storage import crews, requests
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import request_tables

_requests = request_tables.generation_requests


def store(database: Database, design: Design) -> tuple[int, int]:
    with database.begin() as connection:
        (stored,) = requests.store_designs(connection, [design], [None])
    return stored.request_id, stored.crew_id


def test_a_request_repeats_nothing_of_the_first_version_of_its_crew(database: Database, design: Design) -> None:
    store(database, design)
    with database.read() as connection:
        kept = connection.scalar(select(_requests.c.generation_result))
    assert kept == design.model_dump(mode="json", include={"analysis", "provenance"})


def test_a_design_comes_back_as_it_was_although_its_crew_was_edited(database: Database, design: Design) -> None:
    request_id, crew_id = store(database, design)
    edited = design.crew.model_copy(update={"name": "Edited", "agents": design.crew.agents[:1]})
    with database.begin() as connection:
        crews.save_version(connection, crew_id, edited, design.report, design.estimate, "Edited", 1)
    with database.read() as connection:
        assert requests.get(connection, request_id).design == design


def test_whole_designs_of_earlier_versions_are_still_read(database: Database, design: Design) -> None:
    request_id, _ = store(database, design)
    whole = design.model_copy(update={"crew": design.crew.model_copy(update={"name": "As it was kept then"})})
    with database.begin() as connection:
        connection.execute(update(_requests).values(generation_result=whole))
    with database.read() as connection:
        assert requests.get(connection, request_id).design == whole


@pytest.mark.parametrize("kept", [{}, {"crew": {}}, {"analysis": {}, "provenance": {}}])
def test_a_result_changed_by_hand_is_said_so(database: Database, design: Design, kept: dict[str, object]) -> None:
    request_id, _ = store(database, design)
    with database.begin() as connection:
        connection.execute(update(_requests).values(generation_result=kept))
    with pytest.raises(StorageFault, match=f"request {request_id} cannot be read"), database.read() as connection:
        requests.get(connection, request_id)

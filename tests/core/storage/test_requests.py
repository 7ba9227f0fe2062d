from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from crewgen_core.errors import NotFound, StorageFault
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Design
from crewgen_core.models.objective import Objective
from crewgen_core.storage import crews, requests
from crewgen_core.storage.clock import tell_time
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import crew_tables, request_tables
from tests.support import any_crew
from tests.support.designs import UNPRICED, make_design

OBJECTIVE = Objective(text="Plan a launch 🚀", context="B2B", max_agents=3, allowed_tools=(), template="launch")


def ask(database: Database, objective: Objective = OBJECTIVE, model: str | None = None, begun: bool = True) -> int:
    with database.begin() as connection:
        request_id = requests.create(connection, objective, model)
        if begun:
            requests.start(connection, request_id)
    return request_id


def age(database: Database, request_id: int, seconds: float) -> None:
    then = tell_time() - timedelta(seconds=seconds)
    row = request_tables.generation_requests
    with database.begin() as connection:
        connection.execute(update(row).where(row.c.id == request_id).values(created_at=then, started_at=then))


def test_a_request_is_pending_with_everything_that_was_asked(database: Database) -> None:
    request_id = ask(database, model="openai/gpt-5.6-luna", begun=False)
    with database.read() as connection:
        found = requests.get(connection, request_id)
    assert found.objective == OBJECTIVE
    assert (found.state, found.engine, found.model) == ("pending", "openai/gpt-5.6-luna", "openai/gpt-5.6-luna")
    assert (found.design, found.crew_id, found.started_at, found.completed_at) == (None, None, None, None)
    assert found.failure_reason == ""
    assert found.requirements == found.metrics == ()


def test_starting_makes_it_generating_once(database: Database) -> None:
    request_id = ask(database)
    with database.read() as connection:
        found = requests.get(connection, request_id)
    assert (found.state, found.engine) == ("generating", "Built-in")
    assert found.started_at is not None
    with pytest.raises(NotFound, match=f"no request {request_id} that waits"), database.begin() as connection:
        requests.start(connection, request_id)


def test_completing_stores_all_that_came_of_it(database: Database, design: Design) -> None:
    request_id = ask(database, design.objective)
    with database.begin() as connection:
        stored = requests.complete(connection, request_id, design)
    with database.read() as connection:
        found = requests.get(connection, request_id)
        crew = crews.get(connection, stored.crew_id)
    assert found.design == design
    assert (found.state, found.crew_id, found.generation_time_s) == ("completed", stored.crew_id, 0.25)
    assert found.completed_at is not None
    assert crew == stored
    assert (crew.request_id, crew.number, crew.note) == (request_id, 1, "Generated")
    assert crew.objective == design.objective
    assert len(found.requirements) > 5
    assert len(found.metrics) == 12


def test_completing_twice_keeps_the_one_crew(database: Database, design: Design) -> None:
    request_id = ask(database)
    with database.begin() as connection:
        first = requests.complete(connection, request_id, design)
    with database.begin() as connection:
        assert requests.complete(connection, request_id, design) == first
    with database.read() as connection:
        assert crews.count_crews(connection) == 1


def test_completing_that_fails_halfway_stores_nothing(database: Database, design: Design) -> None:
    request_id = ask(database)
    with pytest.raises(ZeroDivisionError), database.begin() as connection:
        requests.complete(connection, request_id, design)
        _ = 1 / 0
    with database.read() as connection:
        assert requests.get(connection, request_id).state == "generating"
        for table in (
            crew_tables.crews,
            crew_tables.crew_versions,
            crew_tables.agents,
            request_tables.task_requirements,
        ):
            assert connection.scalar(select(func.count()).select_from(table)) == 0


def test_failing_keeps_the_reason(database: Database) -> None:
    request_id = ask(database)
    with database.begin() as connection:
        requests.fail(connection, request_id, "The objective is empty.")
    with database.read() as connection:
        found = requests.get(connection, request_id)
    assert (found.state, found.failure_reason) == ("failed", "The objective is empty.")
    assert found.completed_at is not None


def test_a_completed_request_cannot_fail(database: Database, design: Design) -> None:
    request_id = ask(database)
    with database.begin() as connection:
        requests.complete(connection, request_id, design)
    with pytest.raises(NotFound, match="no open request"), database.begin() as connection:
        requests.fail(connection, request_id, "Too late.")


def test_an_unknown_request_is_not_found(database: Database, design: Design) -> None:
    with pytest.raises(NotFound, match="no request 5"), database.read() as connection:
        requests.get(connection, 5)
    with pytest.raises(NotFound, match="no request 5"), database.begin() as connection:
        requests.complete(connection, 5, design)
    with pytest.raises(NotFound, match="no open request 5"), database.begin() as connection:
        requests.fail(connection, 5, "x")


def test_only_requests_that_were_open_for_too_long_count_as_interrupted(database: Database, design: Design) -> None:
    old, older, fresh, done = (ask(database), ask(database, begun=False), ask(database), ask(database))
    with database.begin() as connection:
        requests.complete(connection, done, design)
    for request_id in (old, older, done):
        age(database, request_id, seconds=601)
    age(database, fresh, seconds=500)
    with database.begin() as connection:
        assert requests.mark_interrupted(connection, older_than_s=600) == 2
        assert requests.mark_interrupted(connection, older_than_s=600) == 0
    with database.read() as connection:
        states = {row.id: row.state for row in requests.list_requests(connection)}
        assert requests.get(connection, old).failure_reason == requests.INTERRUPTED
    assert states == {old: "failed", older: "failed", fresh: "generating", done: "completed"}


def test_a_request_given_up_too_early_is_completed_after_all(database: Database, design: Design) -> None:
    request_id = ask(database)
    age(database, request_id, seconds=601)
    with database.begin() as connection:
        requests.mark_interrupted(connection, older_than_s=600)
    with database.begin() as connection:
        requests.complete(connection, request_id, design)
    with database.read() as connection:
        found = requests.get(connection, request_id)
    assert (found.state, found.failure_reason) == ("completed", "")


def test_pages_follow_each_other_newest_first(database: Database) -> None:
    ids = [ask(database, Objective(text=f"Objective {n}")) for n in range(5)]
    with database.begin() as connection:
        requests.fail(connection, ids[1], "No.")
    with database.read() as connection:
        assert [row.id for row in requests.list_requests(connection, limit=2)] == [ids[4], ids[3]]
        assert [row.id for row in requests.list_requests(connection, limit=9, before=ids[3])] == ids[2::-1]
        assert [row.id for row in requests.list_requests(connection, state="failed")] == [ids[1]]
        assert requests.list_requests(connection, before=ids[0]) == ()


def test_the_newest_completed_request_of_a_key_is_found_again(database: Database, design: Design) -> None:
    with database.begin() as connection:
        assert requests.find_answered(connection, "k" * 64) is None
    first, second, other = (ask(database, design.objective) for _ in range(3))
    with database.begin() as connection:
        requests.complete(connection, first, design, "k" * 64)
        requests.complete(connection, second, design, "k" * 64)
        requests.complete(connection, other, design)
    with database.read() as connection:
        found = requests.find_answered(connection, "k" * 64)
    assert found is not None
    assert found.id == second
    assert found.design == design


def make_designs() -> list[Design]:
    """Designs that differ in what rows they make: without agents, without a known price, by a model."""
    whole = make_design()
    return [
        whole,
        make_design(crew=Crew(name="Nobody")),
        make_design("Second text 雨", knowledge=UNPRICED, cost_usd=None),
        make_design(engine="model", label="openai/x", cost_usd=Decimal("0.01"), calls=2, seconds=3.5),
        whole,
    ]


def store_each(database: Database, designs: Sequence[Design], models: Sequence[str | None]) -> list[int]:
    ids = [ask(database, design.objective, model) for design, model in zip(designs, models, strict=True)]
    with database.begin() as connection:
        for request_id, design in zip(ids, designs, strict=True):
            requests.complete(connection, request_id, design)
    return ids


def describe(database: Database, request_id: int) -> object:
    """All that is stored of a request, but for ids and times."""
    with database.read() as connection:
        found = requests.get(connection, request_id)
        assert found.crew_id is not None
        crew = crews.get(connection, found.crew_id)
        assert crew.request_id == request_id
        staff = select(crew_tables.agents, crew_tables.agent_capabilities).select_from(
            crew_tables.agents.outerjoin(crew_tables.agent_capabilities).join(crew_tables.crew_versions)
        )
        rows = connection.execute(staff.where(crew_tables.crew_versions.c.crew_id == found.crew_id)).mappings()
        agents = [{k: v for k, v in row.items() if "id" not in str(k) and "created" not in str(k)} for row in rows]
    times = {"id", "created_at", "started_at", "completed_at", "crew_id", "request_id"}
    return found.model_dump(exclude=times), crew.model_dump(exclude=times), agents


def assert_same(database: Database, designs: Sequence[Design], models: Sequence[str | None]) -> None:
    one_by_one = store_each(database, designs, models)
    with database.begin() as connection:
        stored = requests.store_designs(connection, designs, models)
    assert [describe(database, one) for one in one_by_one] == [describe(database, at.request_id) for at in stored]
    with database.read() as connection:
        for at, design in zip(stored, designs, strict=True):
            assert requests.get(connection, at.request_id).design == design
            assert requests.get(connection, at.request_id).crew_id == at.crew_id


def test_many_designs_at_once_are_stored_as_one_by_one(database: Database) -> None:
    assert_same(database, make_designs(), [None, None, "openai/x", "openai/x", None])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(any_crew.crews(), max_size=4))
def test_any_crews_at_once_are_stored_as_one_by_one(database: Database, drawn: list[Crew]) -> None:
    assert_same(database, [make_design(crew=crew) for crew in drawn], [None] * len(drawn))


def test_the_ids_of_many_designs_come_in_their_order(database: Database, design: Design) -> None:
    names = [f"Crew {n}" for n in range(60)]
    designs = [design.model_copy(update={"crew": design.crew.model_copy(update={"name": name})}) for name in names]
    with database.begin() as connection:
        stored = requests.store_designs(connection, designs, [None] * len(designs))
    with database.read() as connection:
        assert [crews.get(connection, at.crew_id).crew.name for at in stored] == names
        assert [crews.get(connection, at.crew_id).request_id for at in stored] == [at.request_id for at in stored]
    assert [at.request_id for at in stored] == sorted(at.request_id for at in stored)


def test_of_many_designs_nothing_is_stored_when_one_cannot_be(database: Database) -> None:
    designs = make_designs()
    designs[2] = make_design(crew=designs[2].crew.model_copy(update={"name": "half \ud83d"}))
    with pytest.raises(StorageFault, match="half of a character"), database.begin() as connection:
        requests.store_designs(connection, designs, [None] * len(designs))
    with pytest.raises(ValueError, match="shorter"), database.begin() as connection:
        requests.store_designs(connection, make_designs(), [None])
    with database.read() as connection:
        for table in (
            crew_tables.crews,
            crew_tables.crew_versions,
            crew_tables.agents,
            request_tables.generation_requests,
        ):
            assert connection.scalar(select(func.count()).select_from(table)) == 0


def test_no_designs_are_stored_as_nothing(database: Database) -> None:
    with database.begin() as connection:
        assert requests.store_designs(connection, [], []) == ()


def test_a_stored_design_began_when_its_generation_began(database: Database) -> None:
    with database.begin() as connection:
        (at,) = requests.store_designs(connection, [make_design(seconds=90)], [None])
        found = requests.get(connection, at.request_id)
    assert found.started_at == found.created_at
    assert found.completed_at is not None
    assert found.completed_at - found.created_at == timedelta(seconds=90)


def test_designs_stored_with_keys_are_found_again(database: Database, design: Design) -> None:
    with database.begin() as connection:
        stored = requests.store_designs(connection, [design, design], ["openai/x"] * 2, ["k" * 64, None])
        found = requests.find_answered(connection, "k" * 64)
    assert found is not None
    assert found.id == stored[0].request_id

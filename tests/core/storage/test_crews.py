from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select

from crewgen_core.errors import EditConflict, NotFound
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Design, Provenance
from crewgen_core.models.objective import Objective
from crewgen_core.models.stored import StoredCrew
from crewgen_core.storage import crews
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import crew_tables
from crewgen_core.storage.versions import list_versions
from tests.support import crews as samples
from tests.support.designs import UNPRICED, make_design


def store(database: Database, design: Design, name: str = "Crew", objective: str | None = None) -> StoredCrew:
    crew = design.crew.model_copy(update={"name": name})
    wanted = None if objective is None else Objective(text=objective)
    with database.begin() as connection:
        return crews.create(connection, crew, design.report, design.estimate, wanted)


def save(database: Database, stored: StoredCrew, name: str, expected: int) -> StoredCrew:
    crew = stored.crew.model_copy(update={"name": name})
    with database.begin() as connection:
        return crews.save_version(
            connection, stored.crew_id, crew, stored.report, stored.estimate, f"Renamed to {name}", expected
        )


def names(database: Database, **query: object) -> list[str]:
    with database.read() as connection:
        return [row.name for row in crews.list_crews(connection, **query)]  # type: ignore[arg-type]


def test_a_stored_crew_comes_back_as_it_was(database: Database, design: Design) -> None:
    with database.begin() as connection:
        stored = crews.create(connection, design.crew, design.report, design.estimate, design.objective, "Imported")
    with database.read() as connection:
        found = crews.get(connection, stored.crew_id)
    assert found == stored
    assert (found.crew, found.report, found.estimate) == (design.crew, design.report, design.estimate)
    assert (found.number, found.newest, found.parent_number, found.note) == (1, 1, None, "Imported")
    assert found.objective == design.objective
    assert found.request_id is None
    assert found.created_at.utcoffset() is not None


def test_an_imported_crew_without_limits_has_no_objective_but_is_found_by_its_text(
    database: Database, design: Design
) -> None:
    stored = store(database, design, "Imported crew")
    assert stored.objective is None
    assert names(database, search="why churn rose") == ["Imported crew"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(samples.crews())
def test_any_crew_comes_back_as_it_was(database: Database, crew: Crew) -> None:
    design = make_design(crew=crew)
    with database.begin() as connection:
        stored = crews.create(connection, design.crew, design.report, design.estimate)
    assert stored.crew == crew
    assert stored.estimate == design.estimate


def test_emoji_and_right_to_left_text_survive(database: Database, design: Design) -> None:
    text = "צוות 🎉 تحليل العملاء \u202eabc 分析 \U0001f468\u200d\U0001f469\u200d\U0001f467"
    stored = store(database, design, text, objective=text)
    assert stored.crew.name == text
    assert stored.objective is not None
    assert stored.objective.text == text
    assert names(database, search="تحليل") == [text]


def test_saving_makes_a_new_version_and_keeps_the_old_one(database: Database, design: Design) -> None:
    first = store(database, design, "Before")
    second = save(database, first, "After", expected=1)
    assert (second.number, second.newest, second.parent_number, second.note) == (2, 2, 1, "Renamed to After")
    with database.read() as connection:
        old = crews.get(connection, first.crew_id, 1)
        rows = list_versions(connection, first.crew_id)
    assert (old.crew.name, old.number, old.newest) == ("Before", 1, 2)
    assert [(row.number, row.parent_number) for row in rows] == [(2, 1), (1, None)]
    assert rows[0].figures.agent_count == 3
    assert rows[0].figures.success == design.estimate.success.p50
    assert names(database) == ["After"]


def test_saving_over_a_newer_version_is_refused_and_says_which_it_is(database: Database, design: Design) -> None:
    first = store(database, design)
    save(database, first, "Theirs", expected=1)
    with pytest.raises(EditConflict, match=r'Version 2 of this crew was saved at .* UTC on .* as "Renamed to Theirs"'):
        save(database, first, "Mine", expected=1)
    assert names(database) == ["Theirs"]


def test_of_two_people_who_save_at_once_one_wins_and_the_other_is_told(database: Database, design: Design) -> None:
    first = store(database, design)
    both = Barrier(2)

    def edit(name: str) -> str:
        both.wait()
        try:
            save(database, first, name, expected=1)
        except EditConflict as conflict:
            return str(conflict)
        return "saved"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(edit, ("Left", "Right")))
    assert answers.count("saved") == 1
    winner = ("Left", "Right")[answers.index("saved")]
    loser_reads = next(answer for answer in answers if answer != "saved")
    assert f"Renamed to {winner}" in loser_reads
    with database.read() as connection:
        assert len(list_versions(connection, first.crew_id)) == 2


def test_many_threads_save_one_after_the_other_without_losing_a_version(database: Database, design: Design) -> None:
    first = store(database, design)

    def edit(name: int) -> None:
        while True:
            with database.read() as connection:
                newest = crews.get(connection, first.crew_id).number
            try:
                save(database, first, str(name), expected=newest)
            except EditConflict:
                continue
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(edit, range(12)))
    with database.read() as connection:
        rows = list_versions(connection, first.crew_id)
    assert [row.number for row in rows] == list(range(13, 0, -1))
    assert {row.note for row in rows if row.number > 1} == {f"Renamed to {n}" for n in range(12)}


def test_going_back_makes_a_new_version_with_the_old_state(database: Database, design: Design) -> None:
    first = store(database, design, "One")
    save(database, first, "Two", expected=1)
    with database.begin() as connection:
        third = crews.revert(connection, first.crew_id, 1, expected_version=2)
    assert (third.number, third.parent_number, third.crew) == (3, 2, first.crew)
    assert third.note == "Went back to version 1"
    assert names(database) == ["One"]


def test_going_back_over_a_newer_version_is_refused(database: Database, design: Design) -> None:
    first = store(database, design)
    save(database, first, "Two", expected=1)
    with pytest.raises(EditConflict), database.begin() as connection:
        crews.revert(connection, first.crew_id, 1, expected_version=1)


@pytest.mark.parametrize("number", [0, -1, 9])
def test_an_unknown_version_is_not_found(database: Database, design: Design, number: int) -> None:
    stored = store(database, design)
    with pytest.raises(NotFound, match=f"no version {number} of crew {stored.crew_id}"), database.read() as connection:
        crews.get(connection, stored.crew_id, number)


def test_an_unknown_crew_is_not_found(database: Database, design: Design) -> None:
    stored = store(database, design)
    with pytest.raises(NotFound, match="no crew 77"), database.read() as connection:
        crews.get(connection, 77)
    with pytest.raises(NotFound, match="no crew 77"), database.read() as connection:
        list_versions(connection, 77)
    with pytest.raises(NotFound, match="no crew 77"):
        save(database, stored.model_copy(update={"crew_id": 77}), "x", expected=1)
    with pytest.raises(NotFound, match="no version 5"):
        save(database, stored, "x", expected=5)


def test_pages_follow_each_other_newest_first(database: Database, design: Design) -> None:
    stored = [store(database, design, f"Crew {n}") for n in range(5)]
    assert names(database, limit=2) == ["Crew 4", "Crew 3"]
    assert names(database, limit=2, before=stored[3].crew_id) == ["Crew 2", "Crew 1"]
    assert names(database, limit=2, before=stored[1].crew_id) == ["Crew 0"]
    assert names(database, limit=2, before=stored[0].crew_id) == []
    assert len(names(database, limit=0)) == 1


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("100%", ["100% recycled"]),
        ("%", ["100% recycled"]),
        ("a_b", ["a_b test"]),
        ("_", ["a_b test"]),
        ("\\", ["back\\slash"]),
        ("/", []),
        ("ÄRZTE", ["Ärzte für Köln"]),
        ("ärzte FÜR", ["Ärzte für Köln"]),
        ("  recycled ", ["100% recycled"]),
        ("'; DROP TABLE crews; --", []),
        ("", ["back\\slash", "Ärzte für Köln", "a_b test", "axb test", "100% recycled"]),
    ],
)
def test_search_takes_every_character_as_it_is(
    database: Database, design: Design, search: str, found: list[str]
) -> None:
    for name in ("100% recycled", "axb test", "a_b test", "Ärzte für Köln", "back\\slash"):
        store(database, design, name)
    assert names(database, search=search) == found
    with database.read() as connection:
        assert crews.count_crews(connection, search) == len(found)


def test_every_version_has_its_agents_with_their_skills(database: Database, design: Design) -> None:
    stored = store(database, design)
    save(database, stored, "Again", expected=1)
    agents, capabilities, versions = crew_tables.agents, crew_tables.agent_capabilities, crew_tables.crew_versions
    with database.read() as connection:
        rows = connection.execute(
            select(versions.c.number, agents.c.role, agents.c.tools, capabilities)
            .join_from(capabilities, agents, capabilities.c.agent_id == agents.c.id)
            .join(versions, agents.c.crew_version_id == versions.c.id)
            .order_by(versions.c.number)
        ).all()
        staff = connection.scalar(select(func.count()).select_from(agents))
    assert staff == 2 * 3
    assert [(row.number, row.role, row.capability_name, row.proficiency_level) for row in rows] == [
        (1, "Retention Analyst", "churn analysis", 9),
        (2, "Retention Analyst", "churn analysis", 9),
    ]
    assert rows[0].tools == ["csv_search"]
    assert rows[0].verified is False


def test_a_skill_is_verified_when_a_task_of_its_agent_asks_for_it(database: Database) -> None:
    crew = samples.sequential_crew()
    tasks = tuple(
        task.model_copy(update={"skills": ("churn_analysis",)}) if task.agent == "analyst" else task
        for task in crew.tasks
    )
    store(database, make_design(crew=crew.model_copy(update={"tasks": tasks})))
    with database.read() as connection:
        assert connection.execute(select(crew_tables.agent_capabilities.c.verified)).scalars().all() == [True]


def test_an_unknown_cost_stays_unknown(database: Database) -> None:
    store(database, make_design(knowledge=UNPRICED))
    with database.read() as connection:
        (row,) = crews.list_crews(connection)
    assert row.figures.cost_usd is None
    assert row.figures.duration_s > 0


def test_a_version_keeps_its_own_limits_and_who_made_it(database: Database, design: Design) -> None:
    stored = store(database, design, objective="Plan a launch")
    narrow = Objective(text="Plan a launch", max_agents=2)
    maker = Provenance(
        engine="model", label="openai/x", model="openai/x", calls=1, tokens_in=900, cost_usd=Decimal("0.01")
    )
    with database.begin() as connection:
        crews.save_version(
            connection, stored.crew_id, design.crew, design.report, design.estimate, "Two agents", 1, narrow, maker
        )
        second = crews.get(connection, stored.crew_id)
        first = crews.get(connection, stored.crew_id, 1)
        rows = list_versions(connection, stored.crew_id)
    assert (second.objective, second.provenance) == (narrow, maker)
    assert (first.objective, first.provenance) == (Objective(text="Plan a launch"), None)
    assert [row.provenance for row in rows] == [maker, None]


def test_going_back_brings_back_the_limits_too(database: Database, design: Design) -> None:
    stored = store(database, design, objective="Plan a launch")
    with database.begin() as connection:
        crews.save_version(
            connection,
            stored.crew_id,
            design.crew,
            design.report,
            design.estimate,
            "No tools",
            1,
            Objective(text="Plan a launch", allowed_tools=()),
        )
        back = crews.revert(connection, stored.crew_id, 1, expected_version=2)
    assert back.objective == Objective(text="Plan a launch")
    assert back.provenance is None

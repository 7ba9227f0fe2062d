"""Searching crews: by any part of name or objective, kept up to date, and quick however many there are."""

import pytest
from sqlalchemy import Connection, insert, text

from crewgen_core.models.design import Design
from crewgen_core.models.stored import MOST_COUNTED
from crewgen_core.storage import crews
from crewgen_core.storage.crew_search import NEWEST_LOOKED_AT, find_crews
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import crew_tables


def add(connection: Connection, design: Design, name: str) -> int:
    crew = design.crew.model_copy(update={"name": name, "objective": name})
    return crews.create(connection, crew, design.report, design.estimate).crew_id


def find(connection: Connection, wanted: str, before: int | None = None) -> list[int]:
    query = find_crews(connection, wanted, 10, before)
    assert query is not None
    return list(connection.scalars(query))


@pytest.mark.parametrize("wanted", ["churn", "HURN IN Q3", "n in", '"', "rn", "ß", "“", "nul\0l"])
def test_any_part_is_found_in_capitals_or_not(database: Database, design: Design, wanted: str):
    with database.begin() as connection:
        first = add(connection, design, 'Churn in Q3 "null" of Straße “so”')
        add(connection, design, "Payroll")
        assert find(connection, wanted) == [first]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("bakery", True),
        ("our BAKERIES", True),
        ("our bakery", True),
        ("baker", True),
        ("bakery chain", False),
        ("day", True),
        ("daies", False),
    ],
)
def test_a_word_in_y_is_found_in_its_plural_and_the_other_way_round(
    database: Database, design: Design, wanted: str, found: bool
):
    with database.begin() as connection:
        crew = add(connection, design, "Forecast demand for our bakeries each day")
        assert find(connection, wanted) == ([crew] if found else [])


def test_a_plural_in_ies_finds_its_singular(database: Database, design: Design):
    with database.begin() as connection:
        crew = add(connection, design, "Survey of a city library")
        assert find(connection, "libraries") == [crew]


def test_a_renamed_crew_is_found_by_its_new_name_only(database: Database, design: Design):
    with database.begin() as connection:
        crew_id = add(connection, design, "Churn")
        renamed = design.crew.model_copy(update={"name": "Payroll"})
        crews.save_version(connection, crew_id, renamed, design.report, design.estimate, "Renamed", 1)
        assert [row.id for row in crews.list_crews(connection, "payr")] == [crew_id]
        assert [row.name for row in crews.list_crews(connection, "churn")] == ["Payroll"]  # its objective says so
        assert crews.list_crews(connection, "nothing like it") == ()


def test_pages_of_what_is_found_follow_each_other(database: Database, design: Design):
    with database.begin() as connection:
        ids = [add(connection, design, "Churn") for _ in range(4)]
        assert find(connection, "churn", before=ids[2]) == [ids[1], ids[0]]


def test_no_words_are_no_search(database: Database):
    with database.read() as connection:
        assert find_crews(connection, " \n", 10) is None


def fill(connection: Connection, count: int) -> None:
    """Store crews without versions, all of the same name; the first has another one."""
    rows = [{"name": "qx alone" if at == 0 else "A report", "objective": "", "newest_number": 1} for at in range(count)]
    connection.execute(insert(crew_tables.crews), rows)


def test_a_search_of_one_or_two_letters_looks_at_the_newest_crews(database: Database):
    with database.begin() as connection:
        fill(connection, NEWEST_LOOKED_AT)
        assert crews.count_crews(connection, "qx") == 1
        fill(connection, 1)
        assert crews.count_crews(connection, "qx") == 1  # the newest one has it too; the first is too old
        assert crews.count_crews(connection, "qx alone") == 2


def test_of_very_many_crews_only_so_many_are_counted(database: Database):
    with database.begin() as connection:
        fill(connection, MOST_COUNTED + 50)
        assert crews.count_crews(connection, "report") == MOST_COUNTED + 1
        assert crews.count_crews(connection) == MOST_COUNTED + 50


def test_the_index_holds_what_the_table_holds(database: Database, design: Design):
    with database.begin() as connection:
        first = add(connection, design, "Churn")
        crew = design.crew.model_copy(update={"name": "Other"})
        crews.save_version(connection, first, crew, design.report, design.estimate, "Renamed", 1)
        add(connection, design, "Payroll")
        connection.execute(text("INSERT INTO crew_search (crew_search, rank) VALUES ('integrity-check', 1)"))

import pytest
from sqlalchemy import insert

from crewgen_core.errors import NotFound, StorageFault
from crewgen_core.models.model_correction import ModelCorrection
from crewgen_core.storage import corrections
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import model_tables


def enter(database: Database, **fields: object) -> ModelCorrection:
    correction = ModelCorrection.model_validate({"model": "openai/x", "source": "Own tests"} | fields)
    with database.begin() as connection:
        corrections.save(connection, correction)
    return correction


def entered(database: Database) -> list[ModelCorrection]:
    with database.read() as connection:
        return [one.correction for one in corrections.list_corrections(connection)]


def test_corrections_come_back_exactly_and_by_name(database: Database):
    second = enter(database, model="openai/y", input_usd="0.1", output_usd="0.7")
    first = enter(database, eci=140.25, reasons=False)
    assert entered(database) == [first, second]


def test_a_newer_correction_takes_the_place_of_the_older(database: Database):
    enter(database, eci=140)
    newer = enter(database, tokens_per_s=30)
    assert entered(database) == [newer]
    with database.read() as connection:
        (row,) = connection.execute(model_tables.model_corrections.select()).all()
    assert row.updated_at >= row.created_at


def test_a_correction_can_be_forgotten_once(database: Database):
    enter(database, eci=140)
    with database.begin() as connection:
        corrections.remove(connection, "openai/x")
    assert entered(database) == []
    with pytest.raises(NotFound), database.begin() as connection:
        corrections.remove(connection, "openai/x")


def test_a_row_that_somebody_edited_by_hand_is_named(database: Database):
    with database.begin() as connection:
        connection.execute(insert(model_tables.model_corrections).values(model_name="m", correction={"eci": "high"}))
    with pytest.raises(StorageFault, match="model m"):
        entered(database)

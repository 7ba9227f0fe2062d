import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from sqlalchemy import JSON, Dialect, insert, select

from crewgen_core.errors import StorageFault
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Provenance
from crewgen_core.models.value import Quantiles, Value
from crewgen_core.storage import crews
from crewgen_core.storage.database import Database
from crewgen_core.storage.tables import model_tables
from tests.support import any_crew
from tests.support.crews import HOSTILE
from tests.support.designs import UNPRICED, make_design

MAKER = Provenance(
    engine="model",
    label="Ünïcode 雨 🎉 \u202e",
    cost_usd=Decimal("0.000001"),
    seconds=1e-9,
    model_seconds=0.1 + 0.2,
    tokens_in=2**53,
    notes=HOSTILE,
    cached_at=datetime(2026, 3, 29, 1, 59, 59, 123456, tzinfo=UTC),
)


def keep(database: Database, document: object) -> str:
    """The text that a JSON column keeps."""
    dialect: Dialect = database.engine.dialect
    write = JSON().dialect_impl(dialect).bind_processor(dialect)
    assert write is not None
    return str(write(document))


@pytest.mark.parametrize(
    "word", [make_design(), make_design(knowledge=UNPRICED, cost_usd=None), MAKER, Quantiles(p10=1e16, p50=-0.0, p90=1)]
)
def test_a_word_is_kept_as_the_document_of_its_fields(database: Database, word: Value) -> None:
    kept = keep(database, word)
    assert json.loads(kept) == word.model_dump(mode="json")
    assert type(word).model_validate(json.loads(kept)) == word


def test_letters_of_every_script_are_kept_as_they_are(database: Database) -> None:
    assert all(text in keep(database, MAKER) for text in ("Ünïcode", "雨", "🎉"))


def test_an_infinite_figure_stays_one(database: Database) -> None:
    endless = Quantiles(p10=1, p50=2, p90=float("inf"))
    assert Quantiles.model_validate(json.loads(keep(database, endless))) == endless


@settings(max_examples=50, deadline=None)
@given(any_crew.crews())
def test_any_crew_is_kept_as_the_document_of_its_fields(crew: Crew) -> None:
    assert json.loads(crew.model_dump_json()) == crew.model_dump(mode="json")


def test_half_a_character_within_a_word_is_refused_in_plain_words(database: Database) -> None:
    design = make_design()
    agent = design.crew.agents[0].model_copy(update={"goal": "\ud83d"})
    crew = design.crew.model_copy(update={"agents": (agent,)})
    with pytest.raises(StorageFault, match="half of a character"), database.begin() as connection:
        crews.create(connection, crew, design.report, design.estimate)


def test_other_documents_are_kept_too(database: Database) -> None:
    row = {"model_name": "m", "correction": {"a": [1, "雨", None]}}
    with database.begin() as connection:
        connection.execute(insert(model_tables.model_corrections), [row])
        assert connection.scalar(select(model_tables.model_corrections.c.correction)) == row["correction"]

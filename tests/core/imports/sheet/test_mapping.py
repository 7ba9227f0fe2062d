"""What columns mean."""

import pytest

from crewgen_core.errors import UnreadableUpload
from crewgen_core.imports.sheet.mapping import check_mapping, guess_mapping, name_columns
from crewgen_core.models.upload import COLUMN_FIELDS
from tests.support.uploads import checked, good, inspected


def test_every_field_is_known_by_its_own_name() -> None:
    assert guess_mapping(COLUMN_FIELDS) == {field: field for field in COLUMN_FIELDS}


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        (
            ["Objective", "BUDGET (USD)", "Max. agents", "Deadline_Minutes"],
            "objective budget_usd max_agents deadline_minutes",
        ),
        (["Goal", "Title", "Background", "Industry", "Prio"], "objective name context domain priority"),
        (
            ["Ziel", "Bezeichnung", "Kontext", "Priorität", "Modell", "Frist"],
            "objective name context priority model deadline_minutes",
        ),
        (["Objectif", "Nom", "Contexte", "Priorité", "Étiquettes"], "objective name context priority tags"),
        (
            ["OBJETIVO", "nombre", "presupuesto", "plazo", "etiquetas"],
            "objective name budget_usd deadline_minutes tags",
        ),
        (["Task", "LLM", "Keywords", "Max Cost"], "objective model tags budget_usd"),
    ],
)
def test_usual_names_are_known_in_any_case_and_spacing(header: list[str], fields: str) -> None:
    assert guess_mapping(header) == dict(zip(fields.split(), header, strict=True))


def test_a_description_is_the_objective_only_where_nothing_says_so_more_clearly() -> None:
    assert guess_mapping(["description"]) == {"objective": "description"}
    assert guess_mapping(["description", "objective"]) == {"objective": "objective", "context": "description"}


def test_columns_get_names_that_are_unique() -> None:
    assert name_columns(["a", "", "a", " a ", "a (2)", "x\ny"]) == (
        "a",
        "column 2",
        "a (2)",
        "a (3)",
        "a (2) (2)",
        "x y",
    )


def test_the_first_of_two_equal_columns_is_taken_and_the_other_kept() -> None:
    (row,) = good(checked("objective,objective\nWrite a,Write b\n"))
    assert (row.text, row.extra) == ("Write a", {"objective (2)": "Write b"})
    assert "numbered" in inspected("objective,objective\nWrite a,Write b\n").notes[0]


def test_a_person_may_map_any_column() -> None:
    (row,) = good(
        checked("what,objective\nWrite a report,7\n", mapping={"objective": "what", "max_agents": "objective"})
    )
    assert (row.text, row.requirements) == ("Write a report", {"max_agents": 7})


def test_a_table_without_an_objective_is_refused_with_the_header_that_was_seen() -> None:
    with pytest.raises(UnreadableUpload, match='first row has "Write a report about churn"') as refused:
        checked("Write a report about churn\nWrite another one\n")
    assert "choose the column" in refused.value.hint
    assert len(good(checked("Write a report\nWrite another\n", mapping={"objective": "Write a report"}))) == 1


def test_a_mapping_to_what_is_not_there_is_refused() -> None:
    with pytest.raises(UnreadableUpload, match='no column "b" for objective'):
        check_mapping({"objective": "b"}, ["a"])
    with pytest.raises(UnreadableUpload, match="Nothing is called colour"):
        check_mapping({"objective": "a", "colour": "a"}, ["a"])

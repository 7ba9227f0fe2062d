"""The crewgen file and its published schema."""

import json
from pathlib import Path

import jsonschema
import yaml
from hypothesis import given, settings

from crewgen_core.exports.crew_file import crew_document, export_crewgen_json, export_crewgen_yaml
from crewgen_core.exports.schema import crew_file_schema, schema_text
from crewgen_core.models.crew import Crew
from tests.support.crews import crews, hierarchical_crew, hostile_crew, sequential_crew

PUBLISHED = Path(__file__).parents[3] / "docs" / "crewgen-1.schema.json"


def test_the_published_schema_is_in_step_with_the_code() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


@settings(max_examples=30, deadline=None)
@given(crews())
def test_every_crew_file_keeps_the_published_schema(crew: Crew) -> None:
    jsonschema.validate(crew_document(crew), crew_file_schema())


def test_the_schema_refuses_an_unknown_field() -> None:
    document = crew_document(sequential_crew()) | {"colour": "blue"}
    assert list(jsonschema.Draft202012Validator(crew_file_schema()).iter_errors(document))


def test_fields_that_say_nothing_are_left_out() -> None:
    document = crew_document(sequential_crew())
    assert "manager" not in document
    assert "model" not in document["agents"][0]
    assert "why" not in document["tasks"][1]
    assert document["tasks"][0]["why"] == "Figures go wrong."


def test_json_and_yaml_hold_the_same_document() -> None:
    for crew in (sequential_crew(), hierarchical_crew(), hostile_crew()):
        as_json = json.loads(export_crewgen_json(crew).content)
        assert as_json == yaml.safe_load(export_crewgen_yaml(crew).content) == crew_document(crew)


def test_the_file_name_is_never_a_path() -> None:
    crew = sequential_crew().model_copy(update={"name": "../../etc/passwd"})
    assert export_crewgen_json(crew).name == "etc_passwd.crewgen.json"

from pathlib import Path

import pytest
import yaml

from crewgen_core.catalog.constants import PATH, Constant, Range, load_constants
from crewgen_core.errors import CatalogFault
from crewgen_core.models.value import Value


def all_constants(part: object) -> list[Constant | Range]:
    if isinstance(part, Constant | Range):
        return [part]
    inner = [getattr(part, name) for name in type(part).model_fields] if isinstance(part, Value) else part
    values = inner.values() if isinstance(inner, dict) else inner
    return [constant for value in values for constant in all_constants(value)]


def test_every_constant_has_a_unit_a_source_and_a_status() -> None:
    constants = all_constants(load_constants())
    assert len(constants) > 70
    assert all(len(constant.source) > 10 and constant.unit and constant.status for constant in constants)


def test_an_assumption_never_names_itself_published() -> None:
    for constant in all_constants(load_constants()):
        if "No public figure" in constant.source:
            assert constant.status == "assumption"


def spoil(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "constants.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_missing_constant_is_refused_by_name(tmp_path: Path) -> None:
    content = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    del content["success"]["slope"]
    with pytest.raises(CatalogFault, match=r"success\.slope"):
        load_constants(spoil(tmp_path, yaml.safe_dump(content)))


def test_an_unknown_constant_and_one_without_source_are_refused_by_name(tmp_path: Path) -> None:
    content = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    content["team"]["luck"] = content["team"]["weight"]
    with pytest.raises(CatalogFault, match=r"team\.luck"):
        load_constants(spoil(tmp_path, yaml.safe_dump(content)))
    del content["team"]["luck"], content["spread"]["task"]["source"]
    with pytest.raises(CatalogFault, match=r"spread\.task\.source"):
        load_constants(spoil(tmp_path, yaml.safe_dump(content)))


def test_a_file_that_is_no_yaml_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogFault, match="not valid YAML"):
        load_constants(spoil(tmp_path, "a: [1"))
    with pytest.raises(CatalogFault, match="cannot be read"):
        load_constants(tmp_path / "nowhere.yaml")


def test_a_range_has_its_low_end_first() -> None:
    ranges = [it for it in all_constants(load_constants()) if isinstance(it, Range)]
    assert len(ranges) > 15
    assert all(it.low < it.high for it in ranges)

from pathlib import Path

import pytest

from crewgen_core.catalog.model_facts import PATH, load_model_facts
from crewgen_core.errors import CatalogFault


def test_every_figure_has_its_source_and_date() -> None:
    models = load_model_facts().models
    assert len(models) > 40
    for model in models:
        assert model.eci is None or (model.eci_source and model.eci_date)
        assert model.metr_minutes is None or (model.metr_source and model.metr_date)


def test_a_model_without_a_score_says_why() -> None:
    assert all(model.note for model in load_model_facts().models if model.eci is None)


def test_the_table_holds_no_figures_whose_terms_forbid_it() -> None:
    assert "artificialanalysis" not in PATH.read_text(encoding="utf-8").lower()


@pytest.mark.parametrize(
    "spelling",
    ["claude-haiku-4-5", "anthropic/claude-haiku-4-5", "claude-haiku-4-5-20251001", " Claude-Haiku-4-5-latest "],
)
def test_a_model_is_found_by_every_spelling_of_its_name(spelling: str) -> None:
    found = load_model_facts().find(spelling)
    assert found is not None
    assert found.name == "claude-haiku-4-5"


def test_a_listed_provider_may_be_left_out_and_an_unknown_model_is_none() -> None:
    found = load_model_facts().find("gpt-oss-20b")
    assert found is not None
    assert found.name == "groq/openai/gpt-oss-20b"
    assert load_model_facts().find("gpt-5-of-my-own") is None
    assert load_model_facts().find("") is None


HEADER = PATH.read_text(encoding="utf-8").splitlines()[0]


def spoil(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "models.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return path


def test_a_wrong_row_is_refused_with_entry_and_field(tmp_path: Path) -> None:
    wrong = {
        'entry "m", field eci': "m,M,many,,,S,2026-01-01,,,,yes,,",
        'entry "m", field eci_source': "m,M,150,,,,,,,,yes,,",
        'entry "m", field metr_source': "m,M,,,,,,50,,,yes,,",
        'entry "(no name)", field name': ",M,,,,,,,,,yes,,",
    }
    for words, row in wrong.items():
        path = spoil(tmp_path, row)
        load_model_facts.cache_clear()
        with pytest.raises(CatalogFault) as caught:
            load_model_facts(path)
        assert words in str(caught.value)


def test_a_name_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    row = "m,M,,,,,,,,,yes,,"
    with pytest.raises(CatalogFault, match="twice"):
        load_model_facts(spoil(tmp_path, row, row))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogFault, match="cannot be read"):
        load_model_facts(tmp_path / "nowhere.csv")

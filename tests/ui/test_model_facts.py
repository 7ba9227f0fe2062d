"""Models under Settings: what is known can be looked up, corrected and added; nothing that was typed gets lost."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from crewgen_core.app import Crewgen
from crewgen_core.models.model_correction import BOUNDS, ModelCorrection
from pages.shared.model_table import find_models


@pytest.fixture
def models(app: AppTest) -> AppTest:
    """The section with the models, opened, with all of them."""
    return open_models(app)


def open_models(app: AppTest) -> AppTest:
    app.run()
    app.switch_page("settings.py")
    app.run()
    return app.toggle(key="all_models").set_value(True).run()


def said(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.markdown, app.caption) for element in kind)


def table(app: AppTest) -> str:
    return next(element.value for element in app.markdown if element.value.startswith("| Model"))


def choose(app: AppTest, name: str) -> AppTest:
    app.text_input(key="model_choice").set_value(name)
    return app.run()


def fill(app: AppTest, name: str, **typed: str) -> AppTest:
    for field, text in typed.items():
        app.text_input(key=f"correction/{name}/{field}/0").set_value(text)
    app.button(key="save_correction").click()
    return app.run()


def test_every_shipped_model_is_in_the_table(models: AppTest, crewgen: Crewgen) -> None:
    rows = table(models).splitlines()[2:]
    assert len(rows) == len(crewgen.models.list_models())
    assert "quality unknown" in table(models)
    assert "price unknown" in table(models)
    assert ":red-badge[ended 22 Oct 2026]" in table(models)
    assert not models.exception


def test_the_table_is_searched_by_words_and_provider(models: AppTest, crewgen: Crewgen) -> None:
    models.text_input(key="model_search").set_value("GPT mini").run()
    assert len(table(models).splitlines()) - 2 == len(find_models(crewgen.models.list_models(), "gpt mini"))
    models.selectbox(key="model_provider").set_value("mistral").run()
    assert "No model has all of these words" in models.info[0].value
    models.text_input(key="model_search").set_value("").run()
    assert all("mistral" in row for row in table(models).splitlines()[2:])


def test_each_figure_of_a_model_is_told_with_source_and_date(models: AppTest) -> None:
    choose(models, "gpt-5")
    assert "**Capability**: 150" in said(models)
    assert "8 Oct 2026; published figure" in said(models)
    assert "METR, Time Horizon 1" in said(models)
    assert "assumption" in said(models)


def test_a_correction_is_stored_shown_and_removed(models: AppTest, crewgen: Crewgen) -> None:
    fill(choose(models, "gpt-5-mini"), "gpt-5-mini", eci="139.5", input_usd="0.1", source="Own tests")
    assert "Saved for gpt\\-5\\-mini" in models.success[0].value
    assert ":blue-badge[corrected]" in table(models)
    assert "Own tests \\(" in said(models)
    assert crewgen.models.profile_of("gpt-5-mini").basis[0].value == "139.5"
    assert models.text_input(key="correction/gpt-5-mini/eci/1").value == "139.5"
    models.button(key="remove_correction").click().run()
    assert ":blue-badge" not in table(models)
    assert crewgen.models.profile_of("gpt-5-mini").basis[0].value == "145.52"


def test_what_cannot_be_used_is_named_and_everything_typed_stays(models: AppTest, crewgen: Crewgen) -> None:
    fill(choose(models, "gpt-5-mini"), "gpt-5-mini", eci="900", output_usd="cheap", label="*Mine* <b>")
    problem = models.error[0].value
    assert "900 is not between 50 and 250" in problem
    assert "is not a number" in problem
    assert "where the figures are from" in problem
    typed = [
        models.text_input(key=f"correction/gpt-5-mini/{field}/0").value for field in ("eci", "output_usd", "label")
    ]
    assert typed == ["900", "cheap", "*Mine* <b>"]
    assert all(model.correction is None for model in crewgen.models.list_models())


def test_for_a_part_of_a_name_those_that_litellm_has_are_offered(models: AppTest) -> None:
    choose(models, "haiku 4-5")
    assert "LiteLLM knows no model haiku" in models.info[0].value
    offered = models.button_group(key="model_suggestion")
    assert "claude-haiku-4-5" in offered.options
    offered.set_value("claude-haiku-4-5").run()
    assert models.text_input(key="model_choice").value == "claude-haiku-4-5"
    assert "**Capability**: 142\\.4" in said(models)


def test_a_model_is_added_by_its_litellm_name(models: AppTest, crewgen: Crewgen) -> None:
    choose(models, "openai/mine")
    assert "Not in the table yet" in said(models)
    fill(models, "openai/mine", label="*Mine* | <b>", eci="140", source="Own tests")
    assert ":blue-badge[added]" in table(models)
    assert "\\*Mine\\* \\| \\<b\\>" in table(models)
    assert "openai/mine" in [model.name for model in crewgen.models.list_models()]
    models.button(key="remove_correction").click().run()
    assert "openai/mine" not in [model.name for model in crewgen.models.list_models()]
    assert not models.exception


def test_a_price_that_is_only_half_known_is_refused(models: AppTest) -> None:
    fill(choose(models, "openai/mine"), "openai/mine", output_usd="1", source="Own tests")
    assert "The price of the prompt is not known" in models.error[0].value
    choose(models, "gpt-5")
    assert not models.error


def test_a_database_that_cannot_be_read_is_told_beside_the_shipped_facts(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "broken.db").write_bytes(b"this is no database" * 100)
    monkeypatch.setenv("CREWGEN_DATABASE_URL", f"sqlite:///{tmp_path / 'broken.db'}")
    st.cache_resource.clear()
    open_models(app)
    assert "is not a database file" in app.warning[0].value
    assert "quality unknown" in table(app)


def test_fields_start_from_what_was_entered_exactly(models: AppTest, crewgen: Crewgen) -> None:
    figures = {"eci": 100, "horizon_minutes": 10, "input_usd": "0.10", "output_usd": "1000", "cache_read_usd": 0}
    figures |= {"tokens_per_s": 20, "first_answer_s": 0}
    crewgen.models.correct(ModelCorrection.model_validate({"model": "gpt-5", "source": "s", **figures}))
    choose(models, "gpt-5")
    shown = {field: models.text_input(key=f"correction/gpt-5/{field}/0").value for field in BOUNDS}
    assert shown == {
        "eci": "100",
        "horizon_minutes": "10",
        "input_usd": "0.1",
        "output_usd": "1000",
        "cache_read_usd": "0",
        "tokens_per_s": "20",
        "first_answer_s": "0",
    }

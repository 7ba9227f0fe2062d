from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crewgen_core.errors import UnusableCorrection
from crewgen_core.models.model_correction import BOUNDS, ModelCorrection, read_correction

FIGURES = {
    "eci": "150.5",
    "horizon_minutes": "90",
    "input_usd": "0.1",
    "output_usd": "2.5",
    "cache_read_usd": "0.01",
    "tokens_per_s": "80",
    "first_answer_s": "2",
}


def test_what_was_typed_becomes_exact_figures():
    read = read_correction({"model": " openai/x ", "label": " My  model", "source": "Own tests", **FIGURES})
    assert (read.model, read.label, read.eci) == ("openai/x", "My model", 150.5)
    assert (read.input_usd, read.cache_read_usd) == (Decimal("0.1"), Decimal("0.01"))
    assert set(read.figures) == set(BOUNDS)


def test_a_correction_is_the_same_after_it_was_stored_as_json():
    read = read_correction({"model": "openai/x", "source": "Own tests", "reasons": False, **FIGURES})
    assert ModelCorrection.model_validate(read.model_dump(mode="json")) == read


def test_a_figure_needs_its_source_and_a_label_does_not():
    with pytest.raises(UnusableCorrection, match="where the figures are from"):
        read_correction({"model": "m", "eci": "150", "source": "  "})
    assert read_correction({"model": "m", "label": "M"}).figures == ()


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(UnusableCorrection) as caught:
        read_correction({"model": "my model", "eci": "900", "output_usd": "cheap"})
    told = str(caught.value)
    assert "no spaces" in told
    assert "900 is not between 50 and 250 points" in told
    assert "“cheap” is not a number" in told


@pytest.mark.parametrize("figure", BOUNDS)
@pytest.mark.parametrize("typed", ["-1", "nan", "Infinity", "1e999", "1,5", "١٠x"])
def test_a_figure_that_cannot_be_is_refused_by_its_name(figure: str, typed: str):
    with pytest.raises(UnusableCorrection, match=BOUNDS[figure].title.split(" (")[0]):
        read_correction({"model": "m", figure: typed, "source": "s"})


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"model": ""}, "Choose a model"),
        ({"model": "m" * 201, "label": "x"}, "name is longer than 200"),
        ({"model": "m", "label": "x" * 101}, "label is longer than 100"),
        ({"model": "m", "eci": "150", "source": "x" * 301}, "source is longer than 300"),
        ({"model": "m\x07", "label": "x"}, "cannot be shown"),
        ({"model": "m"}, "Nothing was entered"),
    ],
)
def test_texts_that_cannot_be_used_get_a_sentence(typed: dict[str, str], told: str):
    with pytest.raises(UnusableCorrection, match=told):
        read_correction(typed)


@given(st.dictionaries(st.sampled_from(["model", "label", "source", *BOUNDS]), st.text(max_size=20)))
def test_anything_typed_is_either_read_or_refused_in_words(typed: dict[str, str]):
    try:
        assert ModelCorrection.model_validate(read_correction(typed).model_dump(mode="json"))
    except UnusableCorrection as fault:
        assert str(fault).endswith((".", "!", "?"))

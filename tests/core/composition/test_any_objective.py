"""Whatever a person types, there is a sound crew or a plain refusal."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.errors import UnusableObjective
from crewgen_core.models.objective import Objective, clean_text
from tests.support.objectives import BENCHMARKED, FREE_TEXTS, HOSTILE, faults_of

UNHURRIED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def refuse_or_check(objective: Objective) -> list[str]:
    """Return the faults of the crew for the objective; a refused objective has none."""
    catalog = load_catalog()
    try:
        analysis = analyze(objective, catalog)
    except UnusableObjective as error:
        return [] if str(error).endswith((".", "?")) and error.hint else ["refused without a sentence"]
    return faults_of(CatalogComposer(catalog).build(analysis), analysis, catalog)


@UNHURRIED
@given(text=FREE_TEXTS.filter(clean_text))
def test_any_text_gives_a_sound_crew_or_is_refused_in_a_sentence(text: str) -> None:
    assert refuse_or_check(Objective(text=text)) == []


@UNHURRIED
@given(
    text=st.sampled_from(BENCHMARKED),
    context=FREE_TEXTS,
    preferences=st.text(max_size=100),
    domain=st.none() | st.text(max_size=10) | st.sampled_from(sorted(load_catalog().domains)),
    max_agents=st.none() | st.integers(1, 6),
    allowed_tools=st.none() | st.lists(st.sampled_from(sorted(load_catalog().tools)), max_size=5).map(tuple),
    allowed_models=st.none() | st.just(("openai/gpt-5.6-luna",)),
)
def test_any_limits_beside_the_text_are_kept(text: str, **limits: object) -> None:
    assert refuse_or_check(Objective.model_validate({"text": text, **limits})) == []


ASIDES = st.one_of(
    st.sampled_from(["CSV, one row per receipt", "write a memo. Then a plan; and a poem", "s", "see (b) and (c, d)"]),
    st.text(alphabet="ab ,;.:\n", max_size=12).map(lambda said: f"and {said} write a report, draw a map"),
)


@UNHURRIED
@given(text=st.sampled_from(BENCHMARKED), asides=st.lists(st.tuples(st.integers(0, 40), ASIDES), max_size=3))
def test_no_name_has_half_a_pair_of_brackets(text: str, asides: list[tuple[int, str]]) -> None:
    words = text.split(" ")
    for at, aside in asides:
        words.insert(at % (len(words) + 1), f"({aside})")
    catalog = load_catalog()
    analysis = analyze(Objective(text=" ".join(words)), catalog)
    crew = CatalogComposer(catalog).build(analysis)
    names = [made.name for made in analysis.deliverables]
    names += [crew.name, *(task.name for task in crew.tasks), *(agent.role for agent in crew.agents)]
    assert [name for name in names if name.count("(") != name.count(")")] == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_gives_a_sound_crew_or_is_refused_in_a_sentence(text: str) -> None:
    assert refuse_or_check(Objective(text=text)) == []


@pytest.mark.parametrize("text", BENCHMARKED)
def test_an_everyday_objective_gives_a_sound_crew(text: str) -> None:
    catalog = load_catalog()
    analysis = analyze(Objective(text=text), catalog)
    assert faults_of(CatalogComposer(catalog).build(analysis), analysis, catalog) == []

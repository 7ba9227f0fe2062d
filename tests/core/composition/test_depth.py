"""The three settings of the built-in composer: sound, and what they promise."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.depth import BALANCED, LEAN, THOROUGH, Depth
from crewgen_core.errors import UnusableObjective
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective, clean_text
from crewgen_core.validation.validate import validate
from tests.support.objectives import BENCHMARKED, CHURN, DIFFERENT, FREE_TEXTS, HOSTILE, faults_of

EVERY_DEPTH = (LEAN, BALANCED, THOROUGH)
NOT_COVERED = frozenset({"CG201", "CG205"})
"""A required skill without agent, a deliverable that no task makes."""
BRIEF = [text for text in HOSTILE if len(text) < 1_000]


def read(text: str, **limits: object) -> Analysis:
    return analyze(Objective.model_validate({"text": text, **limits}), load_catalog())


def build(text: str, depth: Depth, **limits: object) -> Crew:
    return CatalogComposer(load_catalog()).build(read(text, **limits), depth)


def checks(crew: Crew) -> int:
    catalog = load_catalog()
    return sum(catalog.skills[skill].activity == "review" for task in crew.tasks for skill in task.skills)


@pytest.mark.parametrize("text", [*BENCHMARKED[::8], *DIFFERENT])
def test_each_depth_gives_a_sound_crew_and_the_leanest_still_covers_all_that_is_asked_for(text: str) -> None:
    catalog, analysis = load_catalog(), read(text)
    lean, balanced, thorough = (CatalogComposer(catalog).build(analysis, depth) for depth in EVERY_DEPTH)
    for crew in (lean, balanced, thorough):
        assert faults_of(crew, analysis, catalog) == []
    usual = {f.code for f in validate(balanced, catalog, analysis).findings}
    assert {f.code for f in validate(lean, catalog, analysis).findings} & NOT_COVERED <= usual
    assert len(lean.tasks) <= len(balanced.tasks) <= len(thorough.tasks)
    assert len(lean.agents) <= len(balanced.agents) <= len(thorough.agents)


@pytest.mark.parametrize("text", BRIEF, ids=range(len(BRIEF)))
@pytest.mark.parametrize("depth", [LEAN, THOROUGH], ids=lambda depth: depth.name)
def test_a_hostile_text_gives_a_sound_crew_at_every_depth(text: str, depth: Depth) -> None:
    try:
        analysis = read(text)
    except UnusableObjective:
        return
    assert faults_of(CatalogComposer(load_catalog()).build(analysis, depth), analysis, load_catalog()) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(
    text=FREE_TEXTS.filter(clean_text),
    depth=st.sampled_from([LEAN, THOROUGH]),
    max_agents=st.none() | st.integers(1, 4),
    allowed_tools=st.none() | st.lists(st.sampled_from(sorted(load_catalog().tools)), max_size=5).map(tuple),
)
def test_any_text_and_limits_give_a_sound_crew_at_every_depth(text: str, depth: Depth, **limits: object) -> None:
    try:
        analysis = read(text, **limits)
    except UnusableObjective:
        return
    assert faults_of(CatalogComposer(load_catalog()).build(analysis, depth), analysis, load_catalog()) == []


def test_the_lean_crew_is_one_agent_where_one_has_all_the_skills() -> None:
    text = "Summarize this week's AI news in a newsletter of 500 words"
    assert len(build(text, LEAN).agents) == 1
    assert len(build(text, BALANCED).agents) > 1


def test_the_lean_crew_checks_where_risk_asks_and_nowhere_else() -> None:
    assert checks(build(CHURN, LEAN)) == 0
    risky = build("Write a press release about our data breach.", LEAN)
    assert checks(risky) > 0


def test_the_thorough_crew_checks_facts_before_they_are_used_and_the_whole_at_the_end() -> None:
    crew = build("Compare five CRM systems for a dental practice and recommend one", THOROUGH)
    fact_check = next(task for task in crew.tasks if "fact_checking" in task.skills)
    used = [task for task in crew.tasks if fact_check.key in task.depends_on]
    assert any("recommendation" in task.skills for task in used)
    assert "quality_review" in crew.tasks[-1].skills
    assert fact_check.agent not in {crew.task(key).agent for key in fact_check.depends_on}  # type: ignore[union-attr]


def test_a_person_takes_a_second_look_from_medium_risk_on_in_the_thorough_crew_only() -> None:
    text = "Translate a children's story from English to Japanese"
    asked = [build(text, depth).tasks[-1].human_input for depth in EVERY_DEPTH]
    assert asked == [False, False, True]


def test_a_language_that_is_not_read_gives_three_general_plans() -> None:
    text = "Analysiere, warum die Kündigungen im dritten Quartal gestiegen sind, und schreibe einen Bericht"
    sizes = [len(build(text, depth).tasks) for depth in EVERY_DEPTH]
    assert sizes == [2, 4, 5]

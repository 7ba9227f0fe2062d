"""A model may better the built-in crew; what is made of its answer is never worse, and says nothing twice."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.model_path import OBJECTIVES
from crewgen_core.analysis.analyze import analyze
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.answer import read_answer
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.grounding import ground
from crewgen_core.composition.names import Glossary, plain_name
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.validation.validate import validate
from tests.support.model_server import GOOD_ANSWER

CHURN = (
    "Analyze why churn rose in Q3 from our subscription exports and write a two-page brief with recommendations for "
    "the board"
)


class Ground:
    """The real catalog, with everything an answer is grounded in."""

    def __init__(self) -> None:
        self.catalog: Catalog = load_catalog()
        self.built_in = CatalogComposer(self.catalog)
        self.glossary = Glossary(self.catalog)

    def analyze(self, text: str) -> tuple[Analysis, Crew]:
        analysis = analyze(Objective(text=text), self.catalog)
        return analysis, self.built_in.build(analysis)

    def ground(self, answer: str, analysis: Analysis, base: Crew) -> Crew:
        read = read_answer(answer)
        grounded = ground(read, analysis, base, self.catalog, self.glossary) if read else None
        assert grounded is not None
        return grounded[0]

    def assert_no_worse(self, crew: Crew, base: Crew, analysis: Analysis) -> None:
        scores = [validate(each, self.catalog, analysis).score for each in (crew, base)]
        assert scores[0] >= scores[1]


@pytest.fixture(scope="module")
def real() -> Ground:
    return Ground()


def reword(crew: Crew, opening: str = "Carefully", left_out: frozenset[int] = frozenset()) -> str:
    """Return the crew as a model would word it after small changes, without the tasks at some places."""
    kept = [task for place, task in enumerate(crew.tasks) if place not in left_out]
    agents = [{"key": f"m_{a.key}", "role": a.role, "goal": f"{opening}: {a.goal}"} for a in crew.agents]
    tasks: list[dict[str, Any]] = [
        {
            "key": f"m_{task.key}",
            "name": f"{opening} {task.name[:1].lower()}{task.name[1:]}",
            "description": task.description,
            "expected_output": task.expected_output,
            "agent": f"m_{task.agent}",
            "depends_on": [f"m_{key}" for key in task.depends_on],
            "skills": task.skills,
            "tools": task.tools,
            "human_minutes": task.human_minutes,
        }
        for task in kept
    ]
    return json.dumps({"agents": agents, "tasks": tasks, "process": crew.process})


def assert_nothing_twice(crew: Crew) -> None:
    roles = [plain_name(agent.role) for agent in crew.agents]
    titles = [plain_name(task.name) for task in crew.tasks]
    assert len(set(roles)) == len(roles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("text", OBJECTIVES)
def test_a_reworded_draft_is_as_good_as_the_draft_and_no_larger(text: str, real: Ground):
    analysis, base = real.analyze(text)
    crew = real.ground(reword(base), analysis, base)
    assert_nothing_twice(crew)
    assert (len(crew.agents), len(crew.tasks)) == (len(base.agents), len(base.tasks))
    real.assert_no_worse(crew, base, analysis)


@pytest.mark.parametrize("text", [CHURN, OBJECTIVES[0]])
def test_a_good_answer_is_kept_with_what_it_left_out_and_nothing_twice(text: str, real: Ground):
    analysis, base = real.analyze(text)
    crew = real.ground(GOOD_ANSWER, analysis, base)
    assert_nothing_twice(crew)
    assert [agent.role for agent in crew.agents].count("Customer Retention Analyst") == 1
    keys = [task.key for task in crew.tasks]
    assert [key for key in keys if key in ("clean_exports", "find_drivers", "write_brief")] == [
        *("clean_exports", "find_drivers", "write_brief")
    ]
    assert {skill for task in crew.tasks for skill in task.skills} >= {s for task in base.tasks for s in task.skills}
    assert crew.tasks[-1].name == base.tasks[-1].name
    assert crew.tasks[-1].agent != "brief_writer"
    real.assert_no_worse(crew, base, analysis)


@settings(max_examples=60)
@given(
    text=st.sampled_from(OBJECTIVES),
    opening=st.sampled_from(("Carefully", "Now", "For the team:")),
    left_out=st.frozensets(st.integers(0, 6), max_size=3),
)
def test_what_a_model_leaves_out_brings_nothing_twice(text: str, opening: str, left_out: frozenset[int], real: Ground):
    analysis, base = real.analyze(text)
    if left_out.issuperset(range(len(base.tasks))):
        return
    crew = real.ground(reword(base, opening, left_out), analysis, base)
    assert_nothing_twice(crew)
    assert not validate(crew, real.catalog, analysis).errors

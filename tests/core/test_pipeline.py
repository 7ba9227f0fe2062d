import asyncio
from decimal import Decimal

import pytest

from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.at_once import start_levels
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.errors import UnusableObjective
from crewgen_core.explanation.explain import explain
from crewgen_core.models.design import Design
from crewgen_core.models.objective import Objective
from crewgen_core.pipeline import Knowledge, assess, design, price
from tests.support.estimation import make_profile
from tests.support.objectives import BENCHMARKED, CHURN


@pytest.fixture
def knowledge() -> Knowledge:
    return Knowledge(load_catalog(), make_profile, "m")


def test_an_objective_becomes_a_checked_and_priced_crew_and_every_part_is_told(knowledge: Knowledge) -> None:
    told: list[str] = []
    made = asyncio.run(design(Objective(text=CHURN), CatalogComposer(knowledge.catalog), knowledge, told.append))
    assert made.report.valid
    assert made.estimate.cost_usd is not None
    assert made.estimate.cost_usd.p50 > Decimal(0)
    assert len(made.estimate.by_task) == len(made.crew.tasks)
    assert made.provenance.seconds > 0
    assert told[0] == "Reading the objective"
    assert "Repairing the crew" not in told


def test_an_unusable_objective_is_refused(knowledge: Knowledge) -> None:
    with pytest.raises(UnusableObjective):
        asyncio.run(design(Objective(text="..."), CatalogComposer(knowledge.catalog), knowledge))


def test_a_crew_that_is_there_already_is_checked_and_priced_as_when_it_was_made(knowledge: Knowledge) -> None:
    objective = Objective(text=CHURN)
    made = asyncio.run(design(objective, CatalogComposer(knowledge.catalog), knowledge))
    assert assess(made.crew, made.analysis, knowledge) == (made.report, made.estimate)


def test_a_crew_without_objective_is_reviewed_too(knowledge: Knowledge) -> None:
    made = asyncio.run(design(Objective(text=CHURN), CatalogComposer(knowledge.catalog), knowledge))
    broken = made.crew.model_copy(update={"tasks": made.crew.tasks[:0]})
    report, _ = assess(broken, None, knowledge)
    assert [finding.code for finding in report.errors] == ["CG102"]


def test_every_model_that_the_crew_names_is_looked_up(knowledge: Knowledge) -> None:
    asked: set[str] = set()

    def profile_of(name: str):
        asked.add(name)
        return make_profile(name)

    objective = Objective(text=CHURN, allowed_models=("special",))
    asyncio.run(design(objective, CatalogComposer(knowledge.catalog), Knowledge(knowledge.catalog, profile_of, "m")))
    assert asked == {"special", "m"}


PLANNING = "Organize a charity run: permits, volunteers, sponsors, timeline"
"""Planning, whose pieces could be done at the same time at a loss of success."""


@pytest.mark.parametrize("text", BENCHMARKED[::5])
def test_no_built_in_crew_would_succeed_more_often_in_a_row(text: str, knowledge: Knowledge) -> None:
    made = asyncio.run(design(Objective(text=text), CatalogComposer(knowledge.catalog), knowledge))
    tasks = tuple(task.model_copy(update={"async_execution": False}) for task in made.crew.tasks)
    label = "sequential" if made.crew.coordination == "parallel" else made.crew.coordination
    in_a_row = made.crew.model_copy(update={"tasks": tasks, "coordination": label})
    assert price(in_a_row, knowledge, made.analysis.domain).success.p50 <= made.estimate.success.p50


def test_work_runs_at_the_same_time_at_a_loss_only_where_that_keeps_the_deadline(knowledge: Knowledge) -> None:
    def make(minutes: float | None) -> Design:
        objective = Objective(text=PLANNING, deadline_minutes=minutes)
        return asyncio.run(design(objective, CatalogComposer(knowledge.catalog), knowledge))

    free = make(None)
    together = start_levels(free.crew).model_copy(update={"coordination": "parallel"})
    slow, fast = (price(crew, knowledge, free.analysis.domain).duration_s.p50 / 60 for crew in (free.crew, together))
    assert fast < slow
    assert make(slow * 1.01).crew == free.crew
    assert make(fast * 0.99).crew == free.crew
    between = make((slow + fast) / 2)
    assert between.crew.coordination == "parallel"
    assert between.report.valid
    told = explain(between.crew, "process", between.objective, knowledge).sentence
    assert "That is quicker, but" in told
    assert "A run may take" in told
    assert "one after the other, because" in explain(free.crew, "process", free.objective, knowledge).sentence

import asyncio
from decimal import Decimal

import pytest

from crewgen_core.catalog.loader import load_catalog
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.errors import UnusableObjective
from crewgen_core.models.objective import Objective
from crewgen_core.pipeline import Knowledge, assess, design
from tests.support.estimation import make_profile
from tests.support.objectives import CHURN


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

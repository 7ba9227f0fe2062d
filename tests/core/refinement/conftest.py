"""The real catalog, models of known price and speed, and two crews to refine."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from crewgen_core.catalog.loader import load_catalog
from crewgen_core.catalog.model_facts import load_model_facts
from crewgen_core.estimation.models import facts_for
from crewgen_core.llm.prices import price_of
from crewgen_core.models.crew import Crew
from crewgen_core.models.objective import Objective
from crewgen_core.models.refinement import Refinement
from crewgen_core.pipeline import Knowledge
from crewgen_core.refinement.refine import refine

BRIEF = Objective(
    text="Analyze why churn rose in Q3 from our subscription exports and write a two-page brief for the board."
)
MARKET = Objective(
    text="Research the market for electric cargo bikes in Europe, compare five competitors and write a report with "
    "recommendations for the founders."
)

CREWS = {
    name: Crew.model_validate(crew)
    for name, crew in json.loads(
        (Path(__file__).parents[2] / "support" / "crews_to_refine.json").read_text(encoding="utf-8")
    ).items()
}
"""What the built-in engine made of the two objectives once: kept, so that a new catalog entry changes no test here."""

Refine = Callable[..., Refinement]


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """What the front door knows, priced with a model of the middle."""
    return Knowledge(
        load_catalog(), lambda name: facts_for(name, load_model_facts(), price_of), "openai/gpt-5.6-luna", frozenset()
    )


@pytest.fixture(scope="session")
def brief() -> Crew:
    """A crew that explains churn: an analyst, a manager of customers' success, a writer and a reviewer in a row."""
    return CREWS["brief"]


@pytest.fixture(scope="session")
def market() -> Crew:
    """A crew that studies a market on the web: an analyst with three tasks, an advisor and a reviewer."""
    return CREWS["market"]


@pytest.fixture
def ask(knowledge: Knowledge, brief: Crew, market: Crew) -> Refine:
    """Refine one of the two crews by a wish: ``ask("make it cheaper")``, ``ask("...", of=market)``."""

    def ask(wish: str, of: Crew = brief, objective: Objective | None = None) -> Refinement:
        return refine(of, objective or (MARKET if of == market else BRIEF), wish, knowledge)

    return ask

"""Whole designs made without the catalog's data: checked and priced by the real rooms, from a crew made by hand."""

from decimal import Decimal

from crewgen_core.models.analysis import Analysis, Deliverable, RequiredSkill, StatedConstraints
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import Design, Provenance
from crewgen_core.models.objective import Objective
from crewgen_core.pipeline import Knowledge, price
from crewgen_core.validation.validate import validate
from tests.support.crews import sequential_crew
from tests.support.estimation import make_profile, small_catalog

CATALOG = small_catalog()
KNOWLEDGE = Knowledge(CATALOG, make_profile, "m")
UNPRICED = Knowledge(CATALOG, lambda name: make_profile(name, usd_in=None), "m")

CONSTRAINTS = StatedConstraints(
    budget_usd=Decimal("2.5"),
    deadline_minutes=30,
    max_agents=2,
    language="Spanish",
    audience="the board",
    inputs=("our exports",),
    exclusions=("naming customers",),
)


def analyse(objective: Objective) -> Analysis:
    """What might be understood of it: a skill that the crew has, one that it lacks, a tool it lacks, limits."""
    return Analysis(
        objective=objective,
        domain="software",
        domain_name="Software",
        subject="churn",
        complexity=4,
        complexity_reasons=("two deliverables",),
        workstreams=(),
        skills=(
            RequiredSkill(key="churn_analysis", name="churn analysis", weight=1, evidence=("why churn rose",)),
            RequiredSkill(key="market_research", name="market research", weight=0.3),
        ),
        tools=("web_search",),
        deliverables=(
            Deliverable(artefact="brief", name="two-page brief", length="two pages", file_format="Markdown"),
            Deliverable(artefact="video", name="explainer video"),
        ),
        constraints=CONSTRAINTS,
        risks=(),
        human_minutes=120,
    )


def make_design(
    text: str = "Find out why churn rose in Q3 and write a two-page brief.",
    crew: Crew | None = None,
    knowledge: Knowledge = KNOWLEDGE,
    **provenance: object,
) -> Design:
    """A design for the objective, with the crew of three that explains churn where no other is given."""
    objective = Objective(text=text, context="We sell subscriptions.", budget_usd=Decimal("2.5"))
    analysis = analyse(objective)
    crew = crew or sequential_crew()
    return Design(
        objective=objective,
        analysis=analysis,
        crew=crew,
        report=validate(crew, CATALOG, analysis),
        estimate=price(crew, knowledge, "software"),
        provenance=Provenance.model_validate(
            {"engine": "catalog", "cost_usd": Decimal(0), "seconds": 0.25} | provenance
        ),
    )

"""A small catalog and model profiles with round figures, for tests of estimation and figures."""

from decimal import Decimal

import yaml

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Artefact, Domain, Pattern, Skill, Step, Tool
from crewgen_core.catalog.language import Language
from crewgen_core.catalog.loader import DATA
from crewgen_core.estimation.models import ModelProfile
from crewgen_core.llm.prices import ModelPrice

SKILLS = {
    "market_research": "research",
    "churn_analysis": "analyze",
    "brief_writing": "write",
    "fact_checking": "review",
    "scheduling": "plan",
    "contract_review": "review",
}


def small_catalog() -> Catalog:
    """Five skills of five kinds of work, two tools that help with research, two domains."""
    skills = {
        key: Skill(key=key, name=key.replace("_", " "), gloss="do it", activity=activity, triggers=())
        for key, activity in SKILLS.items()
    }
    search = Tool(key="web_search", name="Web search", crewai_class="SerperDevTool", purpose="search the web")
    reader = Tool(key="read_file", name="File reading", crewai_class="FileReadTool", purpose="read a file")
    step = Step(
        key="search_market",
        title="Search the market",
        skill="market_research",
        produces="notes",
        description="Search.",
        output="Notes.",
        checks=("It has sources.",),
        minutes=30,
        tools=("web_search", "read_file"),
    )
    check = step.model_copy(
        update={"key": "check_facts", "skill": "fact_checking", "produces": "verdict", "tools": ()},
    )
    return Catalog(
        domains={
            "software": Domain(key="software", name="Software", vocabulary=(), difficulty=1),
            "legal": Domain(key="legal", name="Law", vocabulary=(), difficulty=10),
        },
        artefacts={
            "notes": Artefact(key="notes", name="notes", stage="source"),
            "verdict": Artefact(key="verdict", name="verdict", stage="review"),
        },
        skills=skills,
        roles={},
        tools={"web_search": search, "read_file": reader},
        patterns={"study": Pattern(key="study", name="Study", steps=(step, check))},
        risks={},
        language=Language.model_validate(yaml.safe_load((DATA / "language.yaml").read_text(encoding="utf-8"))),
    )


def make_profile(name: str = "m", horizon: float = 200.0, usd_in: str | None = "1", **facts: object) -> ModelProfile:
    """A model that costs ``usd_in`` per million tokens read and five times that per million written."""
    per_token = Decimal(usd_in) / 1_000_000 if usd_in is not None else None
    price = (
        ModelPrice(model=name, provider="p", input_usd=per_token, output_usd=per_token * 5)
        if per_token is not None
        else None
    )
    speed = {"tokens_per_s": 100.0, "first_answer_s": 1.0} | facts
    return ModelProfile(name=name, label=name, horizon_minutes=horizon, price=price, **speed)

"""A small catalog, an analysis and a built-in crew for the tests of what a model's answer becomes."""

import pytest

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity, Role, Skill, Tool
from crewgen_core.catalog.language import Language
from crewgen_core.llm.door import open_litellm
from crewgen_core.models.analysis import Analysis, RequiredSkill, StatedConstraints
from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.models.objective import Objective

TEXT = "Explain why churn rose in Q3 from our subscription exports and write a two-page brief for the board."

SKILLS = {
    "data_cleaning": ("data cleaning", "data wrangling"),
    "data_analysis": ("data analysis", "quantitative analysis"),
    "report_writing": ("report writing", "brief writing"),
    "fact_checking": ("fact checking", "verification of facts"),
    "web_research": ("web research", "online research"),
    "editing": ("editing", "copy editing"),
}
_KINDS: dict[str, Activity] = {
    "data_cleaning": "analyze",
    "data_analysis": "analyze",
    "report_writing": "write",
    "fact_checking": "review",
    "web_research": "research",
    "editing": "write",
}
TOOLS = {
    "csv_search": ("CSV search", "CSVSearchTool", "low", False),
    "file_read": ("file reading", "FileReadTool", "low", False),
    "web_search": ("web search", "SerperDevTool", "low", True),
    "shell_sandbox": ("shell", "ShellTool", "high", False),
    "stripe_payments": ("Stripe payments", "StripeTool", "high", True),
}


@pytest.fixture(scope="session")
def small_catalog() -> Catalog:
    """Six skills, five tools, one role."""
    skills = {
        key: Skill(key=key, name=name, gloss=name, activity=_KINDS[key], aliases=(alias,), triggers=(name,))
        for key, (name, alias) in SKILLS.items()
    }
    tools = {
        key: Tool(key=key, name=name, crewai_class=crewai, purpose=name, risk=risk, network=network)
        for key, (name, crewai, risk, network) in TOOLS.items()
    }
    role = Role(key="analyst", title="Analyst", focus="data", skills={"data_analysis": 9}, goal="Analyse.", style="x")
    return Catalog(
        domains={},
        artefacts={},
        skills=skills,
        roles={"analyst": role},
        tools=tools,
        patterns={},
        risks={},
        language=Language.model_construct(verb_groups={}, stopwords={"English": ()}),
    )


@pytest.fixture(scope="session", autouse=True)
def started_litellm() -> None:
    """Start LiteLLM before the tests: its start counts towards the deadline of a question."""
    open_litellm()


@pytest.fixture
def analysis() -> Analysis:
    return make_analysis()


@pytest.fixture
def built_in_crew() -> Crew:
    """What the built-in composer would make of it."""
    return Crew(
        name="Churn in Q3",
        objective=TEXT,
        oversight="light",
        agents=(make_agent("analyst", "data analysis"), make_agent("writer", "report writing")),
        tasks=(
            make_task("find_drivers", "analyst", "data_analysis", tools=("csv_search",)),
            make_task("write_brief", "writer", "report_writing", depends_on=("find_drivers",)),
        ),
    )


@pytest.fixture
def checked_crew(built_in_crew: Crew) -> Crew:
    """The same with a checker, who works before the writer."""
    drivers, brief = built_in_crew.tasks
    check = make_task("check_claims", "checker", "fact_checking", depends_on=("find_drivers",))
    return built_in_crew.model_copy(
        update={
            "agents": (*built_in_crew.agents, make_agent("checker", "fact checking")),
            "tasks": (drivers, check, brief.model_copy(update={"depends_on": ("check_claims",)})),
        }
    )


def make_agent(key: str, skill: str) -> Agent:
    return Agent(key=key, role=key.title(), goal="Do it well.", skills=(SkillLevel(name=skill),))


def make_task(key: str, agent: str, skill: str, **more: tuple[str, ...]) -> Task:
    name = key.replace("_", " ").capitalize()
    return Task(
        key=key,
        name=name,
        description=f"{name} of churn.",
        expected_output=f"A list that shows: {name}.",
        agent=agent,
        skills=(skill,),
        **more,
    )


def make_analysis(
    required: tuple[str, ...] = ("data_analysis", "report_writing"),
    tools: tuple[str, ...] = (),
    allowed_tools: tuple[str, ...] | None = None,
    max_agents: int | None = None,
    text: str = TEXT,
    context: str = "",
    exclusions: tuple[str, ...] = (),
) -> Analysis:
    """An analysis of the churn objective, with some of it otherwise."""
    return Analysis(
        objective=Objective(text=text, context=context, allowed_tools=allowed_tools, max_agents=max_agents),
        domain="general",
        domain_name="general work",
        subject="why churn rose in Q3",
        complexity=4,
        complexity_reasons=("two things to do",),
        workstreams=(),
        skills=tuple(RequiredSkill(key=key, name=SKILLS[key][0], weight=0.8) for key in required),
        tools=tools,
        deliverables=(),
        constraints=StatedConstraints(max_agents=max_agents, exclusions=exclusions),
        risks=(),
        human_minutes=120,
    )

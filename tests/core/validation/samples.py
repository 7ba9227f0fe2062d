"""A small catalog and a sound crew, with what is needed to spoil it."""

from typing import Any

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Artefact, Pattern, Role, Skill, Step, Tool
from crewgen_core.catalog.language import Language, VerbGroup
from crewgen_core.models.analysis import Analysis, Deliverable, RequiredSkill, Risk, StatedConstraints
from crewgen_core.models.change import apply_change
from crewgen_core.models.crew import Agent, Crew, Manager, SkillLevel, Task
from crewgen_core.models.objective import Objective
from crewgen_core.models.report import Finding
from crewgen_core.validation.validate import validate


def _skill(key: str, name: str, activity: Any) -> Skill:
    return Skill(key=key, name=name, gloss=name, activity=activity, triggers=(name,))


def _tool(key: str, name: str, crewai_class: str, **more: Any) -> Tool:
    return Tool(key=key, name=name, crewai_class=crewai_class, purpose=f"use the {name}", **more)


_SKILLS = (
    _skill("churn_analysis", "churn analysis", "analyze"),
    _skill("brief_writing", "brief writing", "write"),
    _skill("fact_checking", "fact checking", "review"),
    _skill("desk_research", "desk research", "research"),
    _skill("scheduling", "scheduling", "plan"),
)
_TOOLS = (
    _tool("web_search", "Web search", "SerperDevTool", environment=("SERPER_API_KEY",), network=True),
    _tool("file_reader", "File reader", "FileReadTool"),
    _tool("code_runner", "Code runner", "CodeInterpreterTool", risk="high", risk_reason="It runs code."),
)
_STEP = Step(
    key="search_sources",
    title="Search sources on {focus}",
    skill="desk_research",
    produces="source_list",
    description="Search for sources on {focus}.",
    output="A list of sources.",
    checks=("Each source has a link.",),
    minutes=30,
    tools=("web_search",),
)

CATALOG = Catalog(
    domains={},
    artefacts={
        "brief": Artefact(key="brief", name="executive brief", stage="final"),
        "source_list": Artefact(key="source_list", name="list of sources", stage="source"),
    },
    skills={skill.key: skill for skill in _SKILLS},
    roles={
        "fact_checker": Role(
            key="fact_checker",
            title="Fact Checker",
            focus="truth",
            skills={"fact_checking": 9},
            goal="Find errors.",
            style="You trace claims.",
        )
    },
    tools={tool.key: tool for tool in _TOOLS},
    patterns={"desk": Pattern(key="desk", name="desk research", steps=(_STEP,))},
    risks={},
    language=Language.model_construct(
        verb_groups={
            "find": VerbGroup(activity="research", verbs=("find", "research")),
            "write": VerbGroup(activity="write", verbs=("write", "draft")),
            "send": VerbGroup(activity="communicate", verbs=("send", "publish")),
        }
    ),
)

ENVIRONMENT = ("SERPER_API_KEY",)

ANALYST = Agent(
    key="analyst",
    role="Customer Retention Analyst",
    goal="Find what drives subscription churn and how strong each driver is",
    backstory="You start from cohorts and distrust averages.",
    skills=(SkillLevel(name="churn analysis", proficiency=9),),
    tools=("file_reader",),
)
WRITER = Agent(
    key="writer",
    role="Executive Brief Writer",
    goal="Turn findings into a brief that a board can decide on",
    backstory="You put the decision first and cut every adjective.",
    skills=(SkillLevel(name="brief writing", proficiency=8),),
)
CHECKER = Agent(
    key="checker",
    role="Fact Checker",
    goal="Leave no figure in the brief that its source does not carry",
    backstory="You trace each claim back to the data it came from.",
    skills=(SkillLevel(name="fact checking", proficiency=8),),
)
ANALYZE = Task(
    key="analyze",
    name="Find what drives churn",
    description="Read the subscription exports and find the five strongest drivers of churn in the last quarter.",
    expected_output="A table of the five strongest churn drivers with their share of lost revenue.",
    agent="analyst",
    skills=("churn_analysis",),
    tools=("file_reader",),
    human_minutes=60,
)
WRITE = Task(
    key="write",
    name="Write the brief on churn",
    description="Write a brief for the board on the drivers of churn, with one recommendation for each driver.",
    expected_output="A brief of two pages with one recommendation per driver of churn.",
    agent="writer",
    depends_on=("analyze",),
    skills=("brief_writing",),
    human_minutes=45,
)
CHECK = Task(
    key="check",
    name="Check the figures of the brief",
    description="Compare each figure of the brief on churn with the table of drivers and correct what differs.",
    expected_output="The corrected brief of two pages on churn, then a list of what was changed.",
    agent="checker",
    depends_on=("analyze", "write"),
    skills=("fact_checking",),
    human_minutes=30,
)
MANAGER = Manager(goal="Bring the brief to the board in time.", backstory="You hand out work and check it.")

SOUND = Crew(
    name="Churn crew",
    objective="Find why subscription churn rose and write a two-page brief for the board",
    oversight="light",
    agents=(ANALYST, WRITER, CHECKER),
    tasks=(ANALYZE, WRITE, CHECK),
)
"""A crew that no rule has anything to say against."""


def analysis(*, constraints: StatedConstraints | None = None, **fields: Any) -> Analysis:
    """Return what was understood of the objective of the sound crew."""
    limits = {k: fields.pop(k) for k in ("allowed_tools", "allowed_models", "max_agents") if k in fields}
    known: dict[str, Any] = {
        "objective": Objective(text=SOUND.objective, **limits),
        "domain": "general",
        "domain_name": "General",
        "subject": "subscription churn",
        "complexity": 4,
        "complexity_reasons": (),
        "workstreams": (),
        "skills": (
            RequiredSkill(key="churn_analysis", name="churn analysis", weight=1),
            RequiredSkill(key="brief_writing", name="brief writing", weight=1),
        ),
        "tools": ("file_reader",),
        "deliverables": (Deliverable(artefact="brief", name="two-page brief", length="two pages"),),
        "constraints": constraints or StatedConstraints(),
        "risks": (),
        "human_minutes": 135,
    }
    return Analysis(**(known | fields))


HIGH_RISK = Risk(key="money", name="money moves", severity="high", evidence=("pay",), care="A person approves it.")


def with_agent(base: Agent, **fields: Any) -> Crew:
    """Return the sound crew with fields of one agent changed."""
    changed = base.model_copy(update=fields)
    return SOUND.model_copy(update={"agents": tuple(changed if a is base else a for a in SOUND.agents)})


def with_task(base: Task, **fields: Any) -> Crew:
    """Return the sound crew with fields of one task changed."""
    changed = base.model_copy(update=fields)
    return SOUND.model_copy(update={"tasks": tuple(changed if t is base else t for t in SOUND.tasks)})


def with_crew(**fields: Any) -> Crew:
    """Return the sound crew with fields of its own changed."""
    return SOUND.model_copy(update=fields)


def find(
    crew: Crew, code: str, known: Analysis | None = None, environment: tuple[str, ...] = ENVIRONMENT
) -> list[Finding]:
    """Return the findings of one code."""
    return [f for f in validate(crew, CATALOG, known, environment).findings if f.code == code]


def fix_first(crew: Crew, code: str, known: Analysis | None = None) -> Crew:
    """Return the crew after the fix of the first finding of the code."""
    finding = find(crew, code, known)[0]
    assert finding.fix is not None, finding.message
    return apply_change(crew, finding.fix)

"""Templates for tests: a hand-made one with a blank of every type."""

from crewgen_core.models.crew import Agent, Crew, SkillLevel, Task
from crewgen_core.models.template import Blank, Template


def market_template(**changes: object) -> Template:
    """A template of three tasks, one of them optional, with a blank of every type."""
    template = Template(
        key="market-brief",
        name="Market brief",
        description="Sizes a market and says whether to enter it.",
        type="domain_specific",
        category="Research",
        tags=("market", "brief"),
        objective="Size the market for [[product]] in [[places]] and write a [[pages]]-page brief for the [[reader]] "
        "by [[due]].",
        blanks=(
            Blank(name="product", label="Product", default="electric cargo bikes", takes="subject"),
            Blank(name="places", label="Places", type="list", default="Germany, Austria"),
            Blank(name="pages", label="Pages", type="number", default="2"),
            Blank(name="reader", label="Reader", type="choice", choices=("board", "team"), default="board"),
            Blank(name="due", label="Wanted by", type="date", default="2027-03-31"),
        ),
        crew=Crew(
            name="Market for [[product]]",
            agents=(
                Agent(
                    key="market_researcher",
                    role="Market Researcher for [[product]]",
                    goal="Size the market for [[product]] from sources that can be checked",
                    backstory="You triangulate: top-down and bottom-up, and say how far apart they are.",
                    skills=(SkillLevel(name="market research", proficiency=8),),
                    tools=("web_search",),
                ),
                Agent(
                    key="brief_writer",
                    role="Strategy Brief Writer",
                    goal="Write the brief on [[product]] that the [[reader]] can decide on",
                    backstory="You lead with the answer and keep every figure with its source.",
                ),
            ),
            tasks=(
                Task(
                    key="size_market",
                    name="Size the market for [[product]]",
                    description="Estimate the yearly demand for [[product]] in [[places]] top-down and bottom-up. Name "
                    "the source and year of each figure; where data is missing, give a range and say so.",
                    expected_output="A table of both estimates by place with sources, and the range they span.",
                    agent="market_researcher",
                    skills=("market_research",),
                    tools=("web_search",),
                    human_minutes=120,
                ),
                Task(
                    key="check_rivals",
                    name="Compare the competitors",
                    description="List the five largest vendors of [[product]] in [[places]] with prices and strengths; "
                    "note what could not be found.",
                    expected_output="A table of five vendors with price, strength, weakness and source.",
                    agent="market_researcher",
                    depends_on=("size_market",),
                    skills=("competitor_analysis",),
                    human_minutes=60,
                ),
                Task(
                    key="write_brief",
                    name="Write the brief",
                    description="Write [[pages]] pages for the [[reader]]: whether to sell [[product]] there, "
                    "with the figures that decide it and what would change the answer.",
                    expected_output="A brief of [[pages]] pages in Markdown with a recommendation in its first line.",
                    agent="brief_writer",
                    depends_on=("size_market", "check_rivals"),
                    skills=("executive_writing",),
                    human_minutes=60,
                ),
            ),
        ),
        optional=("check_rivals",),
    )
    return Template.model_validate(template.model_dump() | changes)

"""Writes the review that an optimization adds after a task."""

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.models.crew import Agent, SkillLevel, Task
from crewgen_core.validation.texts import shorten

REVIEW_SKILL = "quality_review"

LEAST_MINUTES, SHARE_OF_MINUTES = 5.0, 0.15
"""A review takes about a seventh of the work it checks [assumption, for people; it adds no load]."""

REVIEWER = Agent(
    key="reviewer",
    role="Independent Reviewer",
    goal="Find what is wrong or missing in a result before others build on it, and hand it on corrected.",
    backstory="You did none of the work. You hold each result against its expected output point by point, trace every "
    "figure and claim to where it comes from, correct what is wrong, and mark what cannot be verified.",
    skills=(SkillLevel(name="quality review", proficiency=8),),
    why="Checks results by somebody who did not make them.",
)


def write_review(task: Task, agent: str, catalog: Catalog, key: str = "check") -> Task:
    """Return the task that checks another one's result and hands it on corrected."""
    skill = catalog.skills.get(REVIEW_SKILL)
    return Task(
        key=key,
        name=f"Check the result of “{task.name[:400]}”",
        description=f"Hold the result of “{task.name[:400]}” point by point against what it was to be: "
        f"“{shorten(task.expected_output or task.description, 600)}” Trace every figure and claim to its source or to "
        "what the task worked from; correct what is wrong or missing, and mark what cannot be verified.",
        expected_output="The complete result, corrected where it had to be, followed by at most 5 points: what was "
        "checked, what was changed and why, and what remains uncertain.",
        agent=agent,
        depends_on=(task.key,),
        skills=(skill.name,) if skill else (),
        human_minutes=max(LEAST_MINUTES, round(task.human_minutes * SHARE_OF_MINUTES)),
        why="A check by somebody who did not make the result finds what its maker overlooks.",
    )

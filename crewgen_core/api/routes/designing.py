"""Understanding an objective, and checking, pricing and improving any crew; nothing is stored."""

from typing import Annotated

from fastapi import Body
from starlette.responses import Response

from crewgen_core.api.reply import reply
from crewgen_core.api.routing import FrontDoor, make_router
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.models.optimization import Goal, Limits, Optimization
from crewgen_core.models.report import Report
from crewgen_core.models.value import Value

router = make_router("Designing", "/generation")

CREW = {
    "name": "Market brief",
    "objective": "Write a two-page brief about the market for electric bikes.",
    "agents": [
        {
            "key": "analyst",
            "role": "Market Analyst",
            "goal": "Find out how the market for electric bikes develops",
            "backstory": "Ten years of reading trade statistics.",
            "skills": [{"name": "Market research", "proficiency": 8}],
            "tools": ["web_search"],
        }
    ],
    "tasks": [
        {
            "key": "write_brief",
            "name": "Write the brief",
            "description": "Collect sales figures of the last three years and write them up for the owner of a shop.",
            "expected_output": "A brief of two pages in Markdown with its sources.",
            "agent": "analyst",
        }
    ],
}


class AnalyzeRequest(Value):
    """An objective to be understood."""

    objective: Objective


class ReviewRequest(Value):
    """A crew to be checked or priced."""

    crew: Crew
    objective: Objective | None = None
    """What the crew is for; with it, the crew is also held against what the objective asks for."""


class OptimizeRequest(Value):
    """A crew to be improved."""

    crew: Crew
    goal: Goal
    limits: Limits = Limits()
    objective: Objective | None = None
    """What the crew is for; what it states counts where ``limits`` set nothing."""


@router.post("/analyze", response_model=Analysis, summary="Understand an objective", operation_id="analyze")
def analyze(
    front_door: FrontDoor,
    asked: Annotated[AnalyzeRequest, Body(examples=[{"objective": {"text": CREW["objective"]}}])],
) -> Response:
    """Return what is understood: domain, complexity with its reasons, skills and tools called for, deliverables, risks.

    No model is asked; each part quotes the words of the objective that it rests on.
    """
    return reply(front_door.analyze(asked.objective))


@router.post("/validate", response_model=Report, summary="Check a crew", operation_id="validate")
def validate(front_door: FrontDoor, asked: Annotated[ReviewRequest, Body(examples=[{"crew": CREW}])]) -> Response:
    """Return the findings with their stable codes and fixes, the coverage of skills, and a score."""
    return reply(front_door.review(asked.crew, asked.objective)[0])


@router.post("/estimate", response_model=Estimate, summary="Price a crew", operation_id="estimate")
def estimate(front_door: FrontDoor, asked: Annotated[ReviewRequest, Body(examples=[{"crew": CREW}])]) -> Response:
    """Return chance of success, cost, duration and tokens of one run as intervals, with the source of every figure."""
    return reply(front_door.review(asked.crew, asked.objective)[1])


@router.post("/optimize", response_model=Optimization, summary="Improve a crew", operation_id="optimize")
def optimize(
    front_door: FrontDoor,
    asked: Annotated[OptimizeRequest, Body(examples=[{"crew": CREW, "goal": "cost"}])],
) -> Response:
    """Return the best crew for a goal within limits, as changes with their reasons, and the proof that it is the best.

    A crew with errors is refused: mend first what `validate` finds.
    """
    return reply(front_door.optimizing.optimize(asked.crew, asked.goal, asked.limits, asked.objective))

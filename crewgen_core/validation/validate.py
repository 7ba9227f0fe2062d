"""Validates a crew: every rule, the coverage matrix, the score and the verdict."""

from collections.abc import Collection

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Crew
from crewgen_core.models.report import Report
from crewgen_core.validation.context import Context
from crewgen_core.validation.matrix import cover_skills
from crewgen_core.validation.rules import RULES
from crewgen_core.validation.score import judge_crew, score_crew

_GRAVITY = {"error": 0, "warning": 1, "advice": 2}


def validate(
    crew: Crew, catalog: Catalog, analysis: Analysis | None = None, environment: Collection[str] = ()
) -> Report:
    """Return the report on any crew, sound or not; it never raises.

    Without an analysis, what the objective asks for is not checked. ``environment`` holds the names of the environment
    variables that are set where the crew will run. Findings come with the gravest first, then by code and place.
    """
    context = Context(crew, catalog, analysis, frozenset(environment))
    found = [finding for rule in RULES for finding in rule.find(context)]
    found.sort(key=lambda finding: _GRAVITY[finding.severity])
    return Report(
        findings=tuple(found),
        coverage=cover_skills(context),
        score=score_crew(context, found),
        verdict=judge_crew(crew, found),
    )

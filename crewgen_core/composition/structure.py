"""Decides how a team works together: process, coordination style, oversight, what runs at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity
from crewgen_core.catalog.kind_of_work import is_checking_skill
from crewgen_core.composition.at_once import choose_levels, costs_success
from crewgen_core.composition.depth import BALANCED, Depth, at_least
from crewgen_core.composition.graph import WorkGraph
from crewgen_core.composition.pieces import Piece
from crewgen_core.models.analysis import Analysis
from crewgen_core.models.crew import Coordination, Oversight, Process

_COORDINATING = "project_coordination"

LEAST_HIERARCHICAL_TEAM = 5
"""Below five workers a manager costs more than it brings: central coordination takes 2.4 times the tokens of
independent agents, and helps only decomposable work (Kim et al., arXiv 2512.08296 v3; docs/estimator.md)."""

_LEAST_PARALLEL_STREAMS = 4
"""So many independent pieces at once make up work that can be decomposed."""


@dataclass(frozen=True)
class Structure:
    """How the crew works together, with the reason."""

    process: Process
    coordination: Coordination
    oversight: Oversight
    why: str
    at_once: frozenset[str]
    """Step keys of the pieces that start without waiting for each other (CrewAI's async_execution)."""
    managed: bool


def decide_structure(
    analysis: Analysis, graph: WorkGraph, team_size: int, catalog: Catalog, depth: Depth = BALANCED
) -> Structure:
    """Return the way of working that fits the graph: alone, in a row, side by side, or under a manager.

    Side by side only where that costs no success by the estimate's own figures, or where the objective asks for speed.
    """
    oversight = _oversight(analysis, graph.ordered, catalog, depth)
    if team_size == 1:
        return Structure("sequential", "solo", oversight, _why_alone(analysis), frozenset(), False)
    wants_manager = any(skill.key == _COORDINATING and skill.weight >= 0.8 for skill in analysis.skills)
    widest = max(len(level) for level in graph.levels())
    if team_size >= LEAST_HIERARCHICAL_TEAM and (wants_manager or _gains_by_division(graph, catalog)):
        why = f"{team_size} agents with {widest} independent pieces of work: a manager divides and joins them."
        return Structure("hierarchical", "hierarchical", oversight, why, frozenset(), True)
    at_once = frozenset(piece.step.key for piece in choose_levels(graph.levels()))
    if not at_once:
        return Structure(
            "sequential", "sequential", oversight, "Each task builds on the one before it.", at_once, False
        )
    if costs_success(_kinds(graph, catalog)) and not analysis.constraints.speed:
        why = "Agents that do such work side by side do worse than one alone (Kim et al., arXiv 2512.08296 v3)."
        return Structure("sequential", "sequential", oversight, why, frozenset(), False)
    why = f"{len(at_once)} tasks do not need each other's results and run at the same time."
    return Structure("sequential", "parallel", oversight, why, at_once, False)


def _kinds(graph: WorkGraph, catalog: Catalog) -> list[Activity]:
    """Return the kinds of work in the order in which the pieces would be listed if some ran at the same time."""
    pieces = (piece for level in graph.levels() for piece in level)
    return [
        catalog.skills[piece.step.skill].activity
        for piece in pieces
        if not (graph.sources_of(piece) and is_checking_skill(piece.step.skill, catalog))
    ]


def _why_alone(analysis: Analysis) -> str:
    """Say why nobody else is in the crew.

    A team helps only where a single agent succeeds in less than about 45 %, and takes 1.6 times (agents that do not
    talk) to 3.9 times its tokens (agents that a manager coordinates) (Kim et al., arXiv 2512.08296 v3).
    """
    if analysis.constraints.max_agents == 1:
        return "Works alone, because one agent is all that was allowed."
    return "Works alone: one agent has all the skills, and a team would only add cost."


def _gains_by_division(graph: WorkGraph, catalog: Catalog) -> bool:
    """True where many independent pieces are mostly analysis.

    Central coordination raised success there only: by 1.16 logit on analysis that can be divided, by nothing or less on
    research, office work, code and planning (Kim et al., arXiv 2512.08296 v3).
    """
    widest = max(graph.levels(), key=len)
    analyses = sum(1 for piece in widest if catalog.skills[piece.step.skill].activity == "analyze")
    return len(widest) >= _LEAST_PARALLEL_STREAMS and analyses * 2 > len(widest)


def _oversight(analysis: Analysis, pieces: Sequence[Piece], catalog: Catalog, depth: Depth) -> Oversight:
    checks = sum(1 for piece in pieces if catalog.artefacts[piece.step.produces].stage in ("review", "final"))
    if checks and needs_a_person(analysis, depth):
        return "intensive"
    return "none" if not checks else "light" if checks == 1 else "moderate"


def needs_a_person(analysis: Analysis, depth: Depth = BALANCED) -> bool:
    """True when an error would do harm: then a person confirms the last task."""
    return any(at_least(risk.severity, depth.person_from) for risk in analysis.risks)

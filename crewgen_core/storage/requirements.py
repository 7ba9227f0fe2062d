"""What an objective asks for, item by item, and whether the crew covers it."""

from collections.abc import Iterator
from decimal import Decimal

from pydantic import JsonValue

from crewgen_core.models.analysis import Analysis, Deliverable
from crewgen_core.models.design import Design
from crewgen_core.models.report import WORKING_PROFICIENCY, Report
from crewgen_core.models.stored import RequirementRow, RequirementType
from crewgen_core.validation.texts import shorten

_MUST = 5
"""Priority of what the objective names outright."""


def list_requirements(design: Design) -> tuple[RequirementRow, ...]:
    """Return every skill, tool, deliverable and constraint of the analysis with what the crew makes of it."""
    return (
        *_list_skills(design.analysis, design.report),
        *_list_tools(design),
        *_list_deliverables(design.analysis, design.report),
        *_list_limits(design),
        *_list_wishes(design.analysis, design.report),
    )


def _list_skills(analysis: Analysis, report: Report) -> Iterator[RequirementRow]:
    """A skill is covered when an agent has it at a proficiency that does the work."""
    able = {cell.skill for cell in report.coverage if cell.proficiency >= WORKING_PROFICIENCY}
    for skill in analysis.skills:
        metadata: dict[str, JsonValue] = {
            "key": skill.key,
            "weight": skill.weight,
            "evidence": list[JsonValue](skill.evidence),
        }
        yield _require("skill", skill.name, "", max(1, round(skill.weight * _MUST)), skill.name in able, metadata)


def _list_tools(design: Design) -> Iterator[RequirementRow]:
    """A tool is covered when an agent or a task is granted it."""
    granted = {tool for part in (*design.crew.agents, *design.crew.tasks) for tool in part.tools}
    for tool in design.analysis.tools:
        yield _require("tool", tool, "", _MUST - 1, tool in granted, {"key": tool})


def _list_deliverables(analysis: Analysis, report: Report) -> Iterator[RequirementRow]:
    """A deliverable is covered when validation did not miss it (CG205)."""
    for deliverable in analysis.deliverables:
        found = not _is_missed(report, "CG205", deliverable.name)
        metadata: dict[str, JsonValue] = {"artefact": deliverable.artefact, "quantity": deliverable.quantity}
        yield _require("deliverable", deliverable.name, _describe(deliverable), _MUST, found, metadata)


def _list_limits(design: Design) -> Iterator[RequirementRow]:
    """A limit of cost or time is kept when at least nine of ten simulated runs stay below it."""
    limits, estimate = design.analysis.constraints, design.estimate
    if limits.budget_usd is not None:
        cost = estimate.cost_usd
        kept = None if cost is None else cost.p90 <= limits.budget_usd
        yield _require("constraint", "budget_usd", _plain(limits.budget_usd), _MUST, kept, {})
    if limits.deadline_minutes is not None:
        kept = estimate.duration_s.p90 <= limits.deadline_minutes * 60
        yield _require("constraint", "deadline_minutes", f"{limits.deadline_minutes:g}", _MUST, kept, {})
    if limits.max_agents is not None:
        kept = len(design.crew.agents) <= limits.max_agents
        yield _require("constraint", "max_agents", str(limits.max_agents), _MUST, kept, {})


def _list_wishes(analysis: Analysis, report: Report) -> Iterator[RequirementRow]:
    """Wishes about language and what to leave out are checked by validation (CG207, CG208); the rest shows in a run."""
    wishes = analysis.constraints
    if wishes.language:
        missed = any(finding.code == "CG207" for finding in report.findings)
        yield _require("constraint", "language", wishes.language, _MUST, not missed, {})
    for exclusion in wishes.exclusions:
        missed = _is_missed(report, "CG208", exclusion)
        yield _require("constraint", "exclusion", exclusion, _MUST, not missed, {})
    for name, words in (("due", wishes.due), ("audience", wishes.audience), ("tone", wishes.tone)):
        if words:
            yield _require("constraint", name, words, _MUST - 2, None, {})
    for source in wishes.inputs:
        yield _require("constraint", "input", source, _MUST - 1, None, {})


def _is_missed(report: Report, code: str, name: str) -> bool:
    """Say whether a finding with this code is about the thing of this name; findings quote it shortened."""
    quoted = f'"{shorten(name)}"'
    return any(finding.code == code and quoted in finding.message for finding in report.findings)


def _describe(deliverable: Deliverable) -> str:
    return ", ".join(part for part in (deliverable.length, deliverable.file_format) if part)


def _plain(usd: Decimal) -> str:
    return f"{usd.normalize():f}"


def _require(
    kind: RequirementType, name: str, value: str, priority: int, satisfied: bool | None, metadata: dict[str, JsonValue]
) -> RequirementRow:
    return RequirementRow(
        requirement_type=kind, name=name, value=value, priority=priority, satisfied=satisfied, metadata=metadata
    )

"""Writes what was understood of an objective as text for a terminal."""

from collections.abc import Iterable, Sequence

from crewgen_core.console.figures import MINUTE, show_time, show_usd
from crewgen_core.console.terminal import join, list_items, wrap
from crewgen_core.models.analysis import Analysis, Deliverable


def describe_analysis(analysis: Analysis) -> str:
    """Return what was understood of an objective, with the words that say so."""
    skills = (f"{skill.name} ({skill.weight:.1f}){_because(skill.evidence)}" for skill in analysis.skills)
    risks = (f"{risk.name} ({risk.severity}){_because(risk.evidence)}: {risk.care}" for risk in analysis.risks)
    return join(
        wrap(f"About: {analysis.subject}"),
        f"Domain: {analysis.domain_name}\n"
        f"Complexity: {analysis.complexity} of 10\n"
        f"Human work before planning: about {show_time(analysis.human_minutes * MINUTE)}",
        list_items("Why this complexity", analysis.complexity_reasons),
        list_items("To do", (stream.text for stream in analysis.workstreams)),
        list_items("Skills (weight), and the words that call for them", skills),
        list_items("Deliverables", map(_deliverable, analysis.deliverables)),
        list_items("Tools named", analysis.tools),
        list_items("Limits", _limits(analysis)),
        list_items("Risks", risks),
        list_items("Unclear", analysis.warnings),
    )


def _limits(analysis: Analysis) -> Iterable[str]:
    stated = analysis.constraints
    if stated.budget_usd is not None:
        yield f"at most {show_usd(float(stated.budget_usd))} a run"
    if stated.deadline_minutes is not None:
        yield f"at most {show_time(stated.deadline_minutes * MINUTE)} a run"
    if stated.max_agents is not None:
        yield f"at most {stated.max_agents} agents"
    if stated.speed:
        yield f"quick: “{stated.speed}”"
    named = {"due": stated.due, "for": stated.audience, "in": stated.language, "tone": stated.tone}
    yield from (f"{name} {words}" for name, words in named.items() if words)
    yield from (f"works from {words}" for words in stated.inputs)
    yield from (f"keeps to: {words}" for words in stated.exclusions)


def _deliverable(item: Deliverable) -> str:
    count = f"{item.quantity} × " if item.quantity > 1 else ""
    details = ", ".join(detail for detail in (item.length, item.file_format) if detail and detail not in item.name)
    return f"{count}{item.name}{f' ({details})' if details else ''}"


def _because(evidence: Sequence[str]) -> str:
    return f": “{'”, “'.join(evidence)}”" if evidence else ""

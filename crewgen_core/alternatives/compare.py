"""Finds up to three crews for one objective that clearly differ, and puts them side by side in order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crewgen_core.alternatives.candidate import Candidate
from crewgen_core.alternatives.ranking import WILL_BREAK, breaks_limits, limit_codes, rank
from crewgen_core.alternatives.reasons import give_reasons
from crewgen_core.analysis.analyze import analyze
from crewgen_core.composition.catalog_composer import CatalogComposer
from crewgen_core.composition.depth import BALANCED, LEAN, THOROUGH, Depth
from crewgen_core.models.alternative import Alternative, AlternativeKind, Comparison
from crewgen_core.models.analysis import Analysis, StatedConstraints
from crewgen_core.models.crew import Crew
from crewgen_core.models.design import BUILT_IN
from crewgen_core.models.estimate import Estimate
from crewgen_core.models.objective import Objective
from crewgen_core.pipeline import Knowledge, assess, keep_deadline

MOST_ALTERNATIVES = 3

NOT_COVERED = frozenset({"CG201", "CG205"})
"""Findings about what the objective asks for: a required skill without agent, a deliverable that no task makes."""


@dataclass(frozen=True)
class Composed:
    """What the built-in engine makes of one objective, however much of it there is to do; it does not change."""

    analysis: Analysis
    candidates: tuple[Candidate, ...]


def compose_alternatives(objective: Objective, knowledge: Knowledge) -> Composed:
    """Compose, check and price the built-in crews for an objective.

    Raises UnusableObjective when there is nothing to plan from.
    """
    analysis = analyze(objective, knowledge.catalog)
    composer = CatalogComposer(knowledge.catalog)
    depths = (LEAN, THOROUGH, BALANCED)  # the last only where one of the others is not needed

    def consider(depth: Depth) -> Candidate:
        crew = keep_deadline(composer.build(analysis, depth), analysis, knowledge)
        return _consider(depth.name, crew, BUILT_IN, analysis, knowledge)

    return Composed(analysis, tuple(map(consider, depths)))


def compare(composed: Composed, knowledge: Knowledge, shown: Crew | None = None, made_by: str = "") -> Comparison:
    """Return the crew that is shown and those that clearly differ from it, the best bet first.

    ``shown`` may be any crew for the objective; without one, the others are compared with the balanced crew.
    ``made_by`` says who made it, as people read it.
    """
    analysis = composed.analysis
    built = [replace(candidate, shown=candidate.crew == shown) for candidate in composed.candidates]
    reference = next((candidate for candidate in built if candidate.shown), None)
    if reference is None and shown is not None:
        given = _consider("given", shown, made_by or "not known", analysis, knowledge)
        reference = replace(given, shown=True)
    elif reference is None:
        reference = built[-1]
    chosen, remarks = [reference], list[str]()
    for candidate in built:
        if candidate is reference or len(chosen) == MOST_ALTERNATIVES:
            continue
        objection = _object_to(candidate, chosen, analysis)
        if objection:
            remarks.append(objection)
        else:
            chosen.append(candidate)
    return _put_in_order(chosen, remarks, analysis)


def _consider(kind: AlternativeKind, crew: Crew, made_by: str, analysis: Analysis, knowledge: Knowledge) -> Candidate:
    """Check and price a crew."""
    report, figures = assess(crew, analysis, knowledge)
    return Candidate(kind=kind, made_by=made_by, crew=crew, report=report, estimate=figures, catalog=knowledge.catalog)


def _object_to(candidate: Candidate, chosen: Sequence[Candidate], analysis: Analysis) -> str:
    """Return why the candidate is not offered beside those chosen, empty when it is."""
    reference = chosen[0]
    twin = next((other for other in chosen if candidate.is_like(other)), None)
    if twin:
        return _say_alike(candidate, twin)
    name = candidate.called[:1].upper() + candidate.called[1:]
    if candidate.report.errors and not reference.report.errors:
        return f"{name} is not offered, because it has an error: {candidate.report.errors[0].message}"
    missing = candidate.finding(*NOT_COVERED)
    if missing and not reference.finding(missing.code):
        return f"{name} is not offered, because it would leave something out: {missing.message.partition('. ')[0]}."
    finding = candidate.finding(*limit_codes())
    if (
        finding
        and breaks_limits(candidate.estimate, analysis.constraints) == WILL_BREAK
        and not _takes_less(candidate.estimate, reference.estimate, analysis.constraints)
    ):
        return f"{name} is not offered: {finding.message[:1].lower()}{finding.message[1:]}"
    return ""


def _takes_less(one: Estimate, other: Estimate, constraints: StatedConstraints) -> bool:
    """Tell whether the first comes nearer to a limit that was set."""
    cheaper = one.cost_usd and other.cost_usd and one.cost_usd.p50 < other.cost_usd.p50
    faster = one.duration_s.p50 < other.duration_s.p50
    return bool(
        (constraints.budget_usd is not None and cheaper) or (constraints.deadline_minutes is not None and faster)
    )


def _say_alike(candidate: Candidate, twin: Candidate) -> str:
    kinds = {candidate.kind, twin.kind}
    if kinds == {"lean", "balanced"}:
        return "The objective is small: the lean crew is the balanced one."
    if kinds == {"thorough", "balanced"}:
        return "Everything worth preparing or checking is there already: the thorough crew is the balanced one."
    return f"{candidate.called[:1].upper()}{candidate.called[1:]} has the same agents and tasks as {twin.called}."


def _put_in_order(chosen: list[Candidate], remarks: list[str], analysis: Analysis) -> Comparison:
    reference, ranked = chosen[0], rank(chosen, analysis)
    if not reference.made_by.startswith(BUILT_IN):
        remarks.append(f"The crew shown is by {reference.made_by}, the others are by the built-in engine.")
    if any(_prepares_more(one, other) for one in ranked for other in ranked):
        remarks.append(
            "In these figures every task is work that can go wrong. How much better a result gets by more preparation "
            "is not measured, so no figure shows it."
        )
    return Comparison(
        alternatives=tuple(
            Alternative(
                kind=candidate.kind,
                made_by=candidate.made_by,
                shown=candidate.shown,
                rank=place + 1,
                crew=candidate.crew,
                report=candidate.report,
                estimate=candidate.estimate,
                reasons=give_reasons(place, ranked, reference, analysis),
                only_here=tuple(
                    task.key for task in candidate.tasks_beyond(*(other for other in ranked if other is not candidate))
                ),
            )
            for place, candidate in enumerate(ranked)
        ),
        remarks=tuple(remarks),
    )


def _prepares_more(one: Candidate, other: Candidate) -> bool:
    return any(task not in one.checks for task in one.tasks_beyond(other))

"""The checks of a plan: those that risk asks for, and a last one where several results must become one."""

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Stage, Step
from crewgen_core.composition.depth import Depth, at_least
from crewgen_core.composition.pieces import DRAFT_STAGES, MOST_PIECES, Piece, Selection
from crewgen_core.models.analysis import Analysis

_REVIEW_STEP, _FACT_STEP = "review_deliverable", "check_facts"
_FACT_STAGES: tuple[Stage, ...] = ("source", "data", "finding")


def add_checks(selection: Selection, analysis: Analysis, catalog: Catalog, depth: Depth) -> None:
    """Add the checks that risk asks for, one of facts before their use, and a last one, as far as the depth goes."""
    last = len(analysis.workstreams) + 1
    if depth.checks == "facts and the end":
        check_facts_early(selection, analysis, catalog)
    for risk in analysis.risks:
        review = catalog.risks[risk.key].review
        if (
            review
            and at_least(risk.severity, depth.checks_from)
            and len(selection.pieces) < MOST_PIECES
            and not _is_review_of(review, selection)
        ):
            why = f'Care for {risk.name}: the objective says "{risk.evidence[0]}".'
            selection.add(Piece(catalog.steps[review], analysis.subject, why, last))
    if depth.checks == "where risk asks":
        return
    if _lacks_last_check(selection, catalog, depth):
        why = "Somebody other than the author checks the result before it is handed over."
        selection.add(Piece(_review_for(selection, analysis, catalog), analysis.subject, why, last + 1))


def _lacks_last_check(selection: Selection, catalog: Catalog, depth: Depth) -> bool:
    """True where the result is to be checked as a whole and no piece does so."""
    pieces = selection.pieces.values()
    checks = [p for p in pieces if catalog.artefacts[p.step.produces].stage in ("review", "final")]
    if depth.checks == "facts and the end":
        return len(pieces) < MOST_PIECES and all(check.step.key in _PARTIAL_CHECKS for check in checks)
    drafts = [p for p in pieces if catalog.artefacts[p.step.produces].stage in DRAFT_STAGES]
    return not checks and (len(pieces) >= 3 or (bool(drafts) and len(pieces) > 1))


_PARTIAL_CHECKS = frozenset({_FACT_STEP, "review_compliance"})
"""Checks of one side of a result only."""


def check_facts_early(selection: Selection, analysis: Analysis, catalog: Catalog) -> None:
    """Let facts be checked between those who find them and those who build on them, where there are both."""
    pieces = selection.pieces.values()
    stages = {catalog.artefacts[piece.step.produces].stage for piece in pieces}
    if stages.isdisjoint(_FACT_STAGES) or not stages & {*DRAFT_STAGES, "plan"}:
        return
    if _FACT_STEP in selection.pieces or len(pieces) >= MOST_PIECES - 1:
        return
    step = catalog.steps[_FACT_STEP]
    step = step.model_copy(update={"uses": tuple(f"stage:{stage}" for stage in _FACT_STAGES)})
    why = "An error that is found before the facts are used does not reach the result."
    selection.add(Piece(step, analysis.subject, why, len(analysis.workstreams) + 1, early=True))


def _review_for(selection: Selection, analysis: Analysis, catalog: Catalog) -> Step:
    """Choose the check of the trade that looks at what is made ("code review"), else the general one."""
    made = {
        p.step.produces for p in selection.pieces.values() if catalog.artefacts[p.step.produces].stage in DRAFT_STAGES
    }
    best, most = catalog.steps[_REVIEW_STEP], 0
    for step in catalog.steps.values():
        pattern = catalog.pattern_of[step.key]
        if catalog.artefacts[step.produces].stage != "review" or analysis.domain not in pattern.domains:
            continue
        looks_at = len(made & {*step.needs, *step.uses})
        if looks_at > most and looks_at == len(made):
            best, most = step, looks_at
    return best


def _is_review_of(review: str, selection: Selection) -> bool:
    """True when this review, or another one of the same kind of work, is planned already."""
    return (
        review in selection.pieces or sum(1 for key in selection.pieces if key.startswith(("review_", "check_"))) >= 2
    )

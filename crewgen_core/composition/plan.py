"""Makes the plan: what the objective names, what must be there first, and the checks."""

from collections.abc import Iterable
from dataclasses import replace

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.checks import add_checks, check_facts_early
from crewgen_core.composition.depth import BALANCED, Depth
from crewgen_core.composition.named_work import plain_piece, select_named_work
from crewgen_core.composition.pieces import MOST_PIECES, Piece, Selection
from crewgen_core.composition.preparation import prepare_work, pull_in_needs
from crewgen_core.models.analysis import Analysis


def plan_pieces(analysis: Analysis, catalog: Catalog, depth: Depth = BALANCED) -> tuple[Piece, ...]:
    """Return the pieces of work, at least one, at most ``MOST_PIECES``."""
    if analysis.written_in != "English" and not analysis.deliverables:
        return _general_pieces(analysis, catalog, depth)
    selection = select_named_work(analysis, catalog)
    if not selection.pieces:
        selection.add(plain_piece(analysis.workstreams[0], 0, analysis, catalog))
    pull_in_needs(selection, analysis, catalog)
    if depth.prepares:
        prepare_work(selection, analysis, catalog, depth)
    add_checks(selection, analysis, catalog, depth)
    return tuple(_limit(list(selection.pieces.values())))


def _general_pieces(analysis: Analysis, catalog: Catalog, depth: Depth) -> tuple[Piece, ...]:
    """Plan around a text whose words the catalog does not know: find out, judge, write, check."""
    why = f"The text seems to be {analysis.written_in}, so the plan is a general one around it."
    selection = Selection()
    for rank, skill in enumerate(_GENERAL_SKILLS[depth.name]):
        selection.add(Piece(catalog.steps_by_skill[skill][0], analysis.subject, why, rank))
    if depth.checks == "facts and the end":
        check_facts_early(selection, analysis, catalog)
    return tuple(selection.pieces.values())


_GENERAL_SKILLS = {
    "lean": ("web_research", "report_writing"),
    "balanced": ("web_research", "recommendation", "report_writing", "quality_review"),
    "thorough": ("web_research", "recommendation", "report_writing", "quality_review"),
}


def _limit(pieces: list[Piece]) -> Iterable[Piece]:
    """Keep the most important pieces; the wishes of the others go to the named piece nearest in the text."""
    if len(pieces) <= MOST_PIECES:
        return pieces
    checks = [piece for piece in pieces if piece.rank > MOST_PIECES and not piece.named][:2]
    kept = [piece for piece in pieces if piece not in checks][: MOST_PIECES - len(checks)]
    for left in (piece for piece in pieces if piece not in kept and piece not in checks):
        nearest = min(range(len(kept)), key=lambda i: abs(kept[i].rank - left.rank))
        kept[nearest] = replace(kept[nearest], wishes=(*kept[nearest].wishes, left.focus))
    return kept + checks

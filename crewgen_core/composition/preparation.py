"""What has to be there before the named work, or belongs to the whole of it although nobody names it."""

from collections.abc import Iterator, Sequence

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Pattern, Step
from crewgen_core.composition.depth import Depth
from crewgen_core.composition.pieces import MAKING, MOST_PIECES, VAGUE, Piece, Selection, given_artefacts, producer_of
from crewgen_core.models.analysis import Analysis


def pull_in_needs(selection: Selection, analysis: Analysis, catalog: Catalog) -> None:
    """Work back: whatever a piece cannot do without, and nobody gives or makes, is made first."""
    given = given_artefacts(analysis, catalog)
    waiting = list(selection.pieces.values())
    while waiting and len(selection.pieces) < MOST_PIECES:
        piece = waiting.pop()
        for artefact in piece.step.needs:
            if artefact in given or artefact in selection.produced() or catalog.artefacts[artefact].stage == "input":
                continue
            if artefact not in catalog.producers:
                continue
            step = producer_of(artefact, analysis, catalog)
            trade, result = catalog.skills[piece.step.skill].name, catalog.artefacts[artefact].name
            why = f"Comes first: {trade} starts from the {result}, which nobody brings."
            pulled = Piece(step, focus_before(piece, analysis, catalog), why, piece.rank)
            selection.add(pulled)
            waiting.append(pulled)


def prepare_work(selection: Selection, analysis: Analysis, catalog: Catalog, depth: Depth) -> None:
    """Take up what belongs to the whole of the work although nobody names it."""
    _elaborate(selection, analysis, catalog, depth)
    pull_in_needs(selection, analysis, catalog)
    if len(selection.pieces) < _THIN_PLAN:
        _elaborate(selection, analysis, catalog, depth, wider=True)
    _prepare_plain_work(selection, analysis, catalog)


_THIN_PLAN = 2
"""Below this number of pieces a plan also takes up what other patterns of the domain prepare for it [assumption]."""


def _elaborate(
    selection: Selection, analysis: Analysis, catalog: Catalog, depth: Depth, *, wider: bool = False
) -> None:
    """Fill a short plan with what its steps build on: whoever says little still expects the whole of the work."""
    given = given_artefacts(analysis, catalog)
    named = [piece for piece in selection.pieces.values() if piece.named]
    most = depth.full_plan.get(len(named), 0)
    for piece in named:
        if not catalog.home_domains[piece.step.skill] and any(
            other.rank == piece.rank and catalog.home_domains[other.step.skill] for other in named
        ):
            continue
        told = piece.step.brings is not None
        added = 0
        for step in _companions(piece, analysis, catalog, wider=wider):
            if len(selection.pieces) >= most + told or added == depth.most_added[len(named)] * (1 + told):
                break
            if step.produces in given or step.produces in selection.produced() or not _can_start(step, given, catalog):
                continue
            if _is_said_already(step, named, catalog):
                continue
            trade, result = catalog.skills[piece.step.skill].name, catalog.artefacts[step.produces].name
            why = f"Not named, but whoever asks for {trade} usually expects the {result} too."
            selection.add(Piece(step, focus_before(piece, analysis, catalog), why, piece.rank))
            added += 1


def _prepare_plain_work(selection: Selection, analysis: Analysis, catalog: Catalog) -> None:
    """Let sources be found first where all there is to do is a thing that the catalog has no step for."""
    alone = next(iter(selection.pieces.values()))
    if len(selection.pieces) > 1 or not alone.step.key.startswith("plain_") or analysis.constraints.inputs:
        return
    research = catalog.steps_by_skill["web_research"][0]
    if catalog.skills[alone.step.skill].activity == "research" or len(analysis.subject.split()) < VAGUE:
        return
    why = "What is known already saves work and errors in the task after it."
    selection.add(Piece(research, analysis.subject, why, alone.rank))


def _is_said_already(step: Step, named: Sequence[Piece], catalog: Catalog) -> bool:
    """True for a second answer to "what to do": recommendations beside a plan, or the other way round."""
    if step.skill == "recommendation":
        return any(catalog.artefacts[piece.step.produces].stage == "plan" for piece in named)
    asked = any(piece.step.skill == "recommendation" for piece in named)
    return asked and catalog.artefacts[step.produces].stage == "plan"


def _companions(piece: Piece, analysis: Analysis, catalog: Catalog, *, wider: bool) -> Iterator[Step]:
    """Yield what may join a piece: the steps that its own entry names, else those that make what it uses."""
    if piece.step.brings is not None:
        yield from (catalog.steps[key] for key in piece.step.brings if _is_open(catalog.steps[key], analysis, catalog))
        return
    pattern = catalog.pattern_of.get(piece.step.key)
    for artefact in piece.step.uses:
        if artefact not in catalog.producers:
            continue
        step = producer_of(artefact, analysis, catalog)
        at_home = analysis.domain in catalog.pattern_of[step.key].domains
        if _belongs(step, pattern, analysis, catalog) or (wider and at_home):
            yield step


def _is_open(step: Step, analysis: Analysis, catalog: Catalog) -> bool:
    """False for finding sources where the person brings the material."""
    return catalog.artefacts[step.produces].stage != "source" or not analysis.constraints.inputs


def _belongs(step: Step, pattern: Pattern | None, analysis: Analysis, catalog: Catalog) -> bool:
    """True for a step of the same pattern or domain, and for finding sources where the person brings none."""
    own = catalog.pattern_of[step.key]
    if own is pattern:
        return True
    return (
        (not own.domains or analysis.domain in own.domains)
        and catalog.artefacts[step.produces].stage == "source"
        and not analysis.constraints.inputs
    )


def _can_start(step: Step, given: frozenset[str], catalog: Catalog) -> bool:
    """True when the step needs nothing that only a person could bring and did not."""
    return all(artefact in given or catalog.artefacts[artefact].stage != "input" for artefact in step.needs)


def focus_before(piece: Piece, analysis: Analysis, catalog: Catalog) -> str:
    """Return what a step that prepares this one is about: not the text or plan to be made, but its subject."""
    makes = catalog.skills[piece.step.skill].activity in MAKING
    return analysis.subject if makes or not piece.named else piece.focus

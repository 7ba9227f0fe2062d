"""The pieces of work that a plan is made of, and the selection that grows while one is made."""

from dataclasses import dataclass, field, replace

from crewgen_core.analysis.phrasing import head_of, lower_first
from crewgen_core.analysis.question_names import name_question
from crewgen_core.catalog.catalog import Catalog
from crewgen_core.catalog.entries import Activity, Stage, Step
from crewgen_core.catalog.words import split_words
from crewgen_core.models.analysis import Analysis

MOST_PIECES = 10
"""Above this a plan is no longer read; the remaining wishes go into the nearest piece [assumption]."""

VAGUE = 2
"""With so few words the object of a recommendation only names the kind of thing [assumption]."""

MAKING: frozenset[Activity] = frozenset({"write", "make", "plan", "communicate"})
"""Kinds of work whose object is made by them, not worked on."""

DRAFT_STAGES: frozenset[Stage] = frozenset({"draft", "product"})


@dataclass(frozen=True)
class Piece:
    """One planned piece of work."""

    step: Step
    focus: str
    """What it is about, in the objective's words."""
    why: str
    """Why it is done, one sentence."""
    rank: int
    """Position in the objective's text; what is pulled in stands before what needs it."""
    named: bool = False
    """True when the objective names it, False when something else needs it."""
    wishes: tuple[str, ...] = ()
    """Further clauses that it takes care of."""
    request: str = ""
    """The clause of the objective that asks for it, empty when something else needs it."""
    tools: tuple[str, ...] = ()
    """Tools that the objective asks for in the same breath."""
    early: bool = False
    """True for a check of facts that stands before whatever works from them."""


@dataclass
class Selection:
    """Pieces by the key of their step, in the order in which they were taken up."""

    pieces: dict[str, Piece] = field(default_factory=dict[str, Piece])

    def produced(self) -> set[str]:
        """Return the keys of the artefacts that the pieces make."""
        return {piece.step.produces for piece in self.pieces.values()}

    def add(self, piece: Piece) -> None:
        """Add a piece; the same step again only widens its focus."""
        known = self.pieces.get(piece.step.key)
        if known is None:
            self.pieces[piece.step.key] = piece
        elif piece.named and piece.request and (len(piece.focus.split()) <= VAGUE or _share_head(known, piece)):
            self.pieces[piece.step.key] = replace(known, wishes=(*known.wishes, lower_first(piece.request)))
        elif piece.focus.lower() not in known.focus.lower():
            self.pieces[piece.step.key] = replace(
                known, focus=_join_focus(known.focus, piece.focus), named=known.named or piece.named
            )

    def widen(self, wish: str) -> None:
        """Let the piece that was added last take care of one more wish."""
        key, piece = list(self.pieces.items())[-1]
        self.pieces[key] = replace(piece, wishes=(*piece.wishes, lower_first(wish)))


def _share_head(known: Piece, piece: Piece) -> bool:
    """True when both are about the same things: "every applicant" and "the ten best of the applicants"."""
    heads = [split_words(head_of(name_question(one.focus))) for one in (known, piece)]
    if not all(heads):
        return False
    return heads[0][-1].stem in {word.stem for word in split_words(piece.focus)}


def _join_focus(one: str, other: str) -> str:
    return f"{one}; {other}" if len(one) + len(other) < 160 else one


def given_artefacts(analysis: Analysis, catalog: Catalog) -> frozenset[str]:
    """Return the keys of the artefacts that the objective says are there already."""
    text = f"{analysis.objective.text}\n{analysis.objective.context}"
    return frozenset(match.owner for match in catalog.given_phrases.find(split_words(text)))


def producer_of(artefact: str, analysis: Analysis, catalog: Catalog) -> Step:
    """Return the step that makes an artefact, one of the objective's domain before the usual one."""
    steps = catalog.producers[artefact]
    return max(steps, key=lambda step: analysis.domain in catalog.pattern_of[step.key].domains)

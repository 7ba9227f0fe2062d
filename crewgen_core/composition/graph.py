"""Orders the pieces of work: who works from whose result."""

from collections.abc import Sequence
from itertools import pairwise

from crewgen_core.catalog.catalog import Catalog
from crewgen_core.composition.pieces import Piece

_STAGE_ORDER = ("input", "source", "data", "finding", "plan", "draft", "product", "review", "final")


class WorkGraph:
    """Pieces in an order that can be worked off, each with the pieces that it works from."""

    def __init__(self, pieces: Sequence[Piece], catalog: Catalog) -> None:
        """Join pieces by what they need and use; whatever nobody takes up goes to the last piece."""
        self._catalog = catalog
        self._pieces = sorted(pieces, key=self._position)
        self._sources: dict[str, list[str]] = {piece.step.key: [] for piece in self._pieces}
        self._join_named_artefacts()
        self._join_stages()
        self._join_early_checks()
        self._join_loose_ends()

    @property
    def ordered(self) -> tuple[Piece, ...]:
        """The pieces, each after all that it works from; as near to the text's order as that allows."""
        done: list[Piece] = []
        rest = list(self._pieces)
        while rest:
            ready = next(p for p in rest if all(s in {d.step.key for d in done} for s in self._sources[p.step.key]))
            done.append(ready)
            rest.remove(ready)
        return tuple(done)

    def sources_of(self, piece: Piece) -> tuple[str, ...]:
        """Return the step keys that the piece works from, in working order."""
        order = [other.step.key for other in self.ordered]
        return tuple(sorted(self._sources[piece.step.key], key=order.index))

    def levels(self) -> list[list[Piece]]:
        """Return the pieces by level: those of one level do not wait for each other."""
        depth: dict[str, int] = {}
        for piece in self.ordered:
            depth[piece.step.key] = 1 + max((depth[source] for source in self._sources[piece.step.key]), default=-1)
        found: list[list[Piece]] = [[] for _ in range(max(depth.values()) + 1)]
        for piece in self.ordered:
            found[depth[piece.step.key]].append(piece)
        return found

    def _stage(self, piece: Piece) -> int:
        return _STAGE_ORDER.index(self._catalog.artefacts[piece.step.produces].stage)

    def _position(self, piece: Piece) -> tuple[bool, int, int]:
        checks = self._stage(piece) >= _STAGE_ORDER.index("review")
        return checks, piece.rank, self._stage(piece)

    def _join_named_artefacts(self) -> None:
        makers: dict[str, list[Piece]] = {}
        for piece in self._pieces:
            makers.setdefault(piece.step.produces, []).append(piece)
        for wanted in ("needs", "uses"):
            for piece in self._pieces:
                for artefact in getattr(piece.step, wanted):
                    for maker in makers.get(artefact, ()):
                        self._join(maker, piece)

    def _join_stages(self) -> None:
        """Follow "stage:finding": all results of that stage, as far as they are not there through others already."""
        for piece in self._pieces:
            stages = {use.removeprefix("stage:") for use in piece.step.uses if use.startswith("stage:")}
            for other in self._pieces:
                stage = self._catalog.artefacts[other.step.produces].stage
                if (
                    stage in stages
                    and self._may_feed(other, piece)
                    and not self._reaches(other.step.key, piece.step.key)
                ):
                    self._join(other, piece)
        self._drop_detours()

    def _may_feed(self, source: Piece, target: Piece) -> bool:
        if self._stage(source) != self._stage(target):
            return self._stage(source) < self._stage(target)
        return self._position(source) < self._position(target)

    def _join_early_checks(self) -> None:
        """Let whoever makes something of checked facts wait for the check and work from it too."""
        for check in (piece for piece in self._pieces if piece.early):
            checked = set(self._sources[check.step.key])
            for piece in self._pieces:
                if not checked.isdisjoint(self._sources[piece.step.key]):
                    self._join(check, piece)

    def _join_loose_ends(self) -> None:
        last = self.ordered[-1]
        ends = [p for p in self._pieces if p is not last and not any(p.step.key in s for s in self._sources.values())]
        for end in ends:
            self._join(end, last)
        if self._sources_are_empty_but_last():
            for before, after in pairwise(self._pieces):
                self._join(before, after)

    def _sources_are_empty_but_last(self) -> bool:
        """True when nothing but the last piece takes anything up and the text gives an order: then it is followed."""
        others = self._pieces[:-1]
        return (
            len(others) > 1
            and all(p.step.key.startswith("plain_") for p in others)
            and not any(self._sources[p.step.key] for p in others)
        )

    def _join(self, source: Piece, target: Piece) -> None:
        """Add an edge unless it is there or would close a circle."""
        known = self._sources[target.step.key]
        if source is target or source.step.key in known or self._reaches(target.step.key, source.step.key):
            return
        known.append(source.step.key)

    def _reaches(self, source: str, target: str) -> bool:
        waiting, seen = [target], set[str]()
        while waiting:
            key = waiting.pop()
            if key == source:
                return True
            if key not in seen:
                seen.add(key)
                waiting.extend(self._sources[key])
        return False

    def _drop_detours(self) -> None:
        """Drop a stage's result that also comes through another one, unless the piece names it."""
        for piece in self._pieces:
            key = piece.step.key
            for source in list(self._sources[key]):
                produced = next(p.step.produces for p in self._pieces if p.step.key == source)
                if produced in piece.step.needs or produced in piece.step.uses:
                    continue
                self._sources[key].remove(source)
                if not self._reaches(source, key):
                    self._sources[key].append(source)

"""A symmetric matrix in the shape of an arrow, and its inverse in closed form.

    ⎡ H   B ⎤     H: a full 2 × 2 head, here of the two numbers that all outcomes share
    ⎣ Bᵀ  d ⎦     d: a diagonal, here one number for each template;  B: the border between the two

Schur's complement S = H - Σ B Bᵀ / d leaves two equations, however long the diagonal is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Pair = tuple[float, float]

Symmetric = tuple[float, float, float]
"""Upper left, off the diagonal, lower right of a symmetric 2 × 2 matrix."""


@dataclass(frozen=True)
class Arrow:
    """A positive definite arrow. An infinite number on the diagonal holds that unknown at 0."""

    head: Symmetric
    border: Sequence[Pair]
    diagonal: Sequence[float]

    def lean(self, at: int) -> Pair:
        """Return B/d: how much unknown ``at`` goes down when the first, or the second, of the head goes up by one."""
        (first, second), d = self.border[at], self.diagonal[at]
        return first / d, second / d

    def inverted_complement(self) -> Symmetric:
        """Return S⁻¹: the upper left 2 × 2 of the inverse of the whole."""
        s11, s12, s22 = self.head
        for at, (first, second) in enumerate(self.border):
            lean_first, lean_second = self.lean(at)
            s11, s12, s22 = s11 - first * lean_first, s12 - first * lean_second, s22 - second * lean_second
        determinant = s11 * s22 - s12 * s12
        return s22 / determinant, -s12 / determinant, s11 / determinant

    def solve(self, right: Sequence[float]) -> list[float]:
        """Return the x of Arrow · x = right; both hold the two of the head first."""
        r1, r2, *tail = right
        for at, part in enumerate(tail):
            lean_first, lean_second = self.lean(at)
            r1, r2 = r1 - lean_first * part, r2 - lean_second * part
        v11, v12, v22 = self.inverted_complement()
        x1, x2 = v11 * r1 + v12 * r2, v12 * r1 + v22 * r2
        rest = (
            (part - first * x1 - second * x2) / d
            for part, (first, second), d in zip(tail, self.border, self.diagonal, strict=True)
        )
        return [x1, x2, *rest]

"""Where labels of points stand, so that they cover neither each other nor a point, on a phone as on a wide screen.

A chart is as wide as the window and its labels are not. A place is therefore tried at several widths, and taken where
it is free at all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTHS = (230, 300, 420, 600, 900, 1_300)
"""Pixels that the inner part of a chart can be wide: from a phone to a whole screen."""

CHARACTER, LINE_HEIGHT, PADDING = 6.6, 17, 6
"""Pixels of a letter and a line of a label in Plotly's usual size of 12, and around it."""

POINT = 9
"""Pixels around the middle of a point that no label may cover."""

STEPS = (20, 38, 56, 76, 98, 122)
"""Pixels that a label may be above or below its point."""

FARTHEST = 16
"""Lines of text that a label may be away from its point where nothing nearer is free."""


@dataclass(frozen=True)
class Place:
    """Where the middle of a label stands, in pixels right of and below its point."""

    right: float
    down: float


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def covers(self, other: "_Box") -> float:
        """Return the square pixels that both have."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(0.0, width) * max(0.0, height)


Spot = tuple[float, float]
"""A point as shares of the chart's inner part, from the left and from the top, 0 to 1."""


def place_labels(labels: Sequence[tuple[Spot, str]], points: Sequence[Spot], height: float) -> list[Place]:
    """Return a place for each label, one after the other, each where least is covered; near places are tried first."""
    taken: list[list[_Box]] = [[_around(point, width, height) for point in points] for width in WIDTHS]
    places: list[Place] = []
    for spot, text in labels:
        size = len(text) * CHARACTER + PADDING
        best = _find_place(spot, size, height, taken)
        places.append(best)
        for width, boxes in zip(WIDTHS, taken, strict=True):
            boxes.append(_box(spot, best, size, width, height))
    return places


def _find_place(spot: Spot, size: float, height: float, taken: Sequence[Sequence[_Box]]) -> Place:
    """Return the first place that is free, else the one that covers least."""
    best, least = Place(0, 0), float("inf")
    for place in _candidates(size):
        covered = _covered(spot, place, size, height, taken)
        if covered == 0:
            return place
        if covered < least:
            best, least = place, covered
    return best


def _candidates(size: float) -> Iterator[Place]:
    beside = size / 2 + POINT + 3
    yield from (Place(beside, 0), Place(-beside, 0))
    for step in STEPS:
        for down in (-step, step):
            yield from (Place(0, down), Place(size / 2, down), Place(-size / 2, down))
    for far in range(1, FARTHEST):  # a crowd: any line of text above or below will do
        for down in (-far * LINE_HEIGHT, far * LINE_HEIGHT):
            yield from (Place(right * size / 4, down) for right in (0, 1, -1, 2, -2, 3, -3, 4, -4))


def _covered(spot: Spot, place: Place, size: float, height: float, taken: Sequence[Sequence[_Box]]) -> float:
    """Return the square pixels that the label would cover or lose over the edge, at all widths together."""
    covered = 0.0
    for width, boxes in zip(WIDTHS, taken, strict=True):
        box = _box(spot, place, size, width, height)
        inside = box.covers(_Box(0, 0, width, height))
        covered += size * LINE_HEIGHT - inside + sum(box.covers(other) for other in boxes)
    return round(covered, 3)


def _box(spot: Spot, place: Place, size: float, width: float, height: float) -> _Box:
    x, y = spot[0] * width + place.right, spot[1] * height + place.down
    return _Box(x - size / 2, y - LINE_HEIGHT / 2, x + size / 2, y + LINE_HEIGHT / 2)


def _around(spot: Spot, width: float, height: float) -> _Box:
    x, y = spot[0] * width, spot[1] * height
    return _Box(x - POINT, y - POINT, x + POINT, y + POINT)

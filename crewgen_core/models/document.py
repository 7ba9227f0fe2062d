"""Document: what a report says, in blocks that a web page, a printed page or any other form can show.

Texts are plain: whoever writes a document out makes them safe in its own form.
"""

from typing import Literal

from pydantic import Field

from crewgen_core.models.value import Value

Tone = Literal["plain", "good", "warning", "bad"]
"""What a mark means: shown as a colour and, for those who do not see colours, as a word."""


class Figure(Value):
    """One number that matters, with its interval or its basis."""

    label: str
    value: str
    note: str = ""


class Figures(Value):
    """Numbers side by side."""

    kind: Literal["figures"] = "figures"
    figures: tuple[Figure, ...]


class Prose(Value):
    """A paragraph."""

    kind: Literal["prose"] = "prose"
    text: str
    quiet: bool = False
    """True for what explains or limits: shown smaller."""


class Point(Value):
    """One line of a list."""

    text: str
    mark: str = ""
    """A word in front: "warning", "high risk"."""
    tone: Tone = "plain"


class Points(Value):
    """A list."""

    kind: Literal["points"] = "points"
    points: tuple[Point, ...]


class Grid(Value):
    """A table of texts."""

    kind: Literal["grid"] = "grid"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...] = ()
    """Share of the width of each column; empty shares it out evenly."""
    numbers: tuple[int, ...] = ()
    """Columns, from 0, whose texts are numbers: set flush right."""


class Node(Value):
    """One box of a graph."""

    name: str
    note: str = ""
    group: int = Field(default=0, ge=0)
    """Boxes of one group have one colour."""
    layer: int = Field(ge=0)
    """Row from the top."""
    decides: bool = False
    """On the path that decides how long the whole takes."""


class Graph(Value):
    """Boxes in layers with arrows between them, from the top down."""

    kind: Literal["graph"] = "graph"
    nodes: tuple[Node, ...]
    arrows: tuple[tuple[int, int], ...]
    """From which node to which, by position."""
    text: str
    """The same in words, for whoever cannot see it."""


class Bar(Value):
    """One bar along an axis."""

    name: str
    start: float
    end: float
    note: str
    group: int = Field(default=0, ge=0)
    strong: bool = True


class Bars(Value):
    """Bars below each other along one axis that begins at 0."""

    kind: Literal["bars"] = "bars"
    bars: tuple[Bar, ...]
    axis: str
    """What the axis counts, with its unit."""
    ends: str
    """How the end of the axis is written."""


Block = Figures | Prose | Points | Grid | Graph | Bars


class Section(Value):
    """A part of a document with a title."""

    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False
    """True where print begins a new page with it."""


class Document(Value):
    """A whole report."""

    title: str
    subtitle: str = ""
    made: str
    """When and by what it was made, in a line."""
    summary: tuple[Block, ...]
    """What fits on the first page."""
    sections: tuple[Section, ...]
    language: str = "en"

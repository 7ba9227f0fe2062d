"""Graphs and bars of a document as boxes, lines and labels, which every form of it can draw."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Literal

from crewgen_core.models.document import Bars, Graph

COLOURS = ("#2F5DA8", "#C4622D", "#2E8B6F", "#8A5FBF", "#B8860B", "#C0395B", "#3A8FB7", "#6B7A3A", "#7A5C4A", "#5B6676")
"""As in the dashboard's charts; words stand beside every colour."""

GAP, LAYER_GAP = 12.0, 26.0
"""Units between boxes side by side, and between layers."""

LINE_HEIGHT, BOX_PADDING = 14.0, 7.0
CHARACTER = 6.3
"""Units that a letter of size 12 is wide, on average with room to spare."""

MOST_BOX_WIDTH = 300.0
MOST_LINES = 3

BAR_HEIGHT, BAR_STEP = 13.0, 34.0


@dataclass(frozen=True)
class Box:
    """A rectangle in the colour of its group."""

    left: float
    top: float
    width: float
    height: float
    group: int
    strong: bool


@dataclass(frozen=True)
class Line:
    """A line through points, with or without an arrow at its end."""

    points: tuple[tuple[float, float], ...]
    arrow: bool = False
    faint: bool = False


@dataclass(frozen=True)
class Label:
    """A line of text; ``y`` is where its letters stand."""

    text: str
    x: float
    y: float
    align: Literal["left", "middle", "right"] = "middle"
    bold: bool = False
    soft: bool = False
    size: float = 12


@dataclass
class Drawing:
    """What is drawn, and how high it is."""

    height: float
    boxes: list[Box] = field(default_factory=list[Box])
    lines: list[Line] = field(default_factory=list[Line])
    labels: list[Label] = field(default_factory=list[Label])


def draw_graph(graph: Graph, width: float) -> Drawing:
    """Place the boxes of each layer side by side, each as high as its words need, and arrows between them."""
    if not graph.nodes:
        return Drawing(20, labels=[Label("No tasks.", 0, 14, "left")])
    counts = Counter(node.layer for node in graph.nodes)
    sizes = {layer: min(MOST_BOX_WIDTH, (width - GAP * (count - 1)) / count) for layer, count in counts.items()}
    words = [_wrap(node.name, sizes[node.layer]) for node in graph.nodes]
    notes = [_wrap(node.note, sizes[node.layer], most=1) for node in graph.nodes]
    heights: defaultdict[int, float] = defaultdict(float)
    for node, name, note in zip(graph.nodes, words, notes, strict=True):
        needed = 2 * BOX_PADDING + LINE_HEIGHT * (len(name) + len(note))
        heights[node.layer] = max(heights[node.layer], needed)
    tops: dict[int, float] = {}
    at = 2.0
    for layer in sorted(heights):
        tops[layer] = at
        at += heights[layer] + LAYER_GAP
    drawing = Drawing(height=at - LAYER_GAP + 2)
    seen: Counter[int] = Counter()
    for node, name, note in zip(graph.nodes, words, notes, strict=True):
        layer, size = node.layer, sizes[node.layer]
        row = counts[layer] * size + GAP * (counts[layer] - 1)
        left = (width - row) / 2 + seen[layer] * (size + GAP)
        seen[layer] += 1
        box = Box(left, tops[layer], size, heights[layer], node.group, node.decides)
        drawing.boxes.append(box)
        middle, y = left + size / 2, box.top + BOX_PADDING + LINE_HEIGHT - 3
        for line in name:
            drawing.labels.append(Label(line, middle, y, bold=True))
            y += LINE_HEIGHT
        for line in note:
            drawing.labels.append(Label(line, middle, y, soft=True, size=11))
    for source, target in graph.arrows:
        drawing.lines.append(_connect(drawing.boxes[source], drawing.boxes[target]))
    return drawing


def draw_bars(block: Bars, width: float) -> Drawing:
    """Draw one bar for each row, its name above it and its note behind the name."""
    drawing = Drawing(height=len(block.bars) * BAR_STEP + 26)
    most = max((bar.end for bar in block.bars), default=0.0) or 1.0
    for at, bar in enumerate(block.bars):
        top = at * BAR_STEP
        name = _wrap(bar.name, width - (len(bar.note) + 3) * CHARACTER, most=1)
        drawing.labels.append(Label(name[0] if name else "", 0, top + 12, "left"))
        drawing.labels.append(Label(bar.note, width, top + 12, "right", soft=True, size=11))
        left, right = bar.start / most * width, bar.end / most * width
        drawing.boxes.append(Box(left, top + 16, max(2.0, right - left), BAR_HEIGHT, bar.group, bar.strong))
    foot = len(block.bars) * BAR_STEP + 4
    drawing.lines.append(Line(((0, foot), (width, foot)), faint=True))
    drawing.labels.append(Label(f"0 · {block.axis}", 0, foot + 16, "left", soft=True, size=11))
    drawing.labels.append(Label(block.ends, width, foot + 16, "right", soft=True, size=11))
    return drawing


def _connect(source: Box, target: Box) -> Line:
    """Return an arrow from the foot of a box to the head of another one below."""
    start = (source.left + source.width / 2, source.top + source.height)
    end = (target.left + target.width / 2, target.top)
    turn = end[1] - LAYER_GAP / 2
    if abs(start[0] - end[0]) < 1:
        return Line((start, end), arrow=True)
    return Line((start, (start[0], turn), (end[0], turn), end), arrow=True)


def _wrap(text: str, width: float, most: int = MOST_LINES) -> list[str]:
    fitting = max(4, int((width - 2 * BOX_PADDING) / CHARACTER))
    return wrap(" ".join(text.split()), fitting, max_lines=most, placeholder="…", break_long_words=True)

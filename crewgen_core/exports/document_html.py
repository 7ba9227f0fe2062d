"""A document as one HTML file: nothing is loaded, nothing is run, and it prints well.

Every text is escaped, and the file forbids itself scripts, frames and everything from elsewhere.
"""

from collections.abc import Iterator
from html import escape

from crewgen_core.exports.document_drawing import COLOURS, Drawing, Label, draw_bars, draw_graph
from crewgen_core.models.document import Bars, Block, Document, Figures, Graph, Grid, Points, Prose, Section

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

WIDTH = 760
"""Units that drawings are wide; they are shown as wide as the page."""

STYLE = f"""
:root {{ color-scheme: light dark; --ink:#1b2330; --soft:#5b6676; --line:#d5dbe5; --panel:#f3f5f9; --page:#fff;
  --good:#1f7a55; --warning:#9a5b00; --bad:#b3261e; }}
@media (prefers-color-scheme: dark) {{ :root {{ --ink:#e6eaf0; --soft:#a7b0bd; --line:#333c4a; --panel:#1c222c;
  --page:#12161d; --good:#69c2a5; --warning:#e0b94f; --bad:#f08a84; }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; overflow-wrap: break-word; }}
h1 {{ font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }}
h2 {{ font-size: 1.3rem; margin: 2.5rem 0 .75rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }}
p {{ margin: .6rem 0; max-width: 46rem; }}
.quiet, .made {{ color: var(--soft); font-size: .875rem; }}
.subtitle {{ font-size: 1.1rem; white-space: pre-line; }}
.figures {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .75rem; margin: 1rem 0; }}
.figures div {{ background: var(--panel); border-radius: .5rem; padding: .75rem 1rem; }}
.figures dt {{ color: var(--soft); font-size: .875rem; }}
.figures dd {{ margin: 0; }}
.figures .value {{ font-size: 1.5rem; font-weight: 600; }}
.figures .note {{ color: var(--soft); font-size: .8125rem; }}
.wide {{ overflow-x: auto; }}
table {{ min-width: 34rem; border-collapse: collapse; width: 100%; font-size: .9rem; margin: .75rem 0; }}
th, td {{ text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }}
th {{ color: var(--soft); font-weight: 600; }}
.number {{ text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }}
ul {{ padding-left: 1.2rem; }} li {{ margin: .35rem 0; max-width: 46rem; }}
.mark {{ font-weight: 600; }} .good {{ color: var(--good); }} .warning {{ color: var(--warning); }}
.bad {{ color: var(--bad); }}
svg {{ width: 100%; height: auto; max-width: {WIDTH}px; display: block; margin: .75rem 0; }}
svg text {{ fill: var(--ink); font: 12px system-ui, sans-serif; }} svg .soft {{ fill: var(--soft); }}
svg .ground {{ fill: var(--page); }} svg .edge {{ stroke: var(--soft); fill: none; }}
@media screen and (max-width: 40rem) {{ table {{ min-width: 0; }} colgroup, thead {{ display: none; }}
  table, tbody, tr, td {{ display: block; }} tr {{ border-bottom: 1px solid var(--line); padding: .5rem 0; }}
  td {{ border: 0; padding: .15rem 0; }} td:empty {{ display: none; }} .number {{ text-align: left; }}
  td::before {{ content: attr(data-name) ": "; color: var(--soft); font-weight: 600; }} svg {{ min-width: 30rem; }} }}
@media print {{ :root {{ --ink:#000; --soft:#444; --line:#bbb; --panel:#f3f5f9; --page:#fff; --good:#1f7a55;
  --warning:#9a5b00; --bad:#b3261e; }} body {{ font-size: 11pt; padding: 0; max-width: none; }}
  h2 {{ break-after: avoid; }} section.new {{ break-before: page; }}
  tr, li, svg, .figures div {{ break-inside: avoid; }} thead {{ display: table-header-group; }} }}
@page {{ margin: 18mm 16mm; }}
"""


def write_html(document: Document) -> bytes:
    """Return the document as a self-contained HTML file."""
    return "\n".join(_write(document)).encode()


def _write(document: Document) -> Iterator[str]:
    yield f'<!doctype html><html lang="{escape(document.language)}"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
    yield f"<title>{escape(document.title)}</title><style>{STYLE}</style></head><body><main>"
    yield f"<h1>{escape(document.title)}</h1>"
    if document.subtitle:
        yield f'<p class="subtitle">{escape(document.subtitle)}</p>'
    yield f'<p class="made">{escape(document.made)}</p>'
    for block in document.summary:
        yield from _write_block(block)
    for section in document.sections:
        yield from _write_section(section)
    yield "</main></body></html>"


def _write_section(section: Section) -> Iterator[str]:
    kind = ' class="new"' if section.new_page else ""
    yield f"<section{kind}><h2>{escape(section.title)}</h2>"
    for block in section.blocks:
        yield from _write_block(block)
    yield "</section>"


def _write_block(block: Block) -> Iterator[str]:
    match block:
        case Figures():
            yield from _write_figures(block)
        case Prose():
            kind = ' class="quiet"' if block.quiet else ""
            yield f"<p{kind}>{escape(block.text)}</p>"
        case Points():
            yield from _write_points(block)
        case Grid():
            yield from _write_grid(block)
        case Graph():
            yield from _write_drawing(draw_graph(block, WIDTH), block.text)
        case Bars():
            said = "; ".join(f"{bar.name}: {bar.note}" for bar in block.bars)
            yield from _write_drawing(draw_bars(block, WIDTH), f"{block.axis}. {said}")


def _write_figures(block: Figures) -> Iterator[str]:
    yield '<dl class="figures">'
    for figure in block.figures:
        yield f'<div><dt>{escape(figure.label)}</dt><dd class="value">{escape(figure.value)}</dd>'
        yield f'<dd class="note">{escape(figure.note)}</dd></div>'
    yield "</dl>"


def _write_points(block: Points) -> Iterator[str]:
    yield "<ul>"
    for point in block.points:
        mark = f'<span class="mark {point.tone}">{escape(point.mark)}:</span> ' if point.mark else ""
        yield f"<li>{mark}{escape(point.text)}</li>"
    yield "</ul>"


def _write_grid(block: Grid) -> Iterator[str]:
    """Write a table; on a phone each row is a list, so a cell knows the name of its column."""
    kinds = [' class="number"' if at in block.numbers else "" for at in range(len(block.columns))]
    names = [escape(name) for name in block.columns]
    total = sum(block.widths)
    columns = "".join(f'<col style="width:{width / total:.1%}">' for width in block.widths)
    yield f'<div class="wide"><table><colgroup>{columns}</colgroup>'
    heads = "".join(f"<th{kind}>{name}</th>" for kind, name in zip(kinds, names, strict=True))
    yield f"<thead><tr>{heads}</tr></thead><tbody>"
    for row in block.rows:
        cells = zip(kinds, names, row, strict=True)
        yield "<tr>"
        yield from (f'<td{kind} data-name="{name}">{escape(text)}</td>' for kind, name, text in cells)
        yield "</tr>"
    yield "</tbody></table></div>"


def _write_drawing(drawing: Drawing, said: str) -> Iterator[str]:
    yield f'<div class="wide"><svg viewBox="0 0 {WIDTH} {drawing.height:.0f}" role="img"><title>{escape(said)}</title>'
    for line in drawing.lines:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line.points)
        yield f'<polyline class="edge" points="{points}" stroke-width="{1.2 if not line.faint else 0.6}"/>'
        if line.arrow:
            yield f'<polygon class="soft" points="{_write_arrow(line.points[-1])}"/>'
    for box in drawing.boxes:
        colour = COLOURS[box.group % len(COLOURS)]
        place = f'x="{box.left:.1f}" y="{box.top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="5"'
        yield f'<rect {place} class="ground"/>'
        yield (
            f'<rect {place} fill="{colour}" fill-opacity="{0.35 if box.strong else 0.15}" stroke="{colour}" '
            f'stroke-width="{2 if box.strong else 1}"/>'
        )
    for label in drawing.labels:
        yield _write_label(label)
    yield "</svg></div>"


def _write_arrow(tip: tuple[float, float]) -> str:
    x, y = tip
    return f"{x:.1f},{y:.1f} {x - 3.5:.1f},{y - 7:.1f} {x + 3.5:.1f},{y - 7:.1f}"


def _write_label(label: Label) -> str:
    weight = ' font-weight="600"' if label.bold else ""
    kind = ' class="soft"' if label.soft else ""
    anchor = {"left": "start", "middle": "middle", "right": "end"}[label.align]
    place = f'x="{label.x:.1f}" y="{label.y:.1f}" text-anchor="{anchor}" style="font-size:{label.size:g}px"'
    return f"<text {place}{kind}{weight}>{escape(label.text)}</text>"

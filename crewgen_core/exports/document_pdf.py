"""A document as a PDF for print: A4, with the typeface in it, so that it looks the same everywhere.

The typeface (DejaVu Sans) has Latin, Greek, Cyrillic, Arabic and Hebrew letters; the document says where others were
left out, and that its HTML form has them.
"""

import logging
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont  # pyright: ignore[reportMissingTypeStubs]
from fpdf import FPDF
from fpdf.enums import TextEmphasis, VAlign, XPos, YPos
from fpdf.fonts import FontFace

from crewgen_core.exports.document_drawing import COLOURS, Drawing, draw_bars, draw_graph
from crewgen_core.models.document import (
    Bars,
    Block,
    Document,
    Figure,
    Figures,
    Graph,
    Grid,
    Points,
    Prose,
    Section,
    Tone,
)

FONTS = Path(__file__).parent / "fonts"
FACE = "DejaVu"

MARGIN, WIDTH = 16.0, 178.0
"""Millimetres; A4 is 210 wide."""

UNITS = 760.0
"""Units that drawings are wide, shown over the whole width."""

SCALE = WIDTH / UNITS
POINTS_A_MM = 72 / 25.4

INK, SOFT, RULE, PANEL = (27, 35, 48), (91, 102, 118), (213, 219, 229), (243, 245, 249)
OF_TONE: dict[Tone, tuple[int, int, int]] = {
    "plain": INK,
    "good": (31, 122, 85),
    "warning": (154, 91, 0),
    "bad": (179, 38, 30),
}

LEFT_OUT = "Some characters are not in this PDF's typeface and stand as a question mark; the HTML form has them."

MOST_DRAWING_MM = 245.0
"""The highest drawing that a page has room for; a higher one is drawn smaller."""


def write_pdf(document: Document) -> bytes:
    """Return the document as a PDF file."""
    return _Writer(document).write()


class _Writer:
    """One PDF while it is written."""

    def __init__(self, document: Document) -> None:
        logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells every table of the typeface
        self._document = document
        self._left_out = False
        self._pdf = pdf = _Pages(format="A4", unit="mm")
        pdf.set_margins(MARGIN, MARGIN, MARGIN)
        pdf.set_auto_page_break(auto=True, margin=MARGIN)
        pdf.add_font(FACE, fname=FONTS / "DejaVuSans.ttf")
        pdf.add_font(FACE, style="B", fname=FONTS / "DejaVuSans-Bold.ttf")
        pdf.set_title(self._clean(document.title))
        pdf.set_lang(document.language)
        pdf.foot = self._clean(document.title)[:80]

    def write(self) -> bytes:
        document, pdf = self._document, self._pdf
        pdf.add_page()
        self._say(document.title, 18, bold=True)
        if document.subtitle:
            self._say(document.subtitle, 11)
        self._say(document.made, 8.5, SOFT)
        pdf.ln(2)
        for block in document.summary:
            self._write_block(block)
        for section in document.sections:
            self._write_section(section)
        if self._left_out:
            self._say(LEFT_OUT, 8.5, SOFT)
        return bytes(pdf.output())

    def _write_section(self, section: Section) -> None:
        pdf = self._pdf
        if section.new_page or pdf.will_page_break(30):
            pdf.add_page()
        pdf.ln(4)
        self._say(section.title, 13, bold=True)
        pdf.set_draw_color(*RULE)
        pdf.line(MARGIN, pdf.get_y(), MARGIN + WIDTH, pdf.get_y())
        pdf.ln(2)
        for block in section.blocks:
            self._write_block(block)

    def _write_block(self, block: Block) -> None:
        match block:
            case Figures():
                self._write_figures(block.figures)
            case Prose():
                self._say(block.text, 8.5 if block.quiet else 10, SOFT if block.quiet else INK)
            case Points():
                self._write_points(block)
            case Grid():
                self._write_grid(block)
            case Graph():
                self._draw(draw_graph(block, UNITS))
            case Bars():
                self._draw(draw_bars(block, UNITS))

    def _say(self, text: str, size: float, colour: tuple[int, int, int] = INK, bold: bool = False) -> None:
        pdf = self._pdf
        pdf.set_font(FACE, "B" if bold else "", size)
        pdf.set_text_color(*colour)
        pdf.multi_cell(WIDTH, size * 0.5, self._clean(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        pdf.ln(1)

    def _write_figures(self, figures: Sequence[Figure]) -> None:
        pdf, gap = self._pdf, 3.0
        width = (WIDTH - gap * (len(figures) - 1)) / max(len(figures), 1)
        if pdf.will_page_break(26):
            pdf.add_page()
        top = pdf.get_y() + 1
        for at, figure in enumerate(figures):
            left = MARGIN + at * (width + gap)
            pdf.set_fill_color(*PANEL)
            pdf.rect(left, top, width, 23, style="F")
            lines = ((figure.label, 8, SOFT, "", 2), (figure.value, 15, INK, "B", 7), (figure.note, 7, SOFT, "", 14.5))
            for text, size, colour, style, down in lines:
                pdf.set_xy(left + 2, top + down)
                pdf.set_font(FACE, style, size)
                pdf.set_text_color(*colour)
                pdf.multi_cell(width - 4, size * 0.45, self._clean(text), align="L")
        pdf.set_xy(MARGIN, top + 26)

    def _write_points(self, block: Points) -> None:
        pdf = self._pdf
        for point in block.points:
            pdf.set_x(MARGIN + 3)
            pdf.set_font(FACE, "", 10)
            pdf.set_text_color(*INK)
            pdf.write(5, "• ")
            if point.mark:
                pdf.set_font(FACE, "B", 10)
                pdf.set_text_color(*OF_TONE[point.tone])
                pdf.write(5, self._clean(point.mark) + ": ")
            pdf.set_font(FACE, "", 10)
            pdf.set_text_color(*INK)
            pdf.write(5, self._clean(point.text))
            pdf.ln(6.5)

    def _write_grid(self, block: Grid) -> None:
        pdf = self._pdf
        pdf.set_font(FACE, "", 8)
        pdf.set_text_color(*INK)
        pdf.set_draw_color(*RULE)
        pdf.set_fill_color(255, 255, 255)
        align = tuple("RIGHT" if at in block.numbers else "LEFT" for at in range(len(block.columns)))
        head = FontFace(emphasis=TextEmphasis.B, color=SOFT)
        with pdf.table(
            col_widths=block.widths or None,
            width=WIDTH,
            text_align=align,
            borders_layout="HORIZONTAL_LINES",
            line_height=4,
            padding=(1, 1.2),
            headings_style=head,
            v_align=VAlign.T,
        ) as table:
            for texts in (block.columns, *block.rows):
                row = table.row()
                for text in texts:
                    row.cell(self._clean(text))
        pdf.ln(2)

    def _draw(self, drawing: Drawing) -> None:
        pdf = self._pdf
        scale = min(SCALE, MOST_DRAWING_MM / max(drawing.height, 1))
        height = drawing.height * scale
        if pdf.will_page_break(height):
            pdf.add_page()
        left, top = MARGIN + (WIDTH - UNITS * scale) / 2, pdf.get_y() + 1
        for line in drawing.lines:
            pdf.set_draw_color(*SOFT)
            pdf.set_line_width(0.15 if line.faint else 0.25)
            pdf.polyline([(left + x * scale, top + y * scale) for x, y in line.points])
            if line.arrow:
                x, y = left + line.points[-1][0] * scale, top + line.points[-1][1] * scale
                pdf.set_fill_color(*SOFT)
                pdf.polygon([(x, y), (x - 0.8, y - 1.6), (x + 0.8, y - 1.6)], style="F")
        for box in drawing.boxes:
            colour = _read_colour(COLOURS[box.group % len(COLOURS)])
            pdf.set_draw_color(*colour)
            pdf.set_fill_color(*_lighten(colour, 0.65 if box.strong else 0.88))
            pdf.set_line_width(0.5 if box.strong else 0.25)
            pdf.rect(left + box.left * scale, top + box.top * scale, box.width * scale, box.height * scale, style="DF")
        for label in drawing.labels:
            pdf.set_font(FACE, "B" if label.bold else "", label.size * scale * POINTS_A_MM)
            pdf.set_text_color(*(SOFT if label.soft else INK))
            text = self._clean(label.text)
            back = {"left": 0.0, "middle": 0.5, "right": 1.0}[label.align] * pdf.get_string_width(text)
            pdf.text(left + label.x * scale - back, top + label.y * scale, text)
        pdf.set_line_width(0.2)
        pdf.set_xy(MARGIN, top + height + 2)

    def _clean(self, text: str) -> str:
        """Return the text in letters that the typeface has."""
        known = _list_letters()
        cleaned = "".join(c if c in "\n" or ord(c) in known else "?" for c in text if c.isprintable() or c == "\n")
        self._left_out = self._left_out or cleaned.count("?") > text.count("?")
        return cleaned


class _Pages(FPDF):
    """Pages with a number and the title at their foot."""

    foot = ""

    def footer(self) -> None:
        """Write what stands at the foot of each page."""
        self.set_y(-12)
        self.set_font(FACE, "", 7.5)
        self.set_text_color(*SOFT)
        self.cell(WIDTH, 5, f"{self.foot} · page {self.page_no()}", align="C")


@cache
def _list_letters() -> frozenset[int]:
    """Return the code points that the typeface has."""
    with TTFont(FONTS / "DejaVuSans.ttf", lazy=True) as face:
        return frozenset(face.getBestCmap() or ())


def _read_colour(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _lighten(colour: tuple[int, int, int], share: float) -> tuple[int, ...]:
    return tuple(round(part + (255 - part) * share) for part in colour)

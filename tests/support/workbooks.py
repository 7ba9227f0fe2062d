"""Small XLSX files, made by hand, so that a test can have cells and faults that no program writes."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="170" formatCode="[h]:mm"/></numFmts>'
    '<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="170"/>'
    "</cellXfs></styleSheet>"
)
_HIDDEN = ' state="hidden"'
DATE, DATE_AND_TIME, TIME, HOURS = 1, 2, 3, 4
"""Formats of numbers, by their place in the styles."""


def make_workbook(sheets: Mapping[str, Sequence[Sequence[object]] | str], hidden: Sequence[str] = ()) -> bytes:
    """Return an XLSX file; a sheet is rows of cells (text, number, bool, None, XML in bytes) or the XML of its rows."""
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"{_HIDDEN * (name in hidden)}/>'
            for n, name in enumerate(sheets, 1)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)}
            | {"rId99": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": _STYLES,
    }
    for n, rows in enumerate(sheets.values(), 1):
        xml = rows if isinstance(rows, str) else "".join(_row(number, cells) for number, cells in enumerate(rows, 1))
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{_MAIN}"><sheetData>{xml}</sheetData></worksheet>'
    return pack(parts)


def pack(parts: Mapping[str, str]) -> bytes:
    """Return a ZIP of the parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def number(value: float, style: int) -> bytes:
    """Return a cell with a number that is shown in a format, such as a date."""
    return f'<c s="{style}" r="{{at}}"><v>{value}</v></c>'.encode()


def _row(row: int, cells: Sequence[object]) -> str:
    return f'<row r="{row}">' + "".join(_cell(f"{chr(65 + n)}{row}", cell) for n, cell in enumerate(cells)) + "</row>"


def _cell(at: str, cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bytes):
        return cell.decode().replace("{at}", at)
    if isinstance(cell, bool):
        return f'<c r="{at}" t="b"><v>{int(cell)}</v></c>'
    if isinstance(cell, int | float):
        return f'<c r="{at}"><v>{cell}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(str(cell))}</t></is></c>'


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    links = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'

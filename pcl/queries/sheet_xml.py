"""The parts of a workbook as XML (ECMA-376), as few as Excel needs: texts stand in their cells, days have one style.

Of our own, because a million rows take openpyxl and XlsxWriter minutes: both build an object or several texts for every
cell. What it writes is read back by openpyxl in the tests.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from openpyxl.utils import get_column_letter

from pcl.queries.column import ColumnKind

# What Excel can hold: https://support.microsoft.com/office/excel-specifications-and-limits
MOST_CHARACTERS = 32_767
CUT = " … (longer than a cell of Excel can hold; the other files have it whole)"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# How many sheets there will be is known at the end only: every part is one that is not said to be something else.
CONTENT_TYPES = (
    f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
RELATIONS = (
    f'{_HEAD}<Relationships {_RELATIONS}><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
STYLES = (
    f'{_HEAD}<styleSheet {_MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
SHEET_BEGINS = (
    f'{_HEAD}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)
SHEET_ENDS = "</sheetData></worksheet>"
# XML has no place for the first; Excel would read the second as a character.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SPECIAL = re.compile("[\x00-\x1f&<>\ufffe\uffff]|_x|^ | $|  ")
_NUMBER = re.compile(r"-?\d{1,15}")
_EPOCH = date(1899, 12, 30)
# Before it, Excel counts a day that never was.
_FIRST_DAY = date(1900, 3, 1)

Cells = Sequence[str | None]


def workbook_xml(titles: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(titles, start=1)
    )
    return f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def workbook_relations(count: int) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, count + 1)
    )
    styles = f'<Relationship Id="rId{count + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return f"{_HEAD}<Relationships {_RELATIONS}>{sheets}{styles}</Relationships>"


def header_xml(names: Sequence[str]) -> str:
    cells = "".join(
        f'<c r="{get_column_letter(place)}1" s="2" t="inlineStr"><is>{_text(name)}</is></c>'
        for place, name in enumerate(names, start=1)
    )
    return f'<row r="1">{cells}</row>'


def row_writer(kinds: Sequence[ColumnKind]) -> Callable[[int, Cells], str]:
    """A function that gives the XML of a row, from its number in the sheet and its cells as PostgreSQL writes them."""
    written = [(get_column_letter(place), _WRITTEN.get(kind, _as_text)) for place, kind in enumerate(kinds, start=1)]

    def row(number: int, cells: Cells) -> str:
        told = [
            f'<c r="{letter}{number}"{write(cell)}</c>'
            for (letter, write), cell in zip(written, cells, strict=True)
            if cell
        ]
        return f'<row r="{number}">{"".join(told)}</row>'

    return row


def _as_text(cell: str) -> str:
    return f' t="inlineStr"><is>{_text(cell)}</is>'


def _text(text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        text = text[: MOST_CHARACTERS - len(CUT)] + CUT
    if _SPECIAL.search(text) is None:
        return f"<t>{text}</t>"
    text = _LIKE_AN_ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("", text))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    return f'<t xml:space="preserve">{text}</t>'


def _as_number(cell: str) -> str:
    return f"><v>{cell}</v>" if _NUMBER.fullmatch(cell) else _as_text(cell)


def _as_flag(cell: str) -> str:
    return f' t="b"><v>{int(cell in {"t", "true"})}</v>'


@lru_cache(maxsize=100_000)
def _as_day(cell: str) -> str:
    day = date.fromisoformat(cell)
    return f' s="1"><v>{(day - _EPOCH).days}</v>' if day >= _FIRST_DAY else _as_text(cell)


_WRITTEN: dict[ColumnKind, Callable[[str], str]] = {
    ColumnKind.INTEGER: _as_number,
    ColumnKind.FLAG: _as_flag,
    ColumnKind.DAY: _as_day,
}

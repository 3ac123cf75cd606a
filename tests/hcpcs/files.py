"""Small files in CMS's record layout, made for one test each."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook

COLUMNS = [
    "HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION", "PRICE1", "PRICE2", "PRICE3", "PRICE4",
    "MULT_PI", "CIM1", "CIM2", "CIM3", "MCM1", "MCM2", "MCM3", "STATUTE",
    *[f"LABCERT{n}" for n in range(1, 9)], *[f"XREF{n}" for n in range(1, 6)],
    "COV", "ASC_GRP", "ASC_DT", "OPPS", "OPPS_PI", "OPPS_DT", "PROCNOTE", "BETOS",
    *[f"TOS{n}" for n in range(1, 6)], "ANEST_BU", "ADD DT", "ACT EFF DT", "TERM DT", "ACTION CD",
]  # fmt: skip

# Three lines of CMS's file of 2019 (a work of the US government), without the trailing blanks.
E0193 = (
    "E0193001003Powered air flotation bed (low air loss therapy)                                "
    "Powered air flotation bed   36      A                                                                         "
    "                            C                          D1E R      01990010119930101        N"
)
K0800 = (
    "K0800001003Power operated vehicle, group 1 standard, patient weight capacity up to and     "
    "Pov group 1 std up to 300lbs32      A                                                                         "
    "                            C                          D1D APR    02006100120061001        N"
)
A1 = (
    "   A1001007Dressing for one wound                                                          D"
    "ressing for one wound                                                                   "
    "                                                 C                                      2002070120020701        N"
)


def first_line(
    code: str,
    description: str = "A thing, each",
    *,
    added: str = "20200101",
    terminated: str = "",
    action: str = "",
    ric: str = "",
    pricing: str = "36",
    coverage: str = "C",
    xref: str = "",
) -> str:
    """The first line of a code (or, of two characters, a modifier), 320 characters long."""
    ric = ric or ("7" if len(code) == 2 else "3")
    line = f"{code:>5}00100{ric}{description:<80}{description[:28]:<28}{pricing:<8}A".ljust(204)
    line = f"{line}{xref:<25}{coverage}".ljust(256) + "D1E P    " + "  0"
    return f"{line}{added:<8}{action or added:<8}{terminated:<8}N".ljust(320)


def continuation(code: str, description: str, *, sequence: str = "00200", ric: str = "") -> str:
    ric = ric or ("8" if len(code) == 2 else "4")
    return f"{code:>5}{sequence}{ric}{description:<80}".ljust(320)


def release_file(folder: Path, lines: Iterable[str], *, name: str = "HCPC2024_JAN_ANWEB_v1.txt") -> Path:
    path = folder / name
    path.write_bytes("".join(f"{line}\r\n" for line in lines).encode("cp1252"))
    return path


def workbook_row(code: str, description: str = "A thing, each", **cells: Any) -> dict[str, Any]:
    """A row by column name. Column names with a blank are given with an underscore: ADD_DT."""
    row = {
        "HCPC": code.rjust(5), "SEQNUM": "0010", "RECID": "7" if len(code) == 2 else "3",
        "LONG DESCRIPTION": description, "SHORT DESCRIPTION": description[:28], "PRICE1": "36", "MULT_PI": "A",
        "COV": "C", "BETOS": "D1E", "TOS1": "P", "ANEST_BU": "  0", "ADD DT": "20200101", "ACT EFF DT": "20200101",
        "ACTION CD": "N",
    }  # fmt: skip
    return row | {name if name in COLUMNS else name.replace("_", " "): value for name, value in cells.items()}


def release_workbook(
    folder: Path,
    rows: Iterable[dict[str, Any]],
    *,
    name: str = "HCPC2024_JAN_ANWEB_v1.xlsx",
    columns: list[str] = COLUMNS,
    preamble: int = 3,
) -> Path:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    for number in range(preamble):
        sheet.append([f"*Disclaimer {number}"])
    sheet.append(columns)
    for row in rows:
        sheet.append([row.get(name, "") for name in columns])
    book.save(folder / name)
    return folder / name

"""Small files in the layout of CMS's DMEPOS fee schedule, made for one test each."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

import pytest
from openpyxl import Workbook

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "fees" / "DMEPOS25_APR.csv"
STATES = ("AL", "CA", "AK")
HEADER = [
    "HCPCS", "Mod", "Mod2", "JURIS", "CATG", "Ceiling", "Floor",
    *[f"{state} ({kind})" for state in STATES for kind in ("NR", "R")], "Description",
]  # fmt: skip


def published_fees() -> Path:
    if not PUBLISHED.exists():
        pytest.skip(f"CMS's file is not at {PUBLISHED}")
    return PUBLISHED


def fee_row(
    code: str,
    modifier: str = "",
    modifier_2: str = "",
    *,
    ceiling: str = "0.00",
    floor: str = "0.00",
    amounts: Sequence[str] = ("10.00", "12.00", "11.00", "13.00", "15.00", "0.00"),
) -> list[str]:
    """`amounts`: non-rural and rural for Alabama, California and Alaska."""
    return [code, modifier, modifier_2, "D", "IN", ceiling, floor, *amounts, f"Thing {code}"]


def lines(
    rows: Iterable[list[str]], *, title: str = "April 2025 Fee Schedule", header: list[str] = HEADER
) -> list[list[str]]:
    return [["Durable Medical Equipment,"], ["(DMEPOS)"], [title], [], header, *rows]


def fee_file(
    folder: Path,
    rows: Iterable[list[str]],
    *,
    name: str = "fees.csv",
    title: str = "April 2025 Fee Schedule",
    header: list[str] = HEADER,
    delimiter: str = ",",
) -> Path:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows(lines(rows, title=title, header=header))
    path = folder / name
    path.write_bytes(text.getvalue().encode("cp1252"))
    return path


def fee_workbook(folder: Path, rows: Iterable[Sequence[object]], *, name: str = "fees.xlsx") -> Path:
    book = Workbook()
    sheet = book.create_sheet(index=0)
    for row in [["(DMEPOS)"], ["April 2025 Fee Schedule"], HEADER, *rows]:
        sheet.append(row)
    book.save(folder / name)
    return folder / name

"""What a list's columns mean, by the names that people give them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pcl.errors import RegisterError
from pcl.queries.check_file.rows import Cells

LABELS = {
    "code": "HCPCS code",
    "manufacturer": "Manufacturer",
    "product": "Product",
    "model_number": "Model number",
    "first_day": "Effective begin",
    "last_day": "Effective end",
    "dates": "Effective dates",
    "distributor": "Distributor",
    "classification": "Classification",
    "comment": "Comment",
    "other_names": "Other names",
}
# Letters and digits only. The first of each is what the template file has.
NAMES = {
    "code": "hcpcscode code hcpcs hcpcscodes procedurecode proccode billingcode cpthcpcs",
    "manufacturer": "manufacturer manufacturername mfr mfrname mfg mfgname maker brand brandname company companyname",
    "product": "product productname item itemname device devicename tradename",
    "model_number": "modelnumber model modelnumbers models modelno modelnos modelnum modelnr part partnumber "
    "partnumbers partno sku catalognumber catalogno itemnumber itemno mfrpartnumber mfgpartnumber productnumber",
    "first_day": "effectivebegin effectivebegindate effectivefrom effectivefromdate effectivestart effectivestartdate "
    "begin begindate start startdate firstday firstdate from fromdate validfrom listedfrom listedsince dosbegin",
    "last_day": "effectiveend effectiveenddate effectiveto effectivetodate effectivethrough effectivethru end enddate "
    "lastday lastdate to todate through validto validthrough listedto terminationdate termdate dosend",
    "dates": "effectivedates effectivedate effective effectivedaterange effectiveperiod dates daterange period "
    "datesofservice",
    "distributor": "distributor distributorname distributedby soldby",
    "classification": "classification productclassification productgroup group category productcategory producttype",
    "comment": "comment comments note notes remark remarks",
    "other_names": "othernames othername othernamesoftheproduct otherproductnames aliases alias productaliases aka "
    "alsoknownas formername formernames formerly synonyms",
}
MEANING = {name: meaning for meaning, names in NAMES.items() for name in names.split()}
NEEDED = ("code", "manufacturer", "product")
_HEADER_WITHIN = 20
# A file with these is not of products: it is refused whole and not kept.
_PATIENTS = re.compile(r"patient|member|beneficiar|\bmbi\b|\bhicn?\b|\bssn\b|social security|\bdob\b|birth|\bmrn\b")


class PatientDataError(RegisterError):
    """The file seems to hold data of patients, so it must not be kept either."""


@dataclass
class Columns:
    places: dict[str, int] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)
    """Meaning -> the column's name in the file."""
    ignored: list[str] = field(default_factory=list)
    of_patients: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        return {"used": [[LABELS[name], header] for name, header in self.used.items()], "ignored": self.ignored}

    def label(self, meaning: str) -> str:
        """What the file calls it, or what we do where it has no such column."""
        return self.used.get(meaning) or LABELS[meaning]


def split_header(rows: Sequence[tuple[int, Cells]]) -> tuple[Columns, int]:
    """The columns, and the index of the first row below their names. Raises RegisterError."""
    if not rows:
        raise RegisterError("The file is empty. Bring one with a line of column names and a row for each listing.")
    best = Columns()
    for index, (_, cells) in enumerate(rows[:_HEADER_WITHIN]):
        columns = _of_header(cells)
        if all(name in columns.places for name in NEEDED):
            if index + 1 == len(rows):
                raise RegisterError("The file has column names only, and no row below them.")
            _refuse_patients(columns)
            return columns, index + 1
        if len(columns.places) > len(best.places):
            best = columns
    missing = " and ".join(LABELS[name] for name in NEEDED if name not in best.places)
    raise RegisterError(
        f"No column was recognized as {missing}. Let the first line name the columns, as the template file does."
    )


def _of_header(cells: Cells) -> Columns:
    columns = Columns()
    for place, cell in enumerate(cells):
        header = " ".join(str(cell if cell is not None else "").split())[:60]
        if not header:
            continue
        meaning = MEANING.get(re.sub(r"[^a-z0-9]", "", header.lower()))
        if meaning and meaning not in columns.places:
            columns.places[meaning], columns.used[meaning] = place, header
            continue
        words = " ".join(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header).lower()))
        (columns.of_patients if _PATIENTS.search(words) else columns.ignored).append(header)
    return columns


def _refuse_patients(columns: Columns) -> None:
    if columns.of_patients:
        raise PatientDataError(
            f"The column “{columns.of_patients[0]}” looks like data of patients, which must not come here. The file "
            "was not kept. Remove that column and bring the list again."
        )

"""The codes that the register has before any release is loaded (hcpcs/seed)."""

import csv
import hashlib
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from hcpcs.models import Code, FileFormat, Kind, Release
from hcpcs.parsing.record import LayoutRecord, ParsedFile, squeezed
from hcpcs.services.import_release import store_release

SEED = Path(__file__).parent.parent / "seed"
SEED_FILE = SEED / "codes.toml"
REVIEWED_CODES = SEED / "codes_that_are_reviewed.toml"


def load_seed_codes() -> list[Code]:
    """Load the seed as an incomplete release and return its codes as the catalogue has them, ordered by code.

    Loading it again changes nothing; a changed seed file replaces the one loaded before. A complete release of the same
    quarter or a later one has the last word on every field, in whichever order the two are loaded.
    """
    content = SEED_FILE.read_bytes()
    seed = tomllib.loads(content.decode())
    records = [_record(values) for values in seed["codes"]]
    _store(records, said=seed["release"], file_name=SEED_FILE.name, content=content)
    codes = [record.code for record in records]
    newest = Code.objects.filter(kind=Kind.CODE, code__in=codes).order_by("code", "-added").distinct("code")
    return list(newest.select_related("first_release", "last_release"))


def load_reviewed_codes() -> int:
    """Load the codes under which products are reviewed, as `load_seed_codes` loads the seed; how many they are."""
    seed = tomllib.loads(REVIEWED_CODES.read_text())
    path = SEED / seed["file"]
    content = path.read_bytes()
    records = [_record(_read(row)) for row in csv.DictReader(content.decode().splitlines())]
    _store(records, said=seed["release"], file_name=path.name, content=content)
    return len(records)


def _store(records: Iterable[LayoutRecord], *, said: dict[str, Any], file_name: str, content: bytes) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    if Release.objects.filter(sha256=sha256).exists():
        return
    release = Release(**said, is_complete=False, file_format=FileFormat.SEED, file_name=file_name, sha256=sha256)
    store_release(release=release, parsed=ParsedFile(records=list(records)))


def _read(row: dict[str, str]) -> dict[str, Any]:
    """What a line of the table says; several values stand in one cell, parted by blanks; an empty cell is none."""
    read: dict[str, Any] = {name: said for name, said in row.items() if said}
    read |= {name: read[name].split() for name in _REPEATED if name in read}
    return read | {name: date.fromisoformat(read[name]) for name in _DAYS if name in read}


def _record(values: dict[str, Any]) -> LayoutRecord:
    known = {
        **dict.fromkeys(LayoutRecord._fields, ""),
        "kind": Kind.CODE,
        "sequence_number": "00100",
        "anesthesia_base_units": 0,
        **dict.fromkeys(_REPEATED, ()),
        **dict.fromkeys(_DAYS),
    }
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    given["long_description"] = squeezed(values["long_description"])
    return LayoutRecord(**known | given)


_REPEATED = (
    "pricing_indicators",
    "cim_references",
    "mcm_references",
    "lab_certifications",
    "cross_references",
    "types_of_service",
)
_DAYS = ("asc_effective", "mog_effective", "added", "action_effective", "terminated")

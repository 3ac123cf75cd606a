"""The codes that the register has before any release is loaded (hcpcs/seed/codes.toml)."""

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from hcpcs.models import Code, FileFormat, Kind, Release
from hcpcs.parsing.record import LayoutRecord, ParsedFile, squeezed
from hcpcs.services.import_release import store_release

SEED_FILE = Path(__file__).parent.parent / "seed" / "codes.toml"


def load_seed_codes() -> list[Code]:
    """Load the seed as an incomplete release and return its codes as the catalogue has them, ordered by code.

    Loading it again changes nothing; a changed seed file replaces the one loaded before. A complete release of the same
    quarter or a later one has the last word on every field, in whichever order the two are loaded.
    """
    content = SEED_FILE.read_bytes()
    seed = tomllib.loads(content.decode())
    records = [_record(values) for values in seed["codes"]]
    release = Release(
        **seed["release"],
        is_complete=False,
        file_format=FileFormat.SEED,
        file_name=SEED_FILE.name,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    store_release(release=release, parsed=ParsedFile(records=records))
    codes = [record.code for record in records]
    newest = Code.objects.filter(kind=Kind.CODE, code__in=codes).order_by("code", "-added").distinct("code")
    return list(newest.select_related("first_release", "last_release"))


def _record(values: dict[str, Any]) -> LayoutRecord:
    known = {
        **dict.fromkeys(LayoutRecord._fields, ""),
        "kind": Kind.CODE,
        "sequence_number": "00100",
        **dict.fromkeys(_REPEATED, ()),
        **dict.fromkeys(_NULLABLE, None),
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
_NULLABLE = ("asc_effective", "mog_effective", "anesthesia_base_units", "added", "action_effective", "terminated")

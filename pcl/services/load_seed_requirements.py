"""The codes that require verification, as a list of May 2025 has them (pcl/seed/items_requiring_verification.toml)."""

import tomllib
from pathlib import Path

from django.db import transaction

from pcl.errors import RegisterError
from pcl.models import Requirement
from pcl.queries.requirement_list import decode_list
from pcl.services.import_requirements import import_requirements

SEED = Path(__file__).resolve().parents[1] / "seed"


@transaction.atomic
def load_seed_requirements() -> int:
    """Enter the list, once, and return how many codes were entered. Needs their codes to be loaded.

    What the register says already of a code stays. Raises RegisterError when the catalogue lacks a code of the list.
    """
    seed = tomllib.loads((SEED / "items_requiring_verification.toml").read_text())
    source, day = seed["source"], seed["snapshot_date"]
    if Requirement.objects.filter(source=source, snapshot_date=day).exists():
        return 0
    text = decode_list((SEED / seed["file"]).read_bytes())
    plan = import_requirements(text=text, source=source, snapshot_date=day)
    if plan.bad:
        raise RegisterError(f"{plan.bad[0].said} of {seed['file']}: {plan.bad[0].why}")
    return plan.writes

"""What the short values of CMS's fee schedule stand for (hcpcs/data/fee_values.toml)."""

import tomllib
from pathlib import Path

with (Path(__file__).parent / "data" / "fee_values.toml").open("rb") as _file:
    _VALUES: dict[str, dict[str, str]] = tomllib.load(_file)

JURISDICTIONS = _VALUES["jurisdictions"]
CATEGORIES = _VALUES["categories"]
CONTIGUOUS_STATES = _VALUES["contiguous"]
# Alaska, Hawaii and the territories. Neither ceilings and floors nor rural amounts are made for them.
NON_CONTIGUOUS_AREAS = _VALUES["non_contiguous"]
STATES = CONTIGUOUS_STATES | NON_CONTIGUOUS_AREAS


def state_name(state: str) -> str:
    """The name, or the two letters themselves where they are new."""
    return STATES.get(state, state)

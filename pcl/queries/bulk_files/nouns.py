"""What there are bulk files of: all rows, in one order, with the columns that the codebook explains."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from hcpcs.models import Code
from pcl.models import ListingChange, RegisterEntry, Requirement
from pcl.queries.change_export import change_columns
from pcl.queries.code_export import code_columns
from pcl.queries.codes import BY_CODE
from pcl.queries.column import Column
from pcl.queries.listing_columns import listing_columns
from pcl.queries.organization_export import organization_columns
from pcl.queries.organizations import BY_NAME, public_organizations
from pcl.queries.requirement_export import requirement_columns
from pcl.queries.requirements import BY_GROUP


@dataclass(frozen=True)
class BulkNoun:
    name: str
    heading: str
    holds: str
    """What is in its files, as a sentence."""
    schema_version: str
    """Raised when a column is added, renamed or means something else."""
    rows: Callable[[], QuerySet[Any]]
    columns: Callable[..., list[Column]]
    """Takes `on`, the day on which a status is reckoned, and `site`, with which addresses begin."""


NOUNS = {
    noun.name: noun
    for noun in (
        BulkNoun(
            "listings",
            "Listings",
            "Every listing that the register has ever shown: current, ended and to come.",
            "1",
            lambda: RegisterEntry.objects.order_by("listing_id"),
            listing_columns,
        ),
        BulkNoun(
            "codes",
            "Codes and modifiers",
            "Every HCPCS Level II code and modifier, ended ones too, as the newest loaded release has it.",
            "1",
            lambda: BY_CODE.sorted(Code.objects.all(), backward=False),
            code_columns,
        ),
        BulkNoun(
            "requirements",
            "Requirements",
            "Every code for which only listed products may be billed, since when, until when, and who says so.",
            "1",
            lambda: BY_GROUP.sorted(Requirement.objects.all(), backward=False),
            requirement_columns,
        ),
        BulkNoun(
            "organizations",
            "Organizations",
            "Every manufacturer and distributor on the list, with former names and mergers.",
            "1",
            lambda: BY_NAME.sorted(public_organizations(), backward=False),
            lambda **asked: organization_columns(site=asked["site"]),
        ),
        BulkNoun(
            "changes",
            "Changes",
            "Every change of the list, oldest first, with fingerprints by which anybody sees that none was altered.",
            "1",
            lambda: ListingChange.objects.order_by("seq"),
            lambda **_: change_columns(),
        ),
    )
}


def codebook(noun: str, *, site: str = "") -> list[Column]:
    """The columns for people to read about."""
    return NOUNS[noun].columns(on=date(2000, 1, 1), site=site)

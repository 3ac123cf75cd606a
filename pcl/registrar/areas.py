"""What a registrar looks after: the one list that the side navigation and the registrar's home are drawn from.

An area of which this installation has no page is left out. What waits in an area is counted by whoever knows: the
rooms above the register add their counts when they are loaded (see `AppConfig.ready` of verification).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from hcpcs.queries.release_imports import imports_under_way
from pcl.queries.bulk_files.ready import untold_failures
from pcl.queries.discrepancies import open_count
from pcl.queries.list_imports import lists_under_way


@dataclass(frozen=True)
class Area:
    view: str
    name: str
    purpose: str

    @property
    def address(self) -> str:
        """Empty where there is no such page."""
        try:
            return reverse(self.view)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True)
class Waiting:
    """Something that is counted on the registrar's home."""

    view: str
    one: str
    many: str
    count: Callable[[], int]


AREAS = (
    Area("registrar:listings", "Listings", "Publish a listing, correct it, set or move its end, take an end back."),
    Area(
        "registrar:organizations",
        "Organizations",
        "Rename manufacturers and distributors, and merge those that are one.",
    ),
    Area(
        "registrar:crosswalks",
        "Code crosswalks",
        "Move the listings of a code that ends to the codes that follow it, choosing for each.",
    ),
    Area("registrar:campaigns", "Campaigns", "Announce one end date for all listings of a code or product group."),
    Area("registrar:list_imports", "Import a list", "Take over an existing list from a CSV file or a workbook."),
    Area("registrar:publications", "Publications", "Write, revise and retire what is published on coding."),
    Area(
        "registrar:requirements", "Requirements", "Keep which codes require a coding verification review, since when."
    ),
    Area("registrar:releases", "Code releases", "Load what CMS publishes of HCPCS codes every quarter."),
    Area("registrar:fees", "Fee schedules", "Load Medicare’s fee schedule of each quarter."),
    Area(
        "registrar:discrepancies",
        "Discrepancy reports",
        "Answer those who say that the list has something wrong or lacks something.",
    ),
    Area(
        "registrar:bulk_files",
        "Bulk files",
        "See whether the files that everybody downloads are made, and why not where they are not.",
    ),
    Area(
        "review:product_groups",
        "Product groups",
        "See what each group’s applications are asked, its checklist by code, and its versions.",
    ),
    Area(
        "review:representations",
        "People waiting",
        "Confirm who may act for an organization that the register knows already.",
    ),
    Area("review:stored_files", "Files and virus scan", "See whether uploaded files are scanned and safely kept."),
    Area(
        "review:authorizations",
        "Authorizations",
        "Confirm representatives on a letter, for manufacturers of whom nobody has an account.",
    ),
)
_WAITING: dict[str, Waiting] = {}


def announce(waiting: Waiting) -> None:
    """Have something counted on the registrar's home, once for each page."""
    _WAITING[waiting.view] = waiting


def what_waits() -> list[Waiting]:
    return list(_WAITING.values())


announce(Waiting("registrar:discrepancies", "open discrepancy report", "open discrepancy reports", open_count))
announce(Waiting("registrar:releases", "release import under way", "release imports under way", imports_under_way))
announce(Waiting("registrar:list_imports", "list import under way", "list imports under way", lists_under_way))
announce(Waiting("registrar:bulk_files", "failure to make bulk files", "failures to make bulk files", untold_failures))

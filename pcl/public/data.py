"""What can be downloaded, what each column means, and how to use it, for people who do not write programs as well."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pcl.api.read_view import site_of
from pcl.models import ExportFile, ExportFormat
from pcl.queries.bulk_files.nouns import NOUNS, BulkNoun, codebook
from pcl.queries.bulk_files.ready import newest_files
from pcl.queries.change_feed import last_change
from pcl.queries.column import Column

EXAMPLE_SITE = "https://register.example"
# (file in docs/recipes, heading, what it does and needs).
RECIPES = (
    ("listings.sh", "curl", "Downloads all listings and checks that they arrived whole."),
    (
        "listings.py",
        "Python",
        "Python 3.11 or newer and nothing else. Downloads all listings, checks the file, and counts by status.",
    ),
    ("listings.R", "R", "Reads all listings into a data frame, with dates as dates."),
    (
        "listings.pq",
        "Excel Power Query",
        "In Data, Get Data, From Other Sources, Blank Query, Advanced Editor. Refresh All then brings the newest file.",
    ),
    ("listings.sql", "DuckDB", "Asks the Parquet file with SQL. Download listings.parquet into the same folder first."),
    ("check.sh", "Check many lines with curl", "Sends a CSV of up to 100,000 lines, waits, and fetches the answers."),
    (
        "check.py",
        "Check many lines with Python",
        "Python 3.11 or newer and nothing else. The same with JSON; a request sent twice begins one job only.",
    ),
    (
        "mirror.py",
        "Keep a copy that follows the register",
        "Python 3.11 or newer and nothing else. The first run takes the whole file, each later one only what changed.",
    ),
)


@dataclass(frozen=True)
class OfferedNoun:
    noun: BulkNoun
    files: list[ExportFile]
    columns: list[Column]

    @property
    def rows(self) -> int:
        return self.files[0].rows if self.files else 0


@dataclass(frozen=True)
class Recipe:
    name: str
    heading: str
    does: str
    text: str


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    site, files = site_of(request), newest_files()
    offered = [
        OfferedNoun(noun, [file for file in files if file.noun == noun.name], codebook(noun.name))
        for noun in NOUNS.values()
    ]
    newest = last_change()
    context = {
        "offered": offered,
        "formats": ExportFormat.choices,
        "export_set": files[0].export_set if files else None,
        "files": files,
        "last_change": newest,
        "changes_since": newest.seq - files[0].export_set.change_seq if newest and files else 0,
        "recipes": [Recipe(name, heading, does, recipe(name, site=site)) for name, heading, does in RECIPES],
        "kept_days": settings.EXPORT_KEPT_DAYS,
        "site": site,
        "today": timezone.localdate(),
    }
    return render(request, "public/data.html", context)


def recipe(name: str, *, site: str) -> str:
    """As it stands in docs/recipes, for this register."""
    return _recipe(name).replace(EXAMPLE_SITE, site)


@cache
def _recipe(name: str) -> str:
    return (settings.BASE_DIR / "docs" / "recipes" / name).read_text(encoding="utf-8").strip()

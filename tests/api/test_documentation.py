"""docs/api.md names every address and parameter that there is, and none that there is not."""

import re
from pathlib import Path

from django.conf import settings

from pcl.api.listings import Listings
from pcl.api.schema import whole_schema

DOCUMENT = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text()


def section(title: str) -> str:
    return DOCUMENT.partition(title)[2].partition("\n## ")[0]


def test_every_address_is_documented() -> None:
    described = {
        re.sub(r"{(?:listing_)?(\w+)}", r"<\1>", path.removeprefix("/api/v1/")) for path in whole_schema()["paths"]
    }
    assert set(re.findall(r"^\| `([^`]*)` \|", section("# The API"), flags=re.MULTILINE)) == described


def test_every_parameter_of_a_search_is_documented() -> None:
    named = re.findall(r"^\| `([^`]*)` \|", section("## Parameters"), flags=re.MULTILINE)
    assert named == list(Listings.parameters)

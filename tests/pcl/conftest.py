from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pcl.services.end_date_listing import end_date_listing
from tests.factories.register import publish
from tests.pcl.following import SITE


@pytest.fixture
def count_queries(client: Client) -> Callable[[str], int]:
    """How many queries an address costs, when everything that is kept between requests is kept."""

    def count(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def site(settings: Any) -> None:
    """Links in mails lead to SITE."""
    settings.SITE_URL = SITE


@pytest.fixture
def walkers(db: None) -> None:
    """Products whose names, makers and model numbers begin alike."""
    publish("ReWalk", other_names=("Rewalk™ Personal",))
    publish("Indego", manufacturer="Össur hf.", distributor="Parker & Sons", model_number="AB-12/3.X")
    publish("Walker Plus", manufacturer="Rewind Medical", code="E0147", classification="Walkers", model_number="1E5X")
    # What begins a word elsewhere begins a model number here, in one piece and in the middle.
    publish("Footbed", code="A5512", model_number="REWA-LK")
    publish("Cushion", code="E2601", model_number="7/rewalked")
    ended = publish("Old walker", code="E0148", begins=date(2020, 1, 1))
    end_date_listing(listing=ended, last_day=date(2021, 1, 1), reason="Withdrawn.", by=None)

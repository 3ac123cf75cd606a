from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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

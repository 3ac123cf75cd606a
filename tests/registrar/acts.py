"""A registrar's way through a page: form, preview, confirmation, as a browser would send it."""

import re
from html import unescape
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.reviewer.page import main_of


def hidden_fields(response: HttpResponse) -> dict[str, str]:
    """What the page's form sends along unseen."""
    found = re.findall(r'<input type="hidden"\s+name="([^"]+)"(?:\s+value="([^"]*)")?', main_of(response))
    return {name: unescape(value) for name, value in found}


def preview(client: Client, address: str, **given: Any) -> HttpResponse:
    """Open the page, fill in the form, and ask what would change."""
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, {**hidden_fields(page), **given, "step": "preview"})


def confirm(client: Client, address: str, shown: HttpResponse) -> HttpResponse:
    """Confirm the preview; to the page that follows."""
    assert shown.status_code == 200, main_of(shown)
    return client.post(address, {**hidden_fields(shown), "step": "confirm"}, follow=True)


def act(client: Client, address: str, **given: Any) -> HttpResponse:
    return confirm(client, address, preview(client, address, **given))


def queries_for(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)

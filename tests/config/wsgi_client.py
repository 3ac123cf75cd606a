"""Asking the application as the web server would, on the test's own connection."""

from collections.abc import Iterable
from typing import Any

from django.test import RequestFactory


def ask(application: Any, address: str, method: str = "GET", **headers: str) -> tuple[str, dict[str, str], bytes]:
    """Status line, headers, body. Headers are given with underscores: `if_none_match`."""
    told: list[Any] = []
    environ = (
        RequestFactory()
        .generic(method, address, headers={name.replace("_", "-"): value for name, value in headers.items()})
        .environ
    )
    body: Iterable[bytes] = application(environ, lambda *given: told.extend(given))
    content = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return told[0], dict(told[1]), content

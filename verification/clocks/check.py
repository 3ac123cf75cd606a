"""So that a file of clocks that cannot be used is noticed at the start, not by the first who submits."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from verification.clocks.loader import clocks


def clocks_can_be_used(**_: Any) -> list[CheckMessage]:
    try:
        clocks()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="verification.E001")]
    return []

"""What every page knows: demo mode, and the helpline of the footer."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pcl.queries.helpline import helpline


def page_context(request: HttpRequest) -> dict[str, Any]:
    return {"demo_mode": settings.DEMO, "helpline": SimpleLazyObject(helpline)}

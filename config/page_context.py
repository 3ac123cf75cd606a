"""What every page knows: demo mode, the helpline of the footer, and whether one may change the register."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from accounts.models import Role, User
from pcl.queries.helpline import helpline


def page_context(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo_mode": settings.DEMO,
        "helpline": SimpleLazyObject(helpline),
        # Auditors see the registrar's pages, too; what these would refuse them is not offered.
        "may_change_register": SimpleLazyObject(lambda: _is_registrar(request)),
    }


def _is_registrar(request: HttpRequest) -> bool:
    # Who is an auditor changes nothing, whatever else they are: see config/access.py.
    user = request.user
    return isinstance(user, User) and user.has_role(Role.REGISTRAR) and not user.has_role(Role.AUDITOR)

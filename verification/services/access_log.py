"""Writing down who let whom act, in the transaction in which it happened."""

from typing import TYPE_CHECKING

from pcl.models import Organization
from verification.models import AccessAct, AccessLog, Authorization

if TYPE_CHECKING:
    from accounts.models import User


def note(
    what: AccessAct,
    *,
    by: "User | None",
    organization: Organization | None = None,
    person: "User | None" = None,
    email: str = "",
    authorization: Authorization | None = None,
) -> None:
    """One line of the history of `organization`; `by` is None where a day did it."""
    AccessLog.objects.create(
        organization=organization or (authorization.manufacturer if authorization else None),
        what=what,
        by=by,
        person=person,
        email=email,
        authorization=authorization,
    )

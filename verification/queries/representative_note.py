"""What a page says of an application that a designated representative made."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from pcl.models import Organization
from verification.models import Application
from verification.queries.authorizations import days_in_words, state_of
from verification.queries.organizations import last_authorization_of
from verification.queries.representation import whom_to_tell

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class RepresentativeNote:
    representative: Organization
    manufacturer: Organization
    days: str
    """From when to when it was authorized, in words."""
    ended_on: date | None
    """The last day on which it could act, US Eastern; None while it can."""
    mails_go_to: "list[User]"


def representative_note(application: Application) -> RepresentativeNote | None:
    """None where no representative made it."""
    authorization = last_authorization_of(application)
    if application.made_by is None or authorization is None:
        return None
    ended_on = None
    if state_of(authorization) == "ended" and authorization.ended_at is not None:
        ended_on = timezone.localtime(authorization.ended_at).date()
    elif state_of(authorization) == "ran out":
        ended_on = authorization.until
    return RepresentativeNote(
        representative=application.made_by,
        manufacturer=application.organization,
        days=days_in_words(authorization),
        ended_on=ended_on,
        mails_go_to=whom_to_tell(application),
    )

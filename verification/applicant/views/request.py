"""What the views of this door know of a request."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from accounts.models import User

# The form came back with something to mend; somebody else was quicker.
UNPROCESSABLE = 422
CONFLICT = 409


class ApplicantRequest(HttpRequest):
    """The permission map lets only signed-in people in."""

    user: "User"


def seen_version(request: HttpRequest) -> int:
    """The version that the page showed. One that cannot be read is 0, which no application has: the page is stale."""
    try:
        return int(request.POST.get("seen_version", ""))
    except ValueError:
        return 0

"""What the views of this door know of a request."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest

from pcl.errors import RegisterError

if TYPE_CHECKING:
    from accounts.models import User

Act = TypeVar("Act")

# The form came back with something to mend; somebody else was quicker.
UNPROCESSABLE = 422
CONFLICT = 409


class ApplicantRequest(HttpRequest):
    """The permission map lets only signed-in people in."""

    user: "User"


def chosen(request: HttpRequest, name: str, acts: Mapping[str, Act]) -> Act:
    """The one of `acts` that the button `name` says. Raises Http404 for any other word."""
    act = acts.get(request.POST.get(name, ""))
    if act is None:
        raise Http404
    return act


def do_and_say(request: HttpRequest, act: Callable[[], object], said: str) -> None:
    """`said` stands on the next page once it is done; or else why it was refused."""
    try:
        act()
    except RegisterError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)


def seen_version(request: HttpRequest) -> int:
    """The version that the page showed. One that cannot be read is 0, which no application has: the page is stale."""
    try:
        return int(request.POST.get("seen_version", ""))
    except ValueError:
        return 0

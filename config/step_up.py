"""Acts that cannot be taken back ask once more who it is, where the sign-in lies a while back.

An open browser on an empty desk must not make a determination, publish, or give somebody a role. Who has a second
factor shows that, the others their password. What was typed is kept meanwhile, as after a sign-in that expired.
"""

import time
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.models import User
from accounts.queries.second_factor import has_second_factor
from config.expired_sign_in import keep_what_was_typed

# Steps of an application by which something is decided or published.
DECIDES = frozenset({"determine", "approve", "reschedule", "publish_now"})
# Views whose form decides, publishes on the register, or says who may do what.
ASKS = frozenset(
    {
        "accounts:reset_second_factor",
        "registrar:act_on_listing",
        "registrar:campaign_act",
        "registrar:confirm",
        "registrar:crosswalk_apply",
        "registrar:list_import_confirm",
        "registrar:listing_new",
        "registrar:organization_merge",
        "registrar:organization_rename",
        "review:letter_correction",
        "review:move_waiting",
        "review:person",
        "review:person_invite",
        "review:waiting_day",
    }
)


def asks_who_it_is(request: HttpRequest, view_name: str, given: Mapping[str, Any]) -> bool:
    """Whether the form just sent is one of those, and whoever sent it was last asked too long ago."""
    if not settings.STEP_UP_MINUTES or request.method != "POST":
        return False
    if view_name not in ASKS and not (view_name == "review:act" and given.get("transition") in DECIDES):
        return False
    user = cast("User", request.user)  # the permission map lets nobody else in
    shows_factor = has_second_factor(user)
    records = get_authentication_records(request, user)
    asked = [record["at"] for record in records if not shows_factor or record.get("method") == "mfa"]
    return time.time() - max(asked, default=0) > settings.STEP_UP_MINUTES * 60


def to_confirmation(request: HttpRequest) -> HttpResponse:
    """The way to the page that asks, and from there back to what was typed; nothing was done yet."""
    token, page = keep_what_was_typed(request)
    messages.info(
        request,
        "Nothing was done yet: this needs to know that it is still you. Then what you typed is shown again, with a "
        "button that sends it.",
    )
    following = reverse("accounts:typed_text", args=[token]) if token else page or reverse("accounts:home")
    asking = "mfa_reauthenticate" if has_second_factor(cast("User", request.user)) else "account_reauthenticate"
    return redirect(f"{reverse(asking)}?{urlencode({'next': following})}")

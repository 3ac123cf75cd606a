"""One mail to each person, through the outbox in the caller's transaction."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Role
from accounts.queries.roles import people_with

if TYPE_CHECKING:
    from accounts.models import User


def tell(people: "Iterable[User | str]", *, subject: str, about: str, path: str, **context: Any) -> None:
    """Mail each of `people` (a person, or an address) once; `about` names the template, `path` is the link in it."""
    links = {"link": settings.SITE_URL + path, "preferences_link": settings.SITE_URL + reverse("apply:mails")}
    text = render_to_string(f"verification/mail/{about}.txt", {**links, **context})
    addresses = dict.fromkeys(each if isinstance(each, str) else each.email for each in people)
    for address in addresses:
        # A name in a subject must not begin another header.
        send_mail(" ".join(subject.split()), text, None, [address])


def registrars() -> "list[User]":
    """The contractor's people who answer who may act for whom."""
    return list(people_with(Role.REGISTRAR).order_by("pk"))

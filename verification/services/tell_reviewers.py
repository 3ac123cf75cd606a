"""Mails to reviewers about applications that were given to them, or taken from them: one to each person."""

from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from verification.models import Application
from verification.queries.reviewers import who_assign

MOST_NAMED = 50


def tell_reviewers(given: Iterable[tuple[Application, User | None]], *, by: User | None) -> None:
    """Of each application, as it is now, with the reviewer it had before. Who did it needs no mail of it.

    Written to the outbox in the caller's transaction. Only document control numbers stand in a mail.
    """
    got: defaultdict[User, list[Application]] = defaultdict(list)
    lost: defaultdict[User, list[Application]] = defaultdict(list)
    for application, before in given:
        if application.reviewer is not None:
            got[application.reviewer].append(application)
        if before is not None and before != application.reviewer:
            lost[before].append(application)
    for user, applications in got.items():
        _mail(user, "assigned", "assigned to you", applications, by=by)
    for user, applications in lost.items():
        _mail(user, "taken_over", "given to another reviewer", applications, by=by)


def tell_who_assigns(application: Application) -> None:
    """That the applicant wrote about an application that nobody has taken: to the address of the configuration, or
    else to everybody who assigns. Written to the outbox in the caller's transaction; what was written is not in it.
    """
    text = render_to_string(
        "verification/mail/message_not_taken.txt",
        {"application": application, "link": settings.SITE_URL + reverse("review:application", args=[application.pk])},
    )
    subject = f"The applicant wrote about {application.dcn}, which nobody has taken"
    for address in settings.MESSAGES_NOT_TAKEN_TO or [user.email for user in who_assign()]:
        send_mail(subject, text, None, [address])


def _mail(user: User, about: str, what: str, applications: list[Application], *, by: User | None) -> None:
    if user == by or not user.is_active:
        return
    one = applications[0] if len(applications) == 1 else None
    subject = f"{one.dcn} was {what}" if one else f"{len(applications)} applications were {what}"
    page = reverse("review:application", args=[one.pk]) if one else reverse("review:queue") + "?whose=mine"
    context = {
        "count": len(applications),
        "numbers": [application.dcn for application in applications[:MOST_NAMED]],
        "more": max(0, len(applications) - MOST_NAMED),
        "by": by,
        "link": settings.SITE_URL + page,
    }
    send_mail(subject, render_to_string(f"verification/mail/{about}.txt", context), None, [user.email])

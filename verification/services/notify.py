"""Mails to the applicant and to the reviewer: short, linked, with nothing confidential in them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from verification.models import Application, ApplicationKind, AppliesAs, Determination
from verification.queries.reconsideration import reconsideration_until
from verification.queries.told import who_is_told
from verification.services.tell_people import tell

if TYPE_CHECKING:
    from accounts.models import User

SUBJECTS = {
    "received": "We received your application {dcn}",
    "review_begun": "The review of your application {dcn} has begun",
    "information_requested": "Information needed for your application {dcn}",
    "answer_due_soon": "Your answer is due soon: application {dcn}",
    "answers_received": "We received your answers for application {dcn}",
    "rejected": "Your application {dcn} was rejected as incomplete",
    "withdrawn": "Your application {dcn} was withdrawn",
    "document_infected": "A file of your application cannot be used",
    "message": "The reviewer wrote to you about your application {dcn}",
    "determined": "A determination was made on your application {dcn}",
    "letter_corrected": "A corrected letter on your application {dcn}",
}


def notify_applicant(application: Application, about: str, **context: Any) -> "list[User]":
    """Mail everybody who is to be told, and answer who that is. Written to the outbox in the caller's transaction."""
    told = who_is_told(application, about)
    for person in told:
        _mail(person, application, about, context)
    return told


def notify_manufacturer(determination: Determination, *, told: "Iterable[User]") -> None:
    """Where a distributor applied: tell the manufacturer's point of contact, to whom the letter is addressed.

    The address is what the distributor wrote in A.1, so nothing of what was decided is said, and who was `told` as the
    applicant is not told again.
    """
    application = determination.application
    if application.kind != ApplicationKind.INITIAL or application.applies_as != AppliesAs.DISTRIBUTOR:
        return
    if application.contact_email.casefold() in {"", *(person.email.casefold() for person in told)}:
        return
    asked = urlencode({"dcn": application.dcn, "letter_date": determination.letter_date})
    said = {
        "application": application,
        "letter_date": determination.letter_date,
        "until": reconsideration_until(determination),
        "link": f"{settings.SITE_URL}{reverse('apply:anothers_determination')}?{asked}",
    }
    text = render_to_string("verification/mail/determined_manufacturer.txt", said)
    send_mail(f"A determination on a product of yours: {application.dcn}", text, None, [application.contact_email])


def _mail(person: "User", application: Application, about: str, context: dict[str, Any]) -> None:
    said = {
        "application": application,
        "person": person,
        "link": settings.SITE_URL + reverse("apply:application", args=[application.pk]),
        "preferences_link": settings.SITE_URL + reverse("apply:mails"),
        **context,
    }
    text = render_to_string(f"verification/mail/{about}.txt", said)
    send_mail(SUBJECTS[about].format(dcn=application.dcn), text, None, [person.email])


REVIEWER_SUBJECTS = {"message": "The applicant wrote to you about {dcn}"}


def notify_reviewer(application: Application, about: str) -> None:
    """Mail the assigned reviewer; nobody while there is none. Written to the outbox in the caller's transaction."""
    if application.reviewer is None:
        return
    tell(
        [application.reviewer],
        subject=REVIEWER_SUBJECTS[about].format(dcn=application.dcn),
        about=f"reviewer_{about}",
        path=reverse("review:application", args=[application.pk]),
        application=application,
    )

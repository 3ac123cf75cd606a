"""Mails to the applicant and to the reviewer: short, linked, with nothing confidential in them."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from verification.models import Application
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


def notify_applicant(application: Application, about: str, **context: Any) -> None:
    """Mail everybody who is to be told. Written to the outbox in the caller's transaction."""
    for person in who_is_told(application, about):
        _mail(person, application, about, context)


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

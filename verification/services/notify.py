"""Mails to the applicant and to the reviewer: short, linked, with nothing confidential in them."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from verification.models import Application

SUBJECTS = {
    "received": "We received your application {dcn}",
    "information_requested": "Information needed for your application {dcn}",
    "rejected": "Your application {dcn} was rejected as incomplete",
    "withdrawn": "Your application {dcn} was withdrawn",
    "message": "The reviewer wrote to you about your application {dcn}",
    "determined": "A determination was made on your application {dcn}",
}


def notify_applicant(application: Application, about: str, **context: Any) -> None:
    """Mail the person who made the application. Written to the outbox in the caller's transaction."""
    link = settings.SITE_URL + reverse("apply:application", args=[application.pk])
    text = render_to_string(f"verification/mail/{about}.txt", {"application": application, "link": link, **context})
    send_mail(SUBJECTS[about].format(dcn=application.dcn), text, None, [application.created_by.email])


REVIEWER_SUBJECTS = {"message": "The applicant wrote to you about {dcn}"}


def notify_reviewer(application: Application, about: str) -> None:
    """Mail the assigned reviewer; nobody while there is none. Written to the outbox in the caller's transaction."""
    if application.reviewer is None:
        return
    link = settings.SITE_URL + reverse("review:application", args=[application.pk])
    text = render_to_string(f"verification/mail/reviewer_{about}.txt", {"application": application, "link": link})
    send_mail(REVIEWER_SUBJECTS[about].format(dcn=application.dcn), text, None, [application.reviewer.email])

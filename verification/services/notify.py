"""Mails to the applicant: short, linked, with nothing confidential in them."""

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
    "determined": "A determination was made on your application {dcn}",
    "letter_corrected": "A corrected letter on your application {dcn}",
}


def notify_applicant(application: Application, about: str, **context: Any) -> None:
    """Mail the person who made the application. Written to the outbox in the caller's transaction."""
    link = settings.SITE_URL + reverse("apply:application", args=[application.pk])
    text = render_to_string(f"verification/mail/{about}.txt", {"application": application, "link": link, **context})
    send_mail(SUBJECTS[about].format(dcn=application.dcn), text, None, [application.created_by.email])

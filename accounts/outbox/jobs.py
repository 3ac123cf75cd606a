"""Delivery of the outbox, retried until the mail server takes the mail."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.models import OutgoingMail

# After half a minute, then each time two minutes later than before: two and a half days in all, so that a mail server
# that is down for a weekend costs nothing.
UNTIL_DONE = RetryStrategy(max_attempts=60, wait=30, linear_wait=120)


@app.task(queue="mail", retry=UNTIL_DONE)
def deliver_mail(*, mail_id: int) -> None:
    """Hand mail `mail_id` to the delivering backend, once: the row's lock keeps a second worker out."""
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update().get(pk=mail_id)
        if mail.delivered_at:
            return
        message = EmailMultiAlternatives(
            mail.subject,
            mail.text,
            mail.from_email,
            mail.to,
            # A worker killed between the server's word and ours sends it again: under the same name, so that the
            # receiving side can tell. Nothing can keep that gap shut.
            headers={"Message-ID": f"<mail-{mail.pk}@{urlsplit(settings.SITE_URL).hostname}>", **mail.headers},
            connection=get_connection(settings.DELIVERY_EMAIL_BACKEND),
        )
        if mail.html:
            message.attach_alternative(mail.html, "text/html")
        message.send()
        mail.delivered_at = timezone.now()
        mail.save(update_fields=["delivered_at"])

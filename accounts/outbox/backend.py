"""Django's mail backends of the register.

`OutboxBackend` writes a mail as a row and defers its delivery, both in the caller's transaction: nothing leaves before
commit, and nothing is lost after it. It serves every sender alike, also libraries that know only Django's mail API; a
mail that comes as text alone leaves as text and HTML.
"""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts.models import OutgoingMail
from accounts.outbox.html import html_of
from accounts.outbox.jobs import deliver_mail


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            for message in email_messages:
                html = [body for body, kind in getattr(message, "alternatives", []) if kind == "text/html"]
                # One for each address: where a mail server refuses one of them, the others have theirs, once.
                for address in message.recipients():
                    mail = OutgoingMail.objects.create(
                        to=[address],
                        from_email=message.from_email or settings.DEFAULT_FROM_EMAIL,
                        subject=str(message.subject),
                        text=str(message.body),
                        html=html[0] if html else html_of(str(message.subject), str(message.body)),
                        headers=message.extra_headers,
                    )
                    deliver_mail.defer(mail_id=mail.pk)
        return len(email_messages)


class MailboxBackend(BaseEmailBackend):
    """Demo mode's last mile: the mailbox page shows the outbox, so delivering is a matter of saying so."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len(email_messages)

"""The outbox as the demo mailbox shows it."""

from django.db.models import Q, QuerySet

from accounts.models import OutgoingMail

SHOWN = 100


def newest_mails(*, to: str = "") -> QuerySet[OutgoingMail]:
    """The newest hundred mails, or those to one recipient (any case, as addresses are compared at sign-in)."""
    mails = OutgoingMail.objects.all()
    to = to.replace("\x00", "")
    if to:
        mails = mails.filter(Q(to__contains=[to]) | Q(to__contains=[to.lower()]))
    return mails[:SHOWN]

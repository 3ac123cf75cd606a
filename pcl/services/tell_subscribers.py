"""Tell people of the changes that they follow: each change once per subscription, whatever dies in between."""

import logging
from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from pcl.models import ChangeSubject, Frequency, ListingChange, Subscription
from pcl.queries.followed import followed_of
from pcl.services.subscription_mails import send_changes

logger = logging.getLogger(__name__)
# A digest tells what changed until this hour, US Eastern time.
DIGEST_HOUR = 7
NAMED_IN_A_MAIL = 20


def tell_subscribers(*, most: int | None = None) -> int:
    """Mail everybody, or the next `most`, whom something not yet told concerns; how many mails.

    How far a subscription was told stands in its row and moves in the transaction that puts the mail into the outbox.
    So this may be run at any time, by several workers at once, and stop anywhere. Changes are numbered in the order of
    commit, so that none can appear later below a number that was passed.
    """
    mails = failures = 0
    for frequency, until in ((Frequency.AT_ONCE, _last_seq()), (Frequency.DAILY, _last_seq(before=_latest_digest()))):
        due = _due(frequency, until).order_by("pk").values_list("pk", flat=True)
        for subscription_id in list(due):
            if mails == most:
                break
            try:
                mails += _tell(subscription_id, frequency, until)
            except Exception:  # one that cannot be told must not keep the others waiting
                logger.exception("A subscription could not be told", extra={"subscription": str(subscription_id)})
                failures += 1
    if failures:
        raise RuntimeError(f"{failures} subscriptions could not be told; they stay due.")
    return mails


@transaction.atomic
def _tell(subscription_id: UUID, frequency: Frequency, until: int) -> int:
    # Another worker that holds it is telling it; what it no longer asks for is not told.
    locked = Subscription.objects.select_for_update(skip_locked=True).filter(_is_its_turn(frequency))
    subscription = locked.filter(pk=subscription_id, confirmed_at__isnull=False).first()
    if subscription is None:
        return 0
    concerned = ChangeSubject.objects.filter(
        about=subscription.about, change__gt=subscription.told_seq, change__lte=until
    )
    count = concerned.count()
    if not count:
        return 0
    named = list(concerned.order_by("change_id").values_list("change_id", flat=True)[:NAMED_IN_A_MAIL])
    changes = list(ListingChange.objects.filter(seq__in=named).order_by("seq"))
    followed = followed_of([subscription.about])[subscription.about]
    send_changes(subscription, followed, changes=changes, count=count)
    subscription.told_seq, subscription.told_at = until, timezone.now()
    subscription.save(update_fields=["told_seq", "told_at"])
    return 1


def _due(frequency: Frequency, until: int) -> QuerySet[Subscription]:
    untold = ChangeSubject.objects.filter(about=OuterRef("about"), change__gt=OuterRef("told_seq"), change__lte=until)
    return Subscription.objects.filter(_is_its_turn(frequency), Exists(untold), confirmed_at__isnull=False)


def _is_its_turn(frequency: Frequency) -> Q:
    """“At once” is at once after some quiet; while one change follows another, they are collected."""
    if frequency != Frequency.AT_ONCE or not settings.SUBSCRIPTION_MINUTES_APART:
        return Q(frequency=frequency)
    long_ago = timezone.now() - timedelta(minutes=settings.SUBSCRIPTION_MINUTES_APART)
    return Q(Q(told_at=None) | Q(told_at__lte=long_ago), frequency=frequency)


def _last_seq(*, before: datetime | None = None) -> int:
    changes = ListingChange.objects.all() if before is None else ListingChange.objects.filter(at__lt=before)
    return changes.order_by("-at", "-seq").values_list("seq", flat=True).first() or 0


def _latest_digest() -> datetime:
    """The last time that the clock of the contractor stood at DIGEST_HOUR."""
    now = timezone.localtime()
    today = timezone.make_aware(datetime.combine(now.date(), time(DIGEST_HOUR)))
    return (
        today
        if today <= now
        else timezone.make_aware(datetime.combine(now.date() - timedelta(days=1), time(DIGEST_HOUR)))
    )

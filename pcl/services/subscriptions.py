"""Following changes by mail: asked for, confirmed by the owner of the address, changed, ended."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from pcl.models import Frequency, ListingChange, Subscription
from pcl.queries.followed import Followed
from pcl.services.subscription_mails import send_already_followed, send_confirm_link

DAYS_TO_CONFIRM = 7


@transaction.atomic
def ask_to_follow(*, email: str, followed: Followed, frequency: Frequency) -> None:
    """Send the owner of `email` a link that confirms it. Says nothing to the person who asked: they may not own it.

    Somebody who follows it already gets a link to what they follow instead, and nothing of it is changed.
    """
    subscription, _ = Subscription.objects.select_for_update().get_or_create(
        email=email.lower(), about=followed.about, defaults={"frequency": frequency}
    )
    if subscription.confirmed_at:
        send_already_followed(subscription, followed)
        return
    subscription.frequency = frequency
    subscription.asked_at = timezone.now()
    subscription.save(update_fields=["frequency", "asked_at"])
    send_confirm_link(subscription, followed)


@transaction.atomic
def confirm_subscription(*, subscription_id: UUID) -> Subscription | None:
    """From now on it is told of changes. None when it was ended, or not confirmed within seven days of being asked."""
    subscription = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if subscription is None or is_over(subscription):
        return None
    if subscription.confirmed_at is None:
        subscription.confirmed_at = timezone.now()
        subscription.told_seq = ListingChange.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        subscription.save(update_fields=["confirmed_at", "told_seq"])
    return subscription


@transaction.atomic
def change_frequency(*, subscription: Subscription, frequency: Frequency) -> None:
    """What was not yet told is told as the new frequency has it: nothing twice, nothing left out."""
    Subscription.objects.filter(pk=subscription.pk).update(frequency=frequency)


@transaction.atomic
def end_subscription(*, subscription_id: UUID) -> None:
    """Forget it, address and all. Ending what was ended already is no error."""
    Subscription.objects.filter(pk=subscription_id).delete()


@transaction.atomic
def forget_unconfirmed() -> int:
    """Delete what nobody confirmed within seven days; how many there were."""
    over = Subscription.objects.filter(confirmed_at=None, asked_at__lt=timezone.now() - timedelta(days=DAYS_TO_CONFIRM))
    return over.delete()[0]


def is_over(subscription: Subscription) -> bool:
    """Whether the link that confirms it came too late."""
    begin = timezone.now() - timedelta(days=DAYS_TO_CONFIRM)
    return subscription.confirmed_at is None and subscription.asked_at < begin

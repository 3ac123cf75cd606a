"""What happens as the last day of an authorization comes and passes: nothing ends by it, but both sides are told."""

import logging
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from verification.clocks import clocks
from verification.models import AccessAct, Authorization
from verification.queries.representation import IN_FORCE_NOW, authorizations_between
from verification.services.access_log import note
from verification.services.tell_authorization import remind_of_end, tell_of_end

logger = logging.getLogger(__name__)


def remind_of_authorizations() -> int:
    """Remind both sides of each authorization that ends soon; how many. May be run at any time, and stop anywhere.

    Days before the last day, counted in US Eastern days: `remind_before` of the clocks. A day on which this did not
    run is made up for on the next one, and of two reminders that have become due the later one is sent.
    """
    today = timezone.localdate()
    furthest = today + timedelta(days=max(clocks().authorization.remind_before, default=0))
    ending = Authorization.objects.filter(IN_FORCE_NOW, until__range=(today, furthest)).order_by("until", "pk")
    reminded = failures = 0
    for pk in list(ending.values_list("pk", flat=True)):
        try:
            reminded += _remind(pk)
        except Exception:  # one of which nobody can be reminded must not keep the others waiting
            logger.exception("Nobody could be reminded of an authorization that ends", extra={"authorization": pk})
            failures += 1
    if failures:
        raise RuntimeError(f"Of {failures} authorizations that end nobody could be reminded; they stay due.")
    return reminded


@transaction.atomic
def _remind(pk: int) -> bool:
    authorization = _locked(pk)
    if authorization.ended_at is not None or authorization.until is None or authorization.confirmed_at is None:
        return False
    days_left = (authorization.until - timezone.localdate()).days
    days_before = min((each for each in clocks().authorization.remind_before if each >= days_left), default=None)
    told = authorization.end_told_days_before
    if days_before is None or (told is not None and told <= days_before):
        return False
    confirmed_on = timezone.localdate(authorization.confirmed_at)
    if confirmed_on >= authorization.until - timedelta(days=days_before):
        return False  # it was confirmed for these few days only
    if _goes_on(authorization):
        return False
    authorization.end_told_days_before = days_before
    authorization.save(update_fields=["end_told_days_before"])
    remind_of_end(authorization, days_left=days_left)
    return True


def _goes_on(authorization: Authorization) -> bool:
    """Whether another one between the same two allows the same from the next day on."""
    assert authorization.manufacturer is not None, "it is confirmed"  # noqa: S101
    assert authorization.until is not None, "it has a last day"  # noqa: S101
    next_day = authorization.until + timedelta(days=1)
    others = authorizations_between(authorization.manufacturer, authorization.representative).filter(
        IN_FORCE_NOW,
        Q(until=None) | Q(until__gte=next_day),
        capacity=authorization.capacity,
        begins__lte=next_day,
    )
    return any(
        not each.kinds or (authorization.kinds and set(authorization.kinds) <= set(each.kinds)) for each in others
    )


def tell_of_expired_authorizations() -> int:
    """Tell both sides of each authorization whose last day was before today (US Eastern), once. Returns how many."""
    expired = Authorization.objects.filter(
        confirmed_at__isnull=False, ended_at=None, until__lt=timezone.localdate(), expiry_told=False
    ).order_by("until", "pk")
    return sum(_tell(pk) for pk in list(expired.values_list("pk", flat=True)))


@transaction.atomic
def _tell(pk: int) -> bool:
    authorization = _locked(pk)
    if authorization.expiry_told or authorization.ended_at is not None:
        return False
    authorization.expiry_told = True
    authorization.save(update_fields=["expiry_told"])
    note(AccessAct.AUTHORIZATION_EXPIRED, by=None, authorization=authorization)
    tell_of_end(authorization, by=None)
    return True


def _locked(pk: int) -> Authorization:
    rows = Authorization.objects.select_for_update(of=("self",)).select_related("manufacturer", "representative")
    return rows.get(pk=pk)

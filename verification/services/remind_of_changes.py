"""Once a year: whoever has listings is reminded that changes of the product are to be notified."""

import logging
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from pcl.models import Organization
from verification.models import ChangeReminder
from verification.queries.own_listings import organizations_to_remind
from verification.queries.representation import family_of, people_of
from verification.queries.told import YEARLY, without

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)
# Days on which this did not run are made up for within so many.
MADE_UP_FOR = timedelta(days=7)


def remind_of_changes() -> int:
    """Mail the people of every organization whose day it is; how many organizations. May be run at any time, and stop
    anywhere. A day on which this did not run is made up for within a week.
    """
    today = timezone.localdate()
    reminded = failures = 0
    for days_ago in range(MADE_UP_FOR.days, -1, -1):
        day = today - timedelta(days=days_ago)
        done = ChangeReminder.objects.filter(year=day.year).values("organization")
        for organization in list(organizations_to_remind(day).exclude(pk__in=done)):
            try:
                reminded += _remind(organization, day)
            except Exception:  # one that cannot be reminded must not keep the others waiting
                logger.exception("An organization could not be reminded", extra={"organization": organization.pk})
                failures += 1
    if failures:
        raise RuntimeError(f"{failures} organizations could not be reminded of changes; they stay due for a week.")
    return reminded


@transaction.atomic
def _remind(organization: Organization, day: date) -> bool:
    _, is_new = ChangeReminder.objects.get_or_create(organization=organization, year=day.year)
    if is_new:
        # Who acts for several that became one by mergers is reminded on the first of their days, and once.
        family = family_of(organization) - {organization.pk}
        already = ChangeReminder.objects.filter(organization__in=family, year=day.year)
        reminded = people_of(already.values_list("organization", flat=True)).values("pk")
        for person in without(people_of({organization.pk}).exclude(pk__in=reminded), about=YEARLY):
            _mail(person, organization.merged_into or organization)
    return is_new


def _mail(person: "User", organization: Organization) -> None:
    said = {
        "organization": organization,
        "days": settings.CHANGE_NOTICE_DAYS,
        "link": settings.SITE_URL + reverse("apply:listings"),
        "preferences_link": settings.SITE_URL + reverse("apply:mails"),
    }
    text = render_to_string("verification/mail/changes_to_notify.txt", said)
    send_mail("Has anything changed on your listed products?", text, None, [person.email])

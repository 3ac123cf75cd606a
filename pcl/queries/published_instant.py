"""The other clock: the instant at which the public list said something."""

import re
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from pcl.queries.parameters import BadParameter, day_from
from pcl.services.changes import instant_text

WRITTEN_AS_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
NOT_AN_INSTANT = (
    "“%(given)s” is not a moment that can be read. Write a day, such as 2024-06-01, which means the end of that day in "
    "US Eastern time; or an instant with its time zone, such as 2024-06-01T14:30:00Z."
)
NOT_YET = "Nobody knows yet what the list will say then. Choose today or an earlier day."


def instant_from(text: str) -> datetime:
    """The instant that `text` means: a day stands for its last microsecond in US Eastern time, today for now.

    Raises ValidationError for other text, for an instant without a time zone, and for one that is still to come.
    """
    text = text.strip()
    if WRITTEN_AS_DAY.match(text):
        return _end_of(day_from(text))
    try:
        # A plus sign that nobody escaped in an address arrives as a blank.
        instant = parse_datetime(text.replace(" ", "+") if "T" in text else text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise ValidationError(NOT_AN_INSTANT, params={"given": text[:40]})
    day_from(instant.date().isoformat())
    if instant > timezone.now():
        raise ValidationError(NOT_YET)
    return instant


def moment_parameter(instant: datetime) -> str:
    """`instant` as an address says it for good: the day, where it is the end of one; else with its microseconds."""
    local = timezone.localtime(instant)
    return local.date().isoformat() if local.time() == time.max else instant_text(instant)


def asked_of(instant: datetime | None) -> dict[str, str]:
    """The parameter that asks for the list of `instant`; none for the list of now."""
    return {"as_published": moment_parameter(instant)} if instant else {}


def instant_in(given: QueryDict, name: str) -> datetime | None:
    """The instant that a parameter means; None where it is left out. Raises BadParameter as `instant_from` refuses."""
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        return instant_from(text)
    except ValidationError as error:
        raise BadParameter(name, error.messages[0]) from error


def _end_of(day: date) -> datetime:
    today = timezone.localdate()
    if day > today:
        raise ValidationError(NOT_YET)
    if day == today:
        return timezone.now()
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)

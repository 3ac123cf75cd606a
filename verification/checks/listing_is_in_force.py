from collections.abc import Iterator

from django.utils import timezone

from pcl.dates import day_in_words
from pcl.models import RegisterEntry
from verification.checks.gap import Gap
from verification.models import Application, ApplicationKind


def check(application: Application) -> Iterator[Gap]:
    """A listing may end between the day on which it was chosen and the day on which the application is submitted."""
    ends = application.kind == ApplicationKind.MODEL_ADDITION or application.answers.get("update") == "discontinued"
    if not ends:
        return
    today = timezone.localdate()
    entries = RegisterEntry.objects.filter(pk__in=application.concerned.values("listing"))
    for entry in entries.order_by("pk"):
        if entry.status_on(today) != "ended":
            continue
        last = f" on {day_in_words(entry.effective_to)}" if entry.effective_to else ", with its code"
        yield Gap(
            "questions",
            f"The listing under {entry.code} ended{last}. A product that has ended is listed again by a new "
            "application; begin one from My listings.",
        )

"""The two fields of pages that answer for both clocks: a date of service, and the list of which moment."""

from datetime import date, datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from pcl.public.forms import DayForm
from pcl.queries.keyset import Row
from pcl.queries.listing_filter import InstantField

CLOCKS = ("on", "as_published")


class MomentForm(DayForm):
    as_published = InstantField(
        label="As the list stood on",
        required=False,
        help_text="Empty: as it stands now",
    )

    def __init__(self, data: QueryDict | dict[str, str]) -> None:
        super().__init__(data)
        self.fields["on"].label = "In force on"
        self.fields["on"].help_text = "A date of service"


def asked_moment(
    given: QueryDict, form_class: type[MomentForm] = MomentForm
) -> tuple[MomentForm, date, datetime | None]:
    """The form, filled in; the date of service and the instant that a page is about.

    Without a date of service it is the day of the list asked for: today where that is the list of now. What cannot be
    read counts as left out, and stands in the form's errors.
    """
    form = form_class(given)
    form.is_valid()
    instant: datetime | None = form.cleaned_data.get("as_published")
    on = form.cleaned_data.get("on") or timezone.localdate(instant)
    if form.is_valid() and not given.get("on"):
        form = form_class(_with(given, on=on.isoformat()))
    return form, on, instant


def _with(given: QueryDict, **more: str) -> QueryDict:
    filled = given.copy()
    for name, value in more.items():
        filled[name] = value
    return filled


def asked_clocks(given: QueryDict) -> str:
    """The date of service and the moment as they were asked for, as a query; empty where neither was."""
    return urlencode({name: value for name in CLOCKS if (value := given.get(name, "").strip())})


def leading_on(given: QueryDict, rows: list[Row]) -> list[Row]:
    """Whoever asked for a day asks the page behind a row for the same: its links carry the two clocks on."""
    query = asked_clocks(given)
    return [row | {name: f"{row[name]}?{query}" for name in ("url", "code_url")} for row in rows] if query else rows

"""What is done with samples. Each act is written down, and nothing written down is changed."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pcl.dates import day_in_words
from verification.models import Application, Condition, Gone, Sample, SampleEvent
from verification.queries.samples import kept_until, samples_of, what_is_expected
from verification.workflow.errors import NotAllowed, NotFromHere, Stale
from verification.workflow.states import FINAL, OPEN_FOR_REVIEW

if TYPE_CHECKING:
    from accounts.models import User

MOST_SAMPLES = 200
LONGEST_AGO = timedelta(days=366)


def _write_down(sample: Sample, what: str, detail: str = "", *, by: "User | None") -> None:
    SampleEvent.objects.create(
        sample=sample,
        application_id=sample.used_again_for_id or sample.application_id,
        what=what,
        detail=detail[:600],
        by=by,
    )


def expect_with_submission(application: Application) -> None:
    """What the product group wants to be sent; nothing of it where a sample of the cited application is used again."""
    if use_again(application):
        return
    for what in what_is_expected(application)[:MOST_SAMPLES]:
        sample = Sample.objects.create(application=application, what=what)
        _write_down(sample, "Expected", "Asked for by the product group.", by=None)


def use_again(application: Application) -> list[Sample]:
    """Let `application` use what was sent for the earlier one of its organization that it cites, while that is kept.

    A sample whose last day has passed is not counted on, also when it is still there.
    """
    if not application.cited_dcn:
        return []
    whose = Q(organization=application.organization_id)
    if application.reconsiders_id is not None:
        # A reconsideration that the manufacturer asks for is of its distributor's application: one product, one sample.
        whose |= Q(determination=application.reconsiders_id)
    earlier = Application.objects.filter(whose, dcn=application.cited_dcn).first()
    if earlier is None:
        return []
    kept = (
        samples_of(earlier)
        .select_for_update(of=("self",))
        .filter(gone_on=None, received_on__isnull=False, keep_until__gte=timezone.localdate())
    )
    used = list(kept)
    for sample in used:
        sample.used_again_for = application
        sample.keep_until = None
        _save(sample)
        _write_down(sample, "Used again", f"For {application.dcn}, which cites {application.cited_dcn}.", by=None)
    return used


def keep_after(application: Application, *, status: str, on: date) -> None:
    """The application closes on that day: its samples are kept so long, and what is not here is not waited for."""
    until = kept_until(status, closed_on=on)
    for sample in samples_of(application).select_for_update(of=("self",)).filter(gone_on=None):
        if sample.application_id == application.pk and sample.used_again_for_id not in (None, application.pk):
            continue
        if sample.received_on is None:
            _leave(sample, Gone.NOT_NEEDED, on=on, detail="The application was closed.", by=None)
            continue
        sample.keep_until = until
        _save(sample)
        _write_down(sample, f"Kept until {day_in_words(until)}", by=None)


@transaction.atomic
def ask_for_sample(*, application: Application, what: str, by: "User") -> Sample:
    """Expect one more. Raises NotFromHere once the application is closed, NotAllowed for one too many."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.status not in OPEN_FOR_REVIEW:
        raise NotFromHere("The application is closed, so no sample is waited for.")
    known = list(application.samples.all())
    same = next((sample for sample in known if sample.what == what and sample.state == "expected"), None)
    if same is not None:
        return same
    if len(known) >= MOST_SAMPLES:
        raise NotAllowed(f"An application has at most {MOST_SAMPLES} samples.")
    sample = Sample.objects.create(application=application, what=what)
    _write_down(sample, "Expected", "Asked for in the review.", by=by)
    return sample


@transaction.atomic
def receive_sample(
    *,
    sample: Sample,
    received_on: date,
    count: int,
    condition: Condition,
    label_is_right: bool,
    place: str,
    by: "User",
    seen_version: int,
) -> Sample:
    """It arrived. Raises Stale, NotFromHere when it arrived before or is gone, NotAllowed for an impossible day."""
    sample = _open(sample, seen_version)
    if sample.received_on is not None:
        raise NotFromHere("This sample was received already.")
    if not timedelta(0) <= timezone.localdate() - received_on <= LONGEST_AGO:
        raise NotAllowed(
            f"{day_in_words(received_on)} cannot be the day on which it arrived. Give one from the past year."
        )
    sample.received_on = received_on
    sample.count = count
    sample.condition = condition
    sample.label_is_right = label_is_right
    sample.place = place
    application = sample.application
    if application.status in FINAL and application.closed_at is not None:
        # It came too late, and is kept as long as one that was here.
        closed_on = timezone.localdate(application.closed_at)
        sample.keep_until = max(kept_until(application.status, closed_on=closed_on), received_on)
    _save(sample)
    pieces = "1 piece" if count == 1 else f"{count} pieces"
    label = "labeled as the application says" if label_is_right else "label missing or wrong"
    said = f"{pieces}, {condition.label.lower()}, {label}. Place: {place or 'not said'}."
    _write_down(sample, f"Received on {day_in_words(received_on)}", said, by=by)
    return sample


@transaction.atomic
def move_sample(*, sample: Sample, place: str, by: "User", seen_version: int) -> Sample:
    """It lies somewhere else now. Twice is once. Raises Stale, NotFromHere when it is not here."""
    if sample.place == place:
        return sample
    sample = _open(sample, seen_version)
    if sample.received_on is None:
        raise NotFromHere("This sample is not here yet. Say first that it was received, and where it is.")
    before, sample.place = sample.place, place
    _save(sample)
    _write_down(sample, "Moved", f"From {before or 'no place'} to {place or 'no place'}.", by=by)
    return sample


@transaction.atomic
def end_sample(*, sample: Sample, gone: Gone, by: "User", seen_version: int) -> Sample:
    """Discarded, returned, or not needed any more.

    Raises Stale, NotFromHere, and NotAllowed for one that is discarded before the applicant was told that it would be.
    """
    sample = _open(sample, seen_version)
    today = timezone.localdate()
    if gone == Gone.NOT_NEEDED:
        if sample.received_on is not None:
            raise NotFromHere("This sample is here: it can be discarded or returned.")
    elif sample.received_on is None:
        raise NotFromHere("This sample is not here yet.")
    if gone == Gone.DISCARDED:
        if sample.keep_until is None:
            raise NotAllowed("The application is still open, so its sample is kept.")
        if today <= sample.keep_until:
            until = day_in_words(sample.keep_until)
            raise NotAllowed(f"It is kept until {until}, that day included: so the applicant was told.")
    _leave(sample, gone, on=today, by=by)
    return sample


def _leave(sample: Sample, gone: Gone, *, on: date, detail: str = "", by: "User | None") -> None:
    sample.gone, sample.gone_on = gone, on
    _save(sample)
    _write_down(sample, gone.label, detail, by=by)


def _open(sample: Sample, seen_version: int) -> Sample:
    sample = (
        Sample.objects.select_for_update(of=("self",)).select_related("application", "used_again_for").get(pk=sample.pk)
    )
    if sample.gone_on is not None:
        raise NotFromHere(
            f"This sample is gone: {sample.get_gone_display().lower()} on {day_in_words(sample.gone_on)}."
        )
    if sample.version != seen_version:
        raise Stale(
            "Somebody wrote something down about this sample after you opened the page. Look again, then decide."
        )
    return sample


def _save(sample: Sample) -> None:
    sample.version += 1
    sample.save()

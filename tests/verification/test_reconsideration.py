"""A reconsideration: until day 45, once, by others, and what it does to the register."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Role
from pcl.models import Listing, ListingChange
from pcl.services.end_date_listing import end_date_listing
from tests.factories.accounts import contractor_person
from tests.factories.kinds import complete_reconsideration, determine, recommend, submit
from tests.factories.register import make_code
from tests.factories.verification import again, approver, code, determined, manufacturer, reviewer
from verification.letters.compose import letter_pdf, letter_text
from verification.models import Application, ApplicationKind, Determination, Outcome
from verification.queries.planned_changes import planned_changes
from verification.queries.reconsideration import clock
from verification.queries.upheld import is_upheld
from verification.services.begin_after import begin_reconsideration
from verification.services.drafts import discard_draft, put_back_draft
from verification.workflow.errors import NotAllowed, NotFromHere
from verification.workflow.perform import perform, possible

pytestmark = pytest.mark.django_db
LATER = timedelta(days=10)


def on_day(first: Application, days: int, *, hour: int = 12) -> datetime:
    """Noon (US Eastern, or that hour) so many days after the letter."""
    letter_date = first.determination.letter_date
    assert letter_date is not None
    day = letter_date + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_current_timezone())


def register() -> list[tuple[str, str, date, date | None]]:
    listings = Listing.objects.select_related("model", "code").order_by("pk")
    return [(each.model.model_number, each.code.code, each.effective_from, each.effective_to) for each in listings]


# ---- until when


def test_day_45_is_in_time_and_day_46_is_not() -> None:
    first = determined()
    with time_machine.travel(on_day(first, 45, hour=23), tick=False):
        draft = begin_reconsideration(application=first, by=first.created_by)
    assert draft.kind == ApplicationKind.RECONSIDERATION
    discard_draft(application=draft, seen_version=draft.version)
    with time_machine.travel(on_day(first, 46, hour=0), tick=False), pytest.raises(NotAllowed, match="new application"):
        begin_reconsideration(application=first, by=first.created_by)


def test_the_day_is_the_contractors_also_where_the_asker_is_in_tokyo() -> None:
    """In Tokyo it is day 46 already when Eastern time still has hours of day 45."""
    first = determined()
    last_day = on_day(first, 45).date()
    in_tokyo_tomorrow = datetime(last_day.year, last_day.month, last_day.day, 20, tzinfo=UTC)
    with time_machine.travel(in_tokyo_tomorrow, tick=False):
        time = clock(first.determination, today=timezone.localdate())
        assert time is not None
        assert (time.days_left, time.has_run_out) == (0, False)
        assert begin_reconsideration(application=first, by=first.created_by).is_draft
    with time_machine.travel(in_tokyo_tomorrow + timedelta(days=1), tick=False):
        time = clock(first.determination, today=timezone.localdate())
        assert time is not None
        assert (time.days_left, time.has_run_out) == (-1, True)


def test_the_window_is_a_setting(settings: Any) -> None:
    first = determined()
    settings.RECONSIDERATION_DAYS = 10
    with time_machine.travel(on_day(first, 11), tick=False), pytest.raises(NotAllowed, match="10 days after"):
        begin_reconsideration(application=first, by=first.created_by)


def test_begun_in_time_and_submitted_on_day_46_is_refused_and_keeps_its_text() -> None:
    first = determined()
    draft = complete_reconsideration(first)
    with time_machine.travel(on_day(first, 46), tick=False), pytest.raises(NotAllowed, match="submit a new"):
        submit(draft)
    kept = again(draft)
    assert (kept.status, kept.answers) == ("draft", draft.answers)
    with time_machine.travel(on_day(first, 45), tick=False):
        assert submit(kept).status == "submitted"


# ---- once


def test_two_tabs_begin_one() -> None:
    first = determined()
    one = begin_reconsideration(application=first, by=first.created_by)
    assert begin_reconsideration(application=first, by=first.created_by) == one
    assert Application.objects.filter(reconsiders=first.determination).count() == 1


def test_the_database_takes_one_at_a_time() -> None:
    first = determined()
    draft = begin_reconsideration(application=first, by=first.created_by)
    other = determined(first.created_by, product_name="Another Product")
    second = begin_reconsideration(application=other, by=first.created_by)
    with pytest.raises(IntegrityError, match="one_reconsideration_of_a_determination"), transaction.atomic():
        Application.objects.filter(pk=second.pk).update(reconsiders=first.determination)
    assert again(draft).reconsiders == first.determination


def test_one_that_was_withdrawn_does_not_count_and_one_that_was_decided_does() -> None:
    first = determined()
    taken_back = submit(complete_reconsideration(first))
    perform("withdraw", application=taken_back, by=first.created_by, seen_version=taken_back.version)
    again_asked = submit(complete_reconsideration(first))
    determine(recommend(again_asked, outcome=Outcome.CODES_ASSIGNED, codes=[code()]))
    with pytest.raises(NotAllowed, match="reconsidered already"):
        begin_reconsideration(application=first, by=first.created_by)
    with pytest.raises(NotAllowed, match="last word"):
        begin_reconsideration(application=again(again_asked), by=first.created_by)


def test_a_discarded_draft_is_not_put_back_beside_another() -> None:
    first = determined()
    draft = begin_reconsideration(application=first, by=first.created_by)
    discard_draft(application=draft, seen_version=draft.version)
    begin_reconsideration(application=first, by=first.created_by)
    with pytest.raises(NotFromHere, match="another reconsideration"):
        put_back_draft(application=draft)
    assert again(draft).discarded_at is not None


# ---- by whom


def test_a_distributors_people_may_not_ask() -> None:
    distributor = manufacturer("Device Distributors")
    first = determined(distributor, distributor_name="Device Distributors")
    Application.objects.filter(pk=first.pk).update(applies_as="distributor", manufacturer_name="Some Maker")
    with pytest.raises(NotAllowed, match="point of contact or its designated representative"):
        begin_reconsideration(application=again(first), by=distributor)


def test_nobody_who_decided_the_first_decides_on_it() -> None:
    both = contractor_person(Role.REVIEWER, Role.APPROVER)
    approved_the_first = contractor_person(Role.REVIEWER, Role.APPROVER)
    first = determined(reviewed_by=both, approved_by=approved_the_first)
    asked = submit(complete_reconsideration(first))
    for person in (both, approved_the_first):
        with pytest.raises(NotAllowed, match="did not decide the first"):
            perform("accept", application=asked, by=person, seen_version=asked.version)
        held_up = {step.name: verdict.reason for step, verdict in possible(asked, person) if not verdict.ok}
        assert "people who did not decide the first" in held_up["accept"]
        assert "people who did not decide the first" in held_up["reject"]
    waits = recommend(asked, outcome=Outcome.CODES_ASSIGNED, codes=[code()])
    given = {"letter_date": timezone.localdate()}
    for person in (both, approved_the_first):
        with pytest.raises(NotAllowed, match="did not decide the first"):
            perform("determine", application=waits, by=person, seen_version=waits.version, given=given)
    assert determine(waits).status == "determined"


@pytest.mark.parametrize("who", ["reviewer", "approver"])
def test_the_database_refuses_them_too(who: str) -> None:
    first = determined()
    person = first.reviewer if who == "reviewer" else first.determination.approved_by
    asked = submit(complete_reconsideration(first))
    with pytest.raises(IntegrityError, match="decided the determination"), transaction.atomic():
        Application.objects.filter(pk=asked.pk).update(reviewer=person)
    waits = recommend(asked, outcome=Outcome.CODES_ASSIGNED, codes=[code()])
    with pytest.raises(IntegrityError, match="somebody who decided"), transaction.atomic():
        Determination.objects.filter(application=waits).update(recommended_by=person)


# ---- on which grounds


def test_a_product_that_changed_needs_a_new_application() -> None:
    first = determined()
    draft = complete_reconsideration(first, grounds="design-changed", **{"product-changed": "yes"})
    with pytest.raises(NotAllowed, match="this needs a new application"):
        submit(draft)


# ---- and what comes of it


def test_upheld_leaves_the_register_alone() -> None:
    first = determined()
    before, changes = register(), ListingChange.objects.count()
    asked = submit(complete_reconsideration(first))
    waits = recommend(asked, outcome=Outcome.CODES_ASSIGNED, codes=[code()])
    with pytest.raises(NotAllowed, match="leave the begin date empty"):
        determine(waits, begins=timezone.localdate() + LATER)
    done = determine(waits)
    assert done.determination.begins == first.determination.begins
    assert is_upheld(done.determination)
    assert (register(), ListingChange.objects.count()) == (before, changes)
    said = letter_text(done.determination)
    assert said["title"] == "Reconsideration: determination upheld"
    assert first.dcn in said["opening"]
    assert "last word" in said["reconsideration"]
    assert letter_pdf(done.determination)


def test_none_becomes_a_code() -> None:
    first = determined(outcome=Outcome.NO_CODE, model_numbers=("SO-100", "SO-110"))
    assert register() == []
    begins = timezone.localdate() + LATER
    done = determine(
        recommend(submit(complete_reconsideration(first)), outcome=Outcome.CODES_ASSIGNED, codes=[code()]),
        begins=begins,
    )
    assert register() == [("SO-100", "K1007", begins, None), ("SO-110", "K1007", begins, None)]
    assert not is_upheld(done.determination)
    assert letter_text(done.determination)["title"] == "Reconsideration: determination revised"


def test_a_code_becomes_none_and_the_listing_ends_on_the_day_before() -> None:
    first = determined()
    today = timezone.localdate()
    waits = recommend(submit(complete_reconsideration(first)), outcome=Outcome.NO_CODE)
    with pytest.raises(NotAllowed, match="first date of service"):
        determine(waits)
    done = determine(waits, begins=today + LATER)
    assert register() == [("SO-100", "K1007", today, today + LATER - timedelta(days=1))]
    said = letter_text(done.determination)
    assert "its listings do not hold" in said["result"]["text"]
    assert letter_pdf(done.determination)
    kinds = list(ListingChange.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["listed", "end_dated"]


def test_another_code_follows_and_history_says_both() -> None:
    first = determined()
    other, third, today = make_code("L8701"), make_code("L8702"), timezone.localdate()
    waits = recommend(submit(complete_reconsideration(first)), outcome=Outcome.CODES_ASSIGNED, codes=[other, third])
    changes = [f"{each.model} {each.in_words}" for each in planned_changes(waits.determination)]
    assert changes == ["SO-100 moves from K1007 to L8701", "SO-100 is listed under L8702"]
    done = determine(waits, begins=today + LATER)
    assert register() == [
        ("SO-100", "K1007", today, today + LATER - timedelta(days=1)),
        ("SO-100", "L8701", today + LATER, None),
        ("SO-100", "L8702", today + LATER, None),
    ]
    assert all(row.listing for row in done.determination.codes.all())


def test_a_code_that_stays_keeps_its_days_in_the_letter_and_one_that_is_new_has_its_own() -> None:
    first = determined()
    begins = timezone.localdate() + LATER
    waits = recommend(
        submit(complete_reconsideration(first)), outcome=Outcome.CODES_ASSIGNED, codes=[code(), make_code("L8701")]
    )
    done = determine(waits, begins=begins)
    rows = letter_text(done.determination)["codes"]
    said = [([code["code"] for code in row["codes"]], row["begins"]) for row in rows]
    assert said == [(["K1007"], "as before"), (["L8701"], f"{begins:%B} {begins.day}, {begins.year}")]
    assert letter_pdf(done.determination)


def test_one_that_waits_for_its_day_is_published_on_it() -> None:
    first = determined()
    waits = recommend(submit(complete_reconsideration(first)), outcome=Outcome.CODES_ASSIGNED, codes=[code()])
    given = {"publish_on": timezone.localdate() + timedelta(days=3)}
    decided = first.determination.approved_by
    with pytest.raises(NotAllowed, match="did not decide the first"):
        perform("approve", application=waits, by=decided, seen_version=waits.version, given=given)
    perform("approve", application=waits, by=approver(), seen_version=waits.version, given=given)
    waits = again(waits)
    with time_machine.travel(on_day(first, 3), tick=False):
        perform("publish", application=waits, by=None, seen_version=waits.version)
    assert is_upheld(again(waits).determination)
    assert len(register()) == 1


def test_a_begin_before_the_old_listing_is_refused_with_nothing_done() -> None:
    first = determined()
    other, today = make_code("L8701"), timezone.localdate()
    before = register()
    waits = recommend(submit(complete_reconsideration(first)), outcome=Outcome.CODES_ASSIGNED, codes=[other])
    tomorrow = today + timedelta(days=1)
    with pytest.raises(NotAllowed) as refused:
        determine(waits, begins=today)
    assert str(refused.value) == (
        f"SO-100 is listed under K1007 from {today:%B %-d, %Y} on, and that day stays as it was published: claims may "
        f"rest on it. The revised determination can hold from {tomorrow:%B %-d, %Y} on; give that day or a later one."
    )
    assert (register(), again(waits).status) == (before, "recommended")
    determine(waits, begins=tomorrow)
    assert register() == [("SO-100", "K1007", today, today), ("SO-100", "L8701", tomorrow, None)]


def test_a_listing_that_ended_meanwhile_is_not_ended_again() -> None:
    first = determined(begins=timezone.localdate() - timedelta(days=30))
    listing, today = Listing.objects.get(), timezone.localdate()
    other = make_code("L8701")
    waits = recommend(submit(complete_reconsideration(first)), outcome=Outcome.CODES_ASSIGNED, codes=[other])
    ended = today - timedelta(days=2)
    end_date_listing(listing=listing, last_day=ended, reason="Discontinued.", by=None)
    determine(waits, begins=today + LATER)
    assert register() == [
        ("SO-100", "K1007", today - timedelta(days=30), ended),
        ("SO-100", "L8701", today + LATER, None),
    ]


def test_nothing_internal_is_in_its_letter() -> None:
    who = reviewer(name="Rhoda Reviewer")
    boss = approver(name="Abel Approver")
    first = determined(reviewed_by=reviewer(name="First Reviewer"), approved_by=approver(name="First Approver"))
    waits = recommend(
        submit(complete_reconsideration(first)), outcome=Outcome.CODES_ASSIGNED, codes=[code()], reviewed_by=who
    )
    done = determine(waits, by=boss)
    said = str(letter_text(done.determination))
    for name in ("Rhoda", "Abel", "First Reviewer", "First Approver"):
        assert name not in said

"""An accepted change of a name that very many listings show: approved in the request, published by the worker."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail
from pcl.models import ListingChange, Organization, RegisterEntry
from pcl.services import renamings
from pcl.services.organizations import create_organization
from tests.factories.kinds import complete_merger, complete_renaming, recommend, submit
from tests.factories.register import publish
from tests.factories.verification import again, manufacturer
from tests.jobs import run_jobs
from tests.pcl.test_the_chain_of_changes import assert_unbroken
from tests.reviewer.page import main_of, text_of
from verification.jobs import publish_approved
from verification.models import Application, Letter, Outcome
from verification.services import publish_waiting

pytestmark = pytest.mark.django_db
OLD, NEW = "Stride Robotics", "Stride Medical"


@pytest.fixture(autouse=True)
def _more_than_two_are_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renamings, "MOST_AT_ONCE", 2)


@pytest.fixture
def renaming(db: None) -> Application:
    """Recommended for acceptance; three listings show the name, and one another's."""
    maker = manufacturer(OLD)
    for number in range(3):
        publish("StrideOne", model_number=f"SO-{number}", manufacturer=OLD)
    publish("Else", manufacturer="Another Maker")
    return recommend(submit(complete_renaming(maker, NEW)), outcome=Outcome.ACCEPTED)


def makers() -> list[str]:
    return list(RegisterEntry.objects.order_by("listing").values_list("manufacturer", flat=True))


def press(client: Client, application: Application, step: str = "determine", **given: Any) -> Any:
    given = {"letter_date": timezone.localdate().isoformat(), "seen_version": application.version, **given}
    return client.post(f"/review/{application.pk}/act/{step}/", given, follow=True)


BEFORE, AFTER = [OLD] * 3 + ["Another Maker"], [NEW] * 3 + ["Another Maker"]


def test_the_approver_sees_how_many_change_and_that_it_runs_on(as_avery: Client, renaming: Application) -> None:
    page = text_of(as_avery.get(f"/review/{renaming.pk}/act/determine/"))
    assert "What changes on the list: 3 listings" in page
    assert "once you confirm, it is published by itself" in page
    assert makers() == BEFORE


@pytest.mark.django_db(transaction=True)
def test_the_worker_publishes_and_the_page_says_when(as_avery: Client, renaming: Application) -> None:
    address = f"/review/{renaming.pk}/"
    shown = press(as_avery, renaming)
    assert "it is being published now by itself" in text_of(shown)
    assert "Being published" in text_of(shown)
    assert f'hx-get="{address}progress/"' in main_of(shown)
    assert again(renaming).status == "approved"
    assert makers() == BEFORE
    assert "HX-Refresh" not in as_avery.get(f"{address}progress/").headers

    run_jobs()

    assert as_avery.get(f"{address}progress/").headers["HX-Refresh"] == "true"
    assert "Being published" not in text_of(as_avery.get(address))
    done = again(renaming)
    assert (done.status, done.determination.letter_date) == ("determined", timezone.localdate())
    assert makers() == AFTER
    changes = list(ListingChange.objects.order_by("seq"))
    assert_unbroken(changes)
    reason = f"Determination on application {done.dcn}."
    assert {(change.kind, change.reason, change.at) for change in changes[4:]} == {("renamed", reason, changes[4].at)}
    assert Letter.objects.count() == 1


def test_a_second_press_and_a_second_worker_do_nothing_more(as_avery: Client, renaming: Application) -> None:
    press(as_avery, renaming)
    press(as_avery, renaming)
    publish_approved(application_id=renaming.pk)
    publish_approved(application_id=renaming.pk)
    assert [each.transition for each in again(renaming).log.order_by("number")][-3:] == [
        "recommend",
        "approve",
        "publish",
    ]
    assert (ListingChange.objects.count(), Letter.objects.count()) == (7, 1)


def test_a_worker_that_dies_in_the_middle_leaves_nothing_behind_and_begins_again(
    as_avery: Client, renaming: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(as_avery, renaming)
    from verification.workflow import effects  # noqa: PLC0415

    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(effects, "send_letter", die)  # when everything else is done
        with pytest.raises(SystemExit):
            publish_approved(application_id=renaming.pk)
    assert (again(renaming).status, makers(), ListingChange.objects.count()) == ("approved", BEFORE, 4)
    publish_approved(application_id=renaming.pk)
    assert (again(renaming).status, makers()) == ("determined", AFTER)


def test_what_the_register_refuses_is_told_and_can_be_tried_again(as_avery: Client, renaming: Application) -> None:
    press(as_avery, renaming)
    other = create_organization(name=NEW)
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    publish_approved(application_id=renaming.pk)
    assert (again(renaming).status, makers()) == ("approved", BEFORE)
    page = text_of(as_avery.get(f"/review/{renaming.pk}/"))
    assert "Being published" not in page
    assert f"“{NEW}” is another organization of that name." in page
    mails = OutgoingMail.objects.exclude(pk__in=before)
    assert [mail.subject for mail in mails] == [f"Not published on its day: {renaming.dcn}"]
    Organization.objects.filter(pk=other.pk).update(name="Other", name_key="other")
    press(as_avery, again(renaming), "publish_now")
    assert "Being published" in text_of(as_avery.get(f"/review/{renaming.pk}/"))
    publish_approved(application_id=renaming.pk)
    assert makers() == AFTER


def test_what_was_recalled_before_the_worker_came_is_not_published(as_avery: Client, renaming: Application) -> None:
    press(as_avery, renaming)
    press(as_avery, again(renaming), "recall", reason="Wait.")
    publish_approved(application_id=renaming.pk)
    assert (again(renaming).status, makers()) == ("recommended", BEFORE)


def test_the_worker_does_not_wait_for_the_hour_and_the_others_must_be_ahead(
    as_avery: Client, renaming: Application, settings: Any
) -> None:
    settings.PUBLICATION_HOUR = 24
    press(as_avery, renaming)
    assert publish_waiting.publish_due() == []
    publish_approved(application_id=renaming.pk)
    assert makers() == AFTER


def test_few_listings_are_renamed_at_once(as_avery: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    maker = manufacturer(OLD)
    for number in range(2):
        publish("StrideOne", model_number=f"SO-{number}", manufacturer=OLD)
    application = recommend(submit(complete_renaming(maker, NEW)), outcome=Outcome.ACCEPTED)
    assert "The determination was made." in text_of(press(as_avery, application))
    assert makers() == [NEW] * 2


def test_today_is_no_day_to_wait_for_where_nobody_waits(as_avery: Client) -> None:
    maker = manufacturer(OLD)
    publish("StrideOne", manufacturer=OLD)
    application = recommend(submit(complete_renaming(maker, NEW)), outcome=Outcome.ACCEPTED)
    refused = press(as_avery, application, "approve", publish_on=timezone.localdate().isoformat())
    assert "The day of publication must be after today." in text_of(refused)
    assert again(application).status == "recommended"


def test_many_at_once_with_a_merger_among_them(as_avery: Client) -> None:
    """From the page of a day: the preview has the first listings only, and says how many there are."""
    maker = manufacturer(OLD)
    create_organization(name=NEW)
    for number in range(3):
        publish("StrideOne", model_number=f"SO-{number}", manufacturer=OLD)
    application = recommend(submit(complete_merger(maker, NEW)), outcome=Outcome.ACCEPTED)
    day = timezone.localdate() + timedelta(days=3)
    press(as_avery, application, "approve", publish_on=day.isoformat())
    address = f"/review/waiting/{day}/"
    assert as_avery.get(address).context["listing_count"] == 3
    seen = f"{application.pk}-{again(application).version}"
    done = as_avery.post(address, {"seen": seen}, follow=True)
    assert f"Being published by itself, since very many listings change: {application.dcn}." in text_of(done)
    assert makers() == [OLD] * 3
    publish_approved(application_id=application.pk)
    assert makers() == [NEW] * 3

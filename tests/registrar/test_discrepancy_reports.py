"""The registrars' inbox of discrepancy reports: every step kept, two at once noticed, the reporter answered."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import OutgoingMail, Role, User
from pcl.models import DiscrepancyKind, DiscrepancyOutcome, DiscrepancyReport, DiscrepancyStep, ListingChange
from pcl.services.discrepancies import add_note, close_report
from pcl.services.end_date_listing import end_date_listing
from tests.factories.accounts import contractor_person
from tests.factories.discrepancies import report_on
from tests.factories.register import publish
from tests.reviewer.page import seen_version, text_of

pytestmark = pytest.mark.django_db
INBOX = "/review/discrepancies/"


def page(report: DiscrepancyReport) -> str:
    return f"{INBOX}{report.pk}/"


@pytest.fixture
def closed(reese: User) -> Callable[..., DiscrepancyReport]:
    def close(report: DiscrepancyReport, **given: Any) -> DiscrepancyReport:
        decision = {"outcome": DiscrepancyOutcome.NOT_A_DISCREPANCY, "note": "The label agrees.", **given}
        return close_report(report=report, seen_version=report.version, by=reese, **decision)

    return close


def decided(**given: Any) -> dict[str, Any]:
    return {
        "act": "close",
        "outcome": "not_a_discrepancy",
        "note": "The label agrees.",
        "duplicate_of": "",
        "passed_on_to": "",
        "seen_version": "1",
        "confirm": "1",
        **given,
    }


def references(client: Client, query: str = "") -> list[str]:
    return re.findall(r"D-[2-9A-Z]{4}-[2-9A-Z]{4}(?=</a>)", client.get(f"{INBOX}{query}").content.decode())


def test_open_reports_come_first_and_among_them_who_waits_longest(
    as_reese: Client, closed: Callable[..., DiscrepancyReport]
) -> None:
    listing = publish()
    first, over, second = report_on(listing), report_on(listing), report_on(listing)
    closed(over)
    assert references(as_reese) == [first.reference, second.reference]
    assert references(as_reese, "?state=all") == [first.reference, second.reference, over.reference]
    assert references(as_reese, "?state=closed") == [over.reference]
    text = text_of(as_reese.get(INBOX))
    assert ("Open (2)" in text, "Closed (1)" in text, "All (3)" in text) == (True, True, True)


def test_the_inbox_is_narrowed(as_reese: Client) -> None:
    dates = report_on(publish(code="K1007"))
    other_code = report_on(publish(code="E0100"))
    missing = report_on(None, code="K1007")
    assert references(as_reese, "?kind=missing") == [missing.reference]
    assert references(as_reese, "?code=k1007") == [dates.reference, missing.reference]
    assert references(as_reese, f"?q={other_code.reference.lower()}") == [other_code.reference]
    assert "No report is like that" in text_of(as_reese.get(f"{INBOX}?code=A0001"))
    assert as_reese.get(f"{INBOX}?kind=unheard").status_code == 400


@pytest.mark.parametrize("state", ["open", "closed", "all"])
def test_pages_skip_and_repeat_nobody(
    as_reese: Client, closed: Callable[..., DiscrepancyReport], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pcl.public.paging.PER_PAGE", 2)
    listing = publish()
    reports = [report_on(listing) for _ in range(5)]
    for report in reports if state == "closed" else reports[:2] if state == "all" else ():
        closed(report)
    found, address = [], f"{INBOX}?state={state}"
    while address:
        body = as_reese.get(address).content.decode()
        found += re.findall(r"D-[2-9A-Z]{4}-[2-9A-Z]{4}(?=</a>)", body)
        following = re.search(r'href="([^"]+)"\s+rel="next"', body)
        address = following[1].replace("&amp;", "&") if following else ""
    assert (len(found), set(found)) == (5, {report.reference for report in reports})


def test_the_inbox_costs_the_same_for_one_and_three(as_reese: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_reese.get(INBOX).status_code == 200
        return len(queries)

    report_on(publish())
    as_reese.get(INBOX)
    one = cost()
    report_on(publish())
    report_on(publish())
    assert cost() == one


def test_a_report_costs_the_same_for_one_and_three(as_reese: Client, reese: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert as_reese.get(page(report)).status_code == 200
        return len(queries)

    listing = publish("ReWalk", model_number="RW-6")
    publish("ReWalk Two", model_number="RW6")
    report = report_on(listing, kind=DiscrepancyKind.OTHER_NAME, named="ReWalk Two")
    end_date_listing(listing=listing, last_day=date(2024, 12, 31), reason="Recalled.", by=reese)
    as_reese.get(page(report))
    one = cost()
    for number in range(2):
        publish(f"ReWalk Two {number}", model_number="RW 6", manufacturer=f"Maker {number}")
        add_note(report=report, note="Asked.", by=contractor_person(Role.REGISTRAR))
    assert cost() == one


def test_the_report_stands_beside_the_listing(as_reese: Client) -> None:
    report = report_on(publish("ReWalk", model_number="RW-6.0"), text="<b>The label</b>", email="biller@firm.example")
    response = as_reese.get(page(report))
    text = text_of(response)
    assert "<b>The label</b>" in text
    assert "biller@firm.example" in text
    assert "Model number RW-6.0" in text
    assert "Manufacturer Argo Technologies" in text


def test_a_correction_names_the_change_and_answers_the_reporter(as_reese: Client, reese: User, client: Client) -> None:
    listing, elsewhere = publish("ReWalk"), publish("Other")
    report = report_on(listing, email="biller@firm.example")
    change = end_date_listing(listing=listing, last_day=date(2024, 12, 31), reason="Recalled.", by=reese)
    other = end_date_listing(listing=elsewhere, last_day=date(2024, 12, 31), reason="Recalled.", by=reese)
    form = as_reese.get(page(report))
    offered = re.findall(r'name="changes"\s+value="(\d+)"', form.content.decode())
    assert offered == [str(change.seq)]
    sent = decided(
        outcome="corrected",
        changes=[change.seq],
        answer="You were right & we ended it.",
        seen_version=seen_version(form),
    )

    as_reese.post(page(report), sent | {"changes": [other.seq]})
    assert DiscrepancyReport.objects.get().is_open
    as_reese.post(page(report), sent)
    report.refresh_from_db()
    assert (report.outcome, report.closed_by, list(report.changes.all())) == ("corrected", reese, [change])
    assert "You were right & we ended it." in OutgoingMail.objects.get().text
    receipt = client.get(f"/report/received/{report.reference}/").content.decode()
    assert f'href="/listings/{listing.pk}/#change-{change.seq}"' in receipt


def test_the_preview_shows_the_mail_and_keeps_nothing(as_reese: Client) -> None:
    report = report_on(publish(), email="biller@firm.example")
    sent = decided(answer="It's right as it stands & stays.")
    del sent["confirm"]
    text = text_of(as_reese.post(page(report), sent))
    assert "Mail to biller@firm.example" in text
    assert "It's right as it stands & stays." in text
    report.refresh_from_db()
    assert (report.is_open, OutgoingMail.objects.count(), report.steps.count()) == (True, 0, 1)

    # Going back loses nothing of what was typed.
    again = as_reese.post(page(report), sent | {"change": "1"})
    assert again.status_code == 200
    assert "right as it stands &amp; stays." in again.content.decode()

    as_reese.post(page(report), sent | {"confirm": "1"})
    report.refresh_from_db()
    assert (report.outcome, report.version) == ("not_a_discrepancy", 2)
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (["biller@firm.example"], f"Your discrepancy report {report.reference}")
    assert "It's right as it stands & stays." in mail.text
    assert "The label agrees." not in mail.text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"outcome": ""}, "Choose how it ends."),
        ({"outcome": "corrected"}, "Choose the changes of the register that resulted."),
        ({"outcome": "duplicate"}, "Give the reference of the report that this one repeats"),
        ({"outcome": "duplicate", "duplicate_of": "D-2222-2222"}, "No report has the reference D-2222-2222."),
        ({"outcome": "passed_on"}, "Say to whom it was passed on"),
        ({"passed_on_to": "CMS"}, "Say to whom it was passed on, and only where it was."),
        ({"note": " "}, "Write down for your colleagues why."),
        ({"answer": ""}, "The reporter asked for an answer. Write it."),
        ({"answer": "Your patient 1EG4-TE5-MK73"}, "Take it out of the answer."),
    ],
)
def test_an_outcome_comes_with_what_belongs_to_it(as_reese: Client, wrong: dict[str, str], words: str) -> None:
    report = report_on(publish(), email="biller@firm.example")
    response = as_reese.post(page(report), decided(**{"answer": "It is right.", **wrong}))
    assert (response.status_code, words in text_of(response)) == (422, True)
    report.refresh_from_db()
    assert (report.is_open, report.version, OutgoingMail.objects.count()) == (True, 1, 0)


def test_only_changes_of_the_listing_since_the_report_can_have_resulted(as_reese: Client, reese: User) -> None:
    listing = publish()
    before = ListingChange.objects.get()
    report = report_on(listing)
    elsewhere = end_date_listing(listing=publish(), last_day=date(2024, 12, 31), reason="x", by=reese)
    for change in (before, elsewhere):
        end = decided(outcome="corrected", changes=[change.seq])
        assert as_reese.post(page(report), end).status_code == 422
    report.refresh_from_db()
    assert (report.is_open, report.changes.count()) == (True, 0)


def test_a_missing_product_is_answered_with_its_new_listing(as_reese: Client, client: Client) -> None:
    report = report_on(None)
    listing = publish("ReWalk 7")
    change = ListingChange.objects.get()
    assert 'name="changes"' not in as_reese.get(page(report)).content.decode()
    assert 'name="changes"' in as_reese.get(f"{page(report)}?resulting={listing.pk}").content.decode()
    as_reese.post(page(report), decided(outcome="corrected", changes=[change.seq], resulting=listing.pk))
    report.refresh_from_db()
    assert (report.outcome, list(report.changes.all())) == ("corrected", [change])
    receipt = text_of(client.get(f"/report/received/{report.reference}/"))
    assert f"Change {change.seq}: Listed" in receipt
    assert "Reese" not in receipt
    assert "The label agrees." not in receipt


def test_a_duplicate_names_the_other(as_reese: Client) -> None:
    listing = publish()
    first, second = report_on(listing), report_on(listing)
    assert as_reese.post(page(second), decided(outcome="duplicate", duplicate_of=second.reference)).status_code == 422
    as_reese.post(page(second), decided(outcome="duplicate", duplicate_of=first.reference.lower()))
    second.refresh_from_db()
    assert (second.outcome, second.duplicate_of) == ("duplicate", first)


def test_two_registrars_at_once(as_reese: Client, closed: Callable[..., DiscrepancyReport]) -> None:
    report = report_on(publish(), email="biller@firm.example")
    closed(report, answer="From the first.")
    late = as_reese.post(page(report), decided(answer="From the second.", note="My long reasons."))
    assert late.status_code == 409
    assert "Another registrar dealt with this report after you opened it." in text_of(late)
    assert "My long reasons." in text_of(late)
    assert [mail.text.count("From the first.") for mail in OutgoingMail.objects.all()] == [1]


def test_reopening_keeps_what_was_decided(as_reese: Client, closed: Callable[..., DiscrepancyReport]) -> None:
    report = report_on(publish())
    closed(report, outcome=DiscrepancyOutcome.PASSED_ON, passed_on_to="CMS")
    assert as_reese.post(page(report), {"act": "reopen", "seen_version": 2, "note": ""}).status_code == 422
    assert (
        as_reese.post(page(report), {"act": "reopen", "seen_version": 1, "note": "CMS wrote back."}).status_code == 409
    )
    as_reese.post(page(report), {"act": "reopen", "seen_version": 2, "note": "CMS wrote back."})
    report.refresh_from_db()
    assert (report.is_open, report.closed_at, report.passed_on_to, report.version) == (True, None, "", 3)
    assert [(step.kind, step.outcome, step.detail) for step in report.steps.all()] == [
        ("received", "", ""),
        ("closed", "passed_on", "To CMS"),
        ("reopened", "", ""),
    ]
    text = text_of(as_reese.get(page(report)))
    assert "Closed: Passed on to whom it concerns To CMS" in text
    assert "Reese Registrar" in text


def test_notes_are_internal_and_stand(as_reese: Client, client: Client) -> None:
    report = report_on(publish())
    as_reese.post(page(report), {"act": "note", "seen_version": 1, "note": "Asked the maker."})
    assert "Asked the maker." in text_of(as_reese.get(page(report)))
    assert "Asked the maker." not in client.get(f"/report/received/{report.reference}/").content.decode()
    assert as_reese.post(page(report), {"act": "note", "seen_version": 1, "note": " "}).status_code == 422
    for statement in (
        lambda: DiscrepancyStep.objects.update(note="Never asked."),
        lambda: DiscrepancyStep.objects.all().delete(),
        lambda: DiscrepancyReport.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.APPROVER, Role.ADMINISTRATOR])
def test_nobody_but_registrars(role: Role) -> None:
    report = report_on(publish())
    client = Client()
    client.force_login(contractor_person(role))
    assert [client.get(INBOX).status_code, client.get(page(report)).status_code] == [403, 403]
    assert client.post(page(report), decided()).status_code == 403


def test_a_button_that_is_not_there(as_reese: Client) -> None:
    report = report_on(publish())
    assert "Choose one of the buttons" in text_of(as_reese.post(page(report), {"act": "burn"}, follow=True))
    assert as_reese.get(f"{INBOX}999999/").status_code == 404

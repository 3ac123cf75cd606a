"""The dossier's own questions: how many, what changed, what is the same, and what is drawn in beside it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from pcl.models import Listing
from tests.factories.accounts import contractor_person
from tests.factories.verification import (
    again,
    approver,
    determined,
    in_review,
    information_requested,
    pdf_file,
    rejected,
    reviewed,
    submitted,
)
from tests.reviewer.page import main_of, text_of
from verification.letters.jobs import write_letter
from verification.models import Application, Condition, Document, Letter, Outcome, ScanState, Visibility
from verification.queries.checklist import rows
from verification.services import drafts, messages, review, samples
from verification.services.correct_letter import approve_correction, propose_correction, refuse_correction
from verification.services.documents import attach_to_answer
from verification.services.review import remark
from verification.workflow.perform import perform

MOST_QUERIES = 14


def filled(robin: User, count: int) -> Application:
    """In review and drafted, with `count` of everything that hangs on it."""
    application = reviewed(
        reviewed_by=robin,
        model_numbers=[f"M-{count}-{number}" for number in range(count)],
        distributor_name=f"Distributor {count} LLC",
    )
    for number in range(count):
        remark(application=application, text=f"Remark {number}", visibility=Visibility.INTERNAL, by=approver())
        messages.write_to_applicant(application=application, text=f"Message {number}", by=robin)
        messages.write_to_reviewer(application=application, text=f"Answer {number}", by=application.created_by)
        sample = samples.ask_for_sample(application=application, what=f"Sample {number}", by=robin)
        samples.receive_sample(
            sample=sample,
            received_on=timezone.localdate(),
            count=1,
            condition=Condition.GOOD,
            label_is_right=True,
            place=f"Shelf {number}",
            by=robin,
            seen_version=sample.version,
        )
    return again(application)


@pytest.mark.parametrize("part", ["", "related/", "history/", "messages/", "samples/"])
def test_questions_are_few_whatever_it_holds(robin: User, as_robin: Client, part: str) -> None:
    counted = []
    for count in (1, 3):
        address = f"/review/{filled(robin, count).pk}/{part}"
        as_robin.get(address)  # reads what is new
        with CaptureQueriesContext(connection) as queries:
            assert as_robin.get(address).status_code == 200
        counted.append(len(queries))
    assert counted[1] == counted[0]
    assert counted[0] <= MOST_QUERIES


def answered(robin: User) -> Application:
    application = information_requested(reviewed_by=robin, items=["The weight."])
    upload = pdf_file("joint.pdf", "Joint")
    attach_to_answer(application=application, kind="photograph", upload=upload, by=application.created_by)
    given = {"answers": ["Two kilograms."]}
    perform(
        "respond", application=application, by=application.created_by, seen_version=application.version, given=given
    )
    return again(application)


def test_what_changed_with_the_last_answer(robin: User, as_robin: Client) -> None:
    response = as_robin.get(f"/review/{answered(robin).pk}/")
    text = text_of(response)
    assert "What changed With the last answer" in text
    assert "The weight. Two kilograms." in text
    assert "Added: joint.pdf" in text
    assert "What changed" not in text_of(as_robin.get(f"/review/{submitted().pk}/"))


def citing(earlier: Application, **said: object) -> Application:
    application = submitted(by=earlier.created_by, **said)
    Application.objects.filter(pk=application.pk).update(previous_dcn=earlier.dcn.lower())
    return again(application)


def test_what_changed_since_the_application_that_it_cites(as_robin: Client) -> None:
    earlier = rejected(product_name="Stride One", model_numbers=("SO-100",))
    application = citing(earlier, product_name="Stride Two", model_numbers=("SO-100",))

    assert f'hx-get="/review/{application.pk}/since-earlier/"' in main_of(as_robin.get(f"/review/{application.pk}/"))
    response = as_robin.get(f"/review/{application.pk}/since-earlier/")
    changed = [(each.label, each.before, each.after) for each in response.context["comparison"].fields]
    assert changed == [("Product", "Stride One", "Stride Two")]
    assert "<del>One</del>" in main_of(response)
    assert "<ins>Two</ins>" in main_of(response)


def test_a_number_that_nobody_has_is_said_to_be_unknown(as_robin: Client) -> None:
    application = submitted()
    Application.objects.filter(pk=application.pk).update(previous_dcn="DCN-1998-77")
    assert "No application has this number." in text_of(as_robin.get(f"/review/{application.pk}/since-earlier/"))
    assert as_robin.get(f"/review/{submitted().pk}/since-earlier/").status_code == 404


def test_the_like_of_it_on_the_register(as_robin: Client) -> None:
    listed = determined(product_name="Stride Classic", model_numbers=("C-1",))
    same_number = determined(product_name="Quite Another Thing", model_numbers=("Q-100/A",))
    maker = listed.created_by
    more = determined(by=maker, product_name="Zebra", model_numbers=("Z-1",))
    application = submitted(by=maker, product_name="Stride", model_numbers=("q100a", "N-9"))
    similar = as_robin.get(f"/review/{application.pk}/related/").context["similar"]

    assert [entry.product for entry in similar.by_model_number] == ["Quite Another Thing"]
    assert [entry.product for entry in similar.by_name] == ["Stride Classic"]
    assert [entry.product for entry in similar.by_manufacturer] == ["Zebra"]
    assert similar.by_code == []
    assert similar.by_name[0].listing == Listing.objects.get(model__product__name="Stride Classic")
    # Not itself, once it is listed.
    own = as_robin.get(f"/review/{listed.pk}/related/").context["similar"]
    every = [*own.by_model_number, *own.by_name, *own.by_manufacturer, *own.by_code]
    assert sorted(entry.product for entry in every) == ["Quite Another Thing", "Zebra"]
    assert {same_number.status, more.status} == {"determined"}


def test_other_applications_for_the_same_product(as_robin: Client) -> None:
    earlier = determined(product_name="Stride One", model_numbers=("SO-100",))
    maker = earlier.created_by
    like = submitted(by=maker, product_name="The stride", model_numbers=("X-1",))
    submitted(by=maker, product_name="Wheelchair", model_numbers=("X-2",))
    submitted(product_name="Stride One", model_numbers=("X-3",))  # like name, of nobody near
    number = submitted(product_name="Unlike", model_numbers=("so 100",))
    application = citing(earlier, product_name="Stride Two", model_numbers=("SO-100",))
    others = as_robin.get(f"/review/{application.pk}/related/").context["others"]

    assert [(other.application, other.codes) for other, _ in others] == [(earlier, ["K1007"]), (number, []), (like, [])]
    assert [sorted(other.why) for other, _ in others] == [
        ["Same applicant or manufacturer, like name", "Same model number", "This application cites it"],
        ["Same model number"],
        ["Same applicant or manufacturer, like name"],
    ]


def test_a_draft_is_no_other_application(as_robin: Client) -> None:
    application = submitted(product_name="Stride", model_numbers=("S-1",))
    drafts.start_application(
        organization=application.organization, product_group=application.product_group, by=application.created_by
    )
    Application.objects.filter(status="draft").update(product_name="Stride secret")
    response = as_robin.get(f"/review/{application.pk}/related/")
    assert response.context["others"] == []
    assert "secret" not in text_of(response)


def test_the_history_of_listings_that_match(as_robin: Client) -> None:
    listed = determined(product_name="Stride One", model_numbers=("SO-100",))
    application = submitted(product_name="Unlike", model_numbers=("SO-100",))
    histories = as_robin.get(f"/review/{application.pk}/related/").context["histories"]
    assert [(each["is_own"], [told.change.kind for told in each["changes"]]) for each in histories] == [
        (False, ["listed"])
    ]
    assert as_robin.get(f"/review/{listed.pk}/related/").context["histories"][0]["is_own"] is True


@pytest.mark.parametrize("name", ["!!!", "'; DROP TABLE x; --", "a & b | c:*", "™ ®", "é" * 290])
def test_any_name_can_be_compared(as_robin: Client, name: str) -> None:
    determined()
    assert as_robin.get(f"/review/{submitted(product_name=name).pk}/related/").status_code == 200


def test_the_timeline_holds_everything(robin: User, as_robin: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        application = answered(robin)
    remark(application=application, text="Between us.", visibility=Visibility.INTERNAL, by=robin)
    messages.write_to_reviewer(application=application, text="Any news?", by=application.created_by)
    samples.ask_for_sample(application=application, what="One joint", by=robin)
    events = as_robin.get(f"/review/{application.pk}/history/").context["events"]
    assert [event.what for event in events] == [
        "Sample (One joint): Expected",
        "Message of the applicant",
        "Internal remark",
        "Send the answers",
        "Document attached",
        "Ask the applicant for information",
        "Take for review",
        "Submit the application",
        "Start a draft",
    ]


def test_the_timeline_holds_who_was_given_it_what_waits_and_what_was_corrected(
    robin: User, avery: User, as_robin: Client
) -> None:
    dana = contractor_person(Role.REVIEWER, name="Dana Reviewer")
    with time_machine.travel(timezone.now() - timedelta(days=2)):
        application = submitted()
        for step, reviewer in (("assign", dana), ("reassign", robin)):
            perform(
                step, application=application, by=avery, seen_version=application.version, given={"reviewer": reviewer}
            )
            application = again(application)
        kept = recommended_by(robin, application)
        planned = {"publish_on": timezone.localdate() + timedelta(days=7), "begins": timezone.localdate()}
        perform("approve", application=kept, by=avery, seen_version=kept.version, given=planned)
        kept = again(kept)
        perform("publish_now", application=kept, by=approver(), seen_version=kept.version)
        write_letter(letter_id=Letter.objects.get().pk)
    letter = Letter.objects.get()
    said = {"changes": {"contact": "Dana Right"}, "what": "The contact is Dana Right.", "on_the_register": False}
    refuse_correction(correction=propose_correction(letter=letter, **said, by=robin), why="She is not.", by=avery)
    refuse_correction(correction=propose_correction(letter=letter, **said, by=robin), why="Again not.", by=robin)
    approve_correction(correction=propose_correction(letter=letter, **said, by=robin), by=avery)
    write_letter(letter_id=Letter.objects.exclude(pk=letter.pk).get().pk)

    events = as_robin.get(f"/review/{application.pk}/history/").context["events"]
    assert [(event.what, event.by) for event in events[:7]] == [
        ("Corrected letter written and the applicant told", "The system"),
        ("Correction of the letter approved", "Avery Approver"),
        ("Correction of the letter proposed", "Robin Reviewer"),
        ("Correction of the letter taken back", "Robin Reviewer"),
        ("Correction of the letter proposed", "Robin Reviewer"),
        ("Correction of the letter not approved", "Avery Approver"),
        ("Correction of the letter proposed", "Robin Reviewer"),
    ]
    assert events[5].given == [("", ["She is not."])]
    assert [event.what for event in events[7:] if "ocument" not in event.what] == [
        "Letter written and the applicant told",
        "Publish now",
        "Approve for a later day",
        "Recommend this determination",
        "Give to another reviewer",
        "Assign to a reviewer",
        "Submit the application",
        "Start a draft",
    ]
    given = {event.what: dict(event.given) for event in events}
    assert given["Assign to a reviewer"] == {"Reviewer": ["Dana Reviewer"]}
    assert given["Give to another reviewer"] == {"New reviewer": ["Robin Reviewer"]}
    assert given["Approve for a later day"].keys() == {"Day of publication", "Listing begins on"}


def recommended_by(robin: User, application: Application) -> Application:
    application = review.save_findings(
        application=application,
        findings={row.name: ("yes", "Instructions for use, page 3.") for row in rows(application)},
        by=robin,
        seen_version=application.version,
    )
    review.draft_determination(
        application=application,
        outcome=Outcome.CODES_ASSIGNED,
        codes=[row.code for row in application.requested_codes.all()],
        rationale="It is one.",
        by=robin,
        seen_version=application.version,
    )
    application = again(application)
    perform("recommend", application=application, by=robin, seen_version=application.version)
    return again(application)


def test_documents_are_shown_beside(as_robin: Client) -> None:
    application = in_review()
    first, second, *_ = application.documents.order_by("pk")
    response = as_robin.get(f"/review/{application.pk}/")
    html = main_of(response)
    assert f'src="/review/{application.pk}/documents/{first.pk}/frame/"' in html
    assert f'data-document-frame="/review/{application.pk}/documents/{second.pk}/frame/"' in html
    # What the applicant points to, on its page.
    assert f'data-document-frame="/review/{application.pk}/documents/{first.pk}/frame/#page=1"' in html
    assert "document-viewer.js" in response.content.decode()


def test_what_is_withheld_says_why_and_what_opens_comes_first(as_robin: Client, settings: Any) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    application = in_review()
    first, second, *_ = application.documents.order_by("pk")
    page = as_robin.get(f"/review/{application.pk}/")
    assert "This file waits for the virus scan." in text_of(page)
    assert "<iframe" not in main_of(page)
    Document.objects.filter(pk=first.pk).update(
        scan_state=ScanState.INFECTED, scanned_at=timezone.now(), scan_found="Eicar"
    )
    Document.objects.filter(pk=second.pk).update(scan_state=ScanState.CLEAN, scanned_at=timezone.now())
    page = as_robin.get(f"/review/{application.pk}/")
    assert page.context["shown"].document == second
    assert [word in text_of(page) for word in ("Infected", "Scanned", "Waiting for the scan")] == [True, True, True]


def test_what_is_drawn_in_leaves_the_title_of_the_page(as_robin: Client) -> None:
    """htmx takes the title of what it fetched, unless it is told not to: the tab must still say which dossier it is."""
    first = determined()
    application = submitted()
    Application.objects.filter(pk=application.pk).update(previous_dcn=first.dcn)
    page = as_robin.get(f"/review/{application.pk}/").content.decode()
    assert page.count('hx-trigger="load"') == page.count("ignoreTitle:true") == 5

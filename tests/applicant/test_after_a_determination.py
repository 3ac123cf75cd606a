"""What the applicant's pages offer after a determination: the clock, the reconsideration, the new application."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail, User
from tests.applicant.pages import address, save, signed_in, words
from tests.factories.kinds import complete_reconsideration, determine, recommend, submit
from tests.factories.verification import again, approver, code, determined, manufacturer, reviewer, withdrawn
from tests.verification.test_reconsideration import on_day
from verification.letters.compose import letter_text
from verification.letters.jobs import write_letter
from verification.models import Application, ApplicationKind, Outcome, Visibility
from verification.services.review import remark


def test_the_page_shows_the_clock(maker: User) -> None:
    first = determined(maker)
    last = on_day(first, 45).date()
    for days, left in ((0, "45 days left"), (44, "1 day left"), (45, "today is the last day")):
        with time_machine.travel(on_day(first, days), tick=False):
            said = words(signed_in(maker).get(first.get_absolute_url()))
        assert f"until {last:%B} {last.day}, {last.year}: {left}" in said
        assert "Ask for a reconsideration" in said
    with time_machine.travel(on_day(first, 46), tick=False):
        said = words(signed_in(maker).get(first.get_absolute_url()))
    assert "submit a new application" in said
    assert "Begin a new application that cites this one" in said
    assert "Ask for a reconsideration" not in said


def test_begun_from_the_page_filled_in_and_submitted(client: Client, maker: User) -> None:
    first = determined(maker, product_name="StrideOne")
    assert "Begin the reconsideration" in words(client.get(address("reconsider", first)))
    begun = client.post(address("reconsider", first))
    draft = Application.objects.get(kind=ApplicationKind.RECONSIDERATION)
    assert begun["Location"] == draft.get_absolute_url()
    page = words(client.get(draft.get_absolute_url()))
    for title in ("The codes that you ask for", "What is new", "Contact", "Documents", "D. Signature"):
        assert title in page
    assert "A. Manufacturer" not in page
    assert client.get(address("section", draft, "reason")).status_code == 404
    answers = {"grounds": "new-information", "what-is-new": "The pelvis.", "asked-for": "K1007."}
    save(client, draft, "questions", answers)
    draft = again(draft)
    assert draft.answers == answers
    save(client, draft, "product", {"codes": "K1007"})
    draft = again(draft)
    assert draft.product_name == "StrideOne"
    assert [model.model_number for model in draft.models.all()] == ["SO-100"]
    save(
        client,
        draft,
        "manufacturer",
        {
            "contact_name": "Ann",
            "contact_email": "ann@firm.example",
            "contact_phone": "508 555 0100",
            "manufacturer_address": "1 Way",
        },
    )
    draft = again(draft)
    assert (draft.contact_name, draft.manufacturer_name) == ("Ann", "Stride Robotics")
    for section in ("questions", "product", "manufacturer", "documents", "signature"):
        assert client.get(address("section", draft, section)).status_code == 200
    first_page = words(client.get(first.get_absolute_url()))
    assert "begun and not submitted yet" in first_page


def test_the_first_page_says_that_it_is_under_way_and_how_it_was_decided(client: Client, maker: User) -> None:
    first = determined(maker)
    asked = submit(complete_reconsideration(first))
    assert "Reconsideration under way" in words(client.get(first.get_absolute_url()))
    own_page = words(client.get(asked.get_absolute_url()))
    assert f"Sent with {first.dcn}, and read with this request" in own_page
    assert "fda-registration.pdf" in own_page
    done = determine(recommend(asked, outcome=Outcome.CODES_ASSIGNED, codes=[code()]))
    said = words(client.get(first.get_absolute_url()))
    assert "Reconsideration decided" in said
    assert f"upheld : see {done.dcn}" in said
    assert "upheld" in words(client.get(done.get_absolute_url()))


def test_on_day_46_the_page_refuses_and_begins_a_new_application_that_cites_it(maker: User) -> None:
    first = determined(maker)
    with time_machine.travel(on_day(first, 46), tick=False):
        client = signed_in(maker)
        refused = client.post(address("reconsider", first))
        assert refused.status_code == 409
        assert "cannot be reconsidered" in words(refused)
        begun = client.post(address("copy", first), {"reason": "reviewed-over-45-days-ago"})
    draft = Application.objects.get(status="draft")
    assert begun["Location"] == draft.get_absolute_url()
    assert (draft.kind, draft.reason, draft.previous_dcn) == ("initial", "reviewed-over-45-days-ago", first.dcn)


def test_of_another_company_there_is_nothing(client: Client) -> None:
    other = determined(manufacturer("Other"))
    for name in ("reconsider", "copy"):
        assert client.get(address(name, other)).status_code == 404
        assert client.post(address(name, other)).status_code == 404
    assert not Application.objects.filter(status="draft").exists()


def test_before_a_determination_there_is_nothing_to_reconsider(client: Client, maker: User) -> None:
    application = withdrawn(maker)
    assert client.get(address("reconsider", application))["Location"] == application.get_absolute_url()
    assert client.post(address("reconsider", application))["Location"] == application.get_absolute_url()


@pytest.mark.parametrize("days", [46, 400])
def test_a_draft_that_is_late_says_so_and_keeps_its_text(maker: User, days: int) -> None:
    first = determined(maker)
    draft = complete_reconsideration(first)
    with time_machine.travel(on_day(first, days), tick=False):
        late = signed_in(maker).post(address("submit", draft), {"seen_version": draft.version})
    assert late.status_code == 422
    assert "submit a new application" in words(late)
    assert again(draft).answers == draft.answers


def test_nothing_of_who_decides_and_how_far_it_is_reaches_the_applicant(maker: User) -> None:
    """Of both: names, remarks, evidence and the recommendation of a reconsideration that would end the listing."""
    people = {
        "first reviewer": reviewer(name="Quentin Quillfeather"),
        "first approver": approver(name="Ophelia Overlook"),
        "second reviewer": reviewer(name="Sigismund Second"),
        "second approver": approver(name="Theodora Third"),
    }
    first = determined(maker, reviewed_by=people["first reviewer"], approved_by=people["first approver"])
    asked = submit(complete_reconsideration(first))
    waits = recommend(asked, outcome=Outcome.NO_CODE, reviewed_by=people["second reviewer"])
    remark(
        application=waits,
        text="Remark-for-our-eyes-only",
        visibility=Visibility.INTERNAL,
        by=people["second reviewer"],
    )
    client = signed_in(maker)
    secrets = [*(person.name for person in people.values()), "Remark-for-our-eyes-only", "Attestation, page 1."]
    pages = [first.get_absolute_url(), waits.get_absolute_url(), "/apply/", "/apply/listings/"]
    before = [client.get(page).content.decode() for page in pages]
    assert "In review" in before[1]
    assert not [said for said in ("What was sent shows it.", "No HCPCS Code", "revised") if said in "".join(before)]
    done = determine(waits, begins=timezone.localdate() + timedelta(days=5), by=people["second approver"])
    write_letter(letter_id=done.determination.letters.get().pk)
    after = [client.get(page).content.decode() for page in pages]
    assert "revised" in after[1]
    mails = [f"{mail.subject} {mail.text} {mail.html}" for mail in OutgoingMail.objects.all()]
    letter = str(letter_text(done.determination))
    assert not [secret for secret in secrets if secret in "".join([*before, *after, *mails, letter])]

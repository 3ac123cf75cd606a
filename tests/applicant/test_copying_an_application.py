"""A new application from an earlier one: what is taken over, what is not, and what is said about it."""

from datetime import timedelta

import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from hcpcs.models import Code
from pcl.models import Listing
from tests.applicant.pages import address, save, words
from tests.factories.verification import (
    ANSWERS,
    again,
    complete_draft,
    determined,
    manufacturer,
    organization_of,
    rejected,
    sign,
    submitted,
)
from verification.models import Application, Document
from verification.services.begin_after import begin_model_addition, begin_reconsideration
from verification.services.copy_application import copy_application
from verification.services.documents import remove_document
from verification.workflow.perform import perform


def test_everything_that_still_fits_is_taken_over_and_the_signature_is_not(client: Client, maker: User) -> None:
    earlier = rejected(maker, product_name="StrideOne", model_numbers=("SO-100", "SO-110"))
    page = words(client.get(earlier.get_absolute_url()))
    assert "Start again from this one" in page
    assert "It is not signed" in words(client.get(address("copy", earlier)))
    begun = client.post(address("copy", earlier))
    draft = Application.objects.get(status="draft")
    assert begun["Location"] == draft.get_absolute_url()
    assert (draft.reason, draft.previous_dcn) == ("rejected-before", earlier.dcn)
    assert (draft.product_name, draft.answers) == ("StrideOne", ANSWERS)
    assert [model.model_number for model in draft.models.all()] == ["SO-100", "SO-110"]
    assert [row.code.code for row in draft.requested_codes.all()] == ["K1007"]
    assert (draft.attested, draft.signed_name, draft.signed_at) == (False, "", None)
    assert (draft.dcn, draft.reviewer, draft.reconsiders) == (None, None, None)


def test_a_copy_can_be_signed_and_submitted(maker: User) -> None:
    draft = copy_application(application=rejected(maker), by=maker).application
    signed = sign(again(draft))
    perform("submit", application=signed, by=maker, seen_version=signed.version)
    assert again(signed).status == "submitted"


def test_a_document_is_the_same_file_and_removing_it_leaves_the_earlier_ones(maker: User) -> None:
    earlier = rejected(maker)
    draft = copy_application(application=earlier, by=maker).application
    files = list(earlier.documents.order_by("id").values_list("kind", "file", "sha256"))
    copied = draft.documents.order_by("id")
    assert list(copied.values_list("kind", "file", "sha256")) == files
    first = copied[0]
    remove_document(document=first)
    assert Document.objects.filter(application=earlier, removed_at=None).count() == len(files)
    with first.file.open("rb") as file:
        assert file.read()


def test_a_code_that_ended_is_left_out_and_named(client: Client, maker: User) -> None:
    earlier = rejected(maker)
    Code.objects.filter(code="K1007").update(terminated="2020-12-31")
    page = words(client.post(address("copy", earlier), follow=True))
    assert "K1007 is not in force today and was left out" in page
    assert not Application.objects.get(status="draft").requested_codes.exists()


def test_answers_that_are_not_asked_any_more_are_named(maker: User) -> None:
    earlier = rejected(maker)
    Application.objects.filter(pk=earlier.pk).update(answers={**ANSWERS, "colour": "red", "uprights": "triple"})
    copied = copy_application(application=again(earlier), by=maker)
    assert copied.not_taken_over == [
        "“colour” is not asked any more; its answer was left out.",
        "“Uprights” has other answers now; choose one.",
    ]
    kept = {key: answer for key, answer in ANSWERS.items() if key != "uprights"}
    assert copied.application.answers == kept


def test_the_reason_follows_from_what_became_of_it(maker: User) -> None:
    first = determined(maker)
    assert copy_application(application=first, by=maker).application.reason == ""
    Application.objects.filter(status="draft").update(version=2)
    letter_date = first.determination.letter_date
    assert letter_date is not None
    with time_machine.travel(timezone.now() + timedelta(days=60), tick=False):
        assert copy_application(application=first, by=maker).application.reason == "reviewed-over-45-days-ago"


def test_a_double_click_begins_one(client: Client, maker: User) -> None:
    earlier = rejected(maker)
    client.post(address("copy", earlier))
    client.post(address("copy", earlier))
    assert Application.objects.filter(status="draft").count() == 1


def test_starting_an_application_is_not_going_on_with_a_copy_or_an_attestation(client: Client, maker: User) -> None:
    first = determined(maker)
    copy_application(application=first, by=maker)
    begin_model_addition(listing=Listing.objects.get(), organization=organization_of(maker), by=maker)
    begin_reconsideration(application=first, by=maker)
    before = set(Application.objects.values_list("pk", flat=True))
    client.post(reverse("apply:start"), {"product_group": first.product_group})
    new = Application.objects.exclude(pk__in=before).get()
    assert (new.kind, new.product_name) == ("initial", "")


# ---- the number that is cited


def test_an_own_number_is_confirmed_and_anothers_is_not(client: Client, maker: User) -> None:
    own = submitted(maker, product_name="Own Product")
    others = submitted(manufacturer("Other"), product_name="Secret Product")
    draft = complete_draft(maker)
    said = {"reason": "rejected-before", "previous_dcn": (own.dcn or "").lower()}
    page = words(client.get(save(client, draft, "reason", said)["Location"]))
    assert f"{own.dcn}: Own Product, received." in page
    answers = []
    for number in (others.dcn, "CVR-2019-999999"):
        save_page = save(client, again(draft), "reason", {"reason": "rejected-before", "previous_dcn": number})
        page = words(client.get(save_page["Location"]))
        assert "Secret" not in page
        answers.append(page.partition("is the number of no application")[2][:90])
    assert answers[0] == answers[1] != ""
    assert again(draft).previous_dcn == "CVR-2019-999999"

"""Models added, names changed and listings updated: by attestation, through the one workflow, onto the register."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pcl.models import Listing, ListingChange, Organization
from pcl.models.listing_change import ChangeKind
from pcl.services.end_date_listing import end_date_listing
from tests.factories.kinds import (
    complete_addition,
    complete_merger,
    complete_renaming,
    complete_update,
    determine,
    recommend,
    submit,
)
from tests.factories.register import make_code, publish
from tests.factories.verification import again, attached, determined, manufacturer, organization_of, reviewer, sign
from verification.checks import gaps
from verification.kinds import kind_form
from verification.letters.compose import letter_pdf, letter_text
from verification.models import Application, ApplicationKind, Finding, Outcome
from verification.queries import checklist
from verification.services import review
from verification.services.begin_after import begin_listing_update, begin_model_addition, begin_name_change
from verification.workflow.errors import NotAllowed
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db


def listed() -> list[tuple[str, str, str, str]]:
    """What the list shows of each listing: maker, product, model number, code."""
    rows = Listing.objects.order_by("pk").values_list(
        "entry__manufacturer", "entry__product", "entry__model_number", "entry__code"
    )
    return list(rows)


# ---- model numbers


def test_added_models_are_listed_under_the_codes_of_their_siblings() -> None:
    maker = manufacturer("Stride Robotics")
    first = determined(maker, product_name="StrideOne")
    listing = Listing.objects.get()
    second_code = make_code("L8701")
    publish("StrideOne", code=second_code, model_number="SO-100", manufacturer="Stride Robotics")
    application = submit(complete_addition(listing, maker, model_numbers=("SO-200", "SO-210")))
    assert application.kind == ApplicationKind.MODEL_ADDITION
    codes = [row.code for row in application.requested_codes.select_related("code")]
    assert [code.code for code in codes] == ["K1007", "L8701"]
    begins = timezone.localdate() + timedelta(days=3)
    done = determine(recommend(application, outcome=Outcome.CODES_ASSIGNED, codes=codes), begins=begins)
    assert listed() == [
        ("Stride Robotics", "StrideOne", "SO-100", "K1007"),
        ("Stride Robotics", "StrideOne", "SO-100", "L8701"),
        ("Stride Robotics", "StrideOne", "SO-200", "K1007"),
        ("Stride Robotics", "StrideOne", "SO-200", "L8701"),
        ("Stride Robotics", "StrideOne", "SO-210", "K1007"),
        ("Stride Robotics", "StrideOne", "SO-210", "L8701"),
    ]
    assert [each.effective_from for each in Listing.objects.order_by("pk")[2:]] == [begins] * 4
    assert letter_text(done.determination)["title"] == "Model Number Addition: accepted"
    assert letter_pdf(done.determination)
    assert first.determination.codes.count() == 1


def test_an_addition_that_is_not_accepted_lists_nothing() -> None:
    maker = manufacturer()
    determined(maker)
    application = submit(complete_addition(Listing.objects.get(), maker))
    done = determine(recommend(application, outcome=Outcome.DECLINED))
    assert Listing.objects.count() == 1
    said = letter_text(done.determination)
    assert (said["title"], said["result"]["text"]) == (
        "Model Number Addition: not accepted",
        "The Product Classification List stays as it is.",
    )
    assert letter_pdf(done.determination)


def test_an_addition_says_what_it_lacks() -> None:
    maker = manufacturer()
    determined(maker)
    draft = begin_model_addition(listing=Listing.objects.get(), organization=organization_of(maker), by=maker)
    assert [gap.message for gap in gaps(draft)] == [
        "Give the manufacturer's address.",
        "Give the contact's telephone number.",
        "Answer: Are the new models the same product as the listed one, in material, manufacture and function?",
        "Answer: In what do the new models differ from the listed one?",
        "Attach: Attestation on the company's letterhead.",
        "Give the name of who signs.",
        "Give the title of who signs.",
        "Attest that what the application says is true and complete.",
        "Give at least one new model number.",
    ]


def test_a_model_that_is_listed_already_is_refused() -> None:
    maker = manufacturer()
    determined(maker, model_numbers=("SO-100", "SO-110"))
    draft = complete_addition(Listing.objects.order_by("pk")[0], maker, model_numbers=("so 110", "SO-200"))
    with pytest.raises(NotAllowed, match="so 110 is listed already"):
        submit(draft)


def test_a_listing_that_ended_meanwhile_takes_no_models() -> None:
    maker = manufacturer()
    determined(maker, begins=timezone.localdate() - timedelta(days=9))
    draft = complete_addition(Listing.objects.get(), maker)
    yesterday = timezone.localdate() - timedelta(days=1)
    end_date_listing(listing=Listing.objects.get(), last_day=yesterday, reason="Discontinued.", by=None)
    with pytest.raises(NotAllowed, match="The listing under K1007 ended on"):
        submit(draft)


def test_a_double_click_begins_one() -> None:
    maker = manufacturer()
    determined(maker)
    listing, own = Listing.objects.get(), organization_of(maker)
    for begin in (begin_model_addition, begin_listing_update):
        first = begin(listing=listing, organization=own, by=maker)
        assert begin(listing=listing, organization=own, by=maker) == first
    assert begin_name_change(organization=own, by=maker) == begin_name_change(organization=own, by=maker)


# ---- names


def test_an_accepted_renaming_renames_every_listing_in_the_same_transaction() -> None:
    maker = manufacturer("Stride Robotics")
    determined(maker, product_name="StrideOne")
    publish("Else", code="K1007", manufacturer="Another Maker")
    application = submit(complete_renaming(maker, "Stride Medical"))
    done = determine(recommend(application, outcome=Outcome.ACCEPTED))
    assert listed() == [
        ("Stride Medical", "StrideOne", "SO-100", "K1007"),
        ("Another Maker", "Else", "", "K1007"),
    ]
    last = ListingChange.objects.order_by("seq").last()
    assert last is not None
    assert (last.kind, last.reason) == (ChangeKind.RENAMED, f"Determination on application {application.dcn}.")
    said = letter_text(done.determination)
    assert said["result"]["heading"] == "Accepted"
    assert "Stride Robotics is called Stride Medical since" in said["opening"]
    assert letter_pdf(done.determination)


def test_a_merger_renames_listings_and_both_names_find_them() -> None:
    maker, other = manufacturer("Stride Robotics"), manufacturer("Gait Group")
    determined(maker, product_name="StrideOne")
    into = organization_of(other)
    application = submit(complete_merger(maker, "Gait Group", "agreement"))
    determine(recommend(application, outcome=Outcome.ACCEPTED))
    assert listed() == [("Gait Group", "StrideOne", "SO-100", "K1007")]
    assert Organization.objects.get(name="Stride Robotics").merged_into == into
    assert into.names.get().name == "Stride Robotics"


def test_a_merger_into_a_company_that_the_register_does_not_know_founds_it() -> None:
    maker = manufacturer("Stride Robotics")
    determined(maker)
    determine(recommend(submit(complete_merger(maker, "Newly Founded Holding")), outcome=Outcome.ACCEPTED))
    assert Listing.objects.get().entry.manufacturer == "Newly Founded Holding"


def test_a_name_change_that_is_not_accepted_changes_nothing() -> None:
    maker = manufacturer("Stride Robotics")
    determined(maker)
    before = ListingChange.objects.count()
    determine(recommend(submit(complete_renaming(maker, "Stride Medical")), outcome=Outcome.DECLINED))
    assert (Listing.objects.get().entry.manufacturer, ListingChange.objects.count()) == ("Stride Robotics", before)


def test_nobody_merges_into_itself() -> None:
    maker = manufacturer("Stride Robotics")
    with pytest.raises(NotAllowed, match="cannot become part of itself"):
        submit(complete_merger(maker, "stride robotics"))


def test_a_merger_into_a_competitors_organization_needs_its_agreement() -> None:
    maker = manufacturer("Stride Robotics")
    manufacturer("Gait Group")
    draft = complete_merger(maker, "Gait Group")
    with pytest.raises(NotAllowed, match="Other people act for Gait Group"):
        submit(draft)
    attached(draft, "agreement", "agreement.pdf", "We agree.")
    assert submit(sign(again(draft))).status == "submitted"


def test_the_name_of_another_organization_is_no_renaming() -> None:
    maker = manufacturer("Stride Robotics")
    manufacturer("Gait Group")
    with pytest.raises(NotAllowed, match="another organization of that name"):
        submit(complete_renaming(maker, "Gait Group"))


def test_an_organization_that_was_merged_meanwhile_is_refused_at_the_approval() -> None:
    maker = manufacturer("Stride Robotics")
    determined(maker)
    one = submit(complete_merger(maker, "First Holding"))
    two = submit(complete_merger(maker, "Second Holding"))
    determine(recommend(one, outcome=Outcome.ACCEPTED))
    waits = recommend(two, outcome=Outcome.ACCEPTED)
    with pytest.raises(NotAllowed, match="was merged into"):
        determine(waits)
    assert again(waits).status == "recommended"
    assert not Organization.objects.filter(name="Second Holding").exists()


# ---- updates


def test_each_kind_of_update() -> None:
    maker = manufacturer("Stride Robotics")
    determined(maker, distributor_name="Distibutor Inc")
    listing = Listing.objects.get()
    today = timezone.localdate()
    for said in (
        {"update": "comment", "comment": "Code Reverified"},
        {"update": "model-number", "model_number": "SO-1OO"},
        {"update": "distributor", "distributor": "Distributor Inc"},
        {"update": "discontinued", "last_day": (today + timedelta(days=30)).isoformat()},
    ):
        done = determine(recommend(submit(complete_update(listing, maker, **said)), outcome=Outcome.ACCEPTED))
        assert letter_pdf(done.determination)
    listing = Listing.objects.get()
    assert (
        listing.comment,
        listing.entry.model_number,
        listing.entry.distributor,
        listing.effective_to,
    ) == ("Code Reverified", "SO-1OO", "Distributor Inc", today + timedelta(days=30))
    kinds = list(ListingChange.objects.order_by("seq").values_list("kind", flat=True))
    assert kinds == ["listed", "corrected", "corrected", "corrected", "end_dated"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"update": "model-number", "model_number": "SO-100"}, "is written so already"),
        ({"update": "distributor", "distributor": "Anybody"}, "names no distributor"),
        ({"update": "discontinued", "last_day": "2001-01-01"}, "before the listing begins"),
        ({"update": "comment", "comment": ""}, "Answer: What the comment should say"),
    ],
)
def test_an_update_that_changes_nothing_is_refused(said: dict[str, str], why: str) -> None:
    maker = manufacturer()
    determined(maker)
    with pytest.raises(NotAllowed, match=why):
        submit(complete_update(Listing.objects.get(), maker, **said))


def test_an_update_of_a_listing_that_ended_meanwhile_is_refused_at_the_approval() -> None:
    maker = manufacturer()
    determined(maker)
    listing, today = Listing.objects.get(), timezone.localdate()
    asked = complete_update(listing, maker, update="discontinued", last_day=(today + timedelta(days=9)).isoformat())
    waits = recommend(submit(asked), outcome=Outcome.ACCEPTED)
    end_date_listing(listing=listing, last_day=today, reason="Discontinued.", by=None)
    with pytest.raises(NotAllowed, match="already ends on"):
        determine(waits)


def test_an_outcome_of_another_kind_is_refused() -> None:
    maker = manufacturer()
    application = submit(complete_renaming(maker, "Stride Medical"))
    with pytest.raises(NotAllowed, match="no outcome of this kind"):
        recommend(application, outcome=Outcome.NO_CODE)


# ---- their checklists


def test_a_name_change_has_a_checklist_although_it_requests_no_code() -> None:
    maker = manufacturer("Stride Robotics")
    determined(maker)
    application = submit(complete_renaming(maker, "Stride Medical"))
    perform("accept", application=application, by=reviewer(), seen_version=application.version)
    application = again(application)
    asked = [(row.code, row.key, row.name) for row in checklist.rows(application)]
    assert asked == [(None, key, f"kind-{key}") for key in ("letterhead", "proof", "agreement", "only-the-name")]
    by = application.reviewer
    assert by is not None
    application = review.save_findings(
        application=application,
        findings={"kind-letterhead": ("yes", "Attestation, page 1."), "kind-proof": ("no", "")},
        by=by,
        seen_version=application.version,
    )
    assert [(each.code, each.requirement, each.met) for each in application.findings.order_by("pk")] == [
        (None, "letterhead", "yes"),
        (None, "proof", "no"),
    ]
    review.draft_determination(
        application=application,
        outcome=Outcome.ACCEPTED,
        codes=[],
        rationale="Shown.",
        by=by,
        seen_version=application.version,
    )
    with pytest.raises(NotAllowed, match="The checklist is not complete. Still open: The proof shows the change"):
        perform("recommend", application=application, by=by, seen_version=again(application).version)


def test_one_begun_before_keeps_what_was_asked_then() -> None:
    maker = manufacturer("Stride Robotics")
    determined(maker)
    application = complete_renaming(maker, "Stride Medical")
    assert application.kind_version == 2
    Application.objects.filter(pk=application.pk).update(kind_version=1)
    assert checklist.rows(again(application)) == []


def test_every_attestation_has_a_checklist() -> None:
    for kind in set(ApplicationKind.values) - {ApplicationKind.INITIAL}:
        form = kind_form(kind)
        assert form is not None
        assert form.checklist, kind


def test_a_finding_of_its_kind_is_kept_once() -> None:
    application = submit(complete_renaming(manufacturer(), "Stride Medical"))
    by = reviewer()
    Finding.objects.create(application=application, requirement="proof", by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.create(application=application, requirement="proof", by=by)

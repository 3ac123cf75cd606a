"""Drafts that follow an application, begun by a designated representative: it can open them, and only what it may."""

import pytest

from accounts.models import User
from pcl.models import Listing
from pcl.services.organizations import create_organization, merge_organizations
from tests.applicant.pages import address, signed_in, words
from tests.factories.companies import in_days
from tests.factories.verification import (
    determined,
    manufacturer,
    organization_of,
    rejected,
)
from verification.models import Application, Authorization, Document
from verification.queries.cited import cited_own
from verification.queries.representation import may_act_on
from verification.services.begin_after import begin_listing_update, begin_model_addition, begin_reconsideration
from verification.services.begin_for_listing import begin_for_listing
from verification.services.copy_application import copy_application
from verification.services.scan import record_word
from verification.workflow.errors import NotAllowed

A3 = ("representative_name", "representative_address", "representative_contact_phone")


def test_a_reconsideration_is_open_to_both_sides(maker: User, casey: User) -> None:
    first = determined(casey, behalf=organization_of(maker))
    signed_in(casey).post(address("reconsider", first))
    draft = Application.objects.get(kind="reconsideration")
    assert (draft.organization, draft.made_by) == (organization_of(maker), organization_of(casey))
    assert [getattr(draft, name) for name in A3] == [getattr(first, name) for name in A3]
    assert signed_in(casey).get(draft.get_absolute_url()).status_code == 200
    assert signed_in(maker).get(draft.get_absolute_url()).status_code == 200


def test_one_that_the_manufacturer_began_itself_is_not_open_to_the_representative(maker: User, casey: User) -> None:
    first = determined(casey, behalf=organization_of(maker))
    own = begin_reconsideration(application=first, by=maker)
    assert (own.made_by, own.representative_name) == (None, "")
    client = signed_in(casey)
    page = client.get(first.get_absolute_url())
    assert "Stride Robotics has begun a reconsideration of this determination itself" in words(page)
    assert own.get_absolute_url() not in page.content.decode()
    refused = client.post(address("reconsider", first))
    assert refused.status_code in {200, 409}
    with pytest.raises(NotAllowed, match="Stride Robotics has begun a reconsideration itself"):
        begin_reconsideration(application=first, by=casey)


def test_a_copy_is_made_from_the_same_side_and_says_the_same_of_it(maker: User, casey: User) -> None:
    earlier = rejected(casey, behalf=organization_of(maker))
    copied = copy_application(application=earlier, by=casey).application
    assert (copied.made_by, copied.applies_as) == (organization_of(casey), "manufacturer")
    assert [getattr(copied, name) for name in A3] == [getattr(earlier, name) for name in A3]
    assert signed_in(casey).get(copied.get_absolute_url()).status_code == 200

    by_maker = copy_application(application=earlier, by=maker).application
    assert (by_maker.made_by, by_maker.representative_name) == (None, "")
    assert not may_act_on(casey, by_maker)


def test_a_distributor_stays_one_with_all_of_a2(maker: User) -> None:
    earlier = rejected(maker)
    said = {"distributor_name": "Gait Supply LLC", "distributor_contact_email": "ann@supply.example"}
    Application.objects.filter(pk=earlier.pk).update(applies_as="distributor", **said)
    earlier.refresh_from_db()
    copied = copy_application(application=earlier, by=maker).application
    assert copied.applies_as == "distributor"
    assert (copied.distributor_name, copied.distributor_contact_email) == ("Gait Supply LLC", "ann@supply.example")


def test_an_authorization_for_other_kinds_begins_nothing(maker: User, casey: User) -> None:
    earlier = determined(casey, behalf=organization_of(maker))
    Authorization.objects.update(kinds=["reconsideration"])
    with pytest.raises(NotAllowed, match="does not extend to this kind of application: initial application"):
        copy_application(application=earlier, by=casey)
    reconsideration = begin_reconsideration(application=earlier, by=casey)
    page = signed_in(casey).post(address("copy", reconsideration))
    assert (page.status_code, Application.objects.filter(kind="initial").count()) == (409, 1)
    assert "Ask Stride Robotics to extend it" in words(page)


def test_what_is_begun_from_a_listing(maker: User, casey: User) -> None:
    determined(casey, behalf=organization_of(maker))
    listing, organization = Listing.objects.get(), organization_of(maker)
    addition = begin_model_addition(listing=listing, organization=organization, by=casey)
    update = begin_listing_update(listing=listing, organization=organization, by=casey)
    changed = begin_for_listing(listing=listing, organization=organization, by=casey, change="modified")
    assert {each.made_by for each in (addition, update, changed)} == {organization_of(casey)}
    assert {each.contact_email for each in (addition, update)} == {casey.email}
    assert all(may_act_on(casey, each) for each in (addition, update, changed))
    stranger = manufacturer()
    with pytest.raises(NotAllowed, match="You do not act for Stride Robotics"):
        begin_model_addition(listing=listing, organization=organization, by=stranger)


def test_a_number_of_a_merged_organization_is_known_and_one_of_the_manufacturer_is_not(
    maker: User, casey: User
) -> None:
    own, made = rejected(maker), rejected(casey, behalf=organization_of(maker))
    big = create_organization(name="Big Robotics")
    merge_organizations(
        merged=organization_of(maker), into=big, since=in_days(-1), source="A letter", reason="Bought.", by=None
    )
    draft = copy_application(application=made, by=casey).application
    Application.objects.filter(pk=draft.pk).update(organization=big)
    draft.refresh_from_db()
    assert cited_own(draft, made.dcn or "") == made
    assert cited_own(draft, own.dcn or "") is None


def test_an_infected_file_is_left_behind_and_the_word_of_the_scanner_goes_along(maker: User) -> None:
    earlier = rejected(maker)
    first, second, *_ = earlier.documents.order_by("id")
    record_word(document_id=first.pk, found="Eicar-Test-Signature", scanner="ClamAV 1")
    record_word(document_id=second.pk, found="", scanner="ClamAV 1")
    copied = copy_application(application=earlier, by=maker)
    assert not copied.application.documents.filter(sha256=first.sha256, kind=first.kind).exists()
    assert f"{first.name} was not taken over: the virus scan found something in it. Attach another." in (
        copied.not_taken_over
    )
    kept = Document.objects.get(application=copied.application, sha256=second.sha256, kind=second.kind)
    assert (kept.scan_state, kept.scanned_by) == ("clean", "ClamAV 1")
    assert kept.file.name == second.file.name

"""Somebody of another company asks for every address of an application and of an organization: nothing is there."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import User
from pcl.models import Listing, Organization
from tests.applicant.pages import signed_in
from tests.factories.companies import colleague_of, invited, representative_of
from tests.factories.verification import (
    again,
    complete_draft,
    determined,
    information_requested,
    manufacturer,
    organization_of,
    waiting_manufacturer,
)
from verification.letters.jobs import write_letter
from verification.models import AccessLog, Application, Authorization, Letter, Remark

STAGES = {"draft": complete_draft, "information_requested": information_requested, "determined": determined}
METHODS = ("get", "head", "post", "put", "patch", "delete")
DATA = {"seen_version": "0", "reason": "modified", "answer-1": "x", "answer-2": "x", "text": "x", "answer": "confirm"}


def patterns() -> Iterator[tuple[str, set[str]]]:
    """Every address of this door: its name and its arguments."""
    door = next(each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "apply")
    for pattern in door.url_patterns:
        yield f"apply:{pattern.name}", set(pattern.pattern.converters)


def addresses(**known: Any) -> list[str]:
    """Those of which all arguments are known, and that are about the first of them."""
    about = next(iter(known))
    return [
        reverse(name, kwargs={argument: known[argument] for argument in arguments})
        for name, arguments in patterns()
        if about in arguments and arguments <= set(known)
    ]


def answers(client: Client, urls: list[str]) -> set[tuple[str, str, int]]:
    """What is there, or is refused with another word than 404; a page that takes no GET refuses it to everybody."""
    found = set()
    for method, url in product(METHODS, urls):
        response = getattr(client, method)(url, DATA)
        if response.streaming:
            # Read to its end, so that its file is closed.
            b"".join(response.streaming_content)
        found.add((method, url, response.status_code))
    return {each for each in found if each[2] not in {404, 405}}


@pytest.mark.parametrize("stage", STAGES)
def test_no_address_of_an_application(client: Client, maker: User, stage: str) -> None:
    owner = manufacturer("Other Maker Inc.")
    theirs, mine = STAGES[stage](owner), STAGES[stage](maker)
    for letter in Letter.objects.all():
        write_letter(letter_id=letter.pk)
    before, log = again(theirs), theirs.log.count()
    written = Letter.objects.filter(determination__application=theirs).first()
    document = theirs.documents.all()[0]
    its = {"document_id": document.pk, "letter_id": written.pk if written else 1, "section": "product"}

    urls = addresses(application_id=theirs.pk, **its)
    # Through an own application the other's document and letter are not reached either.
    parts = [url for url in addresses(application_id=mine.pk, **its) if "/documents/" in url or "/letters/" in url]
    parts.remove(reverse("apply:attach", args=[mine.pk]))

    assert len(urls) >= 20
    assert len(parts) >= 5
    assert answers(client, [*urls, *parts]) == set()
    assert (again(theirs).version, again(theirs).status) == (before.version, before.status)
    assert theirs.log.count() == log
    assert theirs.documents.filter(removed_at=None).count() == 3
    assert not Remark.objects.filter(text="x").exists()
    # The same urls are there for whom they belong to.
    assert answers(signed_in(owner), urls) != set()


def test_no_address_of_an_organization(client: Client, maker: User) -> None:
    owner = manufacturer("Other Maker Inc.")
    theirs, mine = organization_of(owner), organization_of(maker)
    colleague_of(owner)
    representative_of(owner, "Clearpath Consulting")
    invitation = invited(owner, "new@other.example")
    _, asked = waiting_manufacturer(theirs)
    authorization = Authorization.objects.get()
    determined(owner)
    listing = Listing.objects.filter(model__product__manufacturer=theirs)[0]
    its = {
        "user_id": owner.pk,
        "act": "end",
        "representation_id": asked.pk,
        "invitation_id": invitation.pk,
        "authorization_id": authorization.pk,
        "way": "give",
    }
    said = AccessLog.objects.count()

    urls = addresses(slug=theirs.slug, **its) + addresses(listing_id=listing.pk)
    parts = [url for url in addresses(slug=mine.slug, **its) if any(f"/{each}/" in url for each in its.values())]
    parts = [url for url in parts if not url.endswith("/give/")]

    assert len(urls) >= 12
    assert len(parts) >= 6
    assert answers(client, [*urls, *parts]) == set()
    assert AccessLog.objects.count() == said
    assert (Authorization.objects.get().ended_at, Organization.objects.get(pk=theirs.pk).name) == (None, theirs.name)
    assert Application.objects.filter(created_by=maker).count() == 0

"""What one follows by mail: seen, changed and ended behind a link that only its reader has."""

from typing import Any

import pytest
from django.test import Client

from pcl.models import Listing, Subscription
from pcl.models.change_subject import about_organization, about_product
from pcl.services import tell_subscribers as telling
from pcl.services.tell_subscribers import tell_subscribers
from pcl.subscription_links import token_of
from tests.factories.register import make_code, publish
from tests.pcl.following import SITE, follow, mails
from tests.pcl.test_public_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_one_click_ends_it_without_a_page(client: Client) -> None:
    make_code("K1007")
    follow("code:K1007")
    publish("ReWalk", code="K1007")
    tell_subscribers()
    address = mails()[0].headers["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    mail_program = Client(enforce_csrf_checks=True)

    # Looking at it ends nothing.
    assert "Stop following Code K1007" in page(client, address)
    assert Subscription.objects.count() == 1
    answer = mail_program.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert Subscription.objects.count() == 0
    publish("Indego", code="K1007")
    assert tell_subscribers() == 0
    # Again, and by hand, is no error.
    assert mail_program.post(address).status_code == 200
    assert "You no longer follow this" in page(client, address)


def test_ending_one_leaves_the_others(client: Client) -> None:
    make_code("K1007")
    ended = follow("code:K1007")
    follow("code:E0601")
    follow("code:K1007", "bob@x.example")

    assert "You no longer follow this" in client.post(f"/unsubscribe/{token_of(ended.pk)}/").content.decode()
    assert sorted(Subscription.objects.values_list("email", "about")) == [
        ("ann@supplier.example", "code:E0601"),
        ("bob@x.example", "code:K1007"),
    ]


def test_a_person_sees_and_changes_what_they_follow_and_nobody_elses(client: Client) -> None:
    listing = publish("ReWalk", code="K1007", manufacturer="Argo Technologies")
    own = follow("code:K1007")
    further = follow(about_product(listing.model.product_id))
    waiting = Subscription.objects.create(email=own.email, about="code:L0650")
    others = follow(about_organization(listing.model.product.manufacturer_id), "bob@x.example")
    address = f"/subscriptions/{token_of(own.pk)}/"

    words = page(client, address)
    assert "What you follow by e-mail 2 followed by a…@supplier.example" in words
    assert "ann@supplier.example" not in client.get(address).content.decode()
    assert "Code K1007" in words
    assert "ReWalk by Argo Technologies" in words
    assert "L0650" not in words
    assert "bob" not in words

    for chosen, frequency, status in [
        (further, "daily", 302),
        (others, "daily", 400),
        (waiting, "daily", 400),
        (own, "hourly", 400),
    ]:
        answer = client.post(address, {"subscription": token_of(chosen.pk), "frequency": frequency})
        assert answer.status_code == status
    assert client.post(address, {"subscription": "forged", "frequency": "daily"}).status_code == 400
    assert client.post(address).status_code == 400
    assert dict(Subscription.objects.values_list("pk", "frequency")) == {
        own.pk: "at_once",
        further.pk: "daily",
        waiting.pk: "at_once",
        others.pk: "at_once",
    }


def test_the_page_of_what_one_follows_costs_no_more_the_more_it_is(client: Client, count_queries: Any) -> None:
    listings: list[Listing] = [publish(f"Product {number}", manufacturer=f"Maker {number}") for number in range(3)]
    own = follow("code:K1007")
    follow(about_product(listings[0].model.product_id))
    follow(about_organization(listings[0].model.product.manufacturer_id))
    address = f"/subscriptions/{token_of(own.pk)}/"
    with_three = count_queries(address)
    for listing in listings[1:]:
        follow(about_product(listing.model.product_id))
        follow(about_organization(listing.model.product.manufacturer_id))

    assert count_queries(address) == with_three


@pytest.mark.parametrize("where", ["subscribe", "subscriptions", "unsubscribe"])
@pytest.mark.parametrize("token", ["forged", "{id}", "{id}:forged", "{token}x"])
def test_a_link_that_was_not_signed_here_opens_nothing(client: Client, where: str, token: str) -> None:
    own = follow("code:K1007")
    token = token.format(id=own.pk.hex, token=token_of(own.pk))

    for answer in (client.get(f"/{where}/{token}/"), client.post(f"/{where}/{token}/")):
        assert answer.status_code == 404
        assert "This link no longer works" in answer.content.decode()
    assert Subscription.objects.count() == 1


def test_pages_behind_a_link_are_neither_kept_nor_indexed(client: Client) -> None:
    token = token_of(follow("code:K1007").pk)

    for where in ("subscribe", "subscriptions", "unsubscribe"):
        answer = client.get(f"/{where}/{token}/")
        assert answer["X-Robots-Tag"] == "noindex"
        assert "no-store" in answer["Cache-Control"]


def test_no_page_or_answer_of_the_register_shows_an_address(client: Client) -> None:
    listing = publish("ReWalk", code="K1007", manufacturer="Argo Technologies")
    follow("code:K1007")
    for address in [
        *("/changes/", "/changes/1/", "/changes/feed.atom", "/codes/K1007/", "/organizations/argo-technologies/"),
        *(f"/listings/{listing.pk}/", "/api/v1/changes/", "/subscribe/?code=K1007"),
    ]:
        assert "supplier.example" not in client.get(address).content.decode()


def test_the_hour_of_digests_is_the_one_that_pages_name(client: Client) -> None:
    assert telling.DIGEST_HOUR == 7
    make_code("K1007")
    assert "Once a day, at 7 a.m. Eastern" in page(client, "/subscribe/")

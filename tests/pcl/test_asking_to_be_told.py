"""Asking to be told of changes by mail: only who confirms follows, and nobody learns who does."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from pcl.jobs import forget_unconfirmed_subscriptions
from pcl.models import Frequency, Subscription
from pcl.services.organizations import create_organization
from pcl.services.tell_subscribers import tell_subscribers
from tests.factories.register import make_code, publish
from tests.pcl.following import ask, follow, mails, path_in, told
from tests.pcl.test_public_pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def test_only_who_opens_the_link_and_confirms_is_told(client: Client) -> None:
    publish("Before", code="K1007")
    assert ask(client).url == "/subscribe/?asked=1"
    publish("Unconfirmed", code="K1007")
    assert tell_subscribers() == 0
    [confirm] = mails()
    assert (confirm.to, confirm.subject) == (["ann@supplier.example"], "Confirm that you follow code K1007")
    link = path_in(confirm, "subscribe")

    assert "Code K1007 You will get a mail when something about it changes on the list." in page(client, link)
    assert client.head(link).status_code == 200
    # Opening is not confirming: programs look at the links in mails.
    assert Subscription.objects.get().confirmed_at is None

    answer = client.post(link)
    assert answer.url == f"{link.replace('/subscribe/', '/subscriptions/')}?confirmed=1"
    assert "Confirmed. From now on you will be told of changes." in page(client, answer.url)
    publish("Other", code="E0601")
    assert tell_subscribers() == 0
    publish("ReWalk", code="K1007")
    assert tell_subscribers() == 1
    assert told()[1:] == [
        (
            "ann@supplier.example",
            "ReWalk by Argo Technologies: Listed under K1007 for dates of service from January 1, 2024",
        )
    ]


def test_confirming_twice_tells_nothing_twice(client: Client) -> None:
    make_code("K1007")
    ask(client)
    link = path_in(mails()[0], "subscribe")
    client.post(link)
    publish("ReWalk", code="K1007")
    client.post(link)

    assert tell_subscribers() == 1


@pytest.mark.parametrize(("days", "status"), [(6.9, 200), (7.1, 404)])
def test_a_link_to_confirm_holds_for_seven_days(client: Client, days: float, status: int) -> None:
    make_code("K1007")
    with time_machine.travel("2024-06-01 12:00Z", tick=False) as clock:
        ask(client)
        link = path_in(mails()[0], "subscribe")
        clock.shift(timedelta(days=days))
        assert client.get(link).status_code == status
        client.post(link)

    assert Subscription.objects.filter(confirmed_at__isnull=False).exists() is (status == 200)


def test_what_nobody_confirmed_is_forgotten_after_seven_days(client: Client) -> None:
    make_code("K1007")
    follow("code:K1007", "old@supplier.example")
    with time_machine.travel("2024-06-01 12:00Z", tick=False) as clock:
        ask(client, "late@supplier.example")
        clock.shift(timedelta(days=3))
        ask(client, "soon@supplier.example")
        clock.shift(timedelta(days=4, seconds=1))
        forget_unconfirmed_subscriptions(timestamp=0)

    left = Subscription.objects.values_list("email", flat=True)
    assert sorted(left) == ["old@supplier.example", "soon@supplier.example"]


def test_the_answer_does_not_tell_who_follows_what(client: Client) -> None:
    make_code("K1007")
    follow("code:K1007", "ann@supplier.example", Frequency.DAILY)

    known, unknown = ask(client, "Ann@Supplier.example"), ask(client, "bob@supplier.example")

    assert (known.status_code, known.url, known.content) == (unknown.status_code, unknown.url, unknown.content)
    assert told() == [
        ("ann@supplier.example", "You already follow code K1007"),
        ("bob@supplier.example", "Confirm that you follow code K1007"),
    ]
    # Somebody else's request changes nothing of it.
    subscription = Subscription.objects.get(email="ann@supplier.example")
    assert (subscription.frequency, subscription.told_seq) == (Frequency.DAILY, 0)
    assert subscription.confirmed_at == datetime(2024, 1, 1, tzinfo=UTC)


def test_who_asks_again_before_confirming_gets_what_was_asked_last(client: Client) -> None:
    make_code("K1007")
    ask(client)
    ask(client, frequency="daily")

    assert Subscription.objects.get().frequency == Frequency.DAILY
    assert len(mails()) == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": ""}, "Say what you want to follow"),
        ({"code": "K9999"}, "K9999 is not in the catalogue of codes."),
        ({"code": "K1007", "organization": "Argo Technologies"}, "Follow one thing at a time"),
        ({"organization": "Nobody"}, "No organization of that name is on the list."),
        ({"organization": "Only Applied"}, "No organization of that name is on the list."),
        ({"product": "999999"}, "There is no such product on the list."),
        ({"product": "x" * 30}, "There is no such product on the list."),
        ({"product": "9" * 29}, "There is no such product on the list."),
        ({"code": "K1007\x00"}, "Null characters are not allowed."),
        ({"email": "nobody"}, "This is not an e-mail address. Write one such as"),
        ({"email": "a@b.example\nBcc: c@d.example"}, "This is not an e-mail address. Write one such as"),
        ({"email": ""}, "Write the e-mail address that is to be told"),
        ({"frequency": ""}, "Choose when you want to be told."),
        ({"frequency": "hourly"}, "Choose when you want to be told."),
    ],
)
def test_what_cannot_be_followed_is_said_and_nothing_is_sent(client: Client, given: dict[str, str], said: str) -> None:
    publish("ReWalk", code="K1007")
    create_organization(name="Only Applied")
    what = {"code": "K1007"} if given.keys() & {"email", "frequency"} else {}
    answer = client.post("/subscribe/", {"email": "ann@supplier.example", "frequency": "at_once", **what, **given})

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert mails() == []
    assert Subscription.objects.count() == 0


def test_the_page_is_filled_in_from_its_address(client: Client) -> None:
    listing = publish("ReWalk", manufacturer="Argo Technologies", code="K1007")
    product = listing.model.product_id

    assert "Follow by e-mail Code K1007 A short mail" in page(client, "/subscribe/?code=k1007")
    assert "Follow by e-mail Argo Technologies A short" in page(client, "/subscribe/?organization=argo-technologies")
    assert "Follow by e-mail Argo Technologies A short" in page(client, "/subscribe/?organization=Argo+technologies")
    assert "Follow by e-mail ReWalk by Argo Technologies A" in page(client, f"/subscribe/?product={product}")
    assert "K9999 is not in the catalogue" in page(client, "/subscribe/?code=K9999", status=400)
    assert (
        f'<input type="hidden" name="product" value="{product}"'
        in client.get(f"/subscribe/?product={product}").content.decode()
    )


def test_the_pages_lead_to_it(client: Client) -> None:
    listing = publish("ReWalk", manufacturer="Argo Technologies", code="K1007")

    for address, link in [
        ("/codes/K1007/", "/subscribe/?code=K1007"),
        (f"/listings/{listing.pk}/", f"/subscribe/?product={listing.model.product_id}"),
        ("/organizations/argo-technologies/", "/subscribe/?organization=argo-technologies"),
        ("/changes/", "/subscribe/"),
    ]:
        assert f'href="{link}"' in client.get(address).content.decode()


def test_one_address_gets_five_mails_an_hour_and_nobody_learns_of_it(client: Client) -> None:
    for number in range(7):
        make_code(f"E000{number}")
        assert ask(client, code=f"E000{number}").url == "/subscribe/?asked=1"
    assert ask(client, "ANN@supplier.example", code="E0006").url == "/subscribe/?asked=1"

    assert len(mails()) == 5
    assert ask(client, "bob@supplier.example", code="E0006").status_code == 302
    assert len(mails()) == 6


def test_one_visitor_asks_twenty_times_an_hour(client: Client) -> None:
    make_code("K1007")
    statuses = [ask(client, f"somebody{number}@supplier.example").status_code for number in range(21)]

    assert statuses == [302] * 20 + [429]
    refused = ask(client)
    assert "Too many requests came from where you are. Try again in an hour" in refused.content.decode()
    assert len(mails()) == 20
    assert ask(Client(REMOTE_ADDR="203.0.113.9")).status_code == 302

"""Whoever follows a code, an organization or a product is told of each change once, and only who asked for it."""

import re
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from accounts.models import OutgoingMail, User
from pcl.jobs import forget_unconfirmed_subscriptions, tell_everybody_who_follows
from pcl.models import ChangeSubject, Frequency, Listing, ListingChange, Subscription
from pcl.models.change_subject import about_code, about_organization, about_product
from pcl.services import tell_subscribers as telling
from pcl.services.end_date_listing import end_date_listing
from pcl.services.organizations import create_organization
from pcl.services.tell_subscribers import tell_subscribers
from pcl.subscription_links import token_of
from tests.accounts.smtp_server import mail_server
from tests.factories.accounts import UserFactory
from tests.factories.register import make_code, publish
from tests.jobs import run_jobs
from tests.pcl.test_public_pages import page

pytestmark = pytest.mark.django_db
SITE = "https://register.example"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.SITE_URL = SITE


def ask(client: Client, email: str = "ann@supplier.example", frequency: str = "at_once", **what: Any) -> Any:
    return client.post("/subscribe/", {"email": email, "frequency": frequency, **(what or {"code": "K1007"})})


def follow(about: str, email: str = "ann@supplier.example", frequency: str = Frequency.AT_ONCE) -> Subscription:
    """As if asked for and confirmed, up to the newest change."""
    newest = ListingChange.objects.order_by("-seq").first()
    return Subscription.objects.create(
        email=email,
        about=about,
        frequency=frequency,
        confirmed_at=datetime(2024, 1, 1, tzinfo=UTC),
        told_seq=newest.seq if newest else 0,
    )


def mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.order_by("id"))


def told() -> list[tuple[str, str]]:
    return [(mail.to[0], mail.subject) for mail in mails()]


def path_in(mail: OutgoingMail, page: str) -> str:
    found = re.search(rf"{SITE}(/{page}/\S+/)", mail.text)
    assert found, mail.text
    return found[1]


# Asking and confirming


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
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"email": "a@b.example\nBcc: c@d.example"}, "Enter a valid email address."),
        ({"email": ""}, "This field is required."),
        ({"frequency": "hourly"}, "Select a valid choice."),
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


# Being told


def test_followers_of_a_code_an_organization_and_a_product_are_told(client: Client) -> None:
    listing = publish("ReWalk", manufacturer="Argo Technologies", distributor="Shop", code="K1007")
    product = listing.model.product
    follow(about_code("K1007"), "code@x.example")
    follow(about_code("E0601"), "other-code@x.example")
    follow(about_organization(product.manufacturer_id), "maker@x.example")
    follow(about_organization(product.distributor_id or 0), "distributor@x.example")
    follow(about_product(product.pk), "product@x.example")
    follow(about_product(product.pk + 1), "other-product@x.example")

    end_date_listing(listing=listing, last_day=date(2024, 12, 31), reason="Withdrawn.", by=None)

    assert tell_subscribers() == 4
    assert sorted(to for to, _ in told()) == [
        "code@x.example",
        "distributor@x.example",
        "maker@x.example",
        "product@x.example",
    ]
    assert {subject for _, subject in told()} == {
        "ReWalk by Argo Technologies: Last day to bill set to December 31, 2024"
    }


def test_several_changes_at_once_are_one_mail_and_none_is_told_again() -> None:
    make_code("K1007")
    follow("code:K1007")
    with transaction.atomic():
        for number in range(3):
            publish(f"Product {number}", code="K1007")

    assert tell_subscribers() == 1
    assert tell_subscribers() == 0
    [mail] = mails()
    assert mail.subject == "Code K1007: 3 changes"
    assert re.findall(rf"{SITE}/changes/(\d+)/", mail.text) == ["1", "2", "3"]
    publish("Later", code="K1007")
    assert tell_subscribers() == 1
    assert re.findall(rf"{SITE}/changes/(\d+)/", mails()[1].text) == ["4"]


def test_very_many_changes_are_a_short_mail() -> None:
    make_code("K1007")
    follow("code:K1007")
    for number in range(25):
        publish(f"Product {number}", code="K1007")

    assert tell_subscribers() == 1
    [mail] = mails()
    assert mail.subject == "Code K1007: 25 changes"
    assert len(re.findall(rf"{SITE}/changes/\d+/", mail.text)) == 20
    assert f"and 5 more changes. All of them:\n{SITE}/changes/?code=K1007" in mail.text
    assert "and 5 more changes" in mail.html


def test_a_mail_is_short_linked_and_holds_nothing_but_what_is_public() -> None:
    person: User = UserFactory(name="Rita Registrar", email="rita@contractor.example")
    listing = publish("<b>ReWalk</b> & Co", code="K1007", model_number="7")
    subscription = follow("code:K1007")
    end_date_listing(listing=listing, last_day=date(2024, 12, 31), reason="Withdrawn & gone.", by=person)
    tell_subscribers()
    [mail] = mails()
    token = token_of(subscription.pk)

    assert mail.text == (
        "What changed on the Product Classification List about code K1007:\n"
        "\n"
        "* <b>ReWalk</b> & Co, model 7 by Argo Technologies (K1007)\n"
        "  Last day to bill set to December 31, 2024\n"
        "  Withdrawn & gone.\n"
        f"  {SITE}/changes/2/\n"
        "\n"
        "\n"
        "PCL Registry: Product Classification List for Medicare HCPCS codes\n"
        f"{SITE}/\n"
        "That a product is listed does not mean that Medicare pays for it.\n"
        "\n"
        f"You follow code K1007. What you follow: {SITE}/subscriptions/{token}/\n"
        f"Stop: {SITE}/unsubscribe/{token}/\n"
    )
    assert "&lt;b&gt;ReWalk&lt;/b&gt; &amp; Co, model 7 by Argo Technologies</a> (K1007)" in mail.html
    assert f'href="{SITE}/changes/2/"' in mail.html
    assert "Rita" not in mail.text + mail.html + str(mail.headers)
    assert mail.headers == {
        "List-Unsubscribe": f"<{SITE}/unsubscribe/{token}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }


class KilledError(Exception):
    pass


def test_a_worker_that_dies_before_the_end_has_told_nothing() -> None:
    make_code("K1007")
    follow("code:K1007")
    publish("ReWalk", code="K1007")

    def dies() -> None:
        with transaction.atomic():
            tell_subscribers()
            assert len(mails()) == 1
            raise KilledError

    with pytest.raises(KilledError):
        dies()
    assert mails() == []
    assert tell_subscribers() == 1
    assert tell_subscribers() == 0
    assert len(mails()) == 1


def test_one_that_cannot_be_told_does_not_keep_the_others_waiting() -> None:
    publish("ReWalk", code="K1007")
    # Nothing of that number is there any more.
    broken = follow("organization:999999", "broken@x.example")
    follow("code:K1007", "whole@x.example")
    publish("Indego", code="K1007")
    ChangeSubject.objects.create(about="organization:999999", change_id=2)

    with pytest.raises(RuntimeError, match="1 subscriptions could not be told; they stay due"):
        tell_subscribers()
    assert [to for to, _ in told()] == ["whole@x.example"]
    broken.refresh_from_db()
    assert broken.told_seq == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_once() -> None:
    make_code("K1007")
    for number in range(10):
        follow("code:K1007", f"somebody{number}@x.example")
    publish("ReWalk", code="K1007")
    start = threading.Barrier(3)
    counts: list[int] = []

    def work() -> None:
        try:
            start.wait(timeout=10)
            counts.append(tell_subscribers())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    # What one skipped because another held it, the next minute's run finds told.
    tell_subscribers()

    assert sorted(to for to, _ in told()) == [f"somebody{number}@x.example" for number in range(10)]
    assert sum(counts) == 10


@pytest.mark.parametrize(
    ("changed", "looked", "mails_then"),
    [
        # 11:00 UTC is 7 a.m. in summer, 12:00 UTC in winter.
        ("2024-07-01 09:00Z", "2024-07-01 10:59Z", 0),
        ("2024-07-01 09:00Z", "2024-07-01 11:00Z", 1),
        ("2024-07-01 11:00Z", "2024-07-01 23:00Z", 0),
        ("2024-07-01 11:00Z", "2024-07-02 11:00Z", 1),
        ("2024-12-01 11:30Z", "2024-12-01 11:59Z", 0),
        ("2024-12-01 11:30Z", "2024-12-01 12:00Z", 1),
        # The worker stood still for days.
        ("2024-12-01 11:30Z", "2024-12-09 03:00Z", 1),
        # The night in which clocks are set.
        ("2024-11-03 11:30Z", "2024-11-03 11:59Z", 0),
        ("2024-11-03 11:30Z", "2024-11-03 12:00Z", 1),
    ],
)
def test_a_digest_is_sent_at_seven_eastern(changed: str, looked: str, mails_then: int) -> None:
    make_code("K1007")
    follow("code:K1007", frequency=Frequency.DAILY)
    with time_machine.travel(changed, tick=False) as clock:
        publish("ReWalk", code="K1007")
        clock.move_to(looked)
        assert tell_subscribers() == mails_then
        assert tell_subscribers() == 0


def test_a_digest_tells_a_day_in_one_mail() -> None:
    make_code("K1007")
    follow("code:K1007", frequency=Frequency.DAILY)
    with time_machine.travel("2024-07-01 12:00Z", tick=False) as clock:
        for number in range(4):
            publish(f"Product {number}", code="K1007")
            clock.shift(timedelta(hours=8))
            tell_subscribers()
        clock.move_to("2024-07-03 11:00Z")
        tell_subscribers()

    assert [(mail.subject, re.findall(rf"{SITE}/changes/(\d+)/", mail.text)) for mail in mails()] == [
        ("Code K1007: 3 changes", ["1", "2", "3"]),
        (
            "Product 3 by Argo Technologies: Listed under K1007 for dates of service from January 1, 2024",
            ["4"],
        ),
    ]


def test_looking_for_whom_to_tell_reads_no_more_the_more_follow(django_assert_num_queries: Any) -> None:
    publish("ReWalk", code="K1007")
    for number in range(20):
        follow("code:K1007", f"somebody{number}@x.example")

    with django_assert_num_queries(4):
        assert tell_subscribers() == 0


@pytest.mark.django_db(transaction=True)
def test_the_worker_tells_and_delivers_with_the_headers_whole(settings: Any) -> None:
    with mail_server() as server:
        settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        make_code("K1007")
        subscription = follow("code:K1007")
        publish("ReWalk", code="K1007")
        tell_everybody_who_follows.defer(timestamp=0)
        run_jobs()
        tell_everybody_who_follows.defer(timestamp=0)
        run_jobs()
        [received] = server.received

    assert received["List-Unsubscribe"].strip() == f"<{SITE}/unsubscribe/{token_of(subscription.pk)}/>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert received["To"] == "ann@supplier.example"
    assert [part.get_content_type() for part in received.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_great_many_are_told_in_several_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcl.jobs.TOLD_IN_ONE_GO", 2)
    make_code("K1007")
    for number in range(5):
        follow("code:K1007", f"somebody{number}@x.example")
    publish("ReWalk", code="K1007")

    tell_everybody_who_follows.defer(timestamp=0)
    run_jobs()

    assert sorted(to for to, _ in told()) == [f"somebody{number}@x.example" for number in range(5)]
    assert all(mail.delivered_at for mail in mails())


# Ending and changing


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

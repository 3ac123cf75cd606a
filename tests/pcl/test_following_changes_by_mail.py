"""Whoever follows a code, an organization or a product is told of each change once."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from accounts.models import User
from pcl.jobs import tell_everybody_who_follows
from pcl.models import ChangeSubject, Frequency
from pcl.models.change_subject import about_code, about_organization, about_product
from pcl.services.end_date_listing import end_date_listing
from pcl.services.tell_subscribers import tell_subscribers
from pcl.subscription_links import token_of
from tests.accounts.smtp_server import mail_server
from tests.factories.accounts import UserFactory
from tests.factories.register import make_code, publish
from tests.jobs import run_jobs
from tests.pcl.following import SITE, follow, mails, told
from tests.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


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
        "ReWalk by Argo Technologies under K1007: Last day to bill set to December 31, 2024"
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
        "* <b>ReWalk</b> & Co, model 7 by Argo Technologies under K1007\n"
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
    assert "&lt;b&gt;ReWalk&lt;/b&gt; &amp; Co, model 7 by Argo Technologies under K1007</a>" in mail.html
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
    counts: list[int] = []

    assert together(*[lambda: counts.append(tell_subscribers())] * 3) == [None] * 3
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


def test_at_once_is_no_mail_each_minute(settings: Any) -> None:
    """The first change is told at once; what follows within the hour, together, and by itself when it is over."""
    settings.SUBSCRIPTION_MINUTES_APART = 60
    make_code("K1007")
    follow("code:K1007")
    follow("code:K1007", "daily@x.example", frequency=Frequency.DAILY)
    begin = datetime(2026, 6, 10, 14, tzinfo=UTC)
    sent = []
    for minute in range(130):
        with time_machine.travel(begin + timedelta(minutes=minute), tick=False):
            if minute < 100:
                publish(f"Product {minute}", code="K1007")
            sent += [minute] * tell_subscribers()
    assert sent == [0, 60, 120]
    assert [mail.subject for mail in mails()][1:] == ["Code K1007: 60 changes", "Code K1007: 39 changes"]
    assert "What changes in the next 60 minutes is collected in one mail.\nYou follow code K1007." in mails()[0].text
    assert "collected in one mail" in mails()[0].html


def test_after_some_quiet_a_change_is_told_at_once(settings: Any) -> None:
    settings.SUBSCRIPTION_MINUTES_APART = 60
    make_code("K1007")
    follow("code:K1007")
    for minute, count in ((0, 1), (59, 0), (60, 1), (200, 1)):
        with time_machine.travel(datetime(2026, 6, 10, 14, tzinfo=UTC) + timedelta(minutes=minute), tick=False):
            publish(f"Product {minute}", code="K1007")
            assert tell_subscribers() == count, minute

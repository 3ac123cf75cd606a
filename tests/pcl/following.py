"""Who follows what by mail, and the mails that they got."""

import re
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from accounts.models import OutgoingMail
from pcl.models import Frequency, ListingChange, Subscription

SITE = "https://register.example"


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

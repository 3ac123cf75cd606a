"""What the tests of this door say often: addresses, what is typed, what is read."""

import html
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import OutgoingMail, User
from verification.models import Application

TAG = re.compile(r"<[^>]+>")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(name: str, application: Application | int, *args: Any) -> str:
    return reverse(f"apply:{name}", args=[getattr(application, "pk", application), *args])


def words(response: HttpResponse) -> str:
    """The page's main part as a person reads it: no markup, one blank between words."""
    found = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert found, "a page has a main part"
    return " ".join(html.unescape(TAG.sub(" ", found[0])).split())


def save(client: Client, application: Application, section: str, said: dict[str, Any], **more: Any) -> HttpResponse:
    """Post a section from a page that shows the application as it is handed in."""
    data = {"seen_version": application.version, "list": "1", **said, **more}
    return client.post(address("section", application, section), data)


def subjects_to(user: User) -> list[str]:
    return list(OutgoingMail.objects.filter(to=[user.email]).order_by("id").values_list("subject", flat=True))


def statuses(client: Client, pages: list[str]) -> list[int]:
    answers = [client.get(page) for page in pages]
    # Reading a file to its end closes it.
    _ = [b"".join(answer.streaming_content) for answer in answers if answer.streaming]  # type: ignore[attr-defined]
    return [answer.status_code for answer in answers]

"""A form sent after the sign-in expired: its text waits for the same person, and does nothing by itself."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import TypedText, User
from accounts.services.typed_text import MOST_OF_A_PERSON
from tests.applicant.pages import signed_in, words
from tests.factories.accounts import PASSWORD
from tests.factories.verification import again, draft, in_review, manufacturer, reviewer
from verification.models import Application

LONG = "Two lines\nof text that somebody typed."


def expired(client: Client) -> Client:
    """The same browser, whose session is gone."""
    del client.cookies["sessionid"]
    return client


@pytest.fixture
def maker(db: None) -> User:
    return manufacturer()


def section(application: Application) -> str:
    return f"/apply/{application.pk}/product/"


def typed(application: Application) -> dict[str, Any]:
    return {"seen_version": application.version, "product_name": "Stride", "description": LONG, "list": "1"}


def sign_in(client: Client, user: User, next_page: str) -> Any:
    return client.post(
        f"/accounts/login/?next={next_page}", {"login": user.email, "password": PASSWORD, "next": next_page}
    )


def sent_after_expiry(maker: User) -> tuple[Client, Application, str]:
    application = draft(maker)
    client = signed_in(maker)
    client.get(section(application))
    answer = expired(client).post(
        section(application), typed(application), headers={"referer": f"http://testserver{section(application)}"}
    )
    assert answer.url.startswith("/accounts/login/?next=/accounts/typed/")
    return client, application, answer.url.split("next=")[1]


def test_the_same_person_gets_it_back_and_sends_it(maker: User) -> None:
    client, application, page = sent_after_expiry(maker)
    assert "What you typed is kept" in client.get(f"/accounts/login/?next={page}").content.decode()
    assert sign_in(client, maker, page).url == page
    # Nothing was done by signing in.
    assert again(application).product_name == ""

    shown = client.get(page)
    assert "Two lines of text that somebody typed." in words(shown)
    assert [name for name, _ in shown.context["texts"]] == ["Product name", "Description"]
    assert f'action="{section(application)}"' in shown.content.decode()
    assert f'href="{section(application)}?typed_text=' in shown.content.decode()
    assert again(application).product_name == ""
    token = page.split("/")[3]
    fields = client.get(f"{page}fields/").json()
    assert fields["path"] == section(application)
    assert ["description", LONG] in fields["fields"]

    answer = client.post(section(application), dict(fields["fields"]) | {"typed_text": token})
    assert answer.url == application.get_absolute_url()
    assert (again(application).product_name, again(application).description) == ("Stride", LONG)
    # It arrived, so it is not kept any longer.
    assert TypedText.objects.count() == 0


def test_somebody_else_who_signs_in_does_not_get_it(maker: User) -> None:
    client, _, page = sent_after_expiry(maker)
    other = manufacturer()
    sign_in(client, other, page)
    for address in (page, f"{page}fields/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Two lines" not in answer.content.decode()
    client.post(page)
    assert TypedText.objects.get().user == maker


def test_nobody_who_is_not_signed_in_gets_it(maker: User) -> None:
    client, _, page = sent_after_expiry(maker)
    for address in (page, f"{page}fields/"):
        assert client.get(address).url.startswith("/accounts/login/?next=")


def test_a_second_tab_saved_in_between_and_nothing_is_overwritten(maker: User) -> None:
    client, application, page = sent_after_expiry(maker)
    colleague = signed_in(maker)
    colleague.post(section(application), typed(application) | {"product_name": "Stride by a colleague"})
    sign_in(client, maker, page)
    answer = client.post(section(application), dict(client.get(f"{page}fields/").json()["fields"]))
    assert answer.status_code == 409
    assert "Stride by a colleague" in words(answer)
    assert LONG.splitlines()[1] in words(answer)


@pytest.mark.django_db
def test_a_forms_own_page_is_found_where_its_address_takes_no_visit() -> None:
    person = reviewer()
    application = in_review(reviewed_by=person)
    client = signed_in(person)
    dossier = f"/review/{application.pk}/"
    client.get(dossier)
    said = {"text": "A remark that must not be lost."}
    answer = expired(client).post(
        f"{dossier}remarks/", said, headers={"referer": f"http://testserver{dossier}?document=1"}
    )
    page = answer.url.split("next=")[1]
    sign_in(client, person, page)
    assert f'href="{dossier}?document=1&amp;typed_text=' in client.get(page).content.decode()
    assert application.remarks.count() == 0
    client.post(f"{dossier}remarks/", said)
    assert application.remarks.get().text == said["text"]


@pytest.mark.parametrize("referer", ["https://evil.example/x", "http://testserver//evil.example/", "nonsense", ""])
def test_another_sites_address_is_not_gone_back_to(maker: User, referer: str) -> None:
    application, client = draft(maker), signed_in(maker)
    client.get(section(application))
    expired(client).post(section(application), typed(application), headers={"referer": referer})
    assert TypedText.objects.get().page == ""


def test_what_is_secret_is_never_kept(maker: User) -> None:
    application, client = draft(maker), signed_in(maker)
    client.get(section(application))
    secret = {
        "password": "hunter2",
        "new-Password1": "hunter2",
        "csrfmiddlewaretoken": "hunter2",
        "otp_code": "hunter2",
    }
    expired(client).post(section(application), typed(application) | secret)
    assert "hunter2" not in str(TypedText.objects.get().fields)
    # Nor anything of the pages of accounts.
    TypedText.objects.all().delete()
    client.post("/accounts/password/change/", {"oldpassword": "hunter2", "note": LONG})
    assert TypedText.objects.count() == 0


def test_files_are_named_and_not_kept(maker: User) -> None:
    application, client = draft(maker), signed_in(maker)
    client.get(section(application))
    upload = SimpleUploadedFile("brochure.pdf", b"%PDF-1.7 x")
    answer = expired(client).post(section(application), typed(application) | {"literature": upload})
    page = answer.url.split("next=")[1]
    sign_in(client, maker, page)
    assert "Files were not kept: brochure.pdf" in words(client.get(page))


def test_a_browser_that_nobody_signed_in_with_keeps_nothing(maker: User) -> None:
    application = draft(maker)
    for cookie in ("", "nonsense", str(maker.pk)):
        client = Client()
        client.cookies["who_writes"] = cookie
        answer = client.post(section(application), typed(application))
        assert answer.url == f"/accounts/login/?next={section(application)}"
    assert TypedText.objects.count() == 0


def test_it_is_forgotten_after_some_hours(maker: User) -> None:
    client, _, page = sent_after_expiry(maker)
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        sign_in(client, maker, page)
        assert client.get(page).status_code == 404


def test_it_is_thrown_away_when_the_person_says_so(maker: User) -> None:
    client, _, page = sent_after_expiry(maker)
    sign_in(client, maker, page)
    client.post(page)
    assert TypedText.objects.count() == 0


def test_no_more_is_kept_of_a_person_than_so_many(maker: User) -> None:
    application, client = draft(maker), signed_in(maker)
    client.get(section(application))
    expired(client)
    for number in range(MOST_OF_A_PERSON + 3):
        client.post(section(application), {"description": f"Text number {number}"})
    assert TypedText.objects.count() == MOST_OF_A_PERSON
    assert TypedText.objects.order_by("-pk")[0].fields == [["description", f"Text number {MOST_OF_A_PERSON + 2}"]]


def test_a_part_of_a_page_that_asks_by_itself_leaves_the_page_alone(maker: User) -> None:
    answer = Client().post("/review/1/presence/", {"page": "dossier"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")
    assert TypedText.objects.count() == 0


def test_a_forged_form_keeps_nothing(maker: User) -> None:
    application = draft(maker)
    client = Client(enforce_csrf_checks=True)
    client.cookies.update(signed_in_cookies(maker))
    answer = client.post(section(application), typed(application), headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "Two lines" not in answer.content.decode()
    assert TypedText.objects.count() == 0


def signed_in_cookies(user: User) -> Any:
    client = signed_in(user)
    client.get("/apply/")
    return expired(client).cookies


def test_a_form_from_before_another_sign_in_shows_its_text_again(maker: User) -> None:
    application = draft(maker)
    client = Client(enforce_csrf_checks=True)
    client.force_login(maker)
    answer = client.post(section(application), typed(application), headers={"origin": "http://testserver"})
    assert answer.status_code == 403
    assert "Two lines of text that somebody typed." in words(answer)

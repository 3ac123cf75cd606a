"""What no browser sends: numbers of thousands of digits, signs that are no words, forms of any size, odd methods."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from tests.applicant.pages import address, signed_in, words
from tests.factories.accounts import contractor_person
from tests.factories.register import make_code
from tests.factories.verification import (
    again,
    attached,
    complete_draft,
    in_review,
    information_requested,
    manufacturer,
    reviewer,
    submitted,
)
from verification.models import Application, Remark

pytestmark = pytest.mark.django_db
# Python refuses to read it as a number.
LONG = "9" * 5000
HIDDEN = f"000000001{LONG}"
DIGIT_OF_ANOTHER_KIND = "\u00b2"


@pytest.fixture
def maker() -> User:
    return manufacturer("Stride Robotics")


@pytest.fixture
def client(maker: User) -> Client:
    return signed_in(maker)


@pytest.mark.parametrize("number", [LONG, HIDDEN, DIGIT_OF_ANOTHER_KIND, "-1", "\x00", "0"])
def test_a_number_that_is_none_of_ours(client: Client, maker: User, number: str) -> None:
    asked = information_requested(maker)
    document = attached(complete_draft(maker))

    answers = {
        "closed": client.get("/apply/", {"closed_after": number}),
        "for": client.get("/apply/listings/", {"for": number}),
        "page": client.get(address("document_view", document.application, document.pk), {"page": number}),
        "removed": client.post(address("respond", asked), {"remove_document": number}),
        "version": client.post(address("section", document.application, "product"), {"seen_version": number}),
    }

    statuses = {name: response.status_code for name, response in answers.items()}
    assert statuses == {
        "closed": 200,
        "for": 200,
        "page": 200,
        "removed": 404,
        "version": 409,
    }
    assert "#page=" not in answers["page"].content.decode()
    assert number == "0" or client.get("/fhir/ValueSet/hcpcs/$expand", {"offset": number}).status_code == 400


def test_a_sign_that_is_no_word_finds_no_code(client: Client) -> None:
    make_code("K1007")
    found = client.get("/codes/", {"q": DIGIT_OF_ANOTHER_KIND})
    assert found.status_code == 200
    assert "K1007" not in words(found)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("x=" + "y" * 3_000_000, "A form takes at most 2.5 MB of text."),
        ("&".join(f"field{number}=1" for number in range(1001)), "A form takes at most 1,000 fields."),
    ],
)
@pytest.mark.parametrize("page", ["/apply/start/", "section", "/accounts/login/", "/report/"])
def test_a_form_that_is_too_large_says_so(client: Client, maker: User, page: str, body: str, why: str) -> None:
    draft = complete_draft(maker)
    before = draft.version
    where = address("section", draft, "product") if page == "section" else page
    by = client if where.startswith("/apply/") else Client()

    response = by.post(where, body, content_type="application/x-www-form-urlencoded")

    assert (response.status_code, why in words(response)) == (413, True)
    assert "what was saved before is as it was" in words(response)
    assert Application.objects.get(pk=draft.pk).version == before


@pytest.mark.parametrize("body", [b"--x\r\nnonsense", b"", b"x=%ff%fe&y=%00", b"\xff\x00"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "multipart/form-data", "text/plain; charset=none"])
def test_a_body_that_cannot_be_read(client: Client, maker: User, body: bytes, kind: str) -> None:
    draft = complete_draft(maker)
    for where in (address("section", draft, "product"), "/apply/start/", "/check/batch/"):
        response: Any = client.generic("POST", where, body, content_type=kind)
        assert response.status_code in {200, 302, 400, 409, 413, 415, 422}, where


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"])
def test_a_method_that_the_page_does_not_know(client: Client, maker: User, method: str) -> None:
    draft = complete_draft(maker)
    before = draft.version
    pages = ["/", "/check/", "/apply/", "/apply/start/", draft.get_absolute_url(), address("section", draft, "product")]
    for where in [*pages, address("submit", draft), address("discard", draft), address("withdraw", draft)]:
        assert client.generic(method, where).status_code < 500, where
    now = Application.objects.get(pk=draft.pk)
    assert (now.status, now.version, now.discarded_at) == ("draft", before, None)


UNSEEN = "\u202e\u200b\x0b \ufeff\r\n"


def test_a_text_of_characters_that_nobody_sees_is_none(client: Client, maker: User) -> None:
    robin = reviewer()
    theirs, asked, sub = in_review(maker, reviewed_by=robin), information_requested(maker), submitted(maker)
    as_robin = signed_in(robin)
    seen = {"seen_version": theirs.version}
    before = Remark.objects.count()

    answers = [
        client.post(address("message", theirs), {"text": UNSEEN}),
        client.post(address("respond", asked), {"answer-1": UNSEEN, "answer-2": UNSEEN}),
        as_robin.post(f"/review/{theirs.pk}/messages/", {"text": UNSEEN}),
        as_robin.post(f"/review/{theirs.pk}/remarks/", {"text": UNSEEN}),
        as_robin.post(f"/review/{theirs.pk}/act/reject/", {**seen, "reason_code": "incomplete", "text": UNSEEN}),
        as_robin.post(
            f"/review/{theirs.pk}/act/request_information/", {**seen, "items": UNSEEN, "due_on": "2026-12-31"}
        ),
        client.post(address("section", complete_draft(maker), "product"), {"product_name": UNSEEN, "seen_version": 0}),
    ]

    assert [each.status_code for each in answers[:2]] == [422, 422]
    assert {each.status_code for each in answers[2:6]} <= {400, 422}
    assert answers[6].status_code in {302, 409, 422}
    assert Remark.objects.count() == before
    assert {again(each).status for each in (theirs, sub)} == {"in_review", "submitted"}
    assert again(asked).status == "information_requested"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "9999-12-30", "2024-02-30", "\x00"])
@pytest.mark.parametrize(
    "where", ["/review/log/?first=", "/review/log/?last=", "/review/log.csv?last=", "/review/reports/?first=", "/?on="]
)
def test_a_day_that_cannot_be_meant(day: str, where: str) -> None:
    somebody = signed_in(contractor_person(Role.ADMINISTRATOR))

    response = somebody.get(where + day)

    assert response.status_code in ({400} if "log" in where else {200, 400})
    if day[:4] in {"0001", "9999"} and where.startswith("/review/log/"):
        assert "is not a plausible date" in response.content.decode()

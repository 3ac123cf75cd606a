"""Authorizations: asked, given, confirmed or refused, and by whom not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from pcl.errors import RegisterError
from pcl.services.organizations import create_organization
from tests.applicant.pages import signed_in, statuses, subjects_to, words
from tests.factories.accounts import contractor_person
from tests.factories.companies import authorized, colleague_of, in_days, representative_of, today
from tests.factories.verification import (
    draft,
    manufacturer,
    organization_of,
    pdf_file,
    reviewer,
    submitted,
)
from tests.reviewer.page import text_of
from verification.models import Authorization
from verification.queries.representation import (
    may_act_on,
    whom_to_tell,
)
from verification.services.authorize import (
    confirm_authorization,
    end_authorization,
    refuse_authorization,
)

MAKERS = "/apply/organizations/stride-robotics/authorizations/"


def terms(**said: Any) -> dict[str, Any]:
    return {"capacity": "representative", "begins": today().isoformat(), "until": "", **said}


def test_it_is_asked_for_and_an_administrator_of_the_manufacturer_confirms(client: Client, maker: User) -> None:
    casey = manufacturer("Clearpath Consulting")
    theirs = signed_in(casey)
    pages = "/apply/organizations/clearpath-consulting/authorizations/"
    letter = pdf_file("letter.pdf")
    answer = theirs.post(f"{pages}ask/", terms(name="stride robotics", document=letter), follow=True)
    assert "Waits for an answer" in words(answer)
    asked = Authorization.objects.get()
    made = draft(casey, behalf=organization_of(maker))
    assert not may_act_on(casey, made)
    assert "Clearpath Consulting asks to apply for Stride Robotics" in subjects_to(maker)

    document = f"/apply/organizations/stride-robotics/authorization/{asked.pk}/document/"
    sent = client.get(document)
    assert b"".join(sent.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert sent.headers["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    client.post(f"/apply/organizations/stride-robotics/authorization/{asked.pk}/", {"answer": "confirm"})

    assert may_act_on(casey, made)
    assert "In force confirmed by Stride Robotics" in words(theirs.get(pages))
    # Of two administrators at once, the second is told.
    second = colleague_of(maker, as_administrator=True)
    answer = signed_in(second).post(
        f"/apply/organizations/stride-robotics/authorization/{asked.pk}/", {"answer": "refuse"}, follow=True
    )
    assert "answered already" in words(answer)
    assert may_act_on(casey, made)


def test_the_representative_does_not_confirm_itself(maker: User) -> None:
    casey = manufacturer("Clearpath Consulting")
    signed_in(casey).post(
        "/apply/organizations/clearpath-consulting/authorizations/ask/", terms(name="Stride Robotics")
    )
    asked = Authorization.objects.get()

    path = f"/apply/organizations/clearpath-consulting/authorization/{asked.pk}/"
    assert signed_in(casey).post(path, {"answer": "confirm"}).status_code == 404
    with pytest.raises(RegisterError, match="Only an administrator of Stride Robotics"):
        confirm_authorization(authorization=asked, by=casey)
    registrar = contractor_person(Role.REGISTRAR)
    with pytest.raises(RegisterError, match="has administrators of its own"):
        confirm_authorization(authorization=asked, by=registrar)
    assert "Nothing waits" in text_of(signed_in(registrar).get("/review/authorizations/"))
    refuse_authorization(authorization=asked, by=maker)
    assert "Stride Robotics: authorization refused" in subjects_to(casey)


@pytest.mark.parametrize("is_known", [True, False])
def test_where_the_manufacturer_has_nobody_the_contractor_decides_on_the_document(db: None, is_known: bool) -> None:
    if is_known:
        create_organization(name="Silent Maker Inc.")
    casey, registrar = manufacturer("Clearpath Consulting"), contractor_person(Role.REGISTRAR)
    theirs, console = signed_in(casey), signed_in(registrar)
    ask = "/apply/organizations/clearpath-consulting/authorizations/ask/"
    without = theirs.post(ask, terms(name="Silent Maker Inc."))
    assert (without.status_code, "Attach the manufacturer's letter" in words(without)) == (422, True)

    said = [theirs.post(ask, terms(name="Silent Maker Inc.", document=pdf_file("letter.pdf"))) for _ in range(2)]
    assert [answer.status_code for answer in said] == [302, 422]
    asked = Authorization.objects.get()
    assert "Clearpath Consulting asks to apply for Silent Maker Inc." in subjects_to(registrar)
    page = text_of(console.get("/review/authorizations/"))
    assert ("new to the register" in page, "letter.pdf" in page) == (not is_known, True)
    assert statuses(console, [f"/review/authorizations/{asked.pk}/document/"]) == [200]
    console.post(f"/review/authorizations/{asked.pk}/", {"answer": "confirm"})

    asked.refresh_from_db()
    assert (asked.confirmed_by_contractor, asked.manufacturer and asked.manufacturer.name) == (
        True,
        "Silent Maker Inc.",
    )
    assert asked.manufacturer
    made = submitted(casey, behalf=asked.manufacturer)
    assert may_act_on(casey, made)
    console.post(f"/review/authorizations/{asked.pk}/", {"answer": "revoke"})
    assert not may_act_on(casey, made)
    assert whom_to_tell(made) == []
    assert "Nobody of Silent Maker Inc. has an account" in text_of(
        signed_in(reviewer()).get(f"/review/{made.pk}/around/")
    )


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"until": -1}, "The last day is before the first."),
        ({"begins": -9, "until": -3}, "has passed already."),
        ({"begins": -90_000}, "is not a plausible date."),
        ({"name": "Nobody Knows Us GmbH"}, "Nobody with an account here acts for “Nobody Knows Us GmbH”."),
        ({"name": "Stride Robotics"}, "needs no authorization to act for itself."),
        ({"name": ""}, "Name the organization that you authorize."),
        ({"capacity": "owner"}, "owner is not one of the available choices."),
        ({"kinds": "everything"}, "everything is not one of the available choices."),
        ({"document": "text"}, "is not a PDF, JPEG, PNG or Word (DOCX) file"),
    ],
)
def test_an_authorization_that_cannot_be_meant(client: Client, maker: User, said: dict[str, Any], why: str) -> None:
    manufacturer("Clearpath Consulting")
    days = {name: in_days(value).isoformat() for name, value in said.items() if name in {"begins", "until"}}
    if "document" in said:
        file = pdf_file("letter.pdf")
        file.file.seek(0)
        file.file.write(b"just text, no PDF at all")
        said = {"document": file}
    answer = client.post(f"{MAKERS}give/", terms(**{"name": "Clearpath Consulting"} | said | days))

    assert (answer.status_code, why in words(answer)) == (422, True)
    assert Authorization.objects.count() == 0


def test_the_same_given_twice_is_one(client: Client, maker: User) -> None:
    manufacturer("Clearpath Consulting")
    answers = [client.post(f"{MAKERS}give/", terms(name="Clearpath Consulting")).status_code for _ in range(2)]
    assert (answers, Authorization.objects.count()) == ([302, 422], 1)


def test_a_look_alike_is_pointed_out(maker: User) -> None:
    casey = manufacturer("Clearpath Consulting")
    ask = "/apply/organizations/clearpath-consulting/authorizations/ask/"
    answer = signed_in(casey).post(ask, terms(name="Stride Robotics, Inc.", document=pdf_file()))
    assert "The register knows “Stride Robotics”." in words(answer)
    assert Authorization.objects.count() == 0


def test_ordinary_people_give_and_end_nothing(maker: User, casey: User) -> None:
    colleague = signed_in(colleague_of(maker))
    theirs = signed_in(colleague_of(casey))
    authorization = Authorization.objects.get()
    paths = [
        f"{MAKERS}give/",
        f"{MAKERS}ask/",
        f"/apply/organizations/stride-robotics/authorization/{authorization.pk}/end/",
    ]

    assert [colleague.post(path, terms(name="Clearpath Consulting")).status_code for path in paths] == [404] * 3
    assert (
        theirs.post(f"/apply/organizations/clearpath-consulting/authorization/{authorization.pk}/end/").status_code
        == 404
    )
    assert "Clearpath Consulting" in words(colleague.get(MAKERS))
    assert Authorization.objects.filter(ended_at=None).count() == 1


def test_what_happened_stays(maker: User, casey: User) -> None:
    authorization = Authorization.objects.get()
    end_authorization(authorization=authorization, by=maker)
    assert [line.what for line in authorization.log.order_by("id")] == [
        "authorization_asked",
        "authorization_confirmed",
        "authorization_revoked",
    ]
    with pytest.raises(DatabaseError, match="Cannot update or delete"):
        authorization.log.update(what="left")


def test_the_page_asks_the_database_as_often_for_three_as_for_one(client: Client, maker: User) -> None:
    def visit() -> int:
        with CaptureQueriesContext(connection) as asked:
            for path in (MAKERS, "/apply/", "/apply/start/"):
                client.get(path)
        return len(asked)

    def more(number: int) -> None:
        for _ in range(number):
            casey = representative_of(maker)
            authorized(casey, maker, begins=today() - timedelta(days=1))
            submitted(casey, behalf=organization_of(maker))

    more(1)
    one = visit()
    more(2)
    assert visit() == one

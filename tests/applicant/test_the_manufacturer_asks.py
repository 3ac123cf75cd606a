"""The manufacturer asks to reconsider what its distributor applied for: with the letter in hand and nothing else."""

import io
import re
from datetime import timedelta
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail, User
from tests.applicant.pages import address, save, signed_in, words
from tests.factories.kinds import GROUNDS, complete_update, determine, recommend, submit
from tests.factories.verification import (
    again,
    attached,
    code,
    complete_draft,
    determined,
    manufacturer,
    organization_of,
    say_manufacturer,
    sign,
)
from verification.applicant.sections import sections_of
from verification.applicant.views.after import MOST_LETTERS_AN_HOUR
from verification.letters.compose import letter_text
from verification.letters.jobs import write_letter
from verification.models import Application, AppliesAs, Letter, Outcome
from verification.queries.representation import may_act_on
from verification.services.copy_application import copy_application
from verification.services.drafts import save_answers
from verification.workflow.perform import perform

PAGE = "/apply/reconsiderations/"
POINT_OF_CONTACT = "coding@stride.example"
DISTRIBUTORS = {
    "description": "DISTRIBUTORS-OWN-WORDS about the frame",
    "fda_establishment_number": "DISTRIBUTORS-9988",
    "fda_submission_number": "K-DISTRIBUTORS",
    "distributor_contact_name": "Distributors Salesperson",
    "distributor_contact_email": "sales@distributors-own.example",
}


@pytest.fixture
def seller(db: None) -> User:
    return manufacturer("Gait Supply LLC")


@pytest.fixture
def sold(maker: User, seller: User) -> Application:
    """Determined as “No HCPCS Code Assigned”; a distributor applied, and the maker is known by the name it gave."""
    return of_distributor(seller)


def of_distributor(seller: User, *, outcome: Outcome = Outcome.NO_CODE, **said: Any) -> Application:
    application = complete_draft(seller, distributor_name="Gait Supply LLC", signed=False, **said)
    Application.objects.filter(pk=application.pk).update(
        applies_as=AppliesAs.DISTRIBUTOR,
        manufacturer_name="Stride Robotics",
        contact_name="Point of Contact",
        contact_email=POINT_OF_CONTACT,
        **DISTRIBUTORS,
    )
    attached(again(application), "other", "distributors-price-list.pdf", "prices")
    reviewed = recommend(
        submit(sign(again(application))),
        outcome=outcome,
        codes=[code()] if outcome == Outcome.CODES_ASSIGNED else [],
    )
    return determine(reviewed, begins=timezone.localdate() if outcome == Outcome.CODES_ASSIGNED else None)


def letter_of(sold: Application) -> dict[str, str]:
    return {"dcn": sold.dcn or "", "letter_date": sold.determination.letter_date.isoformat()}  # type: ignore[union-attr]


def begun(client: Client, sold: Application) -> Application:
    answer = client.post(PAGE, letter_of(sold))
    assert answer.status_code == 302
    draft = Application.objects.get(reconsiders__application=sold)
    assert answer["Location"] == draft.get_absolute_url()
    return draft


def complete(draft: Application) -> Application:
    draft = say_manufacturer(save_answers(application=draft, answers=GROUNDS, seen_version=draft.version))
    attached(draft, "new-evidence", "new-evidence.pdf", "MAKERS-OWN-EVIDENCE")
    return sign(again(draft))


def test_with_number_and_date_of_the_letter_the_manufacturer_begins_it(
    client: Client, maker: User, sold: Application
) -> None:
    said = words(client.get(PAGE, letter_of(sold)))
    assert "45 days left" in said
    assert "for which Gait Supply LLC applied" in said
    draft = begun(client, sold)
    assert begun(client, sold) == draft
    assert (draft.organization, draft.made_by, draft.applies_as) == (organization_of(maker), None, "manufacturer")
    assert (draft.manufacturer_name, draft.distributor_name) == ("Stride Robotics", "Gait Supply LLC")
    assert draft.contact_email == maker.email
    assert [model.model_number for model in draft.models.all()] == ["SO-100"]
    assert [row.code.code for row in draft.requested_codes.all()] == ["K1007"]
    assert "Go on with it" in words(client.get(PAGE, letter_of(sold)))


def test_it_is_found_with_the_letter_only(client: Client, maker: User, seller: User, sold: Application) -> None:
    assert words(client.get(PAGE)).count("Date of the letter") == 1
    right = letter_of(sold)
    other_day = (timezone.localdate() - timedelta(days=1)).isoformat()
    own = determined(maker, product_name="Own")
    for client_of, said in (
        (client, {**right, "letter_date": other_day}),
        (client, {**right, "dcn": "CVR-2026-999999"}),
        (client, letter_of(own)),
        (signed_in(seller), right),
        (signed_in(manufacturer("Another Maker")), right),
    ):
        for ask in (client_of.get, client_of.post):
            answer = ask(PAGE, said)
            assert answer.status_code == 422
            assert "No letter with this number and date" in words(answer)
            assert sold.product_name not in answer.content.decode()
    assert client.get(PAGE, {"dcn": "", "letter_date": "yesterday"}).status_code == 422
    assert not Application.objects.filter(kind="reconsideration").exists()


def test_numbers_and_dates_cannot_be_tried_out(client: Client, sold: Application) -> None:
    wrong = {**letter_of(sold), "dcn": "CVR-2026-999999"}
    assert [client.get(PAGE, wrong).status_code for _ in range(MOST_LETTERS_AN_HOUR)] == [422] * MOST_LETTERS_AN_HOUR
    answer = client.get(PAGE, letter_of(sold))
    assert answer.status_code == 429
    assert "Try again in an hour" in words(answer)
    assert sold.product_name not in answer.content.decode()


def test_nothing_of_what_the_distributor_sent_is_shown_to_the_manufacturer(
    client: Client, maker: User, sold: Application
) -> None:
    Application.objects.filter(pk=sold.pk).update(answers={"weight": "SECRET-4711"})
    secrets = [*DISTRIBUTORS.values(), "distributors-price-list.pdf", "SECRET-4711", "instructions.pdf"]
    draft = complete(begun(client, sold))
    pages = [
        client.get(PAGE, letter_of(sold)),
        client.get(draft.get_absolute_url()),
        *(client.get(address("section", draft, section.key)) for section in sections_of(draft)),
    ]
    draft = submit(draft)
    pages.append(client.get(draft.get_absolute_url()))
    for page in pages:
        assert page.status_code == 200
        for secret in secrets:
            assert secret not in page.content.decode()
    assert "It is the distributor’s own and not shown here" in words(pages[-1])
    paper = b"".join(client.get(f"/apply/{draft.pk}/submitted.pdf"))  # type: ignore[arg-type]
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)
    assert "new-evidence.pdf" in text
    assert not [secret for secret in secrets if secret in text]
    document = sold.documents.first()
    assert document is not None
    assert client.get(sold.get_absolute_url()).status_code == 404
    assert client.get(f"/apply/{sold.pk}/documents/{document.pk}/").status_code == 404
    assert client.get(f"/apply/{sold.pk}/letter/").status_code == 404

    perform("withdraw", application=draft, by=maker, seen_version=again(draft).version)
    copied = copy_application(application=again(draft), by=maker).application
    assert copied.answers == {}
    assert [each.name for each in copied.documents.all()] == ["new-evidence.pdf"]
    assert not copied.code_evidence.exists()


def test_the_distributor_reads_that_it_was_asked_for_and_nothing_of_it(
    client: Client, seller: User, sold: Application
) -> None:
    draft = begun(client, sold)
    desk = signed_in(seller)
    said = words(desk.get(sold.get_absolute_url()))
    assert "A distributor may not" in said
    assert "asked for a reconsideration" not in said
    asked = submit(complete(draft))
    page = desk.get(sold.get_absolute_url())
    assert "The manufacturer asked for a reconsideration of this determination." in words(page)
    assert asked.dcn not in page.content.decode()
    assert not may_act_on(seller, asked)
    assert desk.get(asked.get_absolute_url()).status_code == 404


def test_it_is_decided_for_the_manufacturer_and_lists_the_product_of_both(
    client: Client, maker: User, seller: User, sold: Application
) -> None:
    asked = submit(complete(begun(client, sold)))
    decided = determine(recommend(asked, outcome=Outcome.CODES_ASSIGNED, codes=[code()]), begins=timezone.localdate())
    product = decided.determination.codes.get().listing.model.product  # type: ignore[union-attr]
    assert (product.manufacturer.name, product.distributor.name) == (  # type: ignore[union-attr]
        "Stride Robotics",
        "Gait Supply LLC",
    )
    write_letters()
    assert f"A determination was made on your application {decided.dcn}" in subjects(maker.email)
    assert f"A determination was made on your application {decided.dcn}" not in subjects(seller.email)
    page = words(client.get(decided.get_absolute_url()))
    assert f"The determination on {sold.dcn} is revised" in page
    assert sold.get_absolute_url() not in client.get(decided.get_absolute_url()).content.decode()
    assert "It was revised: the list says what holds now" in words(signed_in(seller).get(sold.get_absolute_url()))


def test_a_listed_product_leads_to_it(client: Client, seller: User, maker: User) -> None:
    sold = of_distributor(seller, outcome=Outcome.CODES_ASSIGNED)
    listing = sold.determination.codes.get().listing
    page = client.get(f"/apply/listings/{listing.pk}/change/")  # type: ignore[union-attr]
    link = re.search(r'href="(/apply/reconsiderations/\?[^"]+)"', page.content.decode())
    assert link
    assert "Begin the reconsideration" in words(client.get(link[1].replace("&amp;", "&")))


def test_on_day_46_it_says_so(client: Client, sold: Application, settings: Any) -> None:
    settings.RECONSIDERATION_DAYS = -1
    answer = client.post(PAGE, letter_of(sold))
    assert answer.status_code == 409
    assert "That day has passed" in words(answer)
    assert not Application.objects.filter(kind="reconsideration").exists()


# ---- to whom the letter goes


def write_letters() -> None:
    for letter in Letter.objects.filter(written_at=None):
        write_letter(letter_id=letter.pk)


def subjects(email: str) -> list[str]:
    return list(OutgoingMail.objects.filter(to=[email]).order_by("pk").values_list("subject", flat=True))


def test_the_letter_is_addressed_to_the_manufacturer_with_a_copy_to_the_distributor(sold: Application) -> None:
    said = sold.determination.letters.get().said
    assert said["recipient"][0] == "Stride Robotics"
    assert said["contact"] == "Point of Contact"
    assert said["copy"] == "Gait Supply LLC, the distributor, which applied"
    assert letter_text(determined(manufacturer("Other Maker")).determination)["copy"] == ""


def test_the_manufacturers_point_of_contact_is_told_that_there_is_a_letter(seller: User, sold: Application) -> None:
    write_letters()
    mail = OutgoingMail.objects.get(to=[POINT_OF_CONTACT])
    assert mail.subject == f"A determination on a product of yours: {sold.dcn}"
    assert f"{PAGE}?dcn={sold.dcn}&letter_date={timezone.localdate()}" in mail.text
    for secret in (*DISTRIBUTORS.values(), sold.product_name, "K1007", "No HCPCS", "shows it"):
        assert secret not in mail.text
    assert f"A determination was made on your application {sold.dcn}" in subjects(seller.email)


def test_what_a_distributor_asks_of_its_own_listing_is_answered_to_it_alone(seller: User, maker: User) -> None:
    sold = of_distributor(seller, outcome=Outcome.CODES_ASSIGNED)
    listing = sold.determination.codes.get().listing  # type: ignore[union-attr]
    assert listing is not None
    asked = submit(complete_update(listing, seller, update="correct", comment="Another comment."))
    Application.objects.filter(pk=asked.pk).update(contact_email="colleague@gait.example")
    assert asked.applies_as == AppliesAs.DISTRIBUTOR
    answered = determine(recommend(again(asked), outcome=Outcome.DECLINED))
    assert answered.determination.letters.get().said["copy"] == ""  # type: ignore[union-attr]
    write_letters()
    assert not OutgoingMail.objects.filter(to=["colleague@gait.example"]).exists()


def test_a_distributor_that_is_its_own_point_of_contact_gets_one_mail(maker: User, seller: User) -> None:
    sold = of_distributor(seller)
    Application.objects.filter(pk=sold.pk).update(contact_email=seller.email.upper())
    write_letters()
    assert not OutgoingMail.objects.filter(subject__startswith="A determination on a product of yours").exists()


def test_a_section_that_is_saved_stays_the_manufacturers(client: Client, sold: Application) -> None:
    draft = begun(client, sold)
    assert save(client, draft, "questions", GROUNDS).status_code == 302
    assert again(draft).answers == GROUNDS

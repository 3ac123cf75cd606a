"""What goes on inside the contractor's house is on no page of the applicant: in no status, on no page, in no mail."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail, Role, User
from tests.applicant.pages import address
from tests.factories.accounts import contractor_person
from tests.factories.verification import again, attached, complete_draft, submitted
from verification.letters.jobs import write_letter
from verification.models import Application, Letter, Outcome, Visibility
from verification.queries import checklist
from verification.services import review
from verification.services.correct_letter import approve_correction, propose_correction, refuse_correction
from verification.workflow.perform import perform

SECRETS = {
    "reviewer's name": "Quentin Quillfeather",
    "reviewer's address": "quentin@contractor.example",
    "approver's name": "Ophelia Overlook",
    "evidence": "Evidence-seen-only-inside",
    "requirement": "Bilateral hip, knee, ankle and foot device.",
    "internal remark": "Remark-for-our-eyes-only",
    "why returned": "Returned-because-of-doubts",
    "earlier rationale": "Rationale-that-was-thrown-away",
    "recommending": "ecommend",
    "returning": "eturn",
    "checklist": "hecklist",
    "finding": "inding",
}
# Words of the pages themselves that a secret word is part of.
INNOCENT = re.compile(r"Save and return to the list|product-group|name=\"list\"")


class House:
    """One application on its way through everything that may leak, one step at a time."""

    def __init__(self, maker: User) -> None:
        self.reviewer = contractor_person(
            Role.REVIEWER, name=SECRETS["reviewer's name"], email=SECRETS["reviewer's address"]
        )
        self.approver = contractor_person(Role.APPROVER, name=SECRETS["approver's name"], email="o@contractor.example")
        self.application = submitted(maker)

    def step(self, name: str, by: User, **given: Any) -> None:
        perform(name, application=self.application, by=by, seen_version=self.application.version, given=given)
        self.application = again(self.application)

    def review(self) -> None:
        self.step("accept", self.reviewer)
        self.remark(SECRETS["internal remark"], Visibility.INTERNAL)
        self.remark("Remark-for-the-applicant", Visibility.APPLICANT)
        self.remark("Remark-for-everybody", Visibility.PUBLIC)
        findings = {row.name: ("yes", SECRETS["evidence"]) for row in checklist.rows(self.application)}
        self.application = review.save_findings(
            application=self.application,
            findings=findings,
            by=self.reviewer,
            seen_version=self.application.version,
        )
        self.draft(SECRETS["earlier rationale"])

    def remark(self, text: str, visibility: Visibility) -> None:
        review.remark(application=self.application, text=text, visibility=visibility, by=self.reviewer)

    def draft(self, rationale: str) -> None:
        codes = [row.code for row in self.application.requested_codes.all()]
        review.draft_determination(
            application=self.application,
            outcome=Outcome.CODES_ASSIGNED,
            codes=codes,
            rationale=rationale,
            by=self.reviewer,
            seen_version=self.application.version,
        )
        self.application = again(self.application)


def pages(client: Client, application: Application) -> dict[str, str]:
    document = application.documents.first()
    assert document is not None
    urls = [
        "/apply/",
        "/apply/start/",
        *(address(name, application) for name in ("application", "submit", "withdraw", "respond")),
        address("section", application, "product"),
        address("remove_document", application, document.pk),
    ]
    answers = {url: client.get(url, follow=True) for url in urls}
    # Refusals are pages, too.
    for name in ("submit", "withdraw", "respond"):
        data = {"seen_version": 10**6, "answer-1": "x", "answer-2": "x"}
        answers[f"POST {name}"] = client.post(address(name, application), data, follow=True)
    return {url: INNOCENT.sub("", response.content.decode()) for url, response in answers.items()}


def leaks(client: Client, application: Application) -> list[tuple[str, str]]:
    return [
        (url, what)
        for url, page in pages(client, application).items()
        for what, secret in SECRETS.items()
        if secret in page
    ]


@pytest.fixture
def house(maker: User) -> House:
    return House(maker)


def test_nothing_leaks_in_any_status(client: Client, house: House) -> None:
    seen: dict[str, list[tuple[str, str]]] = {"submitted": leaks(client, house.application)}
    house.review()
    seen["in_review"] = leaks(client, house.application)
    house.step("recommend", house.reviewer)
    seen["recommended"] = leaks(client, house.application)
    house.step("return", house.approver, reason=SECRETS["why returned"])
    seen["returned"] = leaks(client, house.application)
    due = timezone.localdate() + timedelta(days=3)
    house.step("request_information", house.reviewer, items=["One.", "Two."], due_on=due)
    seen["information_requested"] = leaks(client, house.application)
    house.step("respond", house.application.created_by, answers=["1", "2"])
    house.draft("The final rationale.")
    house.step("recommend", house.reviewer)
    tomorrow = timezone.localdate() + timedelta(days=1)
    house.step("approve", house.approver, publish_on=tomorrow, begins=timezone.localdate())
    seen["approved"] = leaks(client, house.application)
    house.step("recall", house.approver, reason=SECRETS["why returned"])
    seen["recalled"] = leaks(client, house.application)
    house.step("approve", house.approver, publish_on=tomorrow, begins=timezone.localdate())
    house.step("publish_now", house.approver)
    write_letter(letter_id=Letter.objects.get().pk)
    seen["determined"] = leaks(client, house.application)
    correction = propose_correction(
        letter=Letter.objects.get(),
        changes={"contact": "Dana Maker-Jones"},
        what="The contact’s name.",
        on_the_register=False,
        by=house.reviewer,
    )
    seen["correction proposed"] = leaks(client, house.application)
    refuse_correction(correction=correction, why=SECRETS["why returned"], by=house.approver)
    again_proposed = propose_correction(
        letter=Letter.objects.get(),
        changes={"contact": "Dana Maker-Jones"},
        what="The contact’s name.",
        on_the_register=False,
        by=house.reviewer,
    )
    write_letter(letter_id=approve_correction(correction=again_proposed, by=house.approver).pk)
    seen["corrected"] = leaks(client, house.application)

    assert seen == {status: [] for status in seen}
    assert len(seen) == 10
    mails = " ".join(f"{mail.subject} {mail.text}" for mail in OutgoingMail.objects.all())
    assert [secret for secret in SECRETS.values() if secret in mails] == []


def test_nothing_leaks_of_a_rejection(client: Client, house: House) -> None:
    house.review()
    house.step("reject", house.reviewer, reason_code="incomplete", text="The brochure is missing.")

    assert leaks(client, house.application) == []


def test_remarks_to_the_applicant_are_there(client: Client, house: House) -> None:
    house.review()

    page = client.get(house.application.get_absolute_url())

    assert [remark.text for remark in page.context["remarks"]] == ["Remark-for-the-applicant", "Remark-for-everybody"]


def without_the_token_and_the_version(page: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|seen_version)"\s+value="[^"]*"', "", page)


def test_recommending_approving_and_returning_change_no_page(client: Client, house: House) -> None:
    house.review()
    house.draft("SECRET-OUTCOME")
    shown = [pages(client, house.application)]
    house.step("recommend", house.reviewer)
    shown.append(pages(client, house.application))
    day = timezone.localdate() + timedelta(days=3)
    house.step("approve", house.approver, publish_on=day, begins=timezone.localdate())
    shown.append(pages(client, house.application))
    house.step("reschedule", house.approver, publish_on=day + timedelta(days=1))
    shown.append(pages(client, house.application))
    house.step("return", house.approver, reason=SECRETS["why returned"])
    shown.append(pages(client, house.application))

    plain = [
        {url: without_the_token_and_the_version(page) for url, page in each.items() if not url.startswith("POST")}
        for each in shown
    ]
    assert [each == plain[0] for each in plain] == [True] * 5
    assert "SECRET-OUTCOME" not in str(shown)


def test_nothing_of_an_approval_is_public_before_its_day(client: Client, house: House) -> None:
    house.review()
    house.draft("SECRET-OUTCOME")
    house.step("recommend", house.reviewer)
    mails = OutgoingMail.objects.count()
    day = timezone.localdate() + timedelta(days=3)
    house.step("approve", house.approver, publish_on=day, begins=timezone.localdate())
    anybody = Client()
    urls = ("/", "/?q=StrideOne", "/changes/", "/api/v1/listings/?q=StrideOne", "/api/v1/changes/", "/codes/K1007/")
    assert [url for url in urls if house.application.product_name in anybody.get(url).content.decode()] == []
    assert OutgoingMail.objects.count() == mails
    assert client.get(address("letter", house.application)).status_code == 404
    house.step("publish_now", house.approver)
    assert house.application.product_name in anybody.get("/api/v1/listings/?q=StrideOne").content.decode()


def test_a_document_that_was_removed_before_submission_is_not_shown(client: Client, maker: User) -> None:
    application = complete_draft(maker, signed=False)
    extra = attached(application, name="withdrawn-brochure.pdf", text="Extra.")
    client.post(address("remove_document", application, extra.pk))
    said = {"signed_name": "D", "signed_title": "D", "attested": "on", "seen_version": again(application).version}
    client.post(address("section", application, "signature"), said)
    client.post(address("submit", application), {"seen_version": again(application).version})

    client.get(application.get_absolute_url())  # says once what was done so far
    page = client.get(application.get_absolute_url()).content.decode()

    assert again(application).status == "submitted"
    assert "withdrawn-brochure.pdf" not in page

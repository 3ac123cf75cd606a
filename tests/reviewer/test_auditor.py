"""The read-only auditor: sees what the contractor's people see, is offered nothing, and changes nothing."""

import pytest
from django.test import Client

from accounts.models import Role
from tests.factories.accounts import contractor_person
from tests.factories.verification import again, in_review, recommended, submitted
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import main_of, text_of
from verification.models import Remark


@pytest.fixture
def as_audrey(db: None) -> Client:
    return signed_in(contractor_person(Role.AUDITOR, name="Audrey Auditor"))


def test_an_application_is_seen_and_nothing_of_it_is_offered(as_audrey: Client) -> None:
    application = recommended()
    document = application.documents.all()[0]
    page = as_audrey.get(f"/review/{application.pk}/")
    assert application.product_name in text_of(page)
    assert 'method="post"' not in main_of(page)
    shown = as_audrey.get(f"/review/{application.pk}/documents/{document.pk}/")
    assert b"".join(shown.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    submitted()
    assert 'method="post"' not in main_of(as_audrey.get("/review/"))


def test_an_act_is_refused_before_it_is_looked_at(as_audrey: Client) -> None:
    application = in_review()
    said = {"text": "Looks fine.", "visibility": "internal"}
    assert as_audrey.post(f"/review/{application.pk}/remarks/", said).status_code == 403
    given = {"seen_version": application.version, "reason_code": "incomplete", "text": "Missing."}
    assert as_audrey.post(f"/review/{application.pk}/act/reject/", given).status_code == 403
    assert not Remark.objects.exists()
    assert again(application).status == "in_review"


def test_the_applicants_door_is_closed(as_audrey: Client) -> None:
    assert as_audrey.get("/apply/").status_code == 403

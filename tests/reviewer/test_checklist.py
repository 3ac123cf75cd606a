from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.verification import (
    again,
    in_review,
    information_requested,
    pdf_file,
    recommended,
    reviewer,
    submitted,
)
from tests.reviewer.page import main_of, seen_version, text_of
from verification.models import Application, Finding
from verification.queries.checklist import Row, rows
from verification.services.documents import attach_to_answer, remove_from_answer
from verification.services.review import save_findings


def address(application: Application) -> str:
    return f"/review/{application.pk}/checklist/"


def typed(application: Application, **said: tuple[str, str]) -> dict[str, Any]:
    """The form as it goes out, with `said` by the requirement's key."""
    form: dict[str, Any] = {"seen_version": application.version}
    for row in rows(application):
        met, evidence = said.get(row.key.replace("-", "_"), ("", ""))
        form |= {f"met-{row.name}": met, f"evidence-{row.name}": evidence}
    return form


def found() -> dict[str, tuple[str, str]]:
    return {finding.requirement: (finding.met, finding.evidence) for finding in Finding.objects.all()}


def test_each_requirement_of_each_code_has_its_row(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    text = text_of(as_robin.get(address(application)))
    requirements = [row.requirement for row in rows(application)]
    assert len(requirements) == 10
    assert [words for words in requirements if words not in text] == []
    assert "10 of 10 requirements still open" in text


def test_it_is_saved_half_done_and_gone_on_with(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    said = typed(application, powered=("yes", "Brochure, page 2."), uprights=("", "Where is this shown?"))
    answer = as_robin.post(address(application), said, follow=True)
    assert "The checklist was saved." in text_of(answer)
    assert "9 of 10 requirements still open" in text_of(answer)
    assert found() == {"powered": ("yes", "Brochure, page 2."), "uprights": ("", "Where is this shown?")}
    application.refresh_from_db()
    as_robin.post(address(application), typed(application, uprights=("no", "Brochure, page 3."), fda=("n/a", "-")))
    assert found() == {"powered": ("", ""), "uprights": ("no", "Brochure, page 3."), "fda": ("n/a", "-")}


def test_saving_and_going_back(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    answer = as_robin.post(address(application), typed(application) | {"and_back": "1"})
    assert answer.url == f"/review/{application.pk}/"


def test_a_page_that_is_out_of_date_keeps_what_was_typed(robin: User, as_robin: Client) -> None:
    """Two tabs of the same reviewer."""
    application = in_review(reviewed_by=robin)
    old = as_robin.get(address(application))
    name = next(row.name for row in rows(application) if row.key == "powered")
    save_findings(
        application=application,
        findings={name: ("no", "SAVED ELSEWHERE")},
        by=robin,
        seen_version=application.version,
    )
    said = typed(application, powered=("yes", "TYPED HERE")) | {"seen_version": seen_version(old)}
    response = as_robin.post(address(application), said)
    assert response.status_code == 409
    text = text_of(response)
    assert "The application was changed after you opened this page." in text
    assert "Robin Reviewer saved the review." in text
    assert "Saved now: Not met: “SAVED ELSEWHERE”, by Robin Reviewer" in text
    assert "TYPED HERE" in main_of(response)
    assert found() == {"powered": ("no", "SAVED ELSEWHERE")}
    as_robin.post(address(application), said | {"seen_version": seen_version(response)})
    assert found() == {"powered": ("yes", "TYPED HERE")}


@pytest.mark.parametrize("make", [lambda: in_review(reviewed_by=reviewer()), submitted, recommended])
def test_others_read_it_and_save_nothing(as_robin: Client, make: Any) -> None:
    application = make()
    before = found()
    response = as_robin.get(address(application))
    assert "Only the assigned reviewer can change the checklist" in text_of(response)
    assert "<form" not in main_of(response)
    refused = as_robin.post(address(application), typed(application, powered=("no", "KEEP THIS")))
    assert refused.status_code in {403, 409}
    assert "KEEP THIS" in main_of(refused)
    assert found() == before


def test_once_recommended_it_stands_for_its_own_reviewer_too(robin: User, as_robin: Client) -> None:
    application = recommended(reviewed_by=robin)
    before = found()
    response = as_robin.post(address(application), typed(application, powered=("no", "Changed my mind.")))
    assert response.status_code == 409
    assert "“Recommended” now" in text_of(response)
    assert found() == before


@pytest.mark.parametrize("wrong", [("maybe", ""), ("yes", "x" * 5_001), ("yes", "a\x00b")])
def test_what_cannot_be_kept_comes_back(robin: User, as_robin: Client, wrong: tuple[str, str]) -> None:
    application = in_review(reviewed_by=robin)
    response = as_robin.post(address(application), typed(application, powered=wrong))
    assert response.status_code == 400
    assert "Please mend the following" in text_of(response)
    assert found() == {}


def test_approvers_find_it_on_the_dossier(as_avery: Client) -> None:
    application = recommended()
    assert as_avery.get(address(application)).status_code == 403
    assert "Instructions for use, page 3." in text_of(as_avery.get(f"/review/{application.pk}/"))


# Where it is shown: document and page


def places(row: Row, *where: tuple[object, object]) -> dict[str, object]:
    said: dict[str, object] = {f"met-{row.name}": "yes"}
    for number, (document, page_number) in enumerate(where):
        said |= {f"document-{row.name}-{number}": document, f"page-{row.name}-{number}": page_number}
    return said


def test_a_requirement_points_to_documents_and_pages(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    first, second, *_ = application.documents.order_by("pk")
    row = rows(application)[0]
    said = places(row, (first.pk, 3)) | {"seen_version": application.version}
    assert as_robin.post(address(application), said).status_code == 302
    application.refresh_from_db()
    said = places(row, (first.pk, 3), (second.pk, "")) | {"seen_version": application.version}
    assert as_robin.post(address(application), said).status_code == 302

    found = rows(application)[0]
    assert [(place.document, place.page) for place in found.shown_in] == [(first, 3), (second, None)]
    # Shown is evidence, without another word.
    assert not found.is_open
    html = main_of(as_robin.get(f"/review/{application.pk}/"))
    assert f'data-document-frame="/review/{application.pk}/documents/{first.pk}/frame/#page=3"' in html


def test_a_place_is_in_a_document_of_this_application(robin: User, as_robin: Client) -> None:
    application, other = in_review(reviewed_by=robin), in_review(reviewed_by=robin)
    row = rows(application)[0]
    foreign = other.documents.first()
    own = application.documents.first()
    assert foreign
    assert own
    for where in ((foreign.pk, 1), ("x", 1), ("", 4), (own.pk, 0), (own.pk, 10_000), (own.pk, "three")):
        answer = as_robin.post(address(application), places(row, where) | {"seen_version": application.version})
        assert answer.status_code == 400
    assert application.findings.count() == 0


def test_a_document_that_was_taken_off_again_shows_nothing_any_more(robin: User) -> None:
    """It came with an answer that is being written, and goes before it is sent: the requirement is open again."""
    application = information_requested(reviewed_by=robin)
    kind = application.group.documents[0].key
    by = application.created_by
    stays, goes = (
        attach_to_answer(application=application, kind=kind, upload=pdf_file(f"{name}.pdf", name), by=by)
        for name in ("stays", "goes")
    )
    first, second, *_ = rows(application)
    for row, places in ((first, [goes]), (second, [goes, stays])):
        Finding.objects.create(
            application=application,
            code=row.code,
            requirement=row.key,
            met="yes",
            shown_in=[{"document": document.pk, "page": 2} for document in places],
            by=robin,
        )
    assert [row.is_open for row in rows(again(application))[:2]] == [False, False]

    remove_from_answer(document=goes)

    first, second, *_ = rows(again(application))
    assert (first.shown_in, first.is_open) == ((), True)
    assert ([(place.document, place.page) for place in second.shown_in], second.is_open) == ([(stays, 2)], False)

"""What was sent stands: a submission for the application and one for each answer, unchangeable, with its hash."""

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from tests.factories.verification import (
    REQUIRED_DOCUMENTS,
    again,
    complete_draft,
    information_requested,
    pdf_file,
    submitted,
)
from verification.models import Application, Submission
from verification.queries.differences import compare, interwoven
from verification.queries.submissions import is_whole
from verification.services import documents, drafts
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db


def text_of(submission: Submission, key: str) -> str:
    return next(field["text"] for section in submission.sections for field in section["fields"] if field["key"] == key)


def answered(**said: Any) -> Application:
    application = information_requested(items=["The weight.", "A photograph."], **said)
    documents.attach_to_answer(
        application=application, kind="photograph", upload=pdf_file("joint.pdf", "Joint"), by=application.created_by
    )
    perform(
        "respond",
        application=application,
        by=application.created_by,
        seen_version=application.version,
        given={"answers": ["Two kilograms.", "Attached."]},
    )
    return again(application)


def test_a_draft_has_none() -> None:
    complete_draft()
    assert Submission.objects.count() == 0


def test_what_is_submitted_is_kept_with_its_words() -> None:
    application = submitted(model_numbers=("SO-100", "SO-200"))
    kept = application.submissions.get()

    assert (kept.number, kept.at) == (1, application.submitted_at)
    assert kept.content["dcn"] == application.dcn
    assert kept.content["product_group"] == {"slug": "powered-orthoses", "title": "Powered Orthoses", "version": 2}
    assert [section["key"] for section in kept.sections] == [
        "reason",
        "manufacturer",
        "product",
        "questions",
        "evidence",
        "signature",
    ]
    assert text_of(kept, "Model numbers") == "SO-100, SO-200"
    assert text_of(kept, "HCPCS codes requested") == "K1007"
    assert text_of(kept, "Weight of the device, ready for use") == "23.5 kg"
    assert text_of(kept, "Does the device include a pelvic component?") == "Yes"
    assert [document["kind"] for document in kept.documents] == list(REQUIRED_DOCUMENTS)
    assert [document["sha256"] for document in kept.documents] == list(
        application.documents.order_by("pk").values_list("sha256", flat=True)
    )
    assert is_whole(kept)


def test_it_is_whole_as_the_database_gives_it_back() -> None:
    draft = complete_draft(signed=False)
    answers = draft.answers | {"weight": 5.0, "battery-time": 1e16, "expected-life": 1e-7}
    draft = drafts.save_answers(application=draft, answers=answers, seen_version=draft.version)
    signed = drafts.save_section(
        application=draft,
        section="signature",
        values={"signed_name": "D", "signed_title": "Director", "attested": True},
        seen_version=draft.version,
    )
    perform("submit", application=signed, by=signed.created_by, seen_version=signed.version)
    assert is_whole(Submission.objects.get())


def test_a_swapped_word_or_file_is_noticed() -> None:
    kept = submitted().submissions.get()
    kept.documents[0]["sha256"] = "0" * 64
    assert not is_whole(kept)
    kept = Submission.objects.get()
    kept.content["sections"][2]["fields"][0]["text"] = "Another product"
    assert not is_whole(kept)


@pytest.mark.parametrize(
    "statement", ["UPDATE verification_submission SET number = 9", "DELETE FROM verification_submission"]
)
def test_the_database_lets_nobody_change_one(statement: str) -> None:
    submitted()
    with pytest.raises(ProgrammingError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Submission.objects.get().number == 1


def test_an_answer_adds_one_and_leaves_the_first() -> None:
    application = answered()
    first, second = application.submissions.order_by("number")

    assert (first.number, second.number) == (1, 2)
    assert first.answers == []
    assert [answer["items"] for answer in second.answers] == [
        [{"item": "The weight.", "answer": "Two kilograms."}, {"item": "A photograph.", "answer": "Attached."}]
    ]
    assert len(second.documents) == len(first.documents) + 1
    assert is_whole(first)
    assert is_whole(second)


def test_what_changed_with_an_answer() -> None:
    first, second = answered().submissions.order_by("number")
    comparison = compare(first, second)

    assert comparison.fields == ()
    assert comparison.answered == (("The weight.", "Two kilograms."), ("A photograph.", "Attached."))
    assert [(each.kind, each.document["name"]) for each in comparison.documents] == [("added", "joint.pdf")]
    assert compare(first, first).is_same


def test_what_changed_since_an_earlier_application() -> None:
    earlier = submitted(product_name="Stride One", model_numbers=("SO-100",))
    later = submitted(by=earlier.created_by, product_name="Stride Two", model_numbers=("SO-100", "SO-200"))
    comparison = compare(earlier.submissions.get(), later.submissions.get())

    assert [(each.label, each.before, each.after) for each in comparison.fields] == [
        ("Product", "Stride One", "Stride Two"),
        ("Model numbers", "SO-100", "SO-100, SO-200"),
    ]
    # The factory's files say the product's name, so each is another file.
    assert [each.kind for each in comparison.documents] == ["replaced"] * 3


def test_words_are_interwoven_where_texts_are_alike() -> None:
    pieces = [(piece.kind, piece.text) for piece in interwoven("Worn over the left leg.", "Worn over the right leg.")]
    assert pieces == [("same", "Worn over the "), ("removed", "left"), ("added", "right"), ("same", " leg.")]
    assert interwoven("A chair.", "Something else entirely, of steel") == ()
    assert interwoven("", "New") == ()

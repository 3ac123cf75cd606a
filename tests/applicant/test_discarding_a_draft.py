"""A draft that is not wanted is put aside, in no list and not to be written, and comes back as it was."""

from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from tests.applicant.pages import address, save, words
from tests.factories.verification import GROUP, STAGES, again, attached, complete_draft, draft, pdf_file, submitted
from verification.models import Application
from verification.workflow.errors import NotAllowed
from verification.workflow.perform import perform

EVERYTHING_BUT = ("discarded_at", "saved_at")


def stored(application: Application) -> dict[str, Any]:
    rows = Application.objects.filter(pk=application.pk).values()
    return {name: value for name, value in rows[0].items() if name not in EVERYTHING_BUT}


def discard(client: Client, application: Application) -> Any:
    return client.post(address("discard", application), {"seen_version": application.version})


def test_it_is_asked_first(client: Client, maker: User) -> None:
    application = draft(maker)
    assert address("discard", application) in client.get(application.get_absolute_url()).content.decode()

    assert "Discard this draft?" in words(client.get(address("discard", application)))

    assert again(application).discarded_at is None


def test_a_discarded_draft_is_in_no_list_and_says_what_it_is(client: Client, maker: User) -> None:
    application = complete_draft(maker, product_name="Unwanted One")
    kept = complete_draft(maker, product_name="Wanted One")

    answers = [discard(client, application) for _ in range(2)]

    assert [response.url for response in answers] == [application.get_absolute_url()] * 2
    assert "This draft is discarded" in words(client.get(application.get_absolute_url()))
    home = words(client.get("/apply/"))
    assert (kept.product_name in home, application.product_name in home) == (True, False)


def test_put_back_it_is_as_it_was_with_its_signature(client: Client, maker: User) -> None:
    application = complete_draft(maker)
    before = stored(application)
    discard(client, application)

    response = client.post(address("put_back", application), follow=True)

    assert "The draft is back, as it was." in words(response)
    assert stored(application) == before
    client.post(address("submit", application), {"seen_version": application.version})
    assert again(application).status == "submitted"


def test_a_discarded_draft_cannot_be_written(client: Client, maker: User) -> None:
    application = complete_draft(maker)
    document = attached(application)
    application = again(application)
    discard(client, application)
    before = stored(application)

    saved = save(client, application, "product", {"description": "A text of an hour."})
    filed = client.post(address("section", application, "documents"), {"other": [pdf_file("late.pdf", "Late.")]})
    client.post(address("remove_document", application, document.pk))

    assert (saved.status_code, filed.status_code) == (409, 409)
    assert "A text of an hour." in words(saved)
    assert (stored(application), application.documents.filter(removed_at=None).count()) == (before, 4)
    assert client.get(address("section", application, "product")).url == application.get_absolute_url()


def test_a_discarded_draft_cannot_be_submitted(client: Client, maker: User) -> None:
    application = complete_draft(maker)
    discard(client, application)

    response = client.post(address("submit", application), {"seen_version": application.version})

    assert (response.status_code, again(application).status) == (302, "draft")
    with pytest.raises(NotAllowed, match="Put it back first"):
        perform("submit", application=application, by=maker, seen_version=application.version)


def test_the_database_lets_only_a_draft_be_discarded(maker: User) -> None:
    application = submitted(maker)

    with pytest.raises(IntegrityError, match="only_a_draft_is_discarded"):
        Application.objects.filter(pk=application.pk).update(discarded_at=application.submitted_at)


def test_starting_anew_does_not_lead_into_the_discarded_one(client: Client, maker: User) -> None:
    first = draft(maker)
    discard(client, first)

    response = client.post("/apply/start/", {"product_group": GROUP})

    assert response.url != first.get_absolute_url()
    assert Application.objects.count() == 2


def test_a_draft_that_a_colleague_saved_meanwhile_is_not_discarded(client: Client, maker: User) -> None:
    application = draft(maker)
    save(client, application, "reason", {"reason": "modified"})

    response = discard(client, application)

    assert (response.status_code, again(application).discarded_at) == (409, None)
    assert "The draft was not discarded" in words(response)


@pytest.mark.parametrize("status", [status for status in STAGES if status != "draft"])
def test_what_was_submitted_offers_no_discarding(client: Client, maker: User, status: str) -> None:
    application = STAGES[status](maker)

    answers = [client.get(address("discard", application)), discard(client, application)]
    answers.append(client.post(address("put_back", application)))

    assert [response.url for response in answers] == [application.get_absolute_url()] * 3
    assert again(application).discarded_at is None

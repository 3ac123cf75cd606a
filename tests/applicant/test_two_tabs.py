"""Two tabs, two colleagues: nobody's text is lost, and nobody overwrites without having seen."""

import pytest
from django.test import Client

from accounts.models import User
from tests.applicant.pages import save, words
from tests.factories.verification import again, complete_draft, draft, sign, submitted
from verification.models import Application
from verification.services.drafts import save_section


def colleague_saves(application: Application, reason: str = "modified") -> Application:
    return save_section(
        application=application,
        section="reason",
        values={"reason": reason, "previous_dcn": ""},
        seen_version=application.version,
    )


@pytest.fixture
def application(maker: User) -> Application:
    return draft(maker)


def test_a_stale_save_keeps_the_text_and_shows_both_side_by_side(client: Client, application: Application) -> None:
    colleague_saves(application)

    response = save(client, application, "reason", {"reason": "never-reviewed", "previous_dcn": "CVR-2025-000007"})

    assert response.status_code == 409
    assert [(each.label, each.stored, each.typed) for each in response.context["differences"]] == [
        ("Why do you apply?", "The product was modified, in part or as a whole, since it was reviewed",
         "The product was never reviewed"),
        ("Earlier document control number", "", "CVR-2025-000007"),
    ]  # fmt: skip
    assert response.context["form"]["previous_dcn"].value() == "CVR-2025-000007"
    assert again(application).reason == "modified"


def test_saving_again_after_the_comparison_works(client: Client, application: Application) -> None:
    colleague_saves(application)
    stale = save(client, application, "reason", {"reason": "never-reviewed"})

    response = save(
        client, application, "reason", {"reason": "never-reviewed"}, seen_version=stale.context["seen_version"]
    )

    assert (response.status_code, again(application).reason) == (302, "never-reviewed")


def test_another_change_in_between_is_shown_again(client: Client, application: Application) -> None:
    newer = colleague_saves(application)
    stale = save(client, application, "reason", {"reason": "never-reviewed"})
    colleague_saves(newer, "information-changed")

    response = save(
        client, application, "reason", {"reason": "never-reviewed"}, seen_version=stale.context["seen_version"]
    )

    assert (response.status_code, again(application).reason) == (409, "information-changed")


def test_a_double_click_is_no_conflict(client: Client, application: Application) -> None:
    first = save(client, application, "reason", {"reason": "never-reviewed"})
    second = save(client, application, "reason", {"reason": "never-reviewed"})

    assert (first.status_code, second.status_code) == (302, 302)
    assert again(application).version == application.version + 1


@pytest.mark.parametrize("version", ["", "seven", "9" * 5000, "-1"])
def test_a_version_that_cannot_be_read_overwrites_nothing(
    client: Client, application: Application, version: str
) -> None:
    response = save(client, application, "reason", {"reason": "modified"}, seen_version=version)

    assert (response.status_code, again(application).reason) == (409, "")


def test_what_was_typed_is_shown_when_the_application_was_submitted_meanwhile(client: Client, maker: User) -> None:
    application = submitted(maker)

    response = save(client, application, "product", {"description": "A text of an hour."})

    assert response.status_code == 409
    assert response.context["form"]["description"].value() == "A text of an hour."
    assert "cannot be changed now" in words(response)
    assert b"Save and continue" not in response.content
    assert again(application).description == application.description


def test_a_signature_on_a_page_that_was_overtaken_does_not_count(client: Client, maker: User) -> None:
    application = complete_draft(maker, signed=False)
    colleague_saves(application)

    response = save(
        client, application, "signature", {"signed_name": "Dana", "signed_title": "Director", "attested": "on"}
    )

    assert (response.status_code, again(application).attested) == (409, False)


def test_submitting_from_a_page_that_was_overtaken_shows_the_list_again(client: Client, maker: User) -> None:
    application = complete_draft(maker)
    sign(colleague_saves(application, "never-reviewed"))

    response = client.post(f"/apply/{application.pk}/submit/", {"seen_version": application.version})

    assert (response.status_code, again(application).status) == (409, "draft")
    assert "Look at it again, then decide." in words(response)

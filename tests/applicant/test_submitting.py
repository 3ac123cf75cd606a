"""Refused with each gap named and linked; otherwise received once, with a number and a mail."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import OutgoingMail, User
from tests.applicant.pages import address, words
from tests.factories.verification import again, complete_draft, draft
from verification.checks import gaps
from verification.models import Application, TransitionLog

SECTIONS = ("reason", "manufacturer", "product", "questions", "documents", "signature")


def submit(client: Client, application: Application):  # noqa: ANN201
    return client.post(address("submit", application), {"seen_version": application.version})


def test_what_is_missing_is_listed_and_linked(client: Client, maker: User) -> None:
    application = draft(maker)
    missing = gaps(application)

    page = client.get(application.get_absolute_url())

    links = re.findall(r'href="(/apply/\d+/[a-z]+/#id_[^"]*)"\s*>([^<]+)</a>', page.content.decode())
    assert links == [
        (f"{address('section', application, gap.section)}#id_{gap.field}", gap.message.replace("'", "&#x27;"))
        for gap in missing
    ]
    assert {gap.section for gap in missing} == set(SECTIONS)


def test_each_link_leads_to_a_field_that_is_there(client: Client, maker: User) -> None:
    application = draft(maker)
    for gap in gaps(application):
        page = client.get(address("section", application, gap.section))
        assert f'id="id_{gap.field}"'.encode() in page.content, gap


def test_submitting_with_gaps_is_refused_with_each_named(client: Client, maker: User) -> None:
    application = draft(maker)

    response = submit(client, application)

    assert response.status_code == 422
    said = words(response)
    assert [gap.message for gap in gaps(application) if gap.message not in said] == []
    assert "The application was not submitted" in said
    assert (again(application).status, again(application).dcn) == ("draft", None)
    assert OutgoingMail.objects.count() == 0


def test_one_gap_is_enough_to_refuse(client: Client, maker: User) -> None:
    application = complete_draft(maker, signed=False)
    Application.objects.filter(pk=application.pk).update(signed_name="Dana", signed_title="Director")

    response = submit(client, application)

    assert response.status_code == 422
    assert "Attest that what the application says is true and complete." in words(response)


def test_submitting_gives_a_number_and_a_mail(client: Client, maker: User) -> None:
    application = complete_draft(maker)

    response = submit(client, application)

    kept = again(application)
    assert response.url == application.get_absolute_url()
    assert kept.status == "submitted"
    assert re.fullmatch(rf"CVR-{timezone.localdate().year}-\d{{6}}", kept.dcn or "")
    page = words(client.get(response.url))
    assert kept.dcn in page
    assert "Received" in page
    assert list(OutgoingMail.objects.values_list("to", "subject")) == [
        ([maker.email], f"We received your application {kept.dcn}")
    ]


def test_a_double_click_submits_once_and_lands_on_the_number(client: Client, maker: User) -> None:
    application = complete_draft(maker)

    first, second = submit(client, application), submit(client, application)

    assert (first.url, second.url) == (application.get_absolute_url(), application.get_absolute_url())
    assert TransitionLog.objects.filter(application=application, transition="submit").count() == 1
    assert OutgoingMail.objects.count() == 1


def test_a_colleague_who_submits_after_it_lands_on_the_number(client: Client, maker: User) -> None:
    application = complete_draft(maker)
    submit(client, application)

    response = client.post(address("submit", application), {"seen_version": 1})

    assert response.url == application.get_absolute_url()
    assert TransitionLog.objects.filter(application=application, transition="submit").count() == 1


def test_opening_the_address_submits_nothing(client: Client, maker: User) -> None:
    application = complete_draft(maker)

    assert client.get(address("submit", application)).url == application.get_absolute_url()
    assert again(application).status == "draft"


@pytest.mark.parametrize("section", SECTIONS)
def test_a_complete_section_says_so(client: Client, maker: User, section: str) -> None:
    states = {
        each.section.key: each.in_words
        for each in client.get(complete_draft(maker).get_absolute_url()).context["progress"]
    }

    assert states[section] == "Complete"


def test_states_of_the_sections_of_a_new_draft(client: Client, maker: User) -> None:
    page = client.get(draft(maker).get_absolute_url())

    assert {each.section.key: each.in_words for each in page.context["progress"]} == {
        "reason": "Not started",
        "manufacturer": "Not started",
        "distributor": "Optional",
        "product": "Not started",
        "questions": "Not started",
        "documents": "Not started",
        "evidence": "Not started",
        "signature": "Not started",
    }


def test_section_a_is_begun_once_something_was_added_to_what_was_known(client: Client, maker: User) -> None:
    page = client.get(draft(maker, contact_phone="508 555 0100").get_absolute_url())

    states = {each.section.key: each.in_words for each in page.context["progress"]}
    assert states["manufacturer"] == "1 thing missing"

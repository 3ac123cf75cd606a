"""Naming an organization, starting an application, and the list of one's own."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.applicant.pages import signed_in, words
from tests.factories.accounts import UserFactory
from tests.factories.verification import (
    GROUP,
    complete_draft,
    determined,
    draft,
    in_review,
    information_requested,
    manufacturer,
    organization_of,
    rejected,
    submitted,
    waiting_manufacturer,
    withdrawn,
)
from verification.applicant import overview
from verification.models import Application, Representation


def test_a_new_organization_may_be_applied_for_at_once(db: None) -> None:
    user = UserFactory()

    response = signed_in(user).post("/apply/organization/", {"name": "Stride  Robotics Inc."}, follow=True)

    assert "Stride Robotics Inc.: you can now start an application." in words(response)
    assert organization_of(user).name == "Stride Robotics Inc."
    assert "Inc.." not in words(response)


def test_a_known_organization_waits_for_the_contractor(maker: User) -> None:
    client = signed_in(UserFactory())

    response = client.post("/apply/organization/", {"name": "STRIDE ROBOTICS"}, follow=True)

    page = words(response)
    assert "Stride Robotics: waiting for confirmation" in page
    assert "the contractor has to confirm that you act for it" in page
    assert "Start an application" not in page


def test_naming_it_twice_asks_once(client: Client, maker: User) -> None:
    response = client.post("/apply/organization/", {"name": "Stride Robotics"}, follow=True)

    assert "You have named Stride Robotics already." in words(response)
    assert Representation.objects.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 301, "a\x00b"])
def test_a_name_that_is_none_is_refused(client: Client, name: str) -> None:
    assert client.post("/apply/organization/", {"name": name}).status_code == 422
    assert Representation.objects.count() == 1


def test_starting_an_application_fills_in_what_is_known(client: Client, maker: User) -> None:
    response = client.post("/apply/start/", {"product_group": GROUP})

    started = Application.objects.get()
    assert response.url == started.get_absolute_url()
    assert (started.organization.name, started.manufacturer_name, started.contact_email) == (
        "Stride Robotics",
        "Stride Robotics",
        maker.email,
    )


def test_a_double_click_starts_one_application(client: Client) -> None:
    first, second = (client.post("/apply/start/", {"product_group": GROUP}) for _ in range(2))

    assert first.url == second.url
    assert Application.objects.count() == 1


def test_a_second_application_is_started_once_the_first_is_begun(client: Client, maker: User) -> None:
    complete_draft(maker)

    client.post("/apply/start/", {"product_group": GROUP})

    assert Application.objects.count() == 2


@pytest.mark.parametrize("said", [{}, {"product_group": "wheels"}])
def test_without_a_product_group_nothing_is_started(client: Client, said: dict[str, Any]) -> None:
    assert client.post("/apply/start/", said).status_code == 422
    assert Application.objects.count() == 0


def test_who_acts_for_several_chooses_among_those_only(client: Client, maker: User) -> None:
    client.post("/apply/organization/", {"name": "Second Inc."})
    second = Representation.objects.get(organization__name="Second Inc.").organization
    foreign = organization_of(manufacturer("Third Inc."))
    # Named by the same person and not confirmed: not to be chosen either.
    client.post("/apply/organization/", {"name": "Third Inc."})

    refused = client.post("/apply/start/", {"product_group": GROUP, "organization": foreign.pk})
    assert (refused.status_code, Application.objects.count()) == (422, 0)
    assert [label for _, label in refused.context["form"].fields["organization"].choices] == [
        "Second Inc.",
        "Stride Robotics",
    ]
    client.post("/apply/start/", {"product_group": GROUP, "organization": second.pk})
    assert Application.objects.get().organization == second


def test_the_first_page_explains_the_way(client: Client) -> None:
    page = words(client.get("/apply/"))

    assert "How a product gets onto the list" in page
    assert "Start an application" in page


def test_what_waits_for_me_comes_first(client: Client, maker: User) -> None:
    made = {
        "submitted": submitted(maker),
        "draft": draft(maker),
        "closed": rejected(maker),
        "due later": information_requested(maker, due_in=20),
        "in review": in_review(maker),
        "due sooner": information_requested(maker, due_in=5),
        "withdrawn": withdrawn(maker),
    }
    theirs = submitted(manufacturer())

    page = client.get("/apply/")

    shown = page.context["overview"]
    names = {application.pk: name for name, application in made.items()}
    assert [
        [names[line.application.pk] for line in part] for part in (shown.waiting, shown.under_way, shown.closed)
    ] == [["due sooner", "due later", "draft"], ["in review", "submitted"], ["withdrawn", "closed"]]
    assert theirs.dcn not in words(page)
    assert "How a product gets onto the list" not in words(page)


def test_statuses_stand_in_public_words(client: Client, maker: User) -> None:
    determined(maker)

    assert "Determination made" in words(client.get("/apply/"))


def test_closed_ones_go_on_on_the_next_page(client: Client, maker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "CLOSED_PER_PAGE", 2)
    closed = [withdrawn(maker).pk for _ in range(5)][::-1]

    def page(query: str = "") -> Any:
        return client.get(f"/apply/{query}").context["overview"]

    first = page()
    second = page(f"?closed_after={first.older}")
    third = page(f"?closed_after={second.older}")
    assert [line.application.pk for part in (first, second, third) for line in part.closed] == closed
    assert third.older is None


@pytest.mark.parametrize("after", ["x", "-1", "9" * 40, "²"])
def test_a_page_that_cannot_be_meant_is_the_first(client: Client, maker: User, after: str) -> None:
    application = withdrawn(maker)

    page = client.get("/apply/", {"closed_after": after})

    assert [line.application.pk for line in page.context["overview"].closed] == [application.pk]


def test_the_list_asks_the_database_as_often_for_three_as_for_one(client: Client, maker: User) -> None:
    def visit() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get("/apply/")
        return len(asked)

    make = (draft, information_requested, in_review, withdrawn)
    for stage in make:
        stage(maker)
    one = visit()
    for stage in make * 2:
        stage(maker)
    waiting_manufacturer(organization_of(manufacturer()))
    assert visit() == one

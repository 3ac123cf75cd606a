"""The reviewer and the approver see when the product would be listed under somebody else than the applicant."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.companies import authorized
from tests.factories.verification import again, manufacturer, organization_of, recommended, reviewed
from tests.reviewer.page import main_of, text_of
from verification.models import Application
from verification.models.authorization import Capacity
from verification.workflow.table import BY_NAME

WARNING = "The application names another organization"


def pages(client: Client, application: Application) -> list[Any]:
    return [client.get(f"/review/{application.pk}/{page}") for page in ("", "act/determine/")]


def naming(application: Application, **names: str) -> Application:
    Application.objects.filter(pk=application.pk).update(**names)
    return again(application)


def test_an_organization_that_the_register_knows_is_named_with_a_link(as_avery: Client) -> None:
    known = organization_of(manufacturer("Known Devices Inc."))
    application = naming(recommended(manufacturer("Acting Ltd.")), manufacturer_name="KNOWN DEVICES INC.")

    for page in pages(as_avery, application):
        text = text_of(page)
        assert WARNING in text
        assert (
            "The applicant acts for Acting Ltd. , and the application names KNOWN DEVICES INC. as manufacturer." in text
        )
        assert "This lists the product under Known Devices Inc. , which the register knows already." in text
        assert f'href="/organizations/{known.slug}/"' in main_of(page)


def test_one_that_is_new_is_said_to_be_new(as_avery: Client) -> None:
    application = naming(recommended(), distributor_name="Nobody Knows Us GmbH")

    for page in pages(as_avery, application):
        assert "names Nobody Knows Us GmbH as distributor, which is new to the register." in text_of(page).replace(
            " as distributor , ", " as distributor, "
        )


def test_the_applicant_itself_is_no_other(as_avery: Client) -> None:
    application = recommended(manufacturer("Acting Ltd."))

    assert [WARNING in text_of(page) for page in pages(as_avery, application)] == [False, False]


def test_the_applying_organization_stands_beside_the_manufacturer(as_avery: Client) -> None:
    text = text_of(pages(as_avery, recommended(manufacturer("Acting Ltd.")))[1])

    assert "Applying organization Acting Ltd. Manufacturer Acting Ltd." in text


def test_where_a_code_is_assigned_the_begin_date_is_needed(as_avery: Client) -> None:
    page = as_avery.get(f"/review/{recommended().pk}/act/determine/")

    help_text = page.context["form"].fields["begins"].help_text
    assert help_text in text_of(page)
    assert "Not needed" not in text_of(page)
    assert "inclusive" in help_text


@pytest.mark.parametrize("step", ["reject"])
def test_what_ends_the_review_is_the_quietest_button(robin: User, as_robin: Client, step: str) -> None:
    page = main_of(as_robin.get(f"/review/{reviewed_by(robin).pk}/"))

    before = page.split(f">{BY_NAME[step].label}<")[0]
    assert "usa-button--unstyled register-danger" in before.rsplit("<a ", 1)[1]
    assert "usa-button--secondary" not in page


def reviewed_by(person: User) -> Application:
    return reviewed(reviewed_by=person)


def test_the_dossier_says_on_whose_word_the_authorization_rests(as_avery: Client) -> None:
    """As the checklist does: both are read beside the same row."""
    maker, seller = manufacturer("Stride Robotics"), manufacturer("Gait Supply LLC")
    application = naming(recommended(seller), manufacturer_name="Stride Robotics", distributor_name="Gait Supply LLC")
    dossier = f"/review/{application.pk}/"
    assert "Application, sections A.1 to A.3" in text_of(as_avery.get(dossier))
    authorized(maker, seller, capacity=Capacity.DISTRIBUTOR)
    page = text_of(as_avery.get(dossier))
    assert "Authorization of Stride Robotics for Gait Supply LLC (distributor), from" in page
    assert "confirmed by Stride Robotics" in page

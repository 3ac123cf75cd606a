"""Codes and evidence: each element of the requested codes, where it is shown, or why it is not."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.applicant.pages import address, save, words
from tests.factories.product_groups import begun_draft_of
from tests.factories.register import some_code
from tests.factories.verification import again, attached, complete_draft, submitted
from verification.checks import gaps
from verification.models import Application, CodeEvidence, Document
from verification.queries.checklist import rows
from verification.queries.evidence import elements
from verification.services import drafts
from verification.services.documents import remove_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def appliance(maker: User) -> Application:
    """E0486 asks nine things."""
    return begun_draft_of("oral-appliances", by=maker, codes=["E0486"])


@pytest.fixture
def document(appliance: Application) -> Document:
    return attached(appliance, "product-literature", "brochure.pdf")


def about(element: str, **said: Any) -> dict[str, str]:
    return {f"evidence-{element}_{part}": str(value) for part, value in said.items()}


def missing(application: Application, element: str) -> list[str]:
    return [gap.message for gap in gaps(again(application)) if gap.field == f"evidence-{element}"]


def test_the_elements_are_those_of_the_requested_codes(appliance: Application) -> None:
    keys = [element.key for element in elements(appliance)]
    assert keys == [
        *("fda", "airway", "custom-fabricated", "hinge", "protrusion", "one-millimeter"),
        *("keeps-setting", "stays-on", "no-return", "expected-life"),
    ]
    # That E0485 is prefabricated is not asked of E0486, and the sample is the reviewer's to look at.
    assert "prefabricated" not in keys
    assert "sample-is-the-product" not in keys


def test_two_codes_that_ask_the_same_ask_it_once(appliance: Application) -> None:
    appliance.requested_codes.create(code=some_code("E0485"))

    by_key = {element.key: element.codes for element in elements(again(appliance))}

    assert by_key["airway"] == ("E0485", "E0486")
    assert by_key["hinge"] == ("E0486",)
    assert by_key["prefabricated"] == ("E0485",)


def test_saved_as_typed_with_what_is_missing_named(client: Client, appliance: Application, document: Document) -> None:
    assert missing(appliance, "hinge") == ["Say where this is shown: The hinge."]

    save(client, again(appliance), "evidence", about("hinge", stands="shown"))
    assert missing(appliance, "hinge") == ["Name the document that shows it: The hinge."]

    save(client, again(appliance), "evidence", about("hinge", document=document.pk))
    assert missing(appliance, "hinge") == ["Give the page of brochure.pdf that shows it: The hinge."]

    save(client, again(appliance), "evidence", about("hinge", document=document.pk, page=1, note="Figure 2."))
    assert missing(appliance, "hinge") == []
    said = CodeEvidence.objects.get(application=appliance, element="hinge")
    assert (said.stands, said.document, said.page, said.note) == ("shown", document, 1, "Figure 2.")
    assert said.in_words == "brochure.pdf, page 1\nFigure 2."


@pytest.mark.parametrize("stands", ["not_met", "n/a"])
def test_what_is_not_met_needs_its_reason_and_no_page(
    client: Client, appliance: Application, document: Document, stands: str
) -> None:
    save(client, again(appliance), "evidence", about("hinge", stands=stands, document=document.pk, page=1))
    assert missing(appliance, "hinge") == ["Say why it is not met or does not apply: The hinge."]

    save(client, again(appliance), "evidence", about("hinge", stands=stands, note="It has elastics."))
    assert missing(appliance, "hinge") == []
    said = CodeEvidence.objects.get(application=appliance, element="hinge")
    assert (said.document, said.page) == (None, None)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"page": "2"}, "brochure.pdf has 1 page, so there is no page 2."),
        ({"page": "0"}, "Ensure this value is greater than or equal to 1."),
        ({"page": "-1"}, "Ensure this value is greater than or equal to 1."),
        ({"page": "seven"}, "Enter a whole number."),
        ({"page": "99999999999"}, "Ensure this value is less than or equal to 100000."),
        ({"document": "0", "page": "1"}, "That document is not attached any more. Choose another."),
        ({"document": "x'", "page": "1"}, "That document is not attached any more. Choose another."),
        ({"stands": "perhaps", "page": "1"}, "Select a valid choice. perhaps is not one of the available choices."),
        ({"note": "x" * 2_001, "page": "1"}, "Ensure this value has at most 2000 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_shown_again(
    client: Client, appliance: Application, document: Document, typed: dict[str, str], says: str
) -> None:
    said = {
        **about("airway", stands="n/a", note="Kept beside it."),
        **about("hinge", document=document.pk, stands="shown"),
    }
    said |= about("hinge", **typed)

    response = save(client, again(appliance), "evidence", said)

    assert response.status_code == 422
    assert says in words(response)
    assert "Kept beside it." in response.content.decode()
    assert not appliance.code_evidence.exists()


def test_a_removed_document_has_to_be_replaced(client: Client, appliance: Application, document: Document) -> None:
    save(client, again(appliance), "evidence", about("hinge", document=document.pk, page=1))

    remove_document(document=document)

    assert missing(appliance, "hinge") == ["brochure.pdf was removed. Name another document for: The hinge."]
    page = client.get(address("section", appliance, "evidence"))
    assert "brochure.pdf was removed. Name another document for: The hinge." in words(page)
    # It cannot be chosen again while it is removed.
    assert f'value="{document.pk}"' not in page.content.decode()


def test_a_document_of_another_application_is_no_evidence(client: Client, appliance: Application, maker: User) -> None:
    elsewhere = attached(begun_draft_of("oral-appliances", by=maker), "product-literature", "elsewhere.pdf")

    response = save(client, appliance, "evidence", about("hinge", document=elsewhere.pk, page=1))

    assert response.status_code == 422
    assert "elsewhere.pdf" not in response.content.decode()


def test_two_tabs_lose_nothing(client: Client, appliance: Application, document: Document) -> None:
    first = again(appliance)
    save(client, first, "evidence", about("hinge", document=document.pk, page=1))

    response = save(client, first, "evidence", about("hinge", stands="n/a", note="Typed in the other tab."))

    assert response.status_code == 409
    assert "Stored now" in words(response)
    assert "Typed in the other tab." in response.content.decode()
    assert CodeEvidence.objects.get(application=appliance, element="hinge").page == 1


def test_without_a_code_the_section_says_what_to_do_first(client: Client, maker: User) -> None:
    draft = drafts.start_application(
        organization=begun_draft_of("orthotics", by=maker).organization, product_group="orthotics", by=maker
    )

    assert "No code is requested yet" in words(client.get(address("section", draft, "evidence")))


def test_the_reviewer_finds_the_applicants_pointer_beside_the_requirement() -> None:
    application = submitted()

    by_key = {row.key: row.claimed for row in rows(application)}

    claimed = by_key["pelvic-component"]
    assert claimed
    assert claimed.in_words == "fda-registration.pdf, page 1"


def test_a_change_of_evidence_takes_the_signature_back(client: Client, maker: User) -> None:
    signed = complete_draft(maker)

    save(client, signed, "evidence", about("uprights", stands="n/a", note="None."))

    assert again(signed).attested is False


@pytest.mark.parametrize("section", ["evidence", "questions"])
def test_the_number_of_queries_does_not_grow_with_the_evidence(
    client: Client, appliance: Application, section: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address("section", appliance, section)).status_code == 200
        return len(counted)

    one = attached(appliance, "product-literature", "one.pdf", "one")
    save(client, again(appliance), "evidence", about("hinge", document=one.pk, page=1))
    few = queries()
    for name in ("two", "three"):
        attached(appliance, "product-literature", f"{name}.pdf", name)
    said: dict[str, str] = {}
    for each in elements(appliance):
        said |= about(each.key, document=one.pk, page=1)
    save(client, again(appliance), "evidence", said)
    assert queries() == few

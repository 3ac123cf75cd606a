"""What applications are asked, published: every group, every version, code by code; and the registrar's view of it."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from pcl.errors import RegisterError
from pcl.services.publications import PublicationSaid, post_publication
from tests.applicant.pages import signed_in, words
from tests.factories.accounts import contractor_person
from tests.factories.product_groups import begun_draft_of
from tests.factories.register import make_code
from tests.factories.verification import in_review, manufacturer
from verification.models import Application
from verification.product_groups import groups
from verification.queries.checklist import rows
from verification.services.review import save_findings

pytestmark = pytest.mark.django_db
EVERY = [pytest.param(group, id=group.slug) for group in groups()]


def criteria(slug: str) -> str:
    return reverse("criteria:group", args=[slug])


def test_the_list_names_every_group_with_its_codes(client: Client) -> None:
    page = words(client.get("/publications/criteria/"))
    assert all(f"{group.title} {group.about} {group.codes_in_short}" in page for group in groups())
    assert "The contractor’s checklist, not coverage." in page


@pytest.mark.parametrize("group", EVERY)
def test_a_group_says_all_that_it_asks(client: Client, group: object) -> None:
    page = words(client.get(criteria(group.slug)))  # type: ignore[attr-defined]
    for row in group.checklist:  # type: ignore[attr-defined]
        assert row.requirement in page
        assert row.source in page
    assert all(question.label in page for question in group.questions)  # type: ignore[attr-defined]
    assert all(kind.label in page for kind in group.documents)  # type: ignore[attr-defined]
    assert all(rule.in_words in page for rule in group.samples)  # type: ignore[attr-defined]


def test_one_code_shows_only_what_it_requires(client: Client) -> None:
    page = words(client.get(criteria("power-mobility"), {"code": "k0823"}))
    assert "What K0823 requires" in page
    assert "Captain’s chair." in page
    assert "Patient weight capacity up to and including 300 pounds." in page
    assert "Patient weight capacity 451 to 600 pounds." not in page
    assert "Sling or solid seat and back." not in page


def test_a_sample_is_said_for_the_code(client: Client) -> None:
    gel = words(client.get(criteria("support-surfaces"), {"code": "E0371"}))
    powered = words(client.get(criteria("support-surfaces"), {"code": "E0277"}))
    assert "Required. Send one surface, or a cut through its full height" in gel
    assert "Not asked for. No sample is asked for (E0277)." in powered
    assert "Send one surface, or a cut" not in powered


def test_a_code_leads_to_its_group(client: Client) -> None:
    response = client.get("/publications/criteria/", {"code": " l0650"})
    assert response.url == "/publications/criteria/orthotics/?code=L0650"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/publications/criteria/?code=Z9999", "No product group has this code"),
        ("/publications/criteria/orthotics/?code=K1007", "That code does not belong to this product group."),
    ],
)
def test_an_unknown_code_is_told_and_nothing_is_lost(client: Client, address: str, says: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert says in words(response)
    assert "Orthotics" in words(response)


@pytest.mark.parametrize(
    "address", ["ladders/", "orthotics/?version=2", "orthotics/?version=x", "orthotics/?version=0"]
)
def test_what_is_not_there_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/publications/criteria/{address}").status_code == 404


def test_an_older_version_says_so_and_shows_its_own_rows(client: Client) -> None:
    older = words(client.get(criteria("powered-orthoses"), {"version": "1"}))
    newer = words(client.get(criteria("powered-orthoses")))
    row = "Powered upper extremity range of motion assist device, as in the code's descriptor."
    assert "An older version." in older
    assert "An older version." not in newer
    assert older.count(row) == 2
    # Only among the differences.
    assert newer.count(row) == 1
    assert f"Requirement taken out: {row}" in newer


def test_a_publication_cannot_take_the_address() -> None:
    said = PublicationSaid(title="Criteria", publishers=["PDAC"], posted=date(2024, 5, 30), status="current", body="A.")
    with pytest.raises(RegisterError, match="has the address “criteria” already"):
        post_publication(said=said, slug="criteria", description="Originally Published", by=None)
    assert post_publication(said=said, description="Originally Published", by=None).slug == "criteria-2"


def test_the_page_of_a_code_links_to_what_it_requires(client: Client) -> None:
    make_code("L0650")
    make_code("E0601")
    link = "/publications/criteria/orthotics/?code=L0650"
    assert f'href="{link}"' in client.get("/codes/L0650/").content.decode()
    assert "publications/criteria" not in client.get("/codes/E0601/").content.decode()


def test_nothing_of_an_application_is_public(client: Client) -> None:
    application = in_review(product_name="Secret Strider", codes=["K1007"])
    save_findings(
        application=application,
        findings={row.name: ("no", "Internal doubt.") for row in rows(application)},
        by=application.reviewer,  # type: ignore[arg-type]
        seen_version=application.version,
    )
    for address in ("/publications/criteria/", criteria("powered-orthoses")):
        page = client.get(address).content.decode()
        assert not [word for word in ("Secret Strider", "Internal doubt", application.reviewer.name) if word in page]  # type: ignore[union-attr]
    # How many applications there are is the registrar's to know.
    assert "Under review" not in words(client.get(criteria("powered-orthoses")))


def test_starting_finds_the_group_of_a_code() -> None:
    client = signed_in(manufacturer())
    page = client.get("/apply/start/", {"code": "l0650"})
    assert "L0650 belongs to Orthotics , which is chosen below." in words(page)
    assert page.context["form"]["product_group"].value() == "orthotics"

    unknown = client.get("/apply/start/", {"code": "Z9999"})
    assert "No product group has this code" in words(unknown)
    assert unknown.context["form"]["product_group"].value() is None


def test_the_registrar_sees_the_form_and_saves_nothing() -> None:
    client = signed_in(contractor_person(Role.REGISTRAR))
    begun_draft_of("surgical-dressings")
    before = Application.objects.count()

    page = client.get(reverse("review:product_group", args=["surgical-dressings"]))

    said = words(page)
    assert "Clinically relevant components by weight" in said
    assert "Applications by version An application keeps the version with which it was begun" in said
    assert [(row.version, row.drafts) for row in page.context["use"]] == [(1, 1)]
    assert client.post(reverse("review:product_group", args=["surgical-dressings"])).status_code == 405
    assert Application.objects.count() == before


def test_the_pages_cost_the_same_with_three_applications_as_with_one(client: Client) -> None:
    registrar = signed_in(contractor_person(Role.REGISTRAR))
    addresses = [
        (client, criteria("orthotics")),
        (registrar, reverse("review:product_groups")),
        (registrar, reverse("review:product_group", args=["orthotics"])),
    ]

    def queries() -> list[int]:
        counts = []
        for person, address in addresses:
            person.get(address)
            with CaptureQueriesContext(connection) as counted:
                assert person.get(address).status_code == 200
            counts.append(len(counted))
        return counts

    begun_draft_of("orthotics", codes=["L0650"])
    few = queries()
    for code in ("L0174", "L1832"):
        begun_draft_of("orthotics", codes=[code])
    assert queries() == few
    assert few[0] <= 3

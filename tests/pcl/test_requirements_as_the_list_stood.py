"""The second clock of requirements: what the register said of them at an instant, apart from the date of service."""

from collections.abc import Iterator
from datetime import date
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client

from pcl.models import Requirement, RequirementVersion
from pcl.queries.check.engine import check_lines
from pcl.queries.check.line import Line
from pcl.queries.published_instant import instant_from
from pcl.services.check_batches import answer_batch, keep_batch, start_batch
from pcl.services.import_requirements import import_requirements
from pcl.services.products import correct_model_number
from pcl.services.requirements import RequirementSaid, add_requirement, revise_requirement
from tests.factories.register import make_code, publish, require
from tests.pcl.test_public_pages import page
from tests.pcl.test_requirements_pages import from_api, from_csv

pytestmark = pytest.mark.django_db
JUNE, JULY, AUGUST = "2026-06-10T15:00:00Z", "2026-07-10T15:00:00Z", "2026-08-10T15:00:00Z"
NEVER_SAID = "2026-06-09"


@pytest.fixture(autouse=True)
def _in_september() -> Iterator[None]:
    with time_machine.travel("2026-09-10T15:00:00Z"):
        yield


def said(**fields: Any) -> RequirementSaid:
    given = {"code": "L1843", "product_group": "knee-orthoses", "begins": date(2024, 12, 1), "source": "Some rule"}
    return RequirementSaid(**(given | fields))


@pytest.fixture
def brace(db: None) -> Requirement:
    """Entered in June for all groups, moved to another group in July, ended in August."""
    make_code("L1843", long_description="Knee brace")
    with time_machine.travel(JUNE, tick=False):
        requirement = add_requirement(said=said(), reason="New", by=None)
    with time_machine.travel(JULY, tick=False):
        requirement = revise_requirement(
            requirement=requirement, seen_version=1, said=said(product_group="ankle-foot-orthoses"),
            reason="Wrong group", by=None,
        )  # fmt: skip
    with time_machine.travel(AUGUST, tick=False):
        ended = said(product_group="ankle-foot-orthoses", ends=date(2026, 1, 31))
        return revise_requirement(requirement=requirement, seen_version=2, said=ended, reason="Ended", by=None)


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        (f"on=2026-03-01&as_published={NEVER_SAID}", []),
        ("on=2026-03-01&as_published=2026-06-10T14:59:59Z", []),
        (f"on=2026-03-01&as_published={JUNE}", ["knee-orthoses"]),
        ("on=2026-03-01&as_published=2026-06-10", ["knee-orthoses"]),
        ("on=2024-11-30&as_published=2026-06-10", []),
        (f"on=2026-03-01&as_published={JULY}", ["ankle-foot-orthoses"]),
        (f"on=2026-03-01&group=ankle-foot-orthoses&as_published={JUNE}", []),
        (f"on=2026-03-01&q=knee+brace&as_published={JULY}", ["ankle-foot-orthoses"]),
        (f"on=2026-03-01&as_published={AUGUST}", []),
        (f"on=2026-01-31&as_published={AUGUST}", ["ankle-foot-orthoses"]),
        ("on=2026-01-31", ["ankle-foot-orthoses"]),
        ("on=2026-03-01", []),
        # Without a date of service: that of the day of the list.
        (f"as_published={JULY}", ["ankle-foot-orthoses"]),
    ],
)
def test_the_page_the_api_and_the_csv_answer_alike(
    client: Client, brace: Requirement, query: str, groups: list[str]
) -> None:
    assert [row["product_group"] for row in from_api(client, query)] == groups
    assert [row["product_group"] for row in from_csv(client, query)] == groups
    html = client.get(f"/requirements/?{query}").content.decode()
    assert ("L1843</a>" in html or ">L1843<" in html) == bool(groups)


def test_the_page_says_which_list_it_shows_and_keeps_it_in_its_links(client: Client, brace: Requirement) -> None:
    query = "on=2026-03-01&as_published=2026-06-10"
    assert "for dates of service on March 1, 2026, as the list stood on June 10, 2026" in page(
        client, f"/requirements/?{query}"
    ).replace("Jun 10", "June 10")
    html = client.get(f"/requirements/?{query}").content.decode()
    assert 'href="/codes/L1843/?on=2026-03-01&amp;as_published=2026-06-10"' in html
    assert 'href="/requirements.csv?on=2026-03-01&amp;as_published=2026-06-10"' in html
    assert "this register knew of no requirement" in page(
        client, f"/requirements/?on=2026-03-01&as_published={NEVER_SAID}"
    )


@pytest.mark.parametrize("given", ["2026-13-01", "never", "2026-09-11", "2026-06-10T15:00:00"])
def test_an_instant_that_cannot_be_meant_is_refused(client: Client, given: str) -> None:
    assert client.get(f"/requirements/?as_published={given}").status_code == 400
    assert client.get(f"/requirements.csv?as_published={given}").status_code == 400
    refused = client.get(f"/api/v1/requirements/?as_published={given}")
    assert (refused.status_code, "as_published" in refused.content.decode()) == (400, True)


def test_each_state_is_kept_with_its_time(brace: Requirement) -> None:
    rows = list(RequirementVersion.objects.order_by("said"))
    assert [(row.requirement_id, row.product_group, row.in_force_to, row.said.upper) for row in rows] == [
        (brace.pk, "knee-orthoses", None, rows[1].said.lower),
        (brace.pk, "ankle-foot-orthoses", None, rows[2].said.lower),
        (brace.pk, "ankle-foot-orthoses", date(2026, 1, 31), None),
    ]
    assert [row.said.lower.strftime("%Y-%m-%dT%H:%M:%SZ") for row in rows] == [JUNE, JULY, AUGUST]


def test_a_list_and_its_dating_back_are_kept_too() -> None:
    make_code("A5512")
    for day, told in ((date(2025, 5, 1), "The May list"), (date(2025, 3, 1), "The March list")):
        import_requirements(text="HCPCS,LCD\nA5512,Therapeutic Shoes\n", source=told, snapshot_date=day)
    sources = RequirementVersion.objects.order_by("said").values_list("source", flat=True)
    assert list(sources) == ["The May list", "The March list"]


def test_two_states_of_one_instant_have_an_order() -> None:
    requirement = require(make_code("L1843"), begins=date(2024, 12, 1))
    Requirement.objects.update(source="By hand")
    first, second = RequirementVersion.objects.order_by("said")
    assert (first.source, second.source, first.said.upper) == ("Some list", "By hand", second.said.lower)
    assert first.said.lower < second.said.lower
    Requirement.objects.all().delete()
    assert RequirementVersion.objects.filter(requirement=requirement.pk, said__endswith=None).count() == 0
    assert RequirementVersion.objects.count() == 2


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM pcl_requirementversion",
        "UPDATE pcl_requirementversion SET source = 'Another'",
        "UPDATE pcl_requirementversion SET said = tstzrange(lower(said) - interval '1 day', now())",
    ],
)
def test_what_was_said_stands(brace: Requirement, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert RequirementVersion.objects.count() == 3


def test_what_was_said_before_versions_were_kept_comes_from_the_changes(brace: Requirement) -> None:
    """And of one without any change on record: it has said so as long as is known."""
    require(make_code("L1832"), begins=date(2020, 1, 1))
    fields = ("requirement", "code", "product_group", "in_force", "publication", "source", "snapshot_date")
    expected = list(RequirementVersion.objects.filter(requirement=brace).order_by("said").values_list(*fields))
    fill = import_module("pcl.migrations.0063_what_was_required_so_far").FILL
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE pcl_requirementversion")
        cursor.execute(fill)
    rows = RequirementVersion.objects.filter(requirement=brace).order_by("said")
    assert list(rows.values_list(*fields)) == expected
    assert [row.said.lower.strftime("%Y-%m-%dT%H:%M:%SZ") for row in rows] == [JUNE, JULY, AUGUST]
    other = RequirementVersion.objects.exclude(requirement=brace).get()
    assert (other.code.code, other.said.upper) == ("L1832", None)


def test_the_console_shows_what_can_be_revised(brace: Requirement, client: Client) -> None:
    """A version is no requirement: its number would lead to another one's form."""
    from accounts.models import Role  # noqa: PLC0415
    from tests.factories.accounts import contractor_person  # noqa: PLC0415

    client.force_login(contractor_person(Role.REGISTRAR, name="Reese"))
    html = client.get(f"/review/requirements/?on=2026-01-31&as_published={JUNE}").content.decode()
    assert f'href="/review/requirements/{brace.pk}/edit/"' in html
    assert "ankle-foot" in html.lower() or "Ankle" in html


@pytest.mark.parametrize(
    ("as_published", "day", "answer"),
    [
        ("2026-06-10T14:59:59Z", "2026-03-01", "verification_not_required"),
        (JUNE, "2026-03-01", "not_listed"),
        (JULY, "2026-03-01", "not_listed"),
        # Ended in August, after the last of January.
        (AUGUST, "2026-03-01", "verification_not_required"),
        (AUGUST, "2026-01-31", "not_listed"),
        (None, "2026-03-01", "verification_not_required"),
    ],
)
def test_the_check_judges_by_what_was_required_then(
    client: Client, brace: Requirement, as_published: str | None, day: str, answer: str
) -> None:
    asked = {"code": "L1843", "date_of_service": day, "product": "Brace"}
    then = {"as_published": as_published} if as_published else {}
    lines = {"lines": [asked], **then}
    (told,) = client.post("/api/v1/checks/", lines, content_type="application/json").json()["results"]
    assert told["answer"] == answer
    said = client.get("/check/", asked | then).context["said"]
    assert said["answer"] == answer
    if answer == "verification_not_required":
        # What was not known then may have been required all the same.
        knew = "this register knew, at the moment asked for, of no requirement"
        assert (knew in said["reasons"][-1], "By the list of that moment" in said["heading"]) == (bool(then),) * 2
    batch = keep_batch(
        rows=enumerate([asked]), columns={}, as_published=instant_from(as_published) if as_published else None
    )
    start_batch(batch=batch)
    answer_batch(batch_id=batch.pk)
    assert batch.answers.get().answer == answer
    # What is cited is what was said then, too, and is of today's number.
    cited = told["citations"]["requirement"]
    assert (cited is None) == (answer == "verification_not_required")
    if cited:
        ends = "2026-01-31" if as_published == AUGUST else None
        assert (cited["id"], cited["in_force_from"], cited["in_force_to"]) == (brace.pk, "2024-12-01", ends)
        assert parse_qs(urlsplit(cited["url"]).query)["as_published"] == [as_published.replace("Z", ".000000Z")]
        assert client.get(urlsplit(cited["url"])._replace(scheme="", netloc="").geturl()).status_code == 200


ONLY = "Only products on this list may be billed under L1843"
NOT_KNOWN = "This register knew of no requirement"


def test_the_code_page_and_the_listing_page_say_what_was_required_then(client: Client, brace: Requirement) -> None:
    listing = publish("Brace", code="L1843", begins=date(2024, 12, 1))
    for address in ("/codes/L1843/", f"/listings/{listing.pk}/"):
        said = {
            then: page(client, f"{address}?on=2026-03-01&as_published={then}").count(ONLY)
            for then in (NEVER_SAID, JUNE, JULY, AUGUST)
        }
        assert said == {NEVER_SAID: 0, JUNE: 1, JULY: 1, AUGUST: 0}
        assert "no longer required" in page(client, f"{address}?on=2026-03-01&as_published={AUGUST}")
        assert "no longer required" in page(client, f"{address}?on=2026-03-01")
    # Of what was changed later nothing was known.
    assert "since changed to" not in page(client, f"/codes/L1843/?on=2026-03-01&as_published={JUNE}")
    assert page(client, f"/codes/L1843/?on=2026-03-01&as_published={JULY}").count("since changed to") == 1
    assert page(client, "/codes/L1843/?on=2026-03-01").count("since changed to") == 2
    assert NOT_KNOWN in page(client, f"/codes/L1843/?on=2026-03-01&as_published={NEVER_SAID}")


@pytest.mark.parametrize("address", ["/api/v1/listings/{}/", "/api/v1/listings/"])
def test_what_is_expanded_is_what_was_required_then(client: Client, brace: Requirement, address: str) -> None:
    with time_machine.travel("2026-06-01T15:00:00Z", tick=False):
        listing = publish("Brace", code="L1843", begins=date(2024, 12, 1))
    groups = []
    for then in (NEVER_SAID, JUNE, JULY, AUGUST):
        query = f"?on=2026-03-01&expand=requirement&as_published={then}"
        told = client.get(address.format(listing.pk) + query).json()
        (row,) = told.get("results", [told])
        groups.append((row["expanded"]["requirement"] or {}).get("product_group"))
    assert groups == [None, "knee-orthoses", "ankle-foot-orthoses", None]


def test_the_check_finds_a_model_by_the_number_that_the_list_had_then() -> None:
    with time_machine.travel(JUNE, tick=False):
        listing = publish("Brace", code="L1843", model_number="A-1")
    with time_machine.travel(JULY, tick=False):
        correct_model_number(model=listing.model, model_number="A-2", reason="Misprinted.", by=None)
    number = {"A-1": [], "A-2": []}
    for each, answers in number.items():
        line = Line(code="L1843", day=date(2026, 3, 1), model_number=each)
        for then in (instant_from(JUNE), instant_from(AUGUST), None):
            (answered,) = check_lines([line], as_published=then)
            answers.append((answered.answer, answered.listings))
    listed, not_required = ("listed", [listing.pk]), ("verification_not_required", [])
    # Today's number means the same model, also where the list had it under another.
    assert number == {"A-1": [listed, not_required, not_required], "A-2": [listed, listed, listed]}

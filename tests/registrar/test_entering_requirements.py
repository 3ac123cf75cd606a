"""A registrar enters requirements, one by one or from a list."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from pcl.models import Requirement, RequirementChange, RequirementList
from pcl.registrar import requirement_lists
from tests.factories.register import make_code, make_publication, require
from tests.pcl.test_public_pages import text_of

pytestmark = pytest.mark.django_db
IMPORT = "/review/requirements/import/"
LIST = b"HCPCS,LCD\nA5512,Shoes\nZ9999,Nothing\nK1007,Powered Orthoses\n"


def words(response: Any) -> str:
    return text_of(response.content).replace("&#x27;", "'").replace("&quot;", '"')


def typed(**fields: str) -> dict[str, str]:
    return {
        "code": "l1843",
        "group": "Knee Orthoses",
        "begins": "2024-12-01",
        "ends": "",
        "publication": "",
        "policy_article": "A52465",
        "lcd": "Knee Orthoses",
        "exception_text": "Made by hand:\r\nneed not be listed.",
        "fallback_code": "A9270",
        "source": "The publication",
        "snapshot_date": "",
        "reason": "As published.",
        **fields,
    }


def bring(client: Client, content: bytes = LIST, name: str = "list.csv", **fields: str) -> Any:
    given = {"snapshot_date": "2025-05-01", "source": "The May list", **fields}
    return client.post(IMPORT, {"upload": SimpleUploadedFile(name, content), **given})


@pytest.fixture
def count_as() -> Callable[[Client, str], int]:
    def count(client: Client, address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return count


@pytest.fixture
def catalogue() -> None:
    make_code("A5512")
    require(make_code("K1007"), begins=date(2024, 6, 1), source="The publication")
    require(make_code("E0147"), begins=date(2020, 1, 1))


@pytest.mark.usefixtures("catalogue")
def test_a_list_is_looked_at_before_it_is_entered(as_reese: Client, reese: User) -> None:
    brought = bring(as_reese)
    preview = words(as_reese.get(brought["Location"]))

    assert Requirement.objects.count() == 2
    assert "Preview: nothing is written yet The May list" in preview
    assert "Lines that cannot be used (1)" in preview
    assert "3 Z9999 The catalogue does not have this code." in preview
    assert "Would be added (1)" in preview
    assert "With dates of their own (1) They stay as they are" in preview
    assert "K1007 from June 1, 2024" in preview
    assert "In force on that day, and not on the list (1)" in preview

    answer = as_reese.post(f"{brought['Location']}enter/", follow=True)

    assert "1 code added, 0 dated back to this list." in words(answer)
    assert "There already (1)" in words(answer)
    made = Requirement.objects.get(code__code="A5512")
    assert (made.source, made.snapshot_date, made.in_force_from) == ("The May list", date(2025, 5, 1), None)
    assert RequirementChange.objects.get().by == reese
    kept = RequirementList.objects.get()
    assert (kept.file_name, kept.entered_by, kept.entered_count) == ("list.csv", reese, 1)


@pytest.mark.usefixtures("catalogue")
def test_a_list_is_entered_once(as_reese: Client) -> None:
    address = bring(as_reese)["Location"]
    as_reese.post(f"{address}enter/")

    again = as_reese.post(f"{address}enter/", follow=True)

    assert "This list has been entered already." in words(again)
    assert Requirement.objects.count() == 3
    assert "There is nothing to enter" in words(as_reese.get(bring(as_reese)["Location"]))


@pytest.mark.parametrize(
    ("content", "fields", "why"),
    [
        (b"", {}, "File: The file is empty."),
        (b"Name\nA5512\n", {}, "The first line must name the columns, one of them HCPCS. It names “name”."),
        (b"PK\x03\x04", {}, "This is a workbook or an archive, not a CSV file."),
        (LIST, {"snapshot_date": "2025-02-30"}, "“2025-02-30” is not a date that exists."),
        (LIST, {"snapshot_date": "2190-01-01"}, "2190-01-01 is still to come."),
        (LIST, {"source": " "}, "Source: This field is required."),
    ],
)
def test_what_is_no_list_is_refused_on_the_page(
    as_reese: Client, content: bytes, fields: dict[str, str], why: str
) -> None:
    answer = bring(as_reese, content, **fields)

    assert (answer.status_code, why in words(answer)) == (422, True)
    assert RequirementList.objects.count() == 0


def test_a_file_that_is_too_large_is_refused_and_not_kept(as_reese: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requirement_lists, "LIST_MAX_BYTES", 100_000)

    answer = bring(as_reese, LIST + b"x" * 300_000)

    assert (answer.status_code, "The file is larger than 2 MB" in words(answer)) == (422, True)
    assert RequirementList.objects.count() == 0


def test_the_token_is_asked_for_although_the_body_is_read_late(reese: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reese)

    assert bring(client).status_code == 403
    assert RequirementList.objects.count() == 0


def test_a_name_of_a_file_in_any_letters_is_shown_and_harmless(as_reese: Client) -> None:
    make_code("A5512")

    answer = as_reese.get(bring(as_reese, name="<b>قائمة🦿.csv")["Location"])

    assert "قائمة🦿.csv" in answer.content.decode()
    assert "<b>قائمة" not in answer.content.decode()


def test_a_requirement_is_entered_by_hand(as_reese: Client, reese: User) -> None:
    make_code("L1843")
    publication = make_publication()

    answer = as_reese.post("/review/requirements/new/", typed(publication="a-publication", ends="2026-12-31"))

    assert answer["Location"] == "/review/requirements/?code=L1843"
    made = Requirement.objects.get()
    assert (made.in_force_from, made.in_force_to) == (date(2024, 12, 1), date(2026, 12, 31))
    assert (made.product_group, made.publication, made.policy_article) == ("knee-orthoses", publication, "A52465")
    assert (made.exception_text, made.fallback_code) == ("Made by hand:\nneed not be listed.", "A9270")
    change = made.changes.get()
    assert (change.reason, change.by) == ("As published.", reese)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"begins": "2024-13-01"}, "“2024-13-01” is not a date that exists."),
        ({"ends": "2024-11-30"}, "The last date of service, November 30, 2024, lies before the first"),
        ({"begins": ""}, "Give the first date of service or, where the source names none"),
        ({"code": "Z9999"}, "Z9999 is not a code of the catalogue."),
        ({"code": "1"}, "Write the code as one letter and four digits"),
        ({"code": "K1007"}, "K1007 has a requirement already for dates of service from June 1, 2024, with no end set"),
        ({"reason": ""}, "Reason: This field is required."),
        ({"publication": "nothing"}, "Select a valid choice."),
    ],
)
@pytest.mark.usefixtures("catalogue")
def test_a_mistake_is_said_and_nothing_typed_is_lost(as_reese: Client, fields: dict[str, str], why: str) -> None:
    make_code("L1843")

    answer = as_reese.post("/review/requirements/new/", typed(**fields))

    assert answer.status_code in {409, 422}
    assert why in words(answer)
    assert 'value="A52465"' in answer.content.decode()
    assert Requirement.objects.count() == 2


def test_a_change_needs_a_reason_and_stays_in_the_history(as_reese: Client) -> None:
    requirement = require(make_code("L1843"), begins=None, snapshot_date=date(2025, 5, 1), lcd="Knee Orthoses")
    address = f"/review/requirements/{requirement.pk}/edit/"

    refused = as_reese.post(address, typed(seen_version="1", reason=""))
    changed = as_reese.post(address, typed(seen_version="1", reason="The publication names the day."))

    assert (refused.status_code, changed.status_code) == (422, 302)
    told = words(as_reese.get(address))
    assert "Changed by Reese Registrar The publication names the day." in told
    assert "First date of service: from not stated to 2024-12-01" in told


def test_two_at_once_the_second_is_told_and_loses_nothing(as_reese: Client) -> None:
    requirement = require(make_code("L1843"), begins=date(2020, 1, 1))
    address = f"/review/requirements/{requirement.pk}/edit/"
    as_reese.post(address, typed(seen_version="1", fallback_code="First"))

    second = as_reese.post(address, typed(seen_version="1", fallback_code="Second"))

    assert second.status_code == 409
    assert "Somebody else has revised this requirement since you opened it." in words(second)
    assert 'value="Second"' in second.content.decode()
    assert 'name="seen_version" value="2"' in second.content.decode()
    requirement.refresh_from_db()
    assert requirement.fallback_code == "First"


def test_a_publication_leads_to_a_requirement_of_its_own(as_reese: Client) -> None:
    make_publication()

    html = as_reese.get("/review/requirements/new/?publication=a-publication").content.decode()

    assert '<option value="a-publication" selected>' in html
    assert 'value="Some Device - Correct Coding, posted 2023-12-28"' in html
    assert as_reese.get("/review/requirements/new/?publication=%00").status_code == 200


def test_the_pages_of_lists_cost_no_more_queries_with_more_rows(
    as_reese: Client, count_as: Callable[[Client, str], int]
) -> None:
    def add(number: int) -> None:
        publication = make_publication(f"p-{number}")
        require(make_code(f"L000{number}"), begins=None, product_group=f"g-{number}", publication=publication)
        make_code(f"A000{number}")
        bring(as_reese, f"HCPCS\nA000{number}\n".encode())

    add(1)
    first = RequirementList.objects.get().pk
    addresses = ["/review/requirements/", "/review/publications/", IMPORT, f"{IMPORT}{first}/"]
    with_one = [count_as(as_reese, address) for address in addresses]
    add(2)
    add(3)

    assert [count_as(as_reese, address) for address in addresses] == with_one

"""An existing list, from the file to the register."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from pcl.errors import RegisterError
from pcl.models import ListImport, Listing, ListingChange, Organization, Product, ProductName, RegisterEntry
from pcl.queries.chain_check import faults_in, stored_changes
from pcl.services.list_imports import confirm_list_import
from pcl.services.run_list_import import import_confirmed_list, make_list_preview
from tests.factories.accounts import contractor_person
from tests.factories.register import make_code, publish, some_organization
from tests.jobs import run_jobs
from tests.registrar.list_files import as_csv, as_workbook, brought, list_upload, looked_at

pytestmark = pytest.mark.django_db
WALKER = ["K1007", "Argo", "Walker", "RW-1..RW-3", "2024-01-01", "", "Medi", "Powered Orthoses", "Old", "Stroller"]
CHANGE = "Change that listing, or the dates in the file."
GIVE = "Give a first day within, or another code."
PART = "Leave one of them, or part the dates."
CRANE = ["K1007", "Argo", "Crane", "", "2023-01-01", "2023-06-30", "", "", "", ""]


@pytest.fixture(autouse=True)
def k1007() -> None:
    make_code("K1007", added=date(2020, 1, 1))
    make_code("E0001", added=date(2000, 1, 1), terminated=date(2010, 12, 31))


def imported(asked: ListImport, by: User, *, without_bad_rows: bool = True) -> ListImport:
    confirm_list_import(list_import=asked, by=by, without_bad_rows=without_bad_rows)
    import_confirmed_list(list_import_id=asked.pk)
    asked.refresh_from_db()
    return asked


def outcomes(asked: ListImport) -> list[tuple[int, str, str, str]]:
    return list(asked.lines.order_by("number").values_list("row", "outcome", "column", "message"))


def entries() -> list[tuple[Any, ...]]:
    shown = RegisterEntry.objects.order_by("listing_id")
    return list(shown.values_list("code", "manufacturer", "distributor", "product", "model_number", "classification"))


def everything() -> tuple[Any, ...]:
    products = list(Product.objects.order_by("pk").values_list())
    return (entries(), ListingChange.objects.count(), products, Organization.objects.count())


@pytest.mark.django_db(transaction=True)
def test_a_list_is_imported_from_upload_to_report(as_reese: Client, reese: User) -> None:
    given = {"upload": list_upload(as_csv([WALKER, CRANE])), "source": "The old list", "reason": "Taken over."}
    response = as_reese.post("/review/lists/new/", given)
    asked = ListImport.objects.get()
    assert response.url == f"/review/lists/{asked.pk}/"
    assert "It waits for the worker" in as_reese.get(response.url).content.decode()
    run_jobs()
    page = as_reese.get(response.url).content.decode()
    assert "nothing is written yet" in page
    assert "Import 4 listings" in page
    assert not Listing.objects.exists()
    as_reese.post(f"{response.url}confirm/")
    run_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.listing_count, asked.first_seq, asked.last_seq) == ("imported", 4, 1, 4)
    assert (asked.asked_by, asked.confirmed_by) == (reese, reese)
    assert entries() == [
        ("K1007", "Argo", "Medi", "Walker", "RW-1", "Powered Orthoses"),
        ("K1007", "Argo", "Medi", "Walker", "RW-2", "Powered Orthoses"),
        ("K1007", "Argo", "Medi", "Walker", "RW-3", "Powered Orthoses"),
        ("K1007", "Argo", "", "Crane", "", ""),
    ]
    assert "What became of each row" in as_reese.get(response.url).content.decode()
    assert "The old list" in as_reese.get("/review/lists/").content.decode()


def test_each_listing_is_one_change_of_one_act(reese: User) -> None:
    asked = imported(looked_at([WALKER, CRANE], by=reese), reese)
    changes = list(ListingChange.objects.order_by("seq"))
    assert {(change.kind, change.reason, change.by, change.at) for change in changes} == {
        ("listed", "Taken over from the contractor before. (Source: The old list)", reese, changes[0].at)
    }
    crane = changes[-1].after
    assert (crane["origin"], crane["effective_from"], crane["effective_to"]) == ("imported", "2023-01-01", "2023-06-30")
    assert changes[0].after["comment"] == "Old"
    assert Listing.objects.filter(version=1).count() == 4
    assert list(faults_in(stored_changes())) == []
    assert list(asked.lines.order_by("number").values_list("listing_id", flat=True)) == [
        change.listing_id for change in changes
    ]
    alias = ProductName.objects.get()
    assert (alias.product.name, alias.name, alias.source) == ("Walker", "Stroller", "The old list")


def test_the_dry_run_says_what_would_become_of_each_row(reese: User) -> None:
    here = publish("Ankle", manufacturer="Argo", model_number="A-1", begins=date(2024, 1, 1))
    today = timezone.localdate()
    asked = looked_at(
        [
            ["K1007", "ARGO", "ankle", "a1", "2024-01-01", "", *[""] * 4],
            ["K1007", "Argo", "Ankle", "A-1", "2024-02-01", "", *[""] * 4],
            ["K9999", "Argo", "Knee", "", "2024-01-01", "", *[""] * 4],
            ["E0001", "Argo", "Knee", "", "2024-01-01", "", *[""] * 4],
            ["K1007", "Argo", "Knee", "", "2024-01-01", "", *[""] * 4],
            ["K1007", "argo", "KNEE", "", "2024-01-01", "", *[""] * 4],
            ["K1007", "Argo", "Hip", "", "2024-01-01", "", *[""] * 4],
            ["K1007", "Argo", "Hip", "", "2023-01-01", "2024-01-01", *[""] * 4],
            ["K1007", "Argo", "Foot", "", "2021-01-01", (today - timedelta(days=1)).isoformat(), *[""] * 4],
            ["K1007", "Argo", "Hand", "H-1-H-3", "2021-01-01", today.isoformat(), *[""] * 4],
            ["", "Argo", "Arm", "", "2021-01-01", "", *[""] * 4],
        ],
        by=reese,
    )
    assert outcomes(asked) == [
        (2, "there", "", ""),
        (
            3, "overlap", "Begin",
            f"Listing {here.pk} has this model under this code from January 1, 2024 on, without an end. {CHANGE}",
        ),
        (
            4, "error", "HCPCS",
            "The catalogue has no HCPCS code “K9999”. Put it right, or load the release that has it first.",
        ),
        (
            5, "error", "Begin",
            f"E0001 is not valid on January 1, 2024: it is valid from January 1, 2000 to December 31, 2010. {GIVE}",
        ),
        (6, "new", "", ""),
        (7, "twice", "", "Row 6 says the same. Nothing to do."),
        (
            8, "error", "Begin",
            f"Row 9 has this model under this code for some of the same days, with other dates. {PART}",
        ),
        (
            9, "error", "Begin",
            f"Row 8 has this model under this code for some of the same days, with other dates. {PART}",
        ),
        (10, "historic", "", ""),
        (11, "new", "Model", ""),
        (12, "error", "HCPCS", "The cell is empty. Give the HCPCS code."),
    ]  # fmt: skip
    assert asked.counts == {
        "former_names": 0, "named_products": 0,
        "rows": 11, "there": 1, "overlap": 1, "error": 5, "new": 2, "twice": 1, "historic": 1, "error_rows": 5,
        "hints": 1, "changed": 0, "new_products": 3, "undecided_names": 0, "new_organizations": 0,
    }  # fmt: skip
    assert asked.lines.get(row=2).listing == here
    assert "write H-1..H-3" in asked.lines.get(row=11).hint
    assert Listing.objects.count() == 1


def test_importing_the_same_file_again_changes_nothing(reese: User) -> None:
    imported(looked_at([WALKER, CRANE], by=reese), reese)
    before = everything()
    again = looked_at([WALKER, CRANE], by=reese)
    assert again.counts["there"] == 4
    assert (again.counts.get("new"), again.counts.get("historic"), again.counts["hints"]) == (None, None, 0)
    with pytest.raises(RegisterError, match="would list nothing"):
        confirm_list_import(list_import=again, by=reese)
    assert everything() == before


def test_good_rows_are_imported_alone_only_when_that_is_said(as_reese: Client, reese: User) -> None:
    asked = looked_at([CRANE, ["K9999", *CRANE[1:]]], by=reese)
    page = as_reese.get(f"/review/lists/{asked.pk}/").content.decode()
    assert "Leave out the 1 that cannot be listed" in page
    response = as_reese.post(f"/review/lists/{asked.pk}/confirm/", follow=True)
    assert "Some rows cannot be listed" in response.content.decode()
    as_reese.post(f"/review/lists/{asked.pk}/confirm/", {"without_bad_rows": "on"})
    import_confirmed_list(list_import_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.listing_count) == ("imported", 1)
    assert [outcome for _, outcome, _, _ in outcomes(asked)] == ["historic", "error"]


def test_a_name_that_looks_like_another_waits_for_a_decision(as_reese: Client, reese: User) -> None:
    argo = some_organization("Argo Technologies")
    some_organization("Ottomar Bock Orthopaedics")
    rows = [
        ["K1007", "Argo Technologies, Inc.", "One", "", "2024-01-01", *[""] * 5],
        ["K1007", "Ottomar Bok Orthopaedics", "Two", "", "2024-01-01", *[""] * 5],
        ["K1007", "Wholly New", "Three", "", "2024-01-01", *[""] * 5],
        ["K1007", "ARGO TECHNOLOGIES", "Four", "", "2024-01-01", *[""] * 5],
    ]
    asked = looked_at(rows, by=reese)
    assert [outcome for _, outcome, _, _ in outcomes(asked)] == ["undecided", "undecided", "new", "new"]
    address = f"/review/lists/{asked.pk}/"
    page = as_reese.get(address).content.decode()
    assert "The same as <bdi>Argo Technologies</bdi>" in page
    assert "Import 2 listings" not in page
    assert "which it is, then confirm" in as_reese.post(f"{address}confirm/", follow=True).content.decode()
    names = {name.name: name.pk for name in asked.names.filter(is_undecided=True)}
    given = {f"name-{names['Argo Technologies, Inc.']}": "same", f"name-{names['Ottomar Bok Orthopaedics']}": "another"}
    as_reese.post(f"{address}decide/", given)
    make_list_preview(list_import_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.counts["new"], asked.counts["undecided_names"]) == ("ready", 4, 0)
    page = as_reese.get(address).content.decode()
    assert "the same organization as" in " ".join(page.split())
    imported(asked, reese)
    made = [(each.product.name, each.product.manufacturer.name) for each in _models()]
    assert made == [
        ("One", "Argo Technologies"), ("Two", "Ottomar Bok Orthopaedics"), ("Three", "Wholly New"),
        ("Four", "Argo Technologies"),
    ]  # fmt: skip
    assert Organization.objects.count() == 4
    assert Product.objects.filter(manufacturer=argo).count() == 2
    assert looked_at(rows, by=reese).counts["there"] == 3


def _models() -> list[Any]:
    return [listing.model for listing in Listing.objects.select_related("model__product__manufacturer").order_by("pk")]


def test_a_former_name_means_the_organization_and_the_product(reese: User) -> None:
    publish("Walker", manufacturer="Argo", model_number="W1", begins=date(2024, 1, 1))
    product = Product.objects.get()
    ProductName.objects.create(product=product, name="Old Walker", used=(None, date(2024, 1, 1)))
    asked = looked_at([["K1007", "Argo", "old walker", "W-1", "2024-01-01", *[""] * 5]], by=reese)
    assert outcomes(asked) == [(2, "there", "", "")]


def test_what_changed_since_the_preview_is_left_out_and_reported(as_reese: Client, reese: User) -> None:
    asked = looked_at([WALKER, CRANE], by=reese)
    here = publish("Walker", manufacturer="Argo", distributor="Medi", model_number="RW-2", begins=date(2024, 3, 1))
    imported(asked, reese)
    assert (asked.state, asked.listing_count, asked.counts["changed"]) == ("imported", 3, 1)
    late = asked.lines.get(changed_since_preview=True)
    assert (late.model_number, late.outcome, late.listing) == ("RW-2", "overlap", here)
    page = as_reese.get(f"/review/lists/{asked.pk}/").content.decode()
    assert "The register changed after the preview" in page
    assert "Since the preview." in page


def test_when_nothing_fits_any_more_nothing_is_done(as_reese: Client, reese: User) -> None:
    first, second = looked_at([CRANE], by=reese), looked_at([CRANE], by=contractor_person(Role.REGISTRAR))
    imported(first, reese)
    imported(second, reese)
    assert (second.state, second.listing_count, Listing.objects.count()) == ("failed", 0, 1)
    assert [outcome for _, outcome, _, _ in outcomes(second)] == ["there"]
    assert "nothing of the list fits any more" in as_reese.get(f"/review/lists/{second.pk}/").content.decode()


def test_what_would_fit_only_now_is_not_listed_unseen(reese: User) -> None:
    asked = looked_at([CRANE, ["K9999", *CRANE[1:]]], by=reese)
    make_code("K9999")
    imported(asked, reese)
    assert asked.listing_count == 1


def test_workbooks_and_encodings_are_read(reese: User) -> None:
    begin = date(2024, 1, 1)
    rows = [["K1007", "Össur", "Fuß", 12345, begin, None, None, None, None, None]]
    text = [["K1007", "Össur", "Fuß", "12345", "2024-01-01", *[""] * 5]]
    for content in (
        as_workbook(rows),
        as_csv(text),
        b"\xef\xbb\xbf" + as_csv(text),
        as_csv(text).decode().encode("cp1252"),
        as_csv(text).decode().encode("utf-16"),
        as_csv(text).replace(b",", b";"),
    ):
        asked = looked_at(content, by=reese)
        lines = asked.lines.values_list("outcome", "manufacturer", "product", "model_number", "first_day", "last_day")
        assert list(lines) == [("new", "Össur", "Fuß", "12345", begin, None)]


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"%PDF-1.7 x", "Save it as CSV or as an Excel workbook"),
        (b"\xd0\xcf\x11\xe0old", "Save it as CSV or as an Excel workbook"),
        (b"PK\x03\x04zip", "cannot be opened as a workbook"),
        (as_csv([]), "column names only"),
        (b"a,b\n1,2\n", "No column was recognized as HCPCS code and Manufacturer and Product"),
        (as_csv([CRANE]).replace(b"Crane", b"Cr\x00ane"), "not text that can be read"),
        (b"\n\n", "The file is empty"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_the_reason(
    as_reese: Client, reese: User, content: bytes, because: str
) -> None:
    asked = looked_at(content, by=reese)
    assert asked.state == "failed"
    page = as_reese.get(f"/review/lists/{asked.pk}/").content.decode()
    assert because in page
    assert "The register is as it was" in page


def test_too_many_rows_are_refused_with_their_number(reese: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcl.services.read_list.MOST_ROWS", 2)
    asked = looked_at([CRANE] * 3, by=reese)
    assert asked.failure == "The file has 3 rows; at most 2 can be imported at once. Split it."


def test_too_many_listings_are_refused_with_the_row(reese: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcl.services.read_list.MOST_LISTINGS", 3)
    asked = looked_at([WALKER, CRANE], by=reese)
    assert (asked.state, asked.lines.count()) == ("failed", 0)
    assert asked.failure.startswith("Up to row 3 the file makes more than 3 listings")


def test_a_file_with_data_of_patients_is_not_kept(reese: User) -> None:
    content = as_csv([["Jane Doe", *CRANE]], header=["Patient Name", "HCPCS", "Manufacturer", "Product"])
    asked = brought(content, by=reese)
    name = asked.file.name
    assert default_storage.exists(name)
    make_list_preview(list_import_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.file.name, default_storage.exists(name)) == ("failed", "", False)
    assert "The column “Patient Name” looks like data of patients" in asked.failure


def test_the_report_is_complete_as_csv_and_harmless(as_reese: Client, reese: User) -> None:
    asked = looked_at([["K9999", "=cmd()", "+Walker", "@1", "2024-01-01", *[""] * 5], CRANE], by=reese)
    response = as_reese.get(f"/review/lists/{asked.pk}/report.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [(row["row"], row["outcome"], row["column"]) for row in rows] == [
        ("2", "error", "HCPCS"), ("3", "historic", ""),
    ]  # fmt: skip
    assert (rows[0]["manufacturer"], rows[0]["product"], rows[0]["model_number"]) == ("'=cmd()", "'+Walker", "'@1")
    assert rows[0]["what_to_do"].startswith("The catalogue has no HCPCS code “K9999”")


def test_a_formula_stays_text_on_the_register(reese: User) -> None:
    imported(looked_at([["K1007", "Argo", "=1+1 Walker", "", "2024-01-01", *[""] * 5]], by=reese), reese)
    assert entries() == [("K1007", "Argo", "", "=1+1 Walker", "", "")]


def test_rows_without_a_first_day_take_the_one_on_the_form(as_reese: Client) -> None:
    content = as_csv([["K1007", "Argo", "Walker"]], header=["HCPCS", "Maker", "Item"])
    given = {"upload": list_upload(content), "source": "A list", "reason": "Why not.", "first_day": "2024-05-01"}
    as_reese.post("/review/lists/new/", given)
    asked = ListImport.objects.get()
    make_list_preview(list_import_id=asked.pk)
    assert asked.lines.get().first_day == date(2024, 5, 1)


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({}, "This field is required"),
        ({"upload": list_upload(b"")}, "The file is empty"),
        ({"first_day": "0001-01-01"}, "not a plausible date"),
        ({"first_day": "2024-02-30"}, "2024-02-30"),
    ],
)
def test_what_cannot_be_asked_for_is_said_on_the_form(as_reese: Client, given: dict[str, Any], because: str) -> None:
    response = as_reese.post("/review/lists/new/", {"source": "A list", "reason": "x", **given})
    assert response.status_code == 422
    assert because in response.content.decode()
    assert not ListImport.objects.exists()


def test_the_limit_is_the_lists_own(as_reese: Client, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 100
    settings.LIST_MAX_BYTES = 1024 * 1024
    given = {"source": "A list", "reason": "x"}
    as_reese.post("/review/lists/new/", {**given, "upload": list_upload(as_csv([WALKER, CRANE]))})
    assert ListImport.objects.get().file.size == len(as_csv([WALKER, CRANE]))
    response = as_reese.post("/review/lists/new/", {**given, "upload": list_upload(b"x" * 2_000_000)})
    assert "larger than 1 MB" in response.content.decode()
    assert ListImport.objects.count() == 1


def test_a_form_without_its_token_is_refused(reese: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reese)
    given = {"source": "A list", "reason": "x", "upload": list_upload(as_csv([CRANE]))}
    assert client.post("/review/lists/new/", given).status_code == 403
    assert not ListImport.objects.exists()


def test_every_form_of_the_page_carries_its_token(reese: User) -> None:
    some_organization("Argo Technologies")
    ready = looked_at([CRANE, ["K9999", *CRANE[1:]]], by=reese)
    undecided = looked_at([["K1007", "Argo Technologies Inc", *CRANE[2:]]], by=reese)
    client = Client(enforce_csrf_checks=True)
    client.force_login(reese)
    for asked, forms in ((ready, 2), (undecided, 2), (brought([CRANE], by=reese), 1)):
        page = client.get(f"/review/lists/{asked.pk}/").content.decode().split("<main")[1]
        assert (page.count("<form"), page.count('name="csrfmiddlewaretoken"')) == (forms, forms)


def test_the_template_can_be_filled_in_and_brought(as_reese: Client, reese: User) -> None:
    template = as_reese.get("/review/lists/template.csv").content
    asked = looked_at(template + b"K1007,Argo,Walker,W1,2024-01-01,,,,,\r\n", by=reese)
    assert (asked.counts["new"], asked.columns["ignored"]) == (1, [])


def test_a_long_report_is_paged_and_filtered(as_reese: Client, reese: User, django_assert_max_num_queries: Any) -> None:
    asked = looked_at([[*WALKER[:3], "A1..A250", *WALKER[4:]], ["K9999", *CRANE[1:]]], by=reese)
    address = f"/review/lists/{asked.pk}/"
    assert "K9999" in as_reese.get(address).content.decode()
    with django_assert_max_num_queries(9):
        page = as_reese.get(f"{address}?outcome=new").content.decode()
    assert ("A100<" in page, "A101<" in page, "Next page" in page) == (True, False, True)
    with django_assert_max_num_queries(9):
        as_reese.get(f"{address}?outcome=error")
    assert as_reese.get(f"{address}?outcome=nonsense&cursor=x").status_code == 200


def test_queries_do_not_grow_with_the_list(
    as_reese: Client, reese: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    looked_at([CRANE], by=reese)
    with django_assert_max_num_queries(8) as one:
        as_reese.get("/review/lists/")
    looked_at([CRANE], by=contractor_person(Role.REGISTRAR))
    looked_at([CRANE], by=reese)
    with django_assert_num_queries(len(one)):
        as_reese.get("/review/lists/")

"""A file whose columns are not recognized, or wrongly: the person says which column is what, and nothing is lost."""

import io
import json
import zlib
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pcl.models import CheckAnswer, CheckBatch, CheckFile, CheckLine
from pcl.queries.check_file.columns import NotRecognized
from pcl.queries.check_file.kept_file import kept_file
from pcl.queries.check_file.rows import rows_of
from pcl.services.check_batches import answer_batch, forget_old_batches, start_batch
from tests.factories.register import make_code, publish

UNKNOWN = "Orthotics of June for Jane Roe\n\nWhen,What for,Patient,Thing,Maker\n6/1/2024,K1007,Jane Doe,ReWalk,Argo\n"
NOTHING: dict[str, str] = dict.fromkeys(("manufacturer", "product", "model_number", "ref"), "")
LINE = ("row", "code", "date_of_service", "manufacturer", "product", "model_number", "ref", "error")


def given(client: Client, content: str | bytes, **more: Any) -> str:
    """The address to which the form leads, with all redirects followed."""
    bytes_ = content.encode() if isinstance(content, str) else content
    response = client.post("/check/batch/", {"upload": SimpleUploadedFile("x.csv", bytes_), **more}, follow=True)
    assert response.status_code == 200, response.content.decode()
    return str(response.redirect_chain[-1][0])


def shown(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def chosen(client: Client, address: str, status: int = 302, **fields: str) -> str:
    response = client.post(address, {**NOTHING, **fields})
    assert response.status_code == status, response.content.decode()
    return str(response.url) if status == 302 else " ".join(response.content.decode().split())


def lines() -> list[tuple[Any, ...]]:
    return list(CheckLine.objects.order_by("number").values_list(*LINE))


def offered(client: Client, address: str) -> dict[str, tuple[str, list[str]]]:
    """Each select's chosen value and the texts that it offers."""
    form = client.get(address).context["form"]
    return {name: (str(field.initial), [text for _, text in field.choices]) for name, field in form.fields.items()}


@pytest.mark.django_db
def test_columns_of_unknown_names_are_chosen_and_the_lines_checked(client: Client) -> None:
    make_code("K1007")
    publish("ReWalk")
    address = given(client, UNKNOWN)
    token = CheckFile.objects.get().token
    assert address == f"/check/batch/{token}/columns/"
    assert not CheckBatch.objects.exists()
    assert offered(client, address) == {
        "begin": ("1", ["Row 3: When, What for, Thing, Maker", "Row 4: 6/1/2024, K1007, ReWalk, Argo"]),
        "code": ("1", ["choose a column", *(columns := _columns())]),
        "date_of_service": ("0", ["choose a column", *columns]),
        "manufacturer": ("3", ["not in the file", *columns]),
        **{name: ("", ["not in the file", *columns]) for name in ("product", "model_number", "ref")},
    }
    page = shown(client, address)
    assert "Dropped column: Patient." in page
    assert "Please look whether this is right" in page
    assert "Jane" not in page

    assert chosen(client, address, begin="1", code="1", date_of_service="0", product="2") == f"/check/batch/{token}/"

    assert lines() == [(4, "K1007", "2024-06-01", "", "ReWalk", "", "", "")]
    batch = CheckBatch.objects.get()
    assert batch.columns == {
        "used": {"code": "What for", "date_of_service": "When", "product": "Thing"},
        "ignored": ["Maker"],
        "dropped": ["Patient"],
        "emptied": 0,
    }
    preview = shown(client, batch.get_absolute_url())
    assert address in preview
    client.post(batch.get_absolute_url())
    answer_batch(batch_id=batch.pk)
    assert list(batch.answers.values_list("answer", flat=True)) == ["listed"]


def _columns() -> list[str]:
    return ["A: When (6/1/2024)", "B: What for (K1007)", "D: Thing (ReWalk)", "E: Maker (Argo)"]


@pytest.mark.django_db
def test_what_was_wrongly_recognized_is_corrected_as_often_as_needed(client: Client) -> None:
    page = given(client, "code,dos,product,model,note\nK1007,2024-06-01,AB-1,ReWalk,mine\nL0001,2024-06-02,,,\n")
    address = f"{page}columns/"
    assert address in shown(client, page)
    assert {name: value for name, (value, _) in offered(client, address).items() if value} == {
        "begin": "1",
        "code": "0",
        "date_of_service": "1",
        "product": "2",
        "model_number": "3",
    }
    first = CheckBatch.objects.get()
    for ref in ("", "4"):
        fields = {"begin": "1", "code": "0", "date_of_service": "1", "product": "3", "model_number": "2", "ref": ref}
        assert chosen(client, address, **fields) == page
        assert lines() == [
            (2, "K1007", "2024-06-01", "", "ReWalk", "AB-1", "mine" if ref else "", ""),
            (3, "L0001", "2024-06-02", "", "", "", "", ""),
        ]
        batch = CheckBatch.objects.get()
        assert (batch.token, batch.made_at, batch.lines_count) == (first.token, first.made_at, 2)
        assert offered(client, address)["product"][0] == "3"
    assert batch.columns["used"] == {
        "code": "code",
        "date_of_service": "dos",
        "product": "model",
        "model_number": "product",
        "ref": "note",
    }


@pytest.mark.django_db
def test_a_file_without_any_heading_in_any_order(client: Client) -> None:
    address = given(client, "ReWalk;Argo;6/1/2024;k1007\nOther;Bräce;6/2/2024;L0001\n".encode("cp1252"))
    told = offered(client, address)
    assert (told["begin"], told["code"][0], told["date_of_service"][0]) == (
        ("0", ["Row 1: ReWalk, Argo, 6/1/2024, k1007", "Row 2: Other, Bräce, 6/2/2024, L0001"]),
        "3",
        "2",
    )
    assert told["product"][1] == [
        "not in the file",
        "A (ReWalk, Other)",
        "B (Argo, Bräce)",
        "C (6/1/2024, 6/2/2024)",
        "D (k1007, L0001)",
    ]
    chosen(client, address, begin="0", code="3", date_of_service="2", product="0", manufacturer="1")
    assert lines() == [
        (1, "K1007", "2024-06-01", "Argo", "ReWalk", "", "", ""),
        (2, "L0001", "2024-06-02", "Bräce", "Other", "", "", ""),
    ]
    assert CheckBatch.objects.get().columns["used"] == {
        "code": "column D",
        "date_of_service": "column C",
        "manufacturer": "column B",
        "product": "column A",
    }


@pytest.mark.django_db
def test_a_line_taken_for_names_can_be_made_a_line_again(client: Client) -> None:
    page = given(client, "code,dos\nK1007,2024-06-01\nL0001,2024-06-02\n")
    chosen(client, f"{page}columns/", begin="2", code="0", date_of_service="1")
    assert [line[:3] for line in lines()] == [(3, "L0001", "2024-06-02")]
    chosen(client, f"{page}columns/", begin="0", code="0", date_of_service="1")
    assert [(line[0], bool(line[-1])) for line in lines()] == [(1, True), (2, False), (3, False)]


@pytest.mark.django_db
def test_a_workbook_keeps_its_dates_and_numbers(client: Client) -> None:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in (
        ["Day", "Proc.", "Nr"],
        [datetime(2024, 6, 1), "K1007", 12345],  # noqa: DTZ001  # a workbook knows no zones
        [45445, "K1007", 1.5],
        [date(2024, 6, 3), "K1007", True],
    ):
        book.active.append(row)
    book.save(content)
    address = given(client, content.getvalue())
    assert offered(client, address)["date_of_service"][0] == "0"
    chosen(client, address, begin="1", code="1", date_of_service="0", model_number="2")
    assert [(line[0], line[2], line[5]) for line in lines()] == [
        (2, "2024-06-01", "12345"),
        (3, "2024-06-02", "1.5"),
        (4, "2024-06-03", "True"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        (
            {"begin": "1", "code": "", "date_of_service": ""},
            {
                "code": ["Choose the column that holds the HCPCS code."],
                "date_of_service": ["Choose the column that holds the date of service."],
            },
        ),
        (
            {"begin": "1", "code": "1", "date_of_service": "1", "ref": "1"},
            {
                name: [
                    "This column is chosen for “HCPCS code” already. Choose another one for one of the two.",
                ]
                for name in ("date_of_service", "ref")
            },
        ),
        (
            {"begin": "1", "code": "4", "date_of_service": "-1", "product": "x", "ref": "\x00"},
            {
                name: ["The file has no such column. Choose one of those shown."]
                for name in ("code", "date_of_service", "product", "ref")
            },
        ),
        (
            {"begin": "2", "code": "1", "date_of_service": "0"},
            {"begin": ["The file has no such row. Choose one of those shown."]},
        ),
        ({"code": "1", "date_of_service": "0"}, {"begin": ["Choose the first line to check."]}),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_the_reason(
    client: Client, fields: dict[str, str], errors: dict[str, list[str]]
) -> None:
    address = given(client, UNKNOWN)
    response = client.post(address, {**NOTHING, **fields})
    assert (response.status_code, response.context["form"].errors) == (422, errors)
    assert "Please mend the following" in response.content.decode()
    assert (CheckBatch.objects.count(), CheckFile.objects.count()) == (0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("content", ["hello\n", "hello\nworld\n", "Patient,x\nJane,1\n", "x,y\n1EG4-TE5-MK73,2\n"])
def test_a_file_without_two_columns_is_refused_at_once(client: Client, content: str) -> None:
    response = client.post("/check/batch/", {"lines": content})
    assert response.status_code == 422
    assert "No column was recognized as HCPCS code and Date of service." in response.content.decode()
    assert not CheckFile.objects.exists()


@pytest.mark.django_db
def test_too_many_columns_cannot_be_chosen_among(client: Client) -> None:
    more = "".join(f",c{number}" for number in range(100))
    refused = client.post("/check/batch/", {"lines": f"x{more}\n{'1' + ',1' * 100}\n"})
    assert refused.status_code == 422
    assert "There are more than 100 columns." in refused.content.decode()
    page = given(client, f"code,dos{more}\nK1007,2024-06-01{',1' * 100}\n")
    assert "columns/" not in shown(client, page)
    assert lines() == [(2, "K1007", "2024-06-01", "", "", "", "", "")]
    assert not CheckFile.objects.exists()


@pytest.mark.parametrize(
    ("text", "dropped", "kept"),
    [
        ("a,Pt,b\n1,Secret,2\n", ["Pt"], [[1, ["a", "b"]], [2, ["1", "2"]]]),
        ("Jane,K1007,9/9/1950\nJ,L0001,1/1/1940\nK,L0001,x\n", ["column C"], None),
        ("a,b,c\n1,(202) 555-0143,2\n", ["b"], None),
        ("x,y,z\n1EG4-TE5-MK73,2,3\n", ["x"], None),
        ("code,dos,Birthday\nK1007,2024-06-01,Secret\n", ["Birthday"], None),
        ("title\nsome,thing\na,Member ID,b\n1,Secret,2\n", ["Member ID"], None),
    ],
)
def test_data_of_patients_is_not_kept(text: str, dropped: list[str], kept: list[Any] | None) -> None:
    told, content = kept_file(rows_of(text.encode()))
    assert told.dropped == dropped
    rows = json.loads(zlib.decompress(content))
    assert kept is None or rows == kept
    for secret in ("1950", "1940", "555", "1EG4", "Secret"):
        assert secret not in json.dumps([told.as_json(), rows])


def test_single_cells_are_emptied_beyond_the_rows_that_are_looked_at() -> None:
    text = "x,y\n" + "K1007,r\n" * 600 + "K1007,write to jane@example.org\n"
    told, content = kept_file(rows_of(text.encode()))
    assert (told.dropped, told.emptied, told.rows) == ([], 1, 602)
    assert json.loads(zlib.decompress(content))[-1] == [602, ["K1007", ""]]


def test_a_model_number_may_look_like_anything_where_it_is_known_as_one() -> None:
    known, _ = kept_file(rows_of(b"code,dos,model\nK1007,2024-06-01,202-555-0143\n"))
    unknown, _ = kept_file(rows_of(b"code,dos,thing\nK1007,2024-06-01,202-555-0143\n"))
    assert (known.dropped, known.letters, unknown.dropped, unknown.letters) == (
        [],
        ["A", "B", "C"],
        ["thing"],
        ["A", "B"],
    )
    with pytest.raises(NotRecognized):
        kept_file(rows_of(b"thing,dos\n202-555-0143,2024-06-01\n"))


@pytest.mark.django_db
def test_the_file_goes_when_its_check_starts(client: Client) -> None:
    page = given(client, "code,dos\nK1007,2024-06-01\n")
    assert CheckFile.objects.count() == 1
    start_batch(batch=CheckBatch.objects.get())
    assert not CheckFile.objects.exists()
    for late in (client.get(f"{page}columns/"), client.post(f"{page}columns/", {"begin": "1"})):
        assert (late.status_code, late.url) == (302, page)
    assert "cannot be changed any more" in shown(client, page)
    assert CheckLine.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("content", [UNKNOWN, "code,dos\nK1007,2024-06-01\n"])
def test_all_of_it_is_deleted_at_once(client: Client, content: str) -> None:
    given(client, content)
    address = f"/check/batch/{CheckFile.objects.get().token}/"
    assert client.post(f"{address}delete/").status_code == 302
    assert [model.objects.count() for model in (CheckFile, CheckBatch, CheckLine, CheckAnswer)] == [0, 0, 0, 0]
    for gone in (client.get(address), client.get(f"{address}columns/"), client.post(f"{address}delete/")):
        assert gone.status_code == 404


@pytest.mark.django_db
def test_nothing_is_kept_longer_than_configured(client: Client, settings: Any) -> None:
    settings.CHECK_KEPT_HOURS = 2
    with time_machine.travel(timezone.now() - timedelta(hours=2, minutes=1), tick=False):
        given(client, "Old,Thing\nK1007,2024-06-01\n")
        mapped = given(client, UNKNOWN)
    # Choosing the columns late keeps nothing longer.
    chosen(client, mapped, begin="1", code="1", date_of_service="0")
    young = given(client, UNKNOWN)

    assert forget_old_batches() == 1

    assert [file.token in young for file in CheckFile.objects.all()] == [True]
    assert (CheckBatch.objects.count(), CheckLine.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_the_moment_asked_is_kept_through_the_choice(client: Client) -> None:
    address = given(client, UNKNOWN, as_published="2024-06-02")
    assert "As the list stood on" in shown(client, address)
    chosen(client, address, begin="1", code="1", date_of_service="0")
    assert CheckBatch.objects.get().as_published == datetime.fromisoformat("2024-06-03T03:59:59.999999Z")


@pytest.mark.django_db
def test_pasted_lines_are_kept_as_a_file_is(client: Client) -> None:
    response = client.post("/check/batch/", {"lines": UNKNOWN}, follow=True)
    address = response.redirect_chain[-1][0]
    chosen(client, address, begin="1", code="1", date_of_service="0")
    assert [line[:3] for line in lines()] == [(4, "K1007", "2024-06-01")]


@pytest.mark.django_db
def test_each_reading_counts_against_the_hour(client: Client, settings: Any) -> None:
    settings.CHECK_LINES_PER_HOUR = 3
    address = given(client, UNKNOWN)
    fields = {"begin": "1", "code": "1", "date_of_service": "0"}
    chosen(client, address, **fields)
    assert "Try again in" in chosen(client, address, 429, **fields)
    assert CheckLine.objects.count() == 1
    assert client.post("/check/batch/", {"lines": UNKNOWN}).status_code == 429
    assert CheckFile.objects.count() == 1


@pytest.mark.django_db
def test_it_is_nobody_elses(client: Client) -> None:
    address = given(client, UNKNOWN)
    response = client.get(address)
    assert (response["Cache-Control"], response["X-Robots-Tag"]) == ("private, no-store", "noindex")
    assert client.get("/check/batch/%00/columns/").status_code == 404
    assert client.get(f"/check/batch/{CheckFile.objects.get().pk}/columns/").status_code == 404
    fields = {**NOTHING, "begin": "1", "code": "1", "date_of_service": "0"}
    assert Client(enforce_csrf_checks=True).post(address, fields).status_code == 403
    # What stands in a file is no markup.
    assert "<b>" not in shown(client, given(client, "x,<b>y</b>\n<b>K1007</b>,2024-06-01\n"))


@pytest.mark.django_db
def test_a_line_more_costs_no_query_more(client: Client) -> None:
    counts = []
    for more in (1, 3):
        address = given(client, UNKNOWN + "6/2/2024,L0001,J,Other,Maker\n" * (more - 1))
        with CaptureQueriesContext(connection) as looked:
            shown(client, address)
        with CaptureQueriesContext(connection) as chose:
            chosen(client, address, begin="1", code="1", date_of_service="0")
        with CaptureQueriesContext(connection) as preview:
            shown(client, address.removesuffix("columns/"))
        counts.append([len(each) for each in (looked, chose, preview)])
    assert counts[0] == counts[1]
    assert counts[0][0] == 3


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "leads_to"), [(UNKNOWN, "columns/"), ("code,dos\nK1007,2024-06-01\n", "")])
def test_a_file_is_not_lost_for_a_faulty_day(client: Client, content: str, leads_to: str) -> None:
    wrong = {"upload": SimpleUploadedFile("x.csv", content.encode()), "as_published": "2024-02-30"}
    response = client.post("/check/batch/", wrong)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["as_published"])
    assert "Your file is kept: it need not be chosen again." in response.content.decode()
    token = CheckFile.objects.get().token
    assert f'value="{token}"' in response.content.decode()

    again = client.post("/check/batch/", {"kept": token, "as_published": "2024-06-0x"})
    assert (again.status_code, f'value="{token}"' in again.content.decode()) == (422, True)
    mended = client.post("/check/batch/", {"kept": token, "as_published": "2024-06-02"}, follow=True)
    assert mended.redirect_chain[-1][0] == f"/check/batch/{token}/{leads_to}"
    moment = datetime.fromisoformat("2024-06-03T03:59:59.999999Z")
    asked = [each.as_published for model in (CheckFile, CheckBatch) for each in model.objects.all()]
    assert asked == [moment] * (1 if leads_to else 2)
    # Of a file that is not there any more, nor of anything else, nothing is made.
    for other in ("x", "\x00", token[:-1]):
        assert client.post("/check/batch/", {"kept": other}).status_code == 422
    other = client.post("/check/batch/", {"kept": token, "lines": "code,dos\nL0001,2024-06-02\n"})
    assert CheckLine.objects.get(code="L0001").batch.token in other.url
    assert token not in other.url


@pytest.mark.django_db
def test_an_unreadable_file_with_a_faulty_day_says_both(client: Client) -> None:
    wrong = {"upload": SimpleUploadedFile("x.csv", b"hello"), "as_published": "x"}
    response = client.post("/check/batch/", wrong)
    assert (response.status_code, set(response.context["form"].errors)) == (422, {"as_published", "upload"})
    assert not CheckFile.objects.exists()

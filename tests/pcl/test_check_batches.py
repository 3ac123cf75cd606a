"""A batch from the file to its answers, and to nothing."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pcl.models import CheckAnswer, CheckBatch, CheckLine, Listing
from pcl.queries.check.engine import check_lines
from pcl.queries.check.line import Line
from pcl.services import check_batches as service
from pcl.services.check_batches import answer_batch, forget_old_batches, start_batch
from tests.factories.register import make_code, publish, require
from tests.jobs import run_jobs

HEADER = "row,code,dos,manufacturer,product,model\n"


def given(client: Client, text: str | bytes, **more: Any) -> CheckBatch:
    content = text.encode() if isinstance(text, str) else text
    response = client.post("/check/batch/", {"upload": SimpleUploadedFile("Jane Doe.csv", content), **more})
    assert response.status_code == 302, response.content.decode()
    return CheckBatch.objects.get(token=response.url.rstrip("/").rsplit("/", 1)[-1])


def page(client: Client, batch: CheckBatch, query: str = "", status: int = 200) -> str:
    response = client.get(f"{batch.get_absolute_url()}{query}")
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def some_register() -> None:
    require(make_code("K1007"), begins=date(2024, 6, 1))
    publish("ReWalk")
    publish("Elsewhere", code="L0001")


@pytest.mark.django_db(transaction=True)
def test_a_file_is_answered_from_upload_to_deletion(client: Client) -> None:
    some_register()
    batch = given(
        client,
        "Patient,row,code,dos,product\nJane Doe,a,K1007,6/1/2024,ReWalk\nJohn Roe,=b,k1007,2024-06-01,=cmd()\n"
        "J,c,K1007,06/01/24,ReWalk\nJ,d,K1007,2024-06-01,Elsewhere\n",
    )
    preview = page(client, batch)
    assert "Dropped column: Patient." in preview
    assert "1 line cannot be read" in preview
    assert "Row 4: “06/01/24” has a year of two digits; it needs all four. If it means June 1, 2024, write" in preview
    assert not CheckAnswer.objects.exists()

    client.post(batch.get_absolute_url())
    client.post(batch.get_absolute_url())
    assert "0 of 4 lines" in page(client, batch)
    assert "HX-Refresh" not in client.get(f"{batch.get_absolute_url()}progress/")
    run_jobs()

    assert client.get(f"{batch.get_absolute_url()}progress/")["HX-Refresh"] == "true"
    answers = page(client, batch)
    assert "Listed under this code: 1" in answers
    assert "Line cannot be read: 1" in answers
    only = page(client, batch, "?answer=not_listed")
    assert ("=cmd()" in only, "Elsewhere" in only.partition("<table")[2]) == (True, False)
    assert "No line has this answer" in page(client, batch, "?answer=ambiguous")
    assert "it must be one of" in page(client, batch, "?answer=covered", 400)

    whole = client.get(f"{batch.get_absolute_url()}answers.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(whole.streaming_content).decode("utf-8-sig"))))
    assert [(row["row"], row["ref"], row["product"], row["answer"]) for row in rows] == [
        ("2", "a", "ReWalk", "listed"),
        ("3", "'=b", "'=cmd()", "not_listed"),
        ("4", "c", "ReWalk", "error"),
        ("5", "d", "Elsewhere", "listed_under_other_code"),
    ]
    streamed = client.get(f"{batch.get_absolute_url()}answers.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(streamed.streaming_content)))
    assert [[str(cell or "") for cell in row[:8]] for row in book.active.iter_rows(min_row=2, values_only=True)] == [
        list(row.values())[:8] for row in rows
    ]

    stored = str([list(model.objects.values()) for model in (CheckBatch, CheckLine, CheckAnswer)])
    assert [name in stored for name in ("Jane", "John Roe", "ReWalk")] == [False, False, True]
    client.post(f"{batch.get_absolute_url()}delete/")
    assert [model.objects.count() for model in (CheckBatch, CheckLine, CheckAnswer)] == [0, 0, 0]
    assert client.get(batch.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_the_batch_answers_as_the_single_check_does(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    some_register()
    monkeypatch.setattr(service, "_PIECE", 3)
    asked = [
        Line(code=code, day=date(2024, 5, 31) + timedelta(days=number % 3), product=product)
        for number, (code, product) in enumerate(
            (code, product)
            for code in ("K1007", "L0001", "Z9999")
            for product in ("ReWalk", "re-wâlk", "Else", "", "½x")
        )
    ]
    text = HEADER + "".join(f",{line.code},{line.day},,{line.product},\n" for line in asked)
    batch = given(client, text)
    start_batch(batch=batch)
    answer_batch(batch_id=batch.pk)

    kept = [(each.answer, each.reasons, each.listings, each.requirement) for each in batch.answers.order_by("number")]
    assert kept == [(each.answer, each.reasons, each.listings, each.requirement) for each in check_lines(asked)]
    batch.refresh_from_db()
    assert (batch.state, batch.done) == ("done", 15)


@pytest.mark.django_db
def test_a_batch_asks_the_list_as_it_stood(client: Client) -> None:
    make_code("K1007")
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        publish("ReWalk")
    with time_machine.travel("2026-03-09T12:00:00Z", tick=False):
        for day, answer in (("2026-03-01", "verification_not_required"), ("2026-03-02", "listed")):
            batch = given(client, f"{HEADER},K1007,2024-06-01,,ReWalk,\n", as_published=day)
            assert "Against the list as it stood on" in page(client, batch)
            start_batch(batch=batch)
            answer_batch(batch_id=batch.pk)
            assert list(batch.answers.values_list("answer", flat=True)) == [answer]
        # What the answer rests on is shown as that list had it.
        listing_url = f"/listings/{Listing.objects.get().pk}/?on=2024-06-01&as_published=2026-03-02"
        assert f'href="{listing_url.replace("&", "&amp;")}"' in page(client, batch)
        told = b"".join(client.get(f"{batch.get_absolute_url()}answers.csv").streaming_content)
        assert f"{listing_url}\n".encode() in told
        asked = {"upload": SimpleUploadedFile("x.csv", b"x"), "as_published": "2026-03-10"}
        refused = client.post("/check/batch/", asked)
        assert refused.status_code == 422
        assert "Choose today or an earlier day." in refused.content.decode()


@pytest.mark.django_db
def test_a_job_killed_half_way_goes_on_where_it_was(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    some_register()
    monkeypatch.setattr(service, "_PIECE", 2)
    batch = given(client, HEADER + ",K1007,2024-06-01,,ReWalk,\n" * 5)
    start_batch(batch=batch)
    assert service._answer_piece(batch.pk) is True
    # Killed in the middle of the second piece: what it wrote goes with its transaction.
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012  # the kill comes after the work
        service._answer_piece(batch.pk)
        raise RuntimeError
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.answers.count()) == ("at_work", 2, 2)

    answer_batch(batch_id=batch.pk)
    answer_batch(batch_id=batch.pk)

    batch.refresh_from_db()
    assert (batch.state, list(batch.answers.order_by("number").values_list("number", "answer"))) == (
        "done",
        [(number, "listed") for number in range(1, 6)],
    )


@pytest.mark.django_db
def test_an_address_with_a_sign_that_no_text_has_deletes_all_the_same(client: Client) -> None:
    batch = given(client, "code,dos\nK1007,2024-06-01\n")
    assert client.post(f"/check/batch/{batch.token}%00/delete/").status_code == 302
    assert not CheckBatch.objects.exists()


@pytest.mark.django_db
def test_a_batch_deleted_meanwhile_is_no_fault(client: Client) -> None:
    batch = given(client, HEADER + ",K1007,2024-06-01,,ReWalk,\n")
    start_batch(batch=batch)
    client.post(f"{batch.get_absolute_url()}delete/")
    answer_batch(batch_id=batch.pk)
    assert not CheckAnswer.objects.exists()


@pytest.mark.django_db
def test_a_batch_that_fails_again_and_again_says_so(client: Client) -> None:
    batch = given(client, HEADER + ",K1007,2024-06-01,,ReWalk,\n")
    start_batch(batch=batch)
    service.give_up(batch_id=batch.pk)
    assert "The check failed several times" in page(client, batch)
    assert client.get(f"{batch.get_absolute_url()}answers.csv").status_code == 404


@pytest.mark.django_db
def test_nothing_is_kept_longer_than_configured(client: Client, settings: Any) -> None:
    settings.CHECK_KEPT_HOURS = 2
    with time_machine.travel(timezone.now() - timedelta(hours=2, minutes=1), tick=False):
        old = given(client, HEADER + ",K1007,2024-06-01,,Old,\n")
    young = given(client, HEADER + ",K1007,2024-06-01,,Young,\n")

    assert forget_old_batches() == 1

    assert list(CheckBatch.objects.all()) == [young]
    assert [line.product for line in CheckLine.objects.all()] == ["Young"]
    assert client.get(old.get_absolute_url()).status_code == 404


@pytest.mark.django_db
def test_its_address_cannot_be_guessed_and_is_not_kept_by_others(client: Client) -> None:
    batch = given(client, HEADER + ",K1007,2024-06-01,,ReWalk,\n")
    assert len(batch.token) == 43
    response = client.get(batch.get_absolute_url())
    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "private, no-store",
        "noindex",
        "same-origin",
    )
    assert client.get(f"/check/batch/{batch.pk}/").status_code == 404
    assert client.get("/check/batch/%00/").status_code == 404


@pytest.mark.django_db
def test_pasted_lines_are_read_as_a_file_is(client: Client) -> None:
    response = client.post("/check/batch/", {"lines": "Code\tDOS\tProduct\nK1007\t6/1/2024\tReWalk\n"})
    assert response.status_code == 302
    assert CheckLine.objects.values_list("code", "day", "product").get() == ("K1007", date(2024, 6, 1), "ReWalk")


@pytest.mark.django_db
def test_what_cannot_be_taken_is_refused_with_the_reason(client: Client, settings: Any) -> None:
    def refused(status: int, **data: Any) -> str:
        response = client.post("/check/batch/", data)
        assert response.status_code == status
        return " ".join(response.content.decode().split())

    assert "one of the two" in refused(422)
    assert "one of the two" in refused(422, lines="x", upload=SimpleUploadedFile("x.csv", b"x"))
    assert "No column was recognized" in refused(422, lines="hello")
    assert "Save them as a file" in refused(413, lines="x" * 3_000_000)
    assert "no line" in refused(422, upload=SimpleUploadedFile("x.csv", b""))
    many = (HEADER + ",K1007,2024-06-01,,,\n" * 100_030).encode()
    assert "at most 100,000" in refused(422, upload=SimpleUploadedFile("x.csv", many))
    settings.CHECK_MAX_BYTES = 1024 * 1024
    assert "larger than 1 MB" in refused(413, upload=SimpleUploadedFile("x.csv", many))
    settings.CHECK_LINES_PER_HOUR = 2
    assert "Try again in" in refused(429, lines=HEADER + ",K1007,2024-06-01,,,\n" * 3)
    assert not CheckBatch.objects.exists()


@pytest.mark.django_db
def test_what_is_left_of_a_name_may_be_longer_than_it(client: Client) -> None:
    make_code("K1007")
    batch = given(
        client, HEADER + f",K1007,2024-06-01,{'ﷺ' * 300},{'ﷺ' * 300},{'ﷺ' * 120}\n,{'ß' * 20},2024-06-01,,,\n"
    )
    start_batch(batch=batch)
    answer_batch(batch_id=batch.pk)
    assert list(batch.answers.order_by("number").values_list("answer", flat=True)) == [
        "verification_not_required",
        "unknown_code",
    ]


@pytest.mark.django_db
def test_a_form_of_another_site_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/check/batch/", {"lines": HEADER + ",K1007,2024-06-01,,,\n"}).status_code == 403


@pytest.mark.django_db
def test_a_line_more_costs_no_query_more(client: Client) -> None:
    some_register()
    counts = []
    for lines in (1, 3):
        batch = given(client, HEADER + ",K1007,2024-06-01,,ReWalk,\n" * lines)
        start_batch(batch=batch)
        answer_batch(batch_id=batch.pk)
        page(client, batch)
        with CaptureQueriesContext(connection) as queries:
            page(client, batch)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_pages_of_answers_follow_each_other(client: Client) -> None:
    some_register()
    batch = given(client, HEADER + "".join(f"r{number},K1007,2024-06-01,,ReWalk,\n" for number in range(60)))
    start_batch(batch=batch)
    answer_batch(batch_id=batch.pk)
    first = client.get(batch.get_absolute_url())
    second = client.get(first.context["page"].next_url)
    numbers = [row["number"] for response in (first, second) for row in response.context["page"].rows]
    assert numbers == list(range(1, 61))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"lines_count": 0}, {"lines_count": 100_001}, {"done": 2}, {"state": "done"}, {"state": "failed"}]
)
def test_the_database_refuses_a_batch_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        CheckBatch.objects.create(**{"lines_count": 1, **wrong})

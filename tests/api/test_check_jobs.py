"""`/api/v1/checks/jobs/`: many lines checked in the background, from the request to the results, and to nothing."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from pcl.api import allowance
from pcl.api.check_job_body import WORKBOOK
from pcl.models import CheckAnswer, CheckBatch, CheckLine, CheckRequest
from pcl.queries import check_results_told
from pcl.queries.check_results_told import CutShort
from pcl.services.check_batches import answer_batch, forget_old_batches, give_up, start_batch
from tests.factories.register import make_code, make_publication, publish, require
from tests.jobs import run_jobs

JOBS = "/api/v1/checks/jobs/"
GOOD = {"code": "K1007", "date_of_service": "2024-06-01", "product": "ReWalk"}
CSV = "ref,HCPCS,dos,product,Patient,Note\n"


def begun(client: Client, body: Any, *, kind: str = "application/json", status: int = 202, **more: Any) -> Any:
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    response = client.post(JOBS, content, content_type=kind, **more)
    assert response.status_code == status, response.content
    return response


def refused(client: Client, body: Any, status: int = 400, **more: Any) -> Any:
    response = begun(client, body, status=status, **more)
    assert response["Content-Type"] == "application/problem+json"
    assert not CheckBatch.objects.exists()
    return response.json()


def done(job: Any) -> str:
    """Works the job off without a worker; its address."""
    answer_batch(batch_id=CheckBatch.objects.get(token=job.json()["id"]).pk)
    return str(job["Location"])


def whole(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return b"".join(response.streaming_content).decode()


@pytest.mark.django_db(transaction=True)
def test_a_file_is_answered_from_the_request_to_its_deletion(client: Client) -> None:
    require(make_code("K1007"), begins=date(2024, 6, 1), publication=make_publication())
    listing = publish("ReWalk")
    job = begun(
        client,
        f"{CSV}a,K1007,6/1/2024,ReWalk,Jane Doe,x\n=b,k1007,2024-06-01,Other,John Roe,y\nc,K1007,06/01/24,ReWalk,J,z\n",
        kind="text/csv; charset=utf-8",
    )
    address = job["Location"]
    assert address == job.json()["url"] == f"http://testserver{JOBS}{job.json()['id']}/"
    assert (job["Retry-After"], job["Cache-Control"], job["X-Robots-Tag"]) == ("2", "private, no-store", "noindex")
    at_work = client.get(address)
    assert at_work["Retry-After"] == "2"
    assert at_work.json() == job.json()
    assert {name: at_work.json()[name] for name in ("state", "lines", "lines_done", "answers", "results")} == {
        "state": "at_work",
        "lines": 3,
        "lines_done": 0,
        "answers": None,
        "results": None,
    }
    assert at_work.json()["columns"] == {
        "used": {"ref": "ref", "code": "HCPCS", "date_of_service": "dos", "product": "product"},
        "ignored": ["Note"],
        "dropped": ["Patient"],
    }
    assert at_work.json()["warnings"] == [
        "The column “Patient” looks like data of patients: it was dropped, and nothing of it was kept.",
        "The column “Note” was not used.",
    ]
    early = client.get(f"{address}results.csv")
    assert (early.status_code, early.json()["title"], early["Retry-After"]) == (409, "Not done yet", "2")

    run_jobs()

    told = client.get(address)
    assert "Retry-After" not in told
    assert {name: told.json()[name] for name in ("state", "lines_done", "failure", "answers", "results")} == {
        "state": "done",
        "lines_done": 3,
        "failure": None,
        "answers": {"error": 1, "listed": 1, "not_listed": 1},
        "results": {ending: f"{address}results.{ending}" for ending in ("json", "ndjson", "csv")},
    }
    body = json.loads(whole(client, told.json()["results"]["json"]))
    assert [(each["row"], each["ref"], each["answer"]) for each in body["results"]] == [
        (2, "a", "listed"),
        (3, "=b", "not_listed"),
        (4, "c", "error"),
    ]
    assert body["notice"].endswith("It does not say that Medicare covers it or pays for it.")
    assert body["results"][2]["reasons"][0].startswith("“06/01/24” cannot be read as a date.")
    assert [each["url"] for each in body["results"][0]["citations"]["listings"]] == [
        f"http://testserver/listings/{listing.pk}/?on=2024-06-01"
    ]
    lines = whole(client, told.json()["results"]["ndjson"]).splitlines()
    assert [json.loads(line) for line in lines] == body["results"]
    rows = list(csv.DictReader(io.StringIO(whole(client, told.json()["results"]["csv"]).removeprefix("\ufeff"))))
    assert [(row["row"], row["ref"], row["answer"]) for row in rows] == [
        ("2", "a", "listed"),
        ("3", "'=b", "not_listed"),
        ("4", "c", "error"),
    ]
    assert client.get(told.json()["page"]).status_code == 200
    stored = str([list(model.objects.values()) for model in (CheckBatch, CheckLine, CheckAnswer, CheckRequest)])
    assert [name in stored for name in ("Jane", "John Roe", "ReWalk")] == [False, False, True]

    assert client.delete(address).status_code == 204
    assert [model.objects.count() for model in (CheckBatch, CheckLine, CheckAnswer)] == [0, 0, 0]
    for gone in (client.get(address), client.delete(address), client.get(f"{address}results.json")):
        assert (gone.status_code, gone["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.django_db
def test_a_job_answers_as_a_check_at_once_does(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_results_told, "TOGETHER", 2)
    require(make_code("K1007"), begins=date(2024, 6, 1), publication=make_publication())
    publish("ReWalk")
    publish("Elsewhere", code="L0001")
    lines = [
        {"ref": str(number), "code": code, "date_of_service": "2024-06-01", "product": product}
        for number, (code, product) in enumerate(
            (code, product) for code in ("K1007", "L0001", "Z9999") for product in ("ReWalk", "Else", "re-wâlk")
        )
    ]
    at_once = client.post("/api/v1/checks/", json.dumps(lines), content_type="application/json").json()

    ndjson = "\n".join(json.dumps(line) for line in lines)
    for body, kind in (({"lines": lines}, "application/json"), (lines, "application/vnd.api+json"), (ndjson, "")):
        address = done(begun(client, body, kind=kind or "application/x-ndjson"))
        told = json.loads(whole(client, f"{address}results.json"))
        assert [row.pop("row") for row in told["results"]] == list(range(1, 10))
        assert told == at_once


@pytest.mark.django_db
def test_a_workbook_is_read_too(client: Client) -> None:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Code", "DOS"])
    book.active.append(["K1007", date(2024, 6, 1)])
    book.save(content)
    job = begun(client, content.getvalue(), kind=WORKBOOK)
    assert (job.json()["lines"], CheckLine.objects.get().day) == (1, date(2024, 6, 1))


@pytest.mark.django_db
def test_data_of_patients_in_json_is_dropped_too(client: Client) -> None:
    lines = [
        {**GOOD, "patient_name": "Jane Doe", "mbi": 7, "ref": f"row {number}"}
        | {"model_number": "1EG4-TE5-MK73" if number == 7 else "M-1"}
        for number in range(10)
    ]
    job = begun(client, {"lines": lines}).json()
    assert job["columns"]["dropped"] == ["patient_name", "mbi"]
    assert job["warnings"][2:] == ["Single cells that look like data of patients were emptied: 1."]
    stored = str([list(model.objects.values()) for model in (CheckBatch, CheckLine)])
    assert [name in stored for name in ("Jane", "1EG4", "row 9")] == [False, False, True]


@pytest.mark.django_db
def test_a_job_asks_the_list_as_it_stood(client: Client) -> None:
    make_code("K1007")
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        publish("ReWalk")
    file, by_line = "code,dos,product\nK1007,2024-06-01,ReWalk\n", json.dumps(GOOD)

    def answered(job: Any) -> tuple[str | None, list[str]]:
        address = done(job)
        told = json.loads(whole(client, f"{address}results.json"))
        return client.get(address).json()["as_published"], [each["answer"] for each in told["results"]]

    with time_machine.travel("2026-03-09T12:00:00Z", tick=False):
        before, after = (
            ("2026-03-02T04:59:59.999999Z", ["verification_not_required"]),
            ("2026-03-03T04:59:59.999999Z", ["listed"]),
        )
        for day, expected in (("2026-03-01", before), ("2026-03-02", after)):
            assert answered(begun(client, {"lines": [GOOD], "as_published": day})) == expected
            for body, kind in ((file, "text/csv"), (by_line, "application/x-ndjson"), ([GOOD], "application/json")):
                text = body if isinstance(body, str) else json.dumps(body)
                job = client.post(f"{JOBS}?as_published={day}", text, content_type=kind)
                assert job.status_code == 202, job.content
                assert answered(job) == expected
        for empty in (None, ""):
            assert answered(begun(client, {"lines": [GOOD], "as_published": empty})) == (None, ["listed"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "more", "said"),
    [
        ("as_published=2024-02-30", {}, "“2024-02-30” is not a date that exists."),
        (f"as_published={timezone.localdate() + timedelta(days=2)}", {}, "Choose today or an earlier day."),
        ("as_published=2024-06-01T10:00", {}, "an instant with its time zone"),
        ("as_published=2024-06-01", {"as_published": "2024-06-01"}, "in one of the two"),
        ("as_published=2024-06-01&as_published=2024-06-02", {}, "Give it once."),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused(client: Client, query: str, more: dict[str, str], said: str) -> None:
    response = client.post(f"{JOBS}?{query}", json.dumps({"lines": [GOOD], **more}), content_type="application/json")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["parameter"] == "as_published"
    assert said in response.json()["detail"]
    assert not CheckBatch.objects.exists()


@pytest.mark.django_db
def test_the_same_key_with_another_moment_is_another_request(client: Client) -> None:
    def asked(query: str) -> Any:
        return client.post(
            f"{JOBS}{query}", json.dumps([GOOD]), content_type="application/json", headers={"Idempotency-Key": "k"}
        )

    first = asked("?as_published=2024-06-01")
    assert asked("?as_published=2024-06-01")["Location"] == first["Location"]
    assert [asked(query).status_code for query in ("", "?as_published=2024-06-02")] == [422, 422]
    assert CheckBatch.objects.count() == 1


@pytest.mark.django_db
def test_the_same_request_with_the_same_key_begins_nothing_new(client: Client) -> None:
    def asked(body: Any, key: str = '"k-1"', **more: Any) -> Any:
        return client.post(
            JOBS, json.dumps(body), content_type="application/json", headers={"Idempotency-Key": key}, **more
        )

    first = asked([GOOD])
    again = asked([GOOD], key="k-1")
    assert (first.status_code, again.status_code, again["Location"]) == (202, 202, first["Location"])
    assert CheckBatch.objects.count() == 1

    other_body = asked([GOOD, GOOD])
    assert (other_body.status_code, other_body["Content-Type"]) == (422, "application/problem+json")
    assert "use another key" in other_body.json()["detail"]
    # Nobody gets at somebody else's job by guessing the key.
    assert asked([GOOD], REMOTE_ADDR="203.0.113.9")["Location"] != first["Location"]
    assert asked([GOOD], key="k-2")["Location"] != first["Location"]
    assert CheckBatch.objects.count() == 3
    # What is deleted is forgotten, its key too.
    client.delete(first["Location"])
    assert asked([GOOD])["Location"] != first["Location"]
    for key in ("", '""', "x" * 256, "a\x7fb"):
        bad = asked([GOOD], key=key)
        assert (bad.status_code, bad.json()["parameter"]) == (400, "Idempotency-Key")


@pytest.mark.django_db
def test_of_two_who_repeat_at_once_one_begins(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"Idempotency-Key": "k"}
    first = begun(client, [GOOD], headers=headers)
    # The second looked before the first was there.
    monkeypatch.setattr("pcl.api.check_jobs.check_begun", lambda _: None)
    second = begun(client, [GOOD], headers=headers)
    assert second["Location"] == first["Location"]
    assert (CheckBatch.objects.count(), CheckLine.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_nothing_is_kept_longer_than_configured(client: Client, settings: Any) -> None:
    settings.CHECK_KEPT_HOURS = 2
    with time_machine.travel(timezone.now() - timedelta(hours=2, minutes=1), tick=False):
        old = begun(client, [GOOD], headers={"Idempotency-Key": "k"})
    told = client.get(old["Location"]).json()
    began, ends = (timezone.datetime.fromisoformat(told[name]) for name in ("created_at", "kept_until"))
    assert ends - began == timedelta(hours=2)
    young = begun(client, [GOOD])

    assert forget_old_batches() == 1

    assert client.get(old["Location"]).status_code == 404
    assert client.get(young["Location"]).status_code == 200
    assert not CheckRequest.objects.exists()


@pytest.mark.django_db
def test_its_address_cannot_be_guessed(client: Client) -> None:
    job = begun(client, [GOOD]).json()
    assert len(job["id"]) == 43
    for other in (str(CheckBatch.objects.get().pk), "%00", "x", job["id"][:-1]):
        assert client.get(f"{JOBS}{other}/").status_code == 404
    assert client.get(JOBS).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "kind", "title", "said"),
    [
        ("", "application/json", "Not JSON", "cannot be read as JSON"),
        ("{", "application/json", "Not JSON", "cannot be read as JSON"),
        (b"\xff\xfe", "application/json", "Not JSON", "cannot be read as JSON"),
        ("[" * 100_000, "application/json", "Not JSON", "cannot be read as JSON"),
        ("null", "application/json", "No lines", "Give"),
        ('{"lines": []}', "application/json", "No lines", "Give"),
        ('{"lines": [], "as_of": "2024-06-01"}', "application/json", "Unknown field", "as_of"),
        ('{"lines": [{}], "as_published": 7}', "application/json", "Lines that cannot be read", "line 1"),
        (json.dumps({"lines": [GOOD], "as_published": "June"}), "application/json", "Bad value of a field", "“June”"),
        (json.dumps({"lines": [GOOD], "as_published": []}), "application/json", "Bad value of a field", "“[]”"),
        (json.dumps({"lines": [GOOD], "as_published": "2924-01-01"}), "application/json", "Bad value of a field", ":"),
        ('["K1007"]', "application/json", "Lines that cannot be read", "line 1: Give an object"),
        ('[{"code": "K1007"}]', "application/json", "Lines that cannot be read", "line 1, date_of_service: Give it"),
        ('[{"code": 7, "date_of_service": NaN}]', "application/json", "Lines that cannot be read", "line 1, code"),
        ('[{"code": "K1007", "manufactuer": ""}]', "application/json", "Lines that cannot be read", "manufactuer"),
        ("\n\n", "application/x-ndjson", "No lines", "in each line"),
        ('{"code": "K1007"}\n{', "application/x-ndjson", "Not JSON", "Line 2 cannot be read"),
        ("\n", "text/csv", "Lines that cannot be read", "no line in it"),
        ("hello,there\n1,2\n", "text/csv", "Lines that cannot be read", "No column was recognized as HCPCS code"),
        ("code,dos\n", "text/csv", "No lines", "below the names"),
        ("code,dos\n\x00,", "text/csv", "Lines that cannot be read", "not text"),
        ("PK\x03\x04", WORKBOOK, "Lines that cannot be read", "cannot be opened as a workbook"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    client: Client, body: str | bytes, kind: str, title: str, said: str
) -> None:
    told = refused(client, body, kind=kind)
    assert told["title"] == title
    assert said in told["detail"]


@pytest.mark.django_db
def test_too_much_is_refused(client: Client, settings: Any) -> None:
    many = "code,dos\n" + "K1007,2024-06-01\n" * 100_001
    assert "at most 100,000" in refused(client, many, kind="text/csv")["detail"]
    assert "at most 100,000" in refused(client, "{}\n" * 100_001, kind="application/x-ndjson")["detail"]
    assert "at most 100,000" in refused(client, "[" + "0," * 100_000 + "0]")["detail"]
    # Not even looked at, since it would fill memory.
    for bulk, kind in (("[" + "{}," * 1_000_001, "application/json"), ("\n" * 1_000_001, "application/x-ndjson")):
        assert "1,000,001 lines were given" in refused(client, bulk, kind=kind)["detail"]
    assert "1,000,001 lines were given" in refused(client, "a\r" * 1_000_001, kind="text/csv")["detail"]
    for bulk, kind in (
        ("[" + "0," * 2_500_001, "application/json"),
        ('{"":' * 10 + ":" * 2_500_000, "application/x-ndjson"),
    ):
        assert "at most 2,500,000 are read" in refused(client, bulk, kind=kind)["detail"]
    assert refused(client, "x=1", 415, kind="application/x-www-form-urlencoded")["status"] == 415
    settings.CHECK_MAX_BYTES = 1024 * 1024
    assert "At most 1 MB" in refused(client, many, 413, kind="text/csv")["detail"]
    settings.CHECK_LINES_PER_HOUR = 2
    late = begun(client, [GOOD] * 3, status=429)
    assert late["Retry-After"].isdecimal()
    assert begun(client, [GOOD] * 2).status_code == 202


@pytest.mark.django_db
def test_a_hundred_names_of_fields_are_enough(client: Client) -> None:
    """Names that look like a patient's are dropped, and told of: half a million of them were kept and told."""
    line = {"code": "K1007", "date_of_service": "2024-06-01"}
    of_patients = {f"patient {number}": "x" for number in range(99)}
    assert "This line has 101 fields" in refused(client, [line | of_patients])["detail"]
    lines = [line | {f"patient {number}": "x"} for number in range(99)]
    assert "The lines have 101 different fields" in refused(client, lines)["detail"]
    assert len(begun(client, lines[:98]).json()["columns"]["dropped"]) == 98


@pytest.mark.django_db
def test_half_a_character_is_told_of_its_line_only(client: Client) -> None:
    make_code("K1007")
    address = done(begun(client, '[{"code": "K1007", "date_of_service": "2024-06-01", "product": "a\\ud800"}]'))
    (row,) = json.loads(whole(client, f"{address}results.json"))["results"]
    assert (row["answer"], row["reasons"]) == ("error", ["This holds a character that no text has. Type it again."])
    # Nor does the name of a field break anything.
    assert begun(client, '[{"code": "K1007", "date_of_service": "", "patient\\u0000\\ud800": "a"}]').status_code == 202


@pytest.mark.django_db
def test_a_job_that_failed_says_so(client: Client) -> None:
    job = begun(client, [GOOD])
    give_up(batch_id=CheckBatch.objects.get().pk)
    told = client.get(job["Location"]).json()
    assert (told["state"], told["results"], told["failure"][:30]) == ("failed", None, "The check failed several times")
    early = client.get(f"{job['Location']}results.ndjson")
    assert (early.status_code, early.json()["title"]) == (409, "The lines were not checked")


@pytest.mark.django_db
def test_results_are_whole_or_broken_off(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_results_told, "TOGETHER", 1)
    for ending in ("json", "ndjson"):
        address = done(begun(client, [GOOD] * 4))
        answer = client.get(f"{address}results.{ending}")
        client.delete(address)
        with pytest.raises(CutShort):
            b"".join(answer.streaming_content)


@pytest.mark.django_db
def test_each_line_counts_as_one_and_a_repeated_request_as_none(client: Client, settings: Any) -> None:
    allowance.COUNTER.clear()
    settings.API_UNITS_PER_MINUTE = 100
    headers = {"Idempotency-Key": "k"}
    with time_machine.travel("2026-11-21 15:00Z", tick=False):
        assert begun(client, [GOOD] * 40, headers=headers)["RateLimit"] == '"anonymous";r=59;t=60'
        assert begun(client, [GOOD] * 40, headers=headers)["RateLimit"] == '"anonymous";r=58;t=60'
        begun(client, [GOOD] * 58)
        assert begun(client, [GOOD], status=429).json()["title"] == "Too many requests"
    allowance.COUNTER.clear()


@pytest.mark.django_db
def test_a_line_more_costs_no_query_more(client: Client) -> None:
    require(make_code("K1007"), begins=None, publication=make_publication())
    publish("ReWalk")
    counts = []
    for lines in (1, 3):
        with CaptureQueriesContext(connection) as queries:
            address = done(begun(client, [GOOD] * lines))
            client.get(address)
            whole(client, f"{address}results.json")
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_a_batch_of_the_page_is_seen_by_its_token(client: Client) -> None:
    client.post("/check/batch/", {"lines": "code,dos\nK1007,2024-06-01\n"})
    batch = CheckBatch.objects.get()
    assert client.get(f"{JOBS}{batch.token}/").json()["state"] == "ready"
    start_batch(batch=batch)
    assert client.get(f"{JOBS}{batch.token}/").json()["state"] == "at_work"


@pytest.mark.django_db
def test_pages_of_other_sites_may_ask(client: Client) -> None:
    preflight = client.options(f"{JOBS}x/", headers={"Origin": "https://x.example"})
    assert "DELETE" in preflight["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in preflight["Access-Control-Allow-Headers"]
    assert "Location" in begun(Client(enforce_csrf_checks=True), [GOOD])["Access-Control-Expose-Headers"]

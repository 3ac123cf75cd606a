"""`/api/v1/checks/`: a thousand lines at once, and every fault by its line and field."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pcl.api.check_shapes import CHECK_EXAMPLE_ANSWER, CHECK_EXAMPLE_REQUEST
from tests.factories.register import make_code, make_publication, publish, require

pytestmark = pytest.mark.django_db
GOOD = {"code": "K1007", "date_of_service": "2024-06-01", "product": "ReWalk"}


def asked(client: Client, body: Any, **headers: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post("/api/v1/checks/", text, content_type="application/json", **headers)


def problem(client: Client, body: Any, status: int = 400) -> Any:
    response = asked(client, body)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    return response.json()


def test_a_line_is_answered_with_reasons_and_addresses(client: Client) -> None:
    publication = make_publication("a-publication")
    requirement = require(make_code("K1007"), begins=date(2024, 6, 1), publication=publication, source="The source")
    listing = publish("ReWalk", begins=date(2023, 12, 28))

    response = asked(client, {"lines": [{**GOOD, "ref": "row 7"}, {**GOOD, "product": "Other", "code": " k1007 "}]})

    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (200, "*")
    first, second = response.json()["results"]
    assert first == {
        "ref": "row 7",
        "answer": "listed",
        "reasons": [
            (
                "“ReWalk” by Argo Technologies is listed under K1007 for dates of service from December 28, 2023 on; "
                "no end is set."
            ),
            "For dates of service from June 1, 2024 on, only products on the list may be billed under K1007.",
        ],
        "citations": {
            "requirement": {
                "id": requirement.pk,
                "code": "K1007",
                "in_force_from": "2024-06-01",
                "in_force_to": None,
                "policy_article": "",
                "source": "The source",
                "snapshot_date": None,
                "url": "http://testserver/codes/K1007/?on=2024-06-01",
            },
            "publication": {
                "slug": "a-publication",
                "title": "Some Device - Correct Coding",
                "url": "http://testserver/publications/a-publication/",
            },
            "listings": [
                {
                    "id": listing.pk,
                    "code": "K1007",
                    "manufacturer": "Argo Technologies",
                    "product": "ReWalk",
                    "model_number": None,
                    "url": f"http://testserver/listings/{listing.pk}/?on=2024-06-01",
                }
            ],
        },
    }
    assert (second["ref"], second["answer"], second["citations"]["listings"]) == (None, "not_listed", [])
    assert "covers it or pays for it" in response.json()["notice"]


def test_the_example_of_the_schema_is_what_it_answers(client: Client) -> None:
    publish("ReWalk", begins=date(2023, 12, 28))
    said = asked(client, CHECK_EXAMPLE_REQUEST).json()
    example: Any = CHECK_EXAMPLE_ANSWER
    assert list(said) == list(example)
    assert list(said["results"][0]) == list(example["results"][0])
    assert said["results"][0]["reasons"][0] == example["results"][0]["reasons"][0]
    assert said["notice"] == example["notice"]
    assert list(said["results"][0]["citations"]["listings"][0]) == list(
        example["results"][0]["citations"]["listings"][0]
    )


def test_every_faulty_line_is_named_and_nothing_is_answered(client: Client) -> None:
    said = problem(
        client,
        {
            "lines": [
                GOOD,
                {"code": "", "date_of_service": "06/01/24"},
                {**GOOD, "manufactuer": "Argo"},
                {**GOOD, "date_of_service": "2024-02-30"},
                {**GOOD, "product": "--"},
                {**GOOD, "code": 7},
                {**GOOD, "ref": "x" * 101},
                {**GOOD, "product": "a\x00b"},
                "K1007",
            ]
        },
    )

    assert (said["type"], said["line"], said["field"]) == ("/data/#bad-lines", 2, "code")
    assert [(each["line"], each["field"]) for each in said["errors"]] == [
        (2, "code"),
        (2, "date_of_service"),
        (3, "manufactuer"),
        (4, "date_of_service"),
        (5, "product"),
        (6, "code"),
        (7, "ref"),
        (8, "product"),
        (9, ""),
    ]
    assert said["errors"][3]["detail"] == (
        "“2024-02-30” is not a date that exists. Write the year, the month and the day, such as 2024-06-01."
    )
    assert said["detail"].startswith("line 2, code: Give the HCPCS code, such as K1007. 7 more lines")


def test_faults_are_told_up_to_a_hundred(client: Client) -> None:
    said = problem(client, {"lines": [{"code": "K1007"}] * 1000})
    assert len(said["errors"]) == 100
    assert "999 more lines" in said["detail"]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("", "No lines"),
        ("{", "Not JSON"),
        (b"\xff\xfe", "Not JSON"),
        ("[" * 100_000, "Not JSON"),
        ("null", "No lines"),
        ("7", "No lines"),
        ("{}", "No lines"),
        ('{"lines": []}', "No lines"),
        ('{"lines": {"code": "K1007"}}', "No lines"),
        ('{"lines": [], "on": 1}', "Unknown field"),
        ('[{"code": "\\ud800", "date_of_service": "2024-06-01"}]', "Lines that cannot be read"),
        ('[{"code": "K1007", "date_of_service": NaN}]', "Not JSON"),
    ],
)
def test_a_body_that_is_no_question_is_refused_with_the_reason(client: Client, body: str | bytes, title: str) -> None:
    assert problem(client, body)["title"] == title


def test_a_thousand_lines_are_answered_and_one_more_is_told_of_jobs(client: Client) -> None:
    publish("ReWalk")
    results = asked(client, {"lines": [{**GOOD, "ref": str(number)} for number in range(1000)]}).json()["results"]
    assert [(each["ref"], each["answer"]) for each in results] == [(str(number), "listed") for number in range(1000)]

    said = problem(client, {"lines": [GOOD] * 1001})
    assert "1,001 lines were given" in said["detail"]
    assert "POST to http://testserver/api/v1/checks/jobs/" in said["detail"]


def test_a_body_that_is_too_large_is_refused_unread(client: Client, settings: Any) -> None:
    settings.CHECK_MAX_BYTES = 1024 * 1024
    assert "At most 1 MB" in problem(client, "[" + " " * 1024 * 1024 + "]", 413)["detail"]


def test_a_body_larger_than_is_read_at_once_is_told_where_to_go(client: Client) -> None:
    said = problem(client, "[" + " " * 2_700_000 + "]", 413)["detail"]
    assert said.startswith(
        "At most 2.5 MB are read at once. For many lines POST to http://testserver/api/v1/checks/jobs/"
    )


def test_half_a_character_in_the_name_of_a_field_is_a_fault_like_others(client: Client) -> None:
    assert "There is no field “x”" in problem(client, '{"\\ud800x": 1}')["detail"]
    said = problem(client, '[{"\\ud800x": 1, "code": "K1007"}]')
    assert (said["line"], said["field"]) == (1, "x")


def test_lines_are_counted_by_address(client: Client, settings: Any) -> None:
    settings.CHECK_LINES_PER_HOUR = 3
    assert asked(client, [GOOD, GOOD]).status_code == 200
    refused = asked(client, [GOOD, GOOD])
    assert (refused.status_code, refused["Retry-After"].isdecimal()) == (429, True)
    assert "3 lines can be checked in an hour" in refused.json()["detail"]
    # What was refused is not counted, and others are not held back.
    assert asked(client, [GOOD]).status_code == 200
    assert asked(client, [GOOD], REMOTE_ADDR="203.0.113.9").status_code == 200


def test_other_methods_and_parameters_are_refused(client: Client) -> None:
    refused = client.get("/api/v1/checks/")
    assert (refused.status_code, refused["Allow"]) == (405, "POST, OPTIONS")
    assert client.post("/api/v1/checks/?on=2024-06-01", [], content_type="application/json").status_code == 400


def test_pages_of_other_sites_may_ask(client: Client) -> None:
    preflight = client.options(
        "/api/v1/checks/",
        headers={"Origin": "https://x.example", "Access-Control-Request-Method": "POST"},
    )
    assert (preflight.status_code, preflight["Access-Control-Allow-Origin"]) == (204, "*")
    assert "POST" in preflight["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight["Access-Control-Allow-Headers"]


def test_no_token_is_needed() -> None:
    assert asked(Client(enforce_csrf_checks=True), [GOOD]).status_code == 200


def test_many_lines_cost_no_more_queries_than_one(client: Client) -> None:
    require(make_code("K1007"), begins=None, publication=make_publication())
    for name in ("One", "Two", "Three"):
        publish(name)
    counts = []
    for products in (["One"], ["One", "Two", "Three"]):
        asked(client, [GOOD])
        with CaptureQueriesContext(connection) as queries:
            assert asked(client, [{**GOOD, "product": each} for each in products]).status_code == 200
        counts.append(len(queries))
    assert counts == [3, 3]

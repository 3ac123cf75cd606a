"""The log of everything: complete, in order, and the same on the page and in the files."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import send_mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountEvent, Role, User
from accounts.services.roles import grant_role
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.verification import (
    complete_draft,
    determined,
    in_review,
    manufacturer,
    rejected,
    reviewer,
    submitted,
)
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import text_of
from verification.models import Visibility
from verification.queries.audit_log import KINDS
from verification.reviewer.views import log as log_view
from verification.services.messages import write_to_applicant, write_to_reviewer
from verification.services.review import remark

LOG = "/review/log/"


@pytest.fixture
def audrey(db: None) -> User:
    return contractor_person(Role.AUDITOR, name="Audrey Auditor")


@pytest.fixture
def as_audrey(audrey: User) -> Client:
    return signed_in(audrey)


def whole(response: Any) -> str:
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def lines_of(client: Client, **asked: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in whole(client.get("/review/log.ndjson", asked)).splitlines()]


def test_everything_that_is_kept_is_there(as_audrey: Client, audrey: User) -> None:
    application = determined()
    ari = contractor_person(Role.ADMINISTRATOR)
    grant_role(user=UserFactory(email="new@contractor.example"), role=Role.REVIEWER, reason="Hired.", by=ari)
    told = {(line["kind"], line["what"]) for line in lines_of(as_audrey)}
    assert told >= {
        ("step", "start"),
        ("step", "submit"),
        ("step", "determine"),
        ("account", "role_granted"),
        ("account", "exported"),
        ("sign_in", "signed_in"),
        ("representation", "confirmed"),
        ("listing", "listed"),
        ("mail", "sent"),
    }
    of_it = lines_of(as_audrey, application=application.dcn or "")
    assert [(line["kind"], line["what"]) for line in of_it] == [
        ("step", "start"),
        ("step", "submit"),
        ("step", "accept"),
        ("step", "recommend"),
        ("step", "determine"),
        ("listing", "listed"),
    ]
    assert {line["application"] for line in of_it} == {application.dcn}
    granted = lines_of(as_audrey, person="New@contractor.example", kind="account")
    assert [(line["by"], line["person"], line["details"]["reason"]) for line in granted] == [
        (ari.email, "new@contractor.example", "Hired.")
    ]


def test_remarks_and_messages_are_told_whole_to_the_auditor(as_audrey: Client) -> None:
    application = in_review()
    by, applicant = application.reviewer, application.created_by
    assert by is not None
    remark(application=application, text="A" * 400 + " inner doubt.", visibility=Visibility.INTERNAL, by=by)
    write_to_applicant(application=application, text="Which joint?", by=by)
    write_to_reviewer(application=application, text="The left one.", by=applicant)
    lines = lines_of(as_audrey, kind="remark")
    assert [(line["what"], line["by"], line["application"]) for line in lines] == [
        ("internal", by.email, application.dcn),
        ("to_applicant", by.email, application.dcn),
        ("from_applicant", applicant.email, application.dcn),
    ]
    assert lines[0]["details"] == {"text": "A" * 400 + " inner doubt."}
    assert {line["kind"] for line in lines_of(as_audrey, application=application.dcn or "")} == {"step", "remark"}
    assert len(lines_of(as_audrey, person=applicant.email, kind="remark")) == 1
    page = text_of(as_audrey.get(LOG, {"kind": "remark"}))
    assert "Internal remark" in page
    assert "Message to the applicant" in page
    assert "Which joint?" in page


def test_who_is_neither_auditor_nor_administrator_reads_no_log(db: None) -> None:
    application = in_review()
    assert application.reviewer is not None
    remark(application=application, text="Doubt.", visibility=Visibility.INTERNAL, by=application.reviewer)
    for client in (signed_in(application.created_by), signed_in(application.reviewer)):
        for address in (LOG, "/review/log.csv", "/review/log.ndjson"):
            assert client.get(address).status_code == 403


def test_no_text_of_a_mail_is_told(as_audrey: Client) -> None:
    send_mail("Reset your password", "https://register.example/reset/SECRET-KEY/", None, ["who@firm.example"])
    for told in (whole(as_audrey.get("/review/log.csv")), whole(as_audrey.get("/review/log.ndjson"))):
        assert "Reset your password" in told
        assert "SECRET-KEY" not in told
    page = as_audrey.get(LOG).content.decode()
    assert "who@firm.example" in page
    assert "SECRET-KEY" not in page


def test_taking_the_log_is_logged_before_it_leaves(as_audrey: Client, audrey: User) -> None:
    as_audrey.get("/review/log.csv", {"kind": "step"})
    event = AccountEvent.objects.get(kind="exported")
    assert (event.by, event.about) == (audrey, {"what": "log as csv", "asked": {"kind": "step"}})


def test_a_cell_that_looks_like_a_formula_is_harmless(as_audrey: Client) -> None:
    rejected(text="Missing.")
    UserFactory(email="=cmd@firm.example", name="Formula")
    send_mail("=HYPERLINK(1)", "Text", None, ["who@firm.example"])
    rows = list(csv.DictReader(io.StringIO(whole(as_audrey.get("/review/log.csv", {"kind": "mail"})))))
    assert "'=HYPERLINK(1)" in {row["subject"] for row in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=")]


def test_pages_hold_each_entry_once_and_lead_back(as_audrey: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_view, "ROWS_PER_PAGE", 4)
    # All at one instant, so that only the rest of the key tells them apart.
    with time_machine.travel(datetime(2026, 3, 2, 15, tzinfo=UTC), tick=False):
        determined()
        determined()
    everything = [(line["at"], line["kind"], line["id"], line["what"]) for line in lines_of(as_audrey)]
    seen, address, pages = [], LOG, 0
    while True:
        context = as_audrey.get(address).context
        seen.append([(row["at"], row["kind"], row["what"], row["subject"]) for row in context["rows"]])
        pages += 1
        if not context["next_url"]:
            break
        address = LOG + context["next_url"]
    assert sum(len(page) for page in seen) == len(everything)
    assert pages > 3
    for page in reversed(seen[:-1]):
        context = as_audrey.get(LOG + context["previous_url"]).context
        assert [(row["at"], row["kind"], row["what"], row["subject"]) for row in context["rows"]] == page
    assert context["previous_url"] == ""


def test_the_files_hold_what_the_page_shows(as_audrey: Client) -> None:
    application = determined()
    submitted()
    asked = {"application": application.dcn or "", "kind": "step"}
    page = as_audrey.get(LOG, asked).context["rows"]
    lines = lines_of(as_audrey, **asked)
    rows = list(csv.DictReader(io.StringIO(whole(as_audrey.get("/review/log.csv", asked)))))
    assert len(page) == 5
    assert [datetime.fromisoformat(line["at"]) for line in lines] == [row["at"] for row in page][::-1]
    assert [line["what"] for line in lines] == [row["what"] for row in rows]
    assert [json.loads(row["details"]) for row in rows] == [line["details"] for line in lines]


def test_a_period_takes_whole_eastern_days(as_audrey: Client) -> None:
    maker = manufacturer()
    last_second = datetime(2026, 3, 3, 4, 59, 59, tzinfo=UTC)
    with time_machine.travel(last_second, tick=False) as clock:
        inside = complete_draft(maker)
        clock.shift(timedelta(seconds=1))
        complete_draft(maker)
    shown = lines_of(as_audrey, kind="step", first="2026-03-02", last="2026-03-02")
    assert [line["subject"] for line in shown] == [f"draft {inside.pk}"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"person": "nobody@firm.example"}, "Nobody has the address"),
        ({"application": "CVR-1"}, "No application has the number"),
        ({"first": "yesterday"}, "is not a date"),
        ({"first": "2026-03-02", "last": "2026-03-01"}, "before the first one"),
        ({"kind": "gossip"}, "gossip"),
    ],
)
def test_what_cannot_be_asked_is_said(as_audrey: Client, asked: dict[str, str], said: str) -> None:
    page = as_audrey.get(LOG, asked)
    assert (page.status_code, said in page.content.decode()) == (400, True)
    export = as_audrey.get("/review/log.csv", asked)
    assert (export.status_code, said in export.content.decode()) == (400, True)
    assert not AccountEvent.objects.filter(kind="exported").exists()


def test_a_cursor_of_ones_own_making_is_refused(as_audrey: Client) -> None:
    assert as_audrey.get(LOG, {"cursor": "abc"}).status_code == 400


def test_each_kind_can_be_asked_for_alone(as_audrey: Client) -> None:
    application = determined()
    remark(application=application, text="Noted.", visibility=Visibility.INTERNAL, by=reviewer())
    for kind in KINDS:
        assert {line["kind"] for line in lines_of(as_audrey, kind=kind)} == ({kind})
        assert as_audrey.get(LOG, {"kind": kind}).status_code == 200


def test_it_costs_the_same_however_long_it_is(as_audrey: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            as_audrey.get(LOG)
        return len(asked)

    submitted()
    one = queries()
    for _ in range(3):
        submitted()
    assert queries() == one


def test_the_details_say_what_was_given(as_audrey: Client) -> None:
    rejected(text="The registration page is missing.")
    assert "The registration page is missing." in text_of(as_audrey.get(LOG))

"""Finding in the queue: each filter alone, all of them together, what is wrong named, and the same as CSV."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Role, User
from pcl.models import Organization
from pcl.services.organizations import rename_organization
from tests.factories.accounts import contractor_person
from tests.factories.register import make_code
from tests.factories.verification import (
    ENDED_CODE,
    again,
    code,
    complete_draft,
    determined,
    in_review,
    information_requested,
    manufacturer,
    recommended,
    submitted,
)
from tests.reviewer.conftest import signed_in
from tests.reviewer.page import main_of, text_of
from verification.models import Application
from verification.reviewer.views import queue as queue_view

QUEUE = "/review/"
START = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _another_code(db: None) -> None:
    make_code("L2006")


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as now:
        yield now


def shown(client: Client, **question: Any) -> list[Application]:
    response = client.get(QUEUE, question)
    assert response.status_code == 200, response.context["form"].errors
    return [row["application"] for row in response.context["rows"]]


def states_of(client: Client, **question: Any) -> dict[str, int]:
    return {key: count for key, _, count, _ in client.get(QUEUE, question).context["states"]}


def test_by_state(as_robin: Client) -> None:
    waiting, reviewed_now = submitted(), in_review()
    assert shown(as_robin, state="submitted") == [waiting]
    assert shown(as_robin, state="in_review") == [reviewed_now]


def test_by_product_group(as_robin: Client) -> None:
    application = submitted()
    assert shown(as_robin, group="powered-orthoses") == [application]
    # Its answers are those of its group, so another group needs an application of its own; here only the name counts.
    Application.objects.update(product_group="other-group")
    assert shown(as_robin, group="powered-orthoses") == []


def test_by_code(as_robin: Client) -> None:
    submitted(codes=("K1007",))
    both = submitted(codes=("K1007", "L2006"))
    assert shown(as_robin, code="l2006 ") == [both]
    assert len(shown(as_robin, code="K1007")) == 2


def test_by_organization_under_every_name_and_by_its_slug(as_robin: Client, reese: User) -> None:
    application = submitted(manufacturer("Nordwind Orthopädie"))
    submitted(manufacturer("Another House"))
    organization = application.organization
    told = {"since": timezone.localdate(), "source": "Letter", "reason": "As told.", "by": reese}
    rename_organization(organization=organization, name="Südwind Medical", **told)
    merged = submitted(manufacturer("Ostwind"))
    Organization.objects.filter(pk=merged.organization_id).update(merged_into=organization)
    for said in ("nordwind", "Südwind", "wind med", organization.slug):
        assert shown(as_robin, organization=said) == [application, merged], said
    assert shown(as_robin, organization="Ostwind") == [merged]
    assert shown(as_robin, organization="Westwind") == []


def test_by_kind(as_robin: Client) -> None:
    application = submitted()
    assert shown(as_robin, kind="initial") == [application]
    assert shown(as_robin, kind="reconsideration") == []


def test_by_reviewer(as_robin: Client, robin: User) -> None:
    mine, waiting, gone = in_review(reviewed_by=robin), submitted(), in_review()
    gone.reviewer.role_assignments.all().delete()
    idle = contractor_person(Role.REVIEWER, name="Ida Idle")
    assert shown(as_robin, reviewer=robin.pk) == [mine]
    assert shown(as_robin, reviewer="nobody") == [waiting]
    assert shown(as_robin, reviewer=gone.reviewer.pk) == [gone]
    assert shown(as_robin, reviewer=idle.pk) == []
    offered = dict(as_robin.get(QUEUE).context["form"].fields["reviewer"].choices)
    assert offered == {
        "": "Any",
        "nobody": "Nobody",
        str(robin.pk): "Robin Reviewer",
        str(idle.pk): "Ida Idle",
        str(gone.reviewer.pk): f"{gone.reviewer.name} (no longer a reviewer)",
    }


def test_by_age_in_the_contractors_days(as_robin: Client, clock: Any) -> None:
    """Submitted on March 2 at 23:30 in New York, which is March 3 in UTC."""
    clock.move_to(datetime(2026, 3, 3, 4, 30, tzinfo=UTC))
    application = submitted()
    clock.shift(timedelta(hours=1))
    assert shown(as_robin, age=0) == [application]
    assert shown(as_robin, age=1) == [application]
    assert shown(as_robin, age=2) == []


@pytest.mark.parametrize(
    ("days", "said", "found"),
    [
        # Due on May 31, ninety days after March 2; “soon” begins fourteen days before it.
        (75, "soon", []),
        (76, "soon", ["running"]),
        (90, "soon", ["running"]),
        (91, "soon", []),
        (90, "overdue", []),
        (91, "overdue", ["running"]),
        (82, "7", []),
        (83, "7", ["running"]),
        (76, "14", ["running"]),
        (59, "30", []),
        (60, "30", ["running"]),
        (91, "30", []),
        (91, "stopped", ["waiting"]),
    ],
)
def test_by_due_day(as_robin: Client, clock: Any, days: int, said: str, found: list[str]) -> None:
    made = {"running": in_review(), "waiting": information_requested(due_in=100), "closed": determined()}
    clock.shift(timedelta(days=days))
    assert shown(as_robin, due=said) == [made[name] for name in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("{dcn}", True),
        ("{number}", True),
        ("exoskel", True),
        ("stride medical", True),
        ("xr 200/7", True),
        ("XR2007", True),
        ("K1007", True),
        ("exoskeleton K1007 stride", True),
        ("exoskeleton L2006", False),
        ("skeleton", False),
        ("...", False),
    ],
)
def test_by_words(as_robin: Client, typed: str, found: bool) -> None:
    meant = submitted(manufacturer("Stride Medical"), product_name="Gait Exoskeleton™", model_numbers=("XR-200/7", "B"))
    other = submitted(manufacturer("Elsewhere"), product_name="Walker", model_numbers=("ZZ-1",), codes=("L2006",))
    assert other.dcn != meant.dcn
    said = typed.format(dcn=meant.dcn, number=str(int(meant.dcn[-6:])))
    assert (meant in shown(as_robin, q=said)) is found
    assert other not in shown(as_robin, q=said)


def test_a_draft_is_never_found(as_robin: Client) -> None:
    draft = complete_draft(product_name="Hidden Thing")
    assert shown(as_robin, q="hidden") == []
    assert shown(as_robin, organization=draft.organization.name) == []


def test_all_together(as_robin: Client, robin: User, clock: Any) -> None:
    maker = manufacturer("Stride Medical")
    meant = in_review(maker, reviewed_by=robin, product_name="Gait One")
    in_review(maker, reviewed_by=robin, product_name="Other")
    in_review(maker, product_name="Gait Two")
    submitted(maker, product_name="Gait Three")
    clock.shift(timedelta(days=80))
    question = {
        "whose": "mine",
        "state": "in_review",
        "group": "powered-orthoses",
        "code": "K1007",
        "organization": "stride",
        "kind": "initial",
        "age": 80,
        "due": "soon",
        "reviewer": robin.pk,
        "q": "gait",
        "sort": "due",
    }
    assert shown(as_robin, **question) == [meant]
    caption = text_of(as_robin.get(QUEUE, question))
    for words in ("State: In review", "Due: Due soon", "Reviewer: Robin Reviewer", "Words: gait"):
        assert words in caption


def test_counts_respect_the_filters(as_robin: Client, robin: User) -> None:
    submitted(codes=("L2006",))
    submitted()
    in_review(reviewed_by=robin)
    recommended()
    determined()
    everything = as_robin.get(QUEUE)
    assert {view.whose: count for view, count, _ in everything.context["views"]} == {
        "all": 5,
        "mine": 1,
        "unassigned": 2,
        "to_approve": 1,
        "closed": 1,
    }
    assert states_of(as_robin) == {"submitted": 2, "in_review": 1, "recommended": 1, "determined": 1}
    assert states_of(as_robin, whose="mine") == {"in_review": 1}
    narrowed = as_robin.get(QUEUE, {"code": "L2006", "state": "submitted"})
    assert [count for _, count, _ in narrowed.context["views"]] == [1, 0, 1, 0, 0]
    assert narrowed.context["count"] == 1
    # Each leads to what it counts.
    for _, count, url in narrowed.context["views"]:
        assert len(as_robin.get(url).context["rows"]) == count
    for _, _, count, url in everything.context["states"]:
        assert len(as_robin.get(url).context["rows"]) == count


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"whose": "theirs"}, "View: “theirs” is no view. Choose one of: all, mine, unassigned, to_approve, closed."),
        ({"state": "draft"}, "State: “draft” is no state. Choose one of: submitted,"),
        ({"group": "shoes"}, "Product group: “shoes” is no product group of the queue."),
        ({"code": "1007"}, "HCPCS code requested: Write the code as one letter and four digits"),
        ({"kind": "x"}, "Kind: “x” is no kind."),
        ({"due": "tomorrow"}, "Due: “tomorrow” is no due. Choose one of: overdue, soon, 7"),
        ({"reviewer": "0"}, "Reviewer: “0” is no reviewer of the queue."),
        ({"reviewer": "robin"}, "Reviewer: “robin” is no reviewer of the queue."),
        ({"age": "-1"}, "Submitted at least so many days ago: Ensure this value is greater than or equal to 0."),
        ({"age": "old"}, "Submitted at least so many days ago: Give a whole number of days, such as 30."),
        ({"age": "9" * 30}, "Submitted at least so many days ago"),
        ({"sort": "name"}, "Sort by: “name” is no sort."),
        ({"sort": "closed"}, "Sort by: By the day of closing only what is closed can be sorted."),
        ({"organization": "x" * 301}, "Applicant’s organization: Ensure this value has at most 300 characters"),
        ({"organization": "a\x00b"}, "Applicant’s organization: Null characters are not allowed."),
        ({"states": "in_review"}, "There is no filter “states”. Take it out of the address."),
        ({"code": ["K1007", "L2006"]}, "HCPCS code requested: This is given more than once."),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_shown(as_robin: Client, question: dict[str, Any], says: str) -> None:
    submitted()
    for address in (QUEUE, "/review/queue.csv"):
        response = as_robin.get(address, question)
        assert response.status_code == 400
        assert says in text_of(response)
        assert "<table" not in main_of(response)


def test_nothing_found_says_by_what_and_leads_back(as_robin: Client) -> None:
    application = submitted()
    response = as_robin.get(QUEUE, {"whose": "unassigned", "code": "L2006", "q": "zebra"})
    assert "No application is like that" in text_of(response)
    assert "HCPCS code requested: L2006" in text_of(response)
    assert shown(as_robin, whose="unassigned") == [application]
    assert response.context["everything_url"] == "/review/?whose=unassigned"


def stages(clock: Any) -> list[Application]:
    """Seven in several states and of several organizations, submitted one day after the other."""
    made = []
    for make in (submitted, determined, in_review, information_requested, recommended, determined, submitted):
        made.append(make(manufacturer(f"Maker {7 - len(made)}")))
        clock.shift(timedelta(days=1))
    answered = made[3]
    Application.objects.filter(pk=made[2].pk).update(due_on=date(2026, 12, 1))
    return [*made[:3], again(answered), *made[4:]]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({}, [0, 2, 3, 4, 6, 1, 5]),
        ({"sort": "submitted"}, [0, 2, 3, 4, 6, 1, 5]),
        ({"sort": "newest"}, [6, 5, 4, 3, 2, 1, 0]),
        # The clock of 3 is stopped, so it has no due day.
        ({"sort": "due"}, [0, 4, 6, 2, 3, 1, 5]),
        ({"sort": "state"}, [0, 6, 2, 3, 4, 1, 5]),
        ({"sort": "organization"}, [6, 5, 4, 3, 2, 1, 0]),
        ({"whose": "closed"}, [5, 1]),
        ({"whose": "closed", "sort": "submitted"}, [1, 5]),
    ],
)
def test_sorted_in_pages_each_is_shown_once(
    as_robin: Client, clock: Any, monkeypatch: pytest.MonkeyPatch, question: dict[str, str], expected: list[int]
) -> None:
    monkeypatch.setattr(queue_view, "ROWS_PER_PAGE", 2)
    made = stages(clock)
    address, seen, before = QUEUE + "?" + "&".join(f"{k}={v}" for k, v in question.items()), [], []
    while address:
        response = as_robin.get(address)
        before = seen
        seen = [*seen, *(made.index(row["application"]) for row in response.context["rows"])]
        address = response.context["next_url"]
    assert seen == expected
    if len(expected) > 2:
        back = as_robin.get(response.context["previous_url"])
        assert [made.index(row["application"]) for row in back.context["rows"]] == before[-2:]


def test_a_page_of_another_question_is_the_first_and_says_so(as_robin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_view, "ROWS_PER_PAGE", 1)
    first, _ = submitted(), submitted()
    cursor = as_robin.get(QUEUE, {"sort": "newest"}).context["next_url"].split("cursor=")[1]
    response = as_robin.get(f"{QUEUE}?sort=due&cursor={cursor}")
    assert response.status_code == 400
    assert "This is the first one." in text_of(response)
    assert [row["application"] for row in response.context["rows"]] == [first]


# CSV


def rows_of(client: Client, **question: Any) -> list[dict[str, str]]:
    response = client.get("/review/queue.csv", question)
    assert response.status_code == 200
    assert response.streaming
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_as_csv(as_robin: Client, robin: User, clock: Any) -> None:
    maker = manufacturer("=Stride, Inc.")
    in_review(maker, reviewed_by=robin, product_name="@Gait", codes=("K1007", "L2006"), model_numbers=("B", "-A"))
    clock.shift(timedelta(days=80))
    (row,) = rows_of(as_robin)
    assert row == {
        "dcn": Application.objects.get().dcn,
        "state": "In review",
        "kind": "Initial application",
        "product": "'@Gait",
        "model_numbers": "'-A; B",
        "codes": "K1007; L2006",
        "organization": "'=Stride, Inc.",
        "product_group": "Powered Orthoses",
        "reviewer": "Robin Reviewer",
        "submitted_on": "2026-03-02",
        "age_in_days": "80",
        "clock": "due soon",
        "due_on": "2026-05-31",
        "answer_due_on": "",
        "closed_on": "",
    }


def test_the_file_has_every_row_of_the_filter_whatever_the_page(
    as_robin: Client, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_view, "ROWS_PER_PAGE", 2)
    made = stages(clock)
    assert [row["dcn"] for row in rows_of(as_robin, sort="due")] == [made[n].dcn for n in (0, 4, 6, 2, 3, 1, 5)]
    assert [row["dcn"] for row in rows_of(as_robin, whose="closed")] == [made[n].dcn for n in (5, 1)]
    assert rows_of(as_robin, code="L2006") == []
    page = as_robin.get(QUEUE, {"sort": "due", "state": "submitted"})
    assert [row["dcn"] for row in rows_of(as_robin, sort="due", state="submitted")] == [made[0].dcn, made[6].dcn]
    assert page.context["csv_url"] == "/review/queue.csv?sort=due&state=submitted"


@pytest.mark.parametrize(
    ("make", "days", "says"),
    [
        (in_review, 0, "on time"),
        (in_review, 90, "due soon"),
        (in_review, 91, "overdue"),
        (information_requested, 91, "stopped"),
        (determined, 91, "closed"),
    ],
)
def test_the_clock_in_the_file_is_the_light_on_the_page(
    as_robin: Client, clock: Any, make: Any, days: int, says: str
) -> None:
    make()
    clock.shift(timedelta(days=days))
    assert [row["clock"] for row in rows_of(as_robin)] == [says]


# The light


@pytest.mark.parametrize(
    ("days", "says", "kind"),
    [
        (0, "On time due May 31, 2026", "good"),
        (75, "On time due May 31, 2026", "good"),
        (76, "Due in 14 days due May 31, 2026", "waiting"),
        (89, "Due in 1 day due May 31, 2026", "waiting"),
        (90, "Due today due May 31, 2026", "waiting"),
        (91, "Overdue by 1 day due May 31, 2026", "bad"),
        (95, "Overdue by 5 days due May 31, 2026", "bad"),
    ],
)
def test_the_light_says_in_words_how_the_clock_stands(
    as_robin: Client, clock: Any, days: int, says: str, kind: str
) -> None:
    application = in_review()
    clock.shift(timedelta(days=days))
    for address in (QUEUE, f"/review/{application.pk}/"):
        response = as_robin.get(address)
        assert says in text_of(response)
        assert f"register-status--{kind}" in main_of(response)


def test_a_stopped_clock_says_who_has_the_word(as_robin: Client, clock: Any) -> None:
    information_requested(due_in=14)
    assert "Clock stopped the applicant has the word until March 16, 2026" in text_of(as_robin.get(QUEUE))


def test_a_code_that_has_ended_is_found_all_the_same(as_robin: Client) -> None:
    application = submitted()
    application.requested_codes.all().delete()
    application.requested_codes.create(code=code(ENDED_CODE))
    assert shown(as_robin, code=ENDED_CODE) == [application]


@pytest.mark.parametrize("question", [{}, {"q": "stride", "due": "soon", "sort": "state", "organization": "maker"}])
def test_as_many_queries_for_three_rows_as_for_one(
    as_robin: Client, robin: User, clock: Any, question: dict[str, str]
) -> None:
    in_review(reviewed_by=robin)
    clock.shift(timedelta(days=80))
    as_robin.get(QUEUE, question)
    with CaptureQueriesContext(connection) as one:
        assert len(shown(as_robin, **question)) == 1
    clock.shift(timedelta(days=-80))
    in_review(reviewed_by=robin, model_numbers=("A", "B"), codes=("K1007", "L2006"))
    in_review(reviewed_by=robin)
    clock.shift(timedelta(days=80))
    with CaptureQueriesContext(connection) as three:
        assert len(shown(as_robin, **question)) == 3
    assert len(three) == len(one) <= 11


def test_the_file_is_the_contractors_alone() -> None:
    submitted()
    assert signed_in(manufacturer()).get("/review/queue.csv").status_code == 403
    assert Client().get("/review/queue.csv").status_code == 302

"""The review queue and the dossier at 50,000 applications: how many queries a page asks, and how long it takes.

APPLICATIONS (default 50,000) with logs as the workflow writes them, in all states, of 2,000 organizations; half of them
open, which is far more than a contractor has. Every page is asked for ROUNDS times (default 30) as a signed-in person
would, through the whole of Django but without a network, in turn. Kept: fewer than 15 queries a page.
Also: assigning 500 applications at once, the whole queue as CSV, and closing 1,000 that were not answered.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Role, RoleAssignment, User  # noqa: E402
from benchmarks.database import database_of_its_own  # noqa: E402
from benchmarks.made_up_register import FIRST, GROUPS, SECOND, STYLES  # noqa: E402
from hcpcs.models import Code  # noqa: E402
from hcpcs.services.load_seed_codes import load_seed_codes  # noqa: E402
from pcl.models import Organization  # noqa: E402
from pcl.names import name_key  # noqa: E402
from pcl.text import normalize_model_number  # noqa: E402
from verification.application_words import words_of  # noqa: E402
from verification.clocks import clocks  # noqa: E402
from verification.models import (  # noqa: E402
    Application,
    ApplicationKind,
    ApplicationModel,
    ApplicationWords,
    Determination,
    Document,
    Outcome,
    Remark,
    RequestedCode,
    Submission,
    TransitionLog,
)
from verification.product_groups import groups  # noqa: E402
from verification.queries.said import said_sections  # noqa: E402
from verification.services.assignment import assign_many  # noqa: E402
from verification.services.clocks import expire_overdue  # noqa: E402
from verification.services.due_days import recompute_due_days  # noqa: E402
from verification.workflow.clock import NOT_STARTED, Reading, one_step_on  # noqa: E402
from verification.workflow.states import FINAL, WITH_A_REVIEWER, Status  # noqa: E402

APPLICATIONS = int(os.environ.get("APPLICATIONS", "50000"))
ROUNDS = int(os.environ.get("ROUNDS", "30"))
MOST_QUERIES = 15
ORGANIZATIONS, REVIEWERS, CHUNK = 2000, 20, 5000
# So many are made up one by one; the others are like them, under numbers of their own.
MADE = min(APPLICATIONS, 2500)
# Of twenty: half of them open.
STATES = (
    ["draft"]
    + ["submitted"] * 3
    + ["in_review"] * 4
    + ["information_requested"] * 2
    + ["recommended"]
    + ["determined"] * 6
    + ["rejected"] * 2
    + ["withdrawn"]
)
# The way to each state: step, state after it, days later.
START = ("start", "draft", 0)
SUBMIT, ACCEPT = ("submit", "submitted", 1), ("accept", "in_review", 3)
ASK, ANSWER = ("request_information", "information_requested", 10), ("respond", "in_review", 12)
RECOMMEND = ("recommend", "recommended", 15)
WAYS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "draft": (START,),
    "submitted": (START, SUBMIT),
    "in_review": (START, SUBMIT, ACCEPT, ASK, ANSWER),
    "information_requested": (START, SUBMIT, ACCEPT, ASK),
    "recommended": (START, SUBMIT, ACCEPT, RECOMMEND),
    "determined": (START, SUBMIT, ACCEPT, ASK, ANSWER, RECOMMEND, ("determine", "determined", 4)),
    "rejected": (START, SUBMIT, ("reject", "rejected", 5)),
    "withdrawn": (START, SUBMIT, ACCEPT, ("withdraw", "withdrawn", 6)),
}
LIKE_THEM = (
    *(Application, TransitionLog, ApplicationModel, RequestedCode, Document, ApplicationWords, Remark, Determination),
    Submission,
)
# Some of those that are not determined ask for a first determination to be reconsidered, and have that kind's clock.
EACH_OF = 25
RECONSIDERATIONS = f"""
    WITH asking AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM verification_application
        WHERE kind = 'initial' AND status <> 'determined' AND id % {EACH_OF} = 0
    ), decided AS (
        SELECT id, row_number() OVER (ORDER BY id) AS n FROM verification_determination WHERE approved_by_id IS NOT NULL
    )
    UPDATE verification_application application SET kind = 'reconsideration', reconsiders_id = decided.id
    FROM asking JOIN decided USING (n) WHERE application.id = asking.id
"""
chance = random.Random(20_261_122)


def people(count: int, name: str, *roles: Role) -> list[User]:
    made = User.objects.bulk_create(
        User(email=f"{name}{number}@example.org", name=f"{name.title()} {number}") for number in range(count)
    )
    RoleAssignment.objects.bulk_create(RoleAssignment(user=user, role=role) for user in made for role in roles)
    return made


def organizations() -> list[Organization]:
    names = [f"{chance.choice(FIRST)} {chance.choice(SECOND)} {number}" for number in range(ORGANIZATIONS)]
    return Organization.objects.bulk_create(
        Organization(name=name, slug=f"organization-{number}", name_key=name_key(name))
        for number, name in enumerate(names)
    )


def fill() -> None:
    """As the services would leave it; with the triggers off that look at each row while it is written."""
    codes = load_seed_codes()
    reviewers, approvers = people(REVIEWERS, "reviewer", Role.REVIEWER), people(5, "approver", Role.APPROVER)
    applicants, makers = people(500, "applicant"), organizations()
    group = groups()[0]
    nouns = [name for _, _, names, _ in GROUPS for name in names]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    for first in range(1, MADE + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, MADE + 1))
        made, logs = [], []
        for number in numbers:
            application, its_logs = _one(number, makers, applicants, reviewers, approvers)
            application.product_group, application.product_group_version = group.slug, group.version
            application.product_name = f"{chance.choice(STYLES)} {chance.choice(nouns)} {number}"
            made.append(application)
            logs += its_logs
        Application.objects.bulk_create(made)
        TransitionLog.objects.bulk_create(logs, batch_size=CHUNK)
        _beside(made, codes, approvers[0])
        _as_submitted(made)
    with connection.cursor() as cursor:
        cursor.execute(RECONSIDERATIONS)
        for model in LIKE_THEM:
            _repeat(cursor, model._meta.db_table)  # noqa: SLF001
        cursor.execute("SET session_replication_role = origin")
        # As autovacuum leaves a table that has stood for a while: the counts are read from indexes alone.
        cursor.execute("VACUUM ANALYZE")


def _repeat(cursor: Any, table: str) -> None:
    """Each row again for each of the other applications, in the same database call."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'", [table]
    )
    other = f"g * {MADE}"
    said = {name: name for (name,) in cursor.fetchall()}
    if "reconsiders_id" in said:
        said["reconsiders_id"] = f"reconsiders_id + {other}"
    if "application_id" in said:
        said["application_id"] = f"application_id + {other}"
        # What is reconsidered is found again under its number; of the rest any number will do.
        if table == Determination._meta.db_table:  # noqa: SLF001
            said["id"] = f"id + {other}"
        else:
            said.pop("id", None)
    else:
        said["id"] = f"id + {other}"
        said["dcn"] = f"left(dcn, 9) || lpad((id + {other})::text, 6, '0')"
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(said)}) SELECT {', '.join(said.values())}"
        f" FROM {table} CROSS JOIN generate_series(1, {APPLICATIONS // MADE - 1}) g"
    )


def _one(
    number: int, makers: list[Organization], applicants: list[User], reviewers: list[User], approvers: list[User]
) -> tuple[Application, list[TransitionLog]]:
    state, maker = chance.choice(STATES), chance.choice(makers)
    is_open = state not in FINAL
    begun = timezone.now() - timedelta(days=chance.randrange(1, 120) if is_open else chance.randrange(60, 3000))
    application = Application(
        id=number,
        organization=maker,
        created_by=chance.choice(applicants),
        status=state,
        kind=chance.choices(ApplicationKind.values, (94, 0, 3, 2, 1))[0],
        manufacturer_name=maker.name,
        reason="never-reviewed",
        description="A device. " * 30,
        fda_status="exempt",
        attested=True,
        signed_at=begun,
        signed_name="A. Signer",
        signed_title="Director",
    )
    reviewer = chance.choice(reviewers) if state in WITH_A_REVIEWER | {Status.WITHDRAWN} else None
    application.reviewer = reviewer
    asks_again = application.kind == ApplicationKind.INITIAL and state != Status.DETERMINED and number % EACH_OF == 0
    clock = clocks().review_of(ApplicationKind.RECONSIDERATION if asks_again else application.kind)
    reading, before, at, logs = NOT_STARTED, "", begun, []
    for step, (name, after, days) in enumerate(WAYS[state]):
        at += timedelta(days=days if not is_open or not step else min(days, 2))
        by = {"determine": approvers[0], "submit": application.created_by}.get(name, reviewer or application.created_by)
        logs.append(
            TransitionLog(
                application=application,
                number=step,
                transition=name,
                source=before,
                target=after,
                by=by,
                at=at,
                seen_version=step,
                given={"items": ["The weight."], "due_on": "2026-12-01"} if step == 3 else {},
            )
        )
        if name == "respond":
            logs[-1].given = {"answers": ["2 kg."]}
        if name == "submit":
            application.submitted_at, application.dcn = at, f"CVR-{at.year}-{number:06d}"
        if before:
            day = timezone.localdate(at)
            reading = one_step_on(reading, source=before, target=after, day=day, clock=clock)
        before = after
    application.transitions = application.version = len(logs) - 1
    application.due_on, application.days_left = Reading(*reading)
    application.closed_at = at if state in FINAL else None
    if state == "information_requested":
        application.answer_due_on = timezone.localdate() + timedelta(days=chance.randrange(1, 40))
    return application, logs


def _beside(made: list[Application], codes: list[Code], approver: User) -> None:
    """Models, codes, words, determinations, documents and remarks."""
    models, requested, words, determinations, documents, remarks = [], [], [], [], [], []
    for application in made:
        numbers = [f"{chance.choice('ABCX')}{chance.randrange(100, 999)}-{application.pk}-{n}" for n in range(2)]
        models += [
            ApplicationModel(application=application, model_number=number, normalized=normalize_model_number(number))
            for number in numbers
        ]
        asked = chance.sample(codes, k=min(len(codes), chance.choice([1, 1, 2])))
        requested += [RequestedCode(application=application, code=code) for code in asked]
        documents += [
            Document(
                application=application,
                kind=kind,
                name=f"{kind}.pdf",
                content_type="application/pdf",
                size=90_000,
                sha256=f"{application.pk:064d}",
                file=f"documents/{application.pk}-{kind}.pdf",
                uploaded_by=application.created_by,
            )
            for kind in ("fda-registration", "product-literature", "instructions-for-use")
        ]
        if application.dcn is None:
            continue
        names = [application.product_name, application.manufacturer_name]
        said = words_of(dcn=application.dcn, names=names, codes=[c.code for c in asked], model_numbers=numbers)
        words.append(ApplicationWords(application=application, words=said))
        if application.reviewer is None:
            continue
        remarks += [Remark(application=application, text=f"Remark {n}.", by=application.reviewer) for n in range(3)]
        if application.status in {"recommended", "determined"}:
            is_approved = application.status == "determined"
            determinations.append(
                Determination(
                    application=application,
                    outcome=Outcome.NO_CODE,
                    rationale="Because.",
                    recommended_by=application.reviewer,
                    recommended_at=application.submitted_at,
                    approved_by=approver if is_approved else None,
                    approved_at=application.closed_at,
                    published_at=application.closed_at,
                    letter_date=date(2026, 1, 1) if is_approved else None,
                )
            )
    for row in (models, requested, documents, words, remarks, determinations):
        if row:
            type(row[0])._default_manager.bulk_create(row, batch_size=CHUNK)  # noqa: SLF001


def _as_submitted(made: list[Application]) -> None:
    """What was sent, of each: as one of them would say it, since only its size matters here."""
    sent = [application for application in made if application.dcn]
    sections = said_sections(Application.objects.get(pk=sent[0].pk))
    Submission.objects.bulk_create(
        [
            Submission(
                application=application,
                number=1,
                at=application.submitted_at,
                content={"format": 1, "dcn": application.dcn, "sections": sections, "answers": []},
                documents=[],
                sha256=f"{application.pk:064d}",
            )
            for application in sent
        ],
        batch_size=CHUNK,
    )


def pages(client_of: dict[str, Client]) -> Iterator[tuple[str, Client, str]]:
    """What people ask, each by who asks it."""
    reviewer, approver = client_of["reviewer"], client_of["approver"]
    some = Application.objects.order_by("pk")
    reviewed = some.filter(status="in_review").values_list("pk", flat=True)[100]
    recommended = some.filter(status="recommended").values_list("pk", flat=True)[100]
    determined = some.filter(status="determined").values_list("pk", flat=True)[100]
    dcn = some.filter(status="determined").values_list("dcn", flat=True)[200]
    person = User.objects.get(name="Reviewer 3").pk
    yield "queue", reviewer, "/review/"
    yield "mine", reviewer, "/review/?whose=mine"
    yield "not taken", reviewer, "/review/?whose=unassigned"
    yield "to approve", approver, "/review/?whose=to_approve"
    yield "closed", reviewer, "/review/?whose=closed"
    yield "due first", reviewer, "/review/?sort=due"
    yield "newest first", reviewer, "/review/?sort=newest"
    yield "by state", reviewer, "/review/?sort=state"
    yield "by organization", reviewer, "/review/?sort=organization"
    yield "overdue", reviewer, "/review/?due=overdue&sort=due"
    yield "due within a week", reviewer, "/review/?due=7&sort=due"
    yield "clock stopped", reviewer, "/review/?due=stopped"
    yield "a state", reviewer, "/review/?state=information_requested"
    yield "a kind", reviewer, "/review/?kind=name_change"
    yield "a code", reviewer, "/review/?code=K1007"
    yield "an organization", reviewer, "/review/?organization=a"
    yield "a reviewer", reviewer, f"/review/?reviewer={person}"
    yield "old ones", reviewer, "/review/?age=90"
    yield "words", reviewer, "/review/?q=wheel+cushion"
    yield "a document control number", reviewer, f"/review/?q={dcn}"
    yield "a model number", reviewer, "/review/?q=B123"
    yield (
        "all together",
        reviewer,
        "/review/?whose=all&state=in_review&code=K1007&due=30&kind=initial&q=c&sort=due",
    )
    yield "dossier, in review", reviewer, f"/review/{reviewed}/"
    yield "dossier, recommended", approver, f"/review/{recommended}/"
    yield "dossier, determined", reviewer, f"/review/{determined}/"
    yield "dossier, on a walk", reviewer, f"/review/{reviewed}/?queue=state%3Din_review%26sort%3Ddue"


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(name=name))
    return client


def milliseconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def answered(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return b"".join(response.streaming_content) if response.streaming else response.content


def main() -> int:
    settings.ALLOWED_HOSTS = ["testserver"]
    # As in the demonstration, but also where no static files were collected.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    with database_of_its_own():
        print(f"{APPLICATIONS:,} applications made in {milliseconds(fill) / 1000:.0f} s", flush=True)
        found = recompute_due_days()
        print(f"{found.open_applications:,} open; due days that differ from their logs: {found.changed}")
        client_of = {"reviewer": signed_in("Reviewer 1"), "approver": signed_in("Approver 1")}
        asked = list(pages(client_of))
        queries: dict[str, int] = {}
        times: dict[str, list[float]] = {name: [] for name, _, _ in asked}
        for name, client, address in asked:
            answered(client, address)
            with CaptureQueriesContext(connection) as counted:
                answered(client, address)
            queries[name] = len(counted)
        for _ in range(ROUNDS):
            for name, client, address in asked:
                times[name].append(milliseconds(lambda c=client, a=address: answered(c, a)))  # type: ignore[misc]
        print(f"\n{'page':<28} {'queries':>7} {'median':>8} {'p95':>8}   ms")
        for name, taken in times.items():
            p95 = statistics.quantiles(taken, n=20)[-1]
            print(f"{name:<28} {queries[name]:>7} {statistics.median(taken):>8.1f} {p95:>8.1f}")
        _acts(client_of["reviewer"])
    most = max(queries.values())
    kept = "kept" if most < MOST_QUERIES else "NOT kept"
    print(f"\n{kept}: at most {most} queries, fewer than {MOST_QUERIES} asked for")
    return 0 if most < MOST_QUERIES and not found.changed else 1


def _acts(client: Client) -> None:
    approver = User.objects.get(name="Approver 1")
    to = User.objects.get(name="Reviewer 2")
    waiting = dict(Application.objects.filter(status="submitted").order_by("pk").values_list("pk", "version")[:500])
    took = milliseconds(lambda: assign_many(seen=waiting, reviewer=to, by=approver))
    print(f"\nassign {len(waiting)} at once: {took:,.0f} ms")
    took = milliseconds(lambda: answered(client, "/review/queue.csv"))
    print(f"everything as CSV: {took:,.0f} ms")
    keys = list(Application.objects.filter(status="information_requested").values_list("pk", flat=True)[:1000])
    Application.objects.filter(pk__in=keys).update(answer_due_on=timezone.localdate() - timedelta(days=1))
    took = milliseconds(expire_overdue)
    print(f"close {len(keys):,} that were not answered: {took:,.0f} ms")


if __name__ == "__main__":
    sys.exit(main())

"""The queue as CSV: every application that is asked for, streamed, with what each column means."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, CharField, DateField, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, ExtractDay, TruncDate

from accounts.models import User
from pcl.queries.column import Column, ColumnKind
from pcl.queries.row_stream import rows_as_csv
from verification.clocks import clocks
from verification.models import ApplicationKind, ApplicationModel, RequestedCode
from verification.product_groups import groups
from verification.queries.queue import Question, asked_for
from verification.workflow.states import STOPS_THE_CLOCK, Status

_UNTIL_CLOSED = "Days from submission until today, or until it was closed; US Eastern days."


def queue_as_csv(question: Question, *, user: User, today: date) -> Iterator[bytes]:
    """Complete, in the order asked for. Cells that a spreadsheet would take for formulas are harmless."""
    rows = question.order.sorted(asked_for(question, user=user, today=today), backward=False)
    return rows_as_csv(rows, columns(today))


def columns(today: date) -> tuple[Column, ...]:
    submitted, closed = TruncDate("submitted_at"), TruncDate("closed_at")
    until = Case(When(closed_at__isnull=False, then=closed), default=Value(today), output_field=DateField())
    return (
        Column("dcn", "Document control number.", F("dcn"), typed=False),
        Column("state", "Where it stands.", _words("status", Status.choices), typed=False),
        Column("kind", "What kind of application it is.", _words("kind", ApplicationKind.choices), typed=False),
        Column("product", "The product’s name.", F("product_name")),
        Column("model_numbers", "Separated by semicolons.", _together(ApplicationModel.objects.all(), "model_number")),
        Column(
            "codes",
            "HCPCS codes requested, separated by semicolons.",
            _together(RequestedCode.objects.all(), "code__code"),
        ),
        Column("organization", "For whom the applicant acts.", F("organization__name")),
        Column("product_group", "Its title.", _words("product_group", [(each.slug, each.title) for each in groups()])),
        Column("reviewer", "Who reviews it.", F("reviewer__name")),
        Column("submitted_on", "US Eastern day.", submitted, kind=ColumnKind.DAY, typed=False),
        Column("age_in_days", _UNTIL_CLOSED, _days(until, submitted), kind=ColumnKind.INTEGER, typed=False),
        Column("clock", "on time, due soon, overdue, stopped or closed.", _light(today), typed=False),
        Column(
            "due_on", "Last day in time; empty while the clock stops.", F("due_on"), kind=ColumnKind.DAY, typed=False
        ),
        Column("answer_due_on", "Last day for the answer.", F("answer_due_on"), kind=ColumnKind.DAY, typed=False),
        Column("closed_on", "US Eastern day.", closed, kind=ColumnKind.DAY, typed=False),
    )


def _words(field: str, choices: list[tuple[str, str]]) -> Case:
    named = [When(**{field: key}, then=Value(label)) for key, label in choices]
    return Case(*named, default=F(field), output_field=CharField())


def _together(rows: QuerySet[Any], field: str) -> Any:
    of_it = rows.filter(application=OuterRef("pk")).order_by().values("application")
    joined = StringAgg(field, "; ", order_by=field)
    return Subquery(of_it.annotate(joined=joined).values("joined"), output_field=CharField())


def _days(until: Combinable, since: Combinable) -> Cast:
    return Cast(ExtractDay(until - since), IntegerField())


def _light(today: date) -> Case:
    soon = [
        When(kind=kind, due_on__lte=clock.after(today, clock.soon), then=Value("due soon"))
        for kind, clock in clocks().review.items()
    ]
    return Case(
        When(closed_at__isnull=False, then=Value("closed")),
        When(status__in=STOPS_THE_CLOCK, then=Value("stopped")),
        When(due_on__lt=today, then=Value("overdue")),
        *soon,
        default=Value("on time"),
        output_field=CharField(),
    )

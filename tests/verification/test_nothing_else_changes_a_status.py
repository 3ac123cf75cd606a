"""Whoever goes round the workflow - the ORM, raw SQL, a forged log - is refused by the database.

What is deferred fires at commit, so these tests commit.
"""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from accounts.models import User
from tests.factories.verification import complete_draft, in_review, rejected, reviewer, submitted
from tests.verification.snapshot import everything_about
from verification.models import Application, TransitionLog
from verification.workflow.states import FINAL, Status

pytestmark = pytest.mark.django_db(transaction=True)

# What the columns tied to a state must hold, so that no other constraint refuses it first.
FITTING = {
    Status.SUBMITTED: {},
    Status.IN_REVIEW: {},
    Status.DETERMINED: {"closed_at": timezone.now()},
    Status.REJECTED: {"closed_at": timezone.now()},
    Status.WITHDRAWN: {"closed_at": timezone.now()},
}


def logged(application: Application, number: int, step: tuple[str, str, str], by: User | None = None) -> TransitionLog:
    transition, source, target = step
    return TransitionLog.objects.create(
        application=application,
        number=number,
        transition=transition,
        source=source,
        target=target,
        by=by,
        seen_version=application.version,
    )


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.DETERMINED, Status.REJECTED, Status.WITHDRAWN])
def test_an_update_through_the_orm(status: Status) -> None:
    application = in_review()
    before = everything_about(application)
    with pytest.raises(IntegrityError, match="only the workflow changes its status"):
        Application.objects.filter(pk=application.pk).update(status=status, **FITTING[status])
    assert everything_about(application) == before


def test_saving_the_model() -> None:
    application = in_review()
    application.status = Status.SUBMITTED
    with pytest.raises(IntegrityError, match="only the workflow changes its status"):
        application.save()


def test_a_bulk_update() -> None:
    application = in_review()
    application.status = Status.SUBMITTED
    with pytest.raises(IntegrityError, match="only the workflow changes its status"):
        Application.objects.bulk_update([application], ["status"])


def test_raw_sql() -> None:
    application = in_review()
    with pytest.raises(IntegrityError, match="only the workflow"), connection.cursor() as cursor:
        cursor.execute("UPDATE verification_application SET status = 'submitted' WHERE id = %s", [application.pk])


def test_counting_the_step_too_and_logging_nothing() -> None:
    application = in_review()
    before = everything_about(application)
    with pytest.raises(IntegrityError, match="is not in its log"):
        Application.objects.filter(pk=application.pk).update(
            status=Status.SUBMITTED, transitions=application.transitions + 1
        )
    assert everything_about(application) == before


def test_counting_a_step_without_a_change_of_status() -> None:
    application = in_review()
    with pytest.raises(IntegrityError, match="is not in its log"):
        Application.objects.filter(pk=application.pk).update(transitions=application.transitions + 1)


def test_skipping_a_number_of_the_log() -> None:
    application = in_review()
    with pytest.raises(IntegrityError, match="only the workflow changes its status"):
        Application.objects.filter(pk=application.pk).update(
            status=Status.SUBMITTED, transitions=application.transitions + 2
        )


@transaction.atomic
def forge(application: Application, step: tuple[str, str, str]) -> None:
    """A log row and the status that it says, in one transaction, as the workflow would write them."""
    number = application.transitions + 1
    logged(application, number, step)
    Application.objects.filter(pk=application.pk).update(
        status=step[2], transitions=number, closed_at=timezone.now() if step[2] in FINAL else None
    )


def test_a_forged_log_row_for_a_step_that_is_not_in_the_table() -> None:
    with pytest.raises(IntegrityError, match="log_holds_only_steps_of_the_workflow_table"):
        forge(in_review(), ("accept", "in_review", "determined"))


def test_a_forged_log_row_that_skips_a_step() -> None:
    """`determine` is a step of the table, but not of an application that nobody recommended."""
    application = in_review()
    before = everything_about(application)
    with pytest.raises(IntegrityError, match="does not begin where the last one ended"):
        forge(application, ("determine", "recommended", "determined"))
    assert everything_about(application) == before


def test_a_log_row_for_a_step_that_was_not_taken() -> None:
    application = submitted()
    before = everything_about(application)
    with pytest.raises(IntegrityError, match="is logged and was not taken"):
        logged(application, application.transitions + 1, ("accept", "submitted", "in_review"), reviewer())
    assert everything_about(application) == before


@transaction.atomic
def begin_in_the_middle(copy: Application) -> None:
    copy.save(force_insert=True)
    logged(copy, 0, ("accept", "submitted", "in_review"))


def test_a_log_that_begins_in_the_middle() -> None:
    """A new application with a first log row that pretends to be a later step."""
    like = in_review()
    copy = Application.objects.get(pk=like.pk)
    copy.pk, copy.dcn, copy.transitions = None, "CVR-2026-999999", 0
    with pytest.raises(IntegrityError, match="log_begins_with_the_start"):
        begin_in_the_middle(copy)
    assert Application.objects.count() == 1


@pytest.mark.parametrize("make", [submitted, in_review, rejected])
def test_an_application_that_is_inserted_where_none_begins(make: object) -> None:
    copy = make()  # type: ignore[operator]
    copy.pk, copy.dcn = None, "CVR-2026-999999"
    with pytest.raises(IntegrityError, match="is not in its log"):
        copy.save(force_insert=True)
    assert Application.objects.count() == 1


def test_a_draft_without_its_first_log_row() -> None:
    like = complete_draft()
    like.pk = None
    with pytest.raises(IntegrityError, match="is not in its log"):
        like.save(force_insert=True)


@pytest.mark.parametrize("attempt", ["update", "raw update", "delete", "raw delete"])
def test_the_log_stands(attempt: str) -> None:
    application = in_review()
    rows = TransitionLog.objects.filter(application=application)
    before = list(rows.values())
    attempts = {
        "update": lambda: rows.update(by=None),
        "delete": rows.delete,
        "raw update": lambda: connection.cursor().execute("UPDATE verification_transitionlog SET given = '{}'"),
        "raw delete": lambda: connection.cursor().execute("DELETE FROM verification_transitionlog"),
    }
    with pytest.raises(ProgrammingError, match="Cannot update or delete rows"):
        attempts[attempt]()
    assert list(rows.values()) == before


def test_two_log_rows_of_one_number() -> None:
    application = in_review()
    with pytest.raises(IntegrityError, match="one_log_row_per_step"):
        logged(application, application.transitions, ("accept", "submitted", "in_review"))


def test_a_submitted_application_is_not_deleted() -> None:
    application = submitted()
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("DELETE FROM verification_application WHERE id = %s", [application.pk])
    assert Application.objects.filter(pk=application.pk).exists()

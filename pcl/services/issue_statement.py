"""Give somebody a statement of listing to keep."""

from datetime import date, datetime

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Listing, Statement
from pcl.queries.statement_content import statement_content
from pcl.services.changes import CHAIN_LOCK
from pcl.statement_number import new_number

LONGEST_WAIT = "5s"


def issue_statement(*, listing: Listing, on: date, as_published: datetime | None = None) -> Statement:
    """State what is in force on date of service `on`, and what the list of `as_published` (None for now) showed.

    Asked again while the register says the same, it is the statement that was issued before. Raises RegisterError for
    a day that cannot be meant, a moment still to come, and while the register is being changed for long.
    """
    refuse_implausible_day(on)
    if as_published is not None and as_published > timezone.now():
        raise RegisterError("Nobody knows yet what the list will say then. Choose today or an earlier day.")
    with transaction.atomic():
        _wait_for_changes_under_way()
        content = statement_content(listing.pk, on=on, instant=as_published)
        if content is None:
            raise RegisterError("There is no such listing.")
        now = timezone.now()
        statement, _ = Statement.objects.get_or_create(
            fingerprint=content.fingerprint,
            defaults={
                "number": new_number(timezone.localdate(now).year),
                "listing": listing,
                "date_of_service": on,
                "as_published": as_published,
                "issued_at": now,
                "is_in_force": content.is_in_force,
                "change": content.change,
                "said": content.said,
            },
        )
    return statement


def _wait_for_changes_under_way() -> None:
    """Until the transaction ends, no act changes the register.

    An act gets its instant before it is committed: a statement made in between would say what the list, as it is kept,
    never said.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'")
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [CHAIN_LOCK])
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise RegisterError("The register is being changed at this moment. Try again in a minute.") from error

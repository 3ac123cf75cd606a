"""Enter the codes of a list that names no dates of service."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from pcl.dates import refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Requirement, RequirementChange, RequirementList
from pcl.queries.product_groups import group_of
from pcl.queries.requirement_import import ImportPlan, There, ToAdd, plan_import
from pcl.queries.requirement_list import decode_list, read_list
from pcl.queries.requirements import said_of

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_SOURCE = 300


def bring_list(*, content: bytes, file_name: str, source: str, snapshot_date: date, by: "User") -> RequirementList:
    """Keep a list to be looked at; it is entered by `enter_list`.

    Raises RegisterError for a file that is no list, and for a day of it that cannot be meant.
    """
    refuse_bad_list_day(snapshot_date)
    text = decode_list(content)
    read_list(text)
    return RequirementList.objects.create(
        file_name=file_name[-200:], source=source, snapshot_date=snapshot_date, text=text, brought_by=by
    )


@transaction.atomic
def enter_list(*, brought: RequirementList, by: "User") -> ImportPlan:
    """Enter what the list has and the register has not, as of now; a second time, nothing is left to do.

    Raises RegisterError when somebody has entered it already.
    """
    now = RequirementList.objects.select_for_update().get(pk=brought.pk)
    if now.entered_at is not None:
        raise RegisterError("This list has been entered already.")
    plan = import_requirements(text=now.text, source=now.source, snapshot_date=now.snapshot_date, by=by)
    now.entered_at, now.entered_by, now.entered_count = timezone.now(), by, plan.writes
    now.save()
    return plan


@transaction.atomic
def import_requirements(*, text: str, source: str, snapshot_date: date, by: "User | None" = None) -> ImportPlan:
    """Enter the codes of a list, of which `source` named each on `snapshot_date`; the plan that was carried out.

    What cannot be used is in the plan by line, and the rest is entered. A code with dates keeps them. A code that a
    younger list brought is dated back to this one. Codes that are not on the list stay as they are.
    Raises RegisterError for a text that is no list, and for a day that cannot be meant.
    """
    refuse_bad_list_day(snapshot_date)
    # One list at a time, so that the plan still holds when it is carried out; readers wait for nobody.
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE pcl_requirement IN SHARE ROW EXCLUSIVE MODE")
    plan = plan_import(read_list(text), snapshot_date=snapshot_date)
    reason = f"Named by the list of {snapshot_date.isoformat()}: {source}"
    made = [_new(each, source=source, snapshot_date=snapshot_date) for each in plan.to_add]
    Requirement.objects.bulk_create(made)
    changes = [_change(each, before=None, reason=reason, by=by) for each in made]
    changes += [
        _dated_back(each, source=source, snapshot_date=snapshot_date, reason=reason, by=by) for each in plan.earlier
    ]
    RequirementChange.objects.bulk_create(changes)
    return plan


def refuse_bad_list_day(day: date) -> None:
    """Raise RegisterError unless a list can be of that day."""
    refuse_implausible_day(day)
    if day > timezone.localdate():
        raise RegisterError(f"{day.isoformat()} is still to come. Give the day on which the list said so.")


def _new(each: ToAdd, *, source: str, snapshot_date: date) -> Requirement:
    return Requirement(
        code=each.meaning,
        product_group=group_of(each.listed.lcd),
        in_force=DateRange(None, None),
        lcd=each.listed.lcd,
        source=source,
        snapshot_date=snapshot_date,
    )


def _dated_back(each: There, *, source: str, snapshot_date: date, reason: str, by: "User | None") -> RequirementChange:
    requirement = each.requirement
    before = said_of(requirement)
    requirement.source, requirement.snapshot_date = source, snapshot_date
    requirement.version += 1
    requirement.changed_at = timezone.now()
    requirement.save(update_fields=["source", "snapshot_date", "version", "changed_at"])
    return _change(requirement, before=before, reason=reason, by=by)


def _change(
    requirement: Requirement, *, before: dict[str, str | None] | None, reason: str, by: "User | None"
) -> RequirementChange:
    return RequirementChange(
        requirement=requirement,
        version=requirement.version,
        before=before,
        after=said_of(requirement),
        reason=reason,
        by=by,
    )

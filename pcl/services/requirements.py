"""Enter and revise by hand that a code requires verification."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.template.defaultfilters import date as in_words
from django.utils import timezone

from hcpcs.models import Code
from hcpcs.queries.codes import code_in_force, latest_meaning
from pcl.dates import refuse_implausible_day
from pcl.errors import ChangedMeanwhileError, RegisterError
from pcl.models import Publication, Requirement, RequirementChange
from pcl.queries.requirements import said_of

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, kw_only=True)
class RequirementSaid:
    """What a source says of a code. `begins` and `ends` are dates of service, both inclusive.

    No `begins`: not known; then `snapshot_date` is the day on which the source named the code. No `ends`: not set.
    """

    code: str
    product_group: str
    begins: date | None
    ends: date | None = None
    publication: Publication | None = None
    policy_article: str = ""
    lcd: str = ""
    exception_text: str = ""
    fallback_code: str = ""
    source: str
    snapshot_date: date | None = None


@transaction.atomic
def add_requirement(*, said: RequirementSaid, reason: str, by: "User | None") -> Requirement:
    """Enter that `said.code` requires verification.

    Raises RegisterError for a code that is not in the catalogue, an end before the begin, a day far away, no begin
    without the day of a list that stands for it, and dates on which another requirement of the code is in force.
    """
    requirement = Requirement()
    _write(requirement, said, force_insert=True)
    record_requirement(requirement, before=None, reason=reason, by=by)
    return requirement


@transaction.atomic
def revise_requirement(
    *, requirement: Requirement, seen_version: int, said: RequirementSaid, reason: str, by: "User | None"
) -> Requirement:
    """Change what the register says of `requirement`; what it said before is kept.

    Raises ChangedMeanwhileError when it is no longer the version that was seen, and RegisterError as
    `add_requirement` does, and where nothing would change.
    """
    # Before the row, as an import does: of two that wait for each other, neither would go on.
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE pcl_requirement IN ROW EXCLUSIVE MODE")
    now = (
        Requirement.objects.select_for_update(of=("self",)).select_related("code", "publication").get(pk=requirement.pk)
    )
    if now.version != seen_version:
        raise ChangedMeanwhileError(
            "Somebody else has revised this requirement since you opened it. Nothing of yours was saved, and what you "
            "typed is still below. Look at what the register says now, then save again if yours is still right."
        )
    before = said_of(now)
    now.version += 1
    _write(now, said)
    if said_of(now) == before:
        raise RegisterError("Nothing is different from what the register says already, so there is nothing to save.")
    record_requirement(now, before=before, reason=reason, by=by)
    return now


def record_requirement(
    requirement: Requirement, *, before: dict[str, str | None] | None, reason: str, by: "User | None"
) -> None:
    """Keep what was said before and is said since; in the transaction that wrote the requirement."""
    RequirementChange.objects.create(
        requirement=requirement,
        version=requirement.version,
        before=before,
        after=said_of(requirement),
        reason=reason,
        by=by,
    )


def refuse_bad_days(*, begins: date | None, ends: date | None, snapshot_date: date | None) -> None:
    """Raise RegisterError for days that cannot be meant together."""
    for day in (begins, ends, snapshot_date):
        if day is not None:
            refuse_implausible_day(day)
    if begins and ends and ends < begins:
        raise RegisterError(
            f"The last date of service, {_day(ends)}, lies before the first, {_day(begins)}. Correct one of the two."
        )
    if begins is None and snapshot_date is None:
        raise RegisterError(
            "Give the first date of service or, where the source names none, the day on which it named the code."
        )
    if begins is None and ends and snapshot_date and ends < snapshot_date:
        raise RegisterError(
            f"The source named the code on {_day(snapshot_date)}, after the last date of service, {_day(ends)}. "
            "Correct one of the two."
        )


def overlapping(requirement: Requirement) -> Requirement | None:
    """Another requirement of the same code that is in force on some of the same dates of service."""
    others = Requirement.objects.filter(code=requirement.code, in_force__overlap=requirement.in_force)
    return others.exclude(pk=requirement.pk).select_related("code").order_by("in_force").first()


def in_the_way(other: Requirement) -> str:
    """Which requirement forbids another on the same dates, and what to do."""
    days = f"from {_day(other.in_force_from)}" if other.in_force_from else "with no known begin"
    until = f"up to {_day(other.in_force_to)}" if other.in_force_to else "with no end set"
    return (
        f"{other.code.code} has a requirement already for dates of service {days}, {until} (source: {other.source}). "
        "A code has one requirement on a day: change that one, give it an end, or choose dates that it does not hold."
    )


def meaning_for(code: str, *, on: date) -> Code:
    """The meaning of `code` on the day, or else its newest. Raises RegisterError for a code that is not known."""
    found = code_in_force(code, on=on) or latest_meaning(code)
    if found is None:
        raise RegisterError(
            f"{code} is not a code of the catalogue. Check the spelling, or load the release that has it."
        )
    return found


def _write(requirement: Requirement, said: RequirementSaid, *, force_insert: bool = False) -> None:
    refuse_bad_days(begins=said.begins, ends=said.ends, snapshot_date=said.snapshot_date)
    # A code that stays is bound to the meaning that it was bound to.
    if not requirement.code_id or requirement.code.code != said.code:
        day = said.begins or said.snapshot_date
        assert day is not None  # noqa: S101  # refused above
        requirement.code = meaning_for(said.code, on=day)
    # Kept with its end exclusive, as PostgreSQL has it.
    requirement.in_force = DateRange(said.begins, said.ends + timedelta(days=1) if said.ends else None)
    for name in ("product_group", "publication", "policy_article", "lcd", "exception_text", "fallback_code", "source"):
        setattr(requirement, name, getattr(said, name))
    requirement.snapshot_date = said.snapshot_date
    requirement.changed_at = timezone.now()
    if other := overlapping(requirement):
        raise RegisterError(in_the_way(other))
    try:
        with transaction.atomic():
            requirement.save(force_insert=force_insert)
    except IntegrityError as error:
        # Somebody entered another one since the look above; the database saw it.
        other = overlapping(requirement)
        raise RegisterError(in_the_way(other) if other else "Another requirement is in the way. Try again.") from error


def _day(day: date) -> str:
    return in_words(day, "F j, Y")

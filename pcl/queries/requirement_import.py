"""What entering a list of codes would do to the register, code by code. Nothing is written here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from hcpcs.models import Code, Kind
from pcl.models import Requirement
from pcl.queries.requirement_list import BadLine, ListedCode, ReadList


@dataclass(frozen=True)
class ToAdd:
    listed: ListedCode
    meaning: Code
    ended: date | None
    """The code's last day of use, where it lies before the snapshot."""


@dataclass(frozen=True)
class There:
    listed: ListedCode
    requirement: Requirement


@dataclass
class ImportPlan:
    to_add: list[ToAdd] = field(default_factory=list)
    earlier: list[There] = field(default_factory=list)
    """There without a known begin, from a list younger than this one: it is known to apply since this one now."""
    there: list[There] = field(default_factory=list)
    """Nothing to do: entered from a list before."""
    dated: list[There] = field(default_factory=list)
    """Nothing to do: there with a first date of service, which a list without dates does not alter."""
    bad: list[BadLine] = field(default_factory=list)
    """Lines that cannot be used, in their order."""
    missing: list[Requirement] = field(default_factory=list)
    """In force on the day of the list, and not on it. Nothing is ended for that: lists lag behind publications."""

    @property
    def writes(self) -> int:
        return len(self.to_add) + len(self.earlier)


def plan_import(read: ReadList, *, snapshot_date: date) -> ImportPlan:
    """Three queries, however long the list."""
    plan = ImportPlan(bad=list(read.bad))
    named = [listed.code for listed in read.codes]
    meanings = _meanings(named)
    known: dict[str, list[Requirement]] = {}
    of_named = Requirement.objects.filter(code__code__in=named)
    for requirement in of_named.select_related("code", "publication").defer("code__search").order_by("in_force"):
        known.setdefault(requirement.code.code, []).append(requirement)
    for listed in read.codes:
        _place(plan, listed, meanings.get(listed.code, []), known.get(listed.code, []), snapshot_date)
    plan.bad.sort(key=lambda bad: bad.line)
    in_force = Requirement.objects.filter(in_force__contains=snapshot_date).exclude(code__code__in=named)
    plan.missing = list(in_force.select_related("code").defer("code__search").order_by("code__code"))
    return plan


def _meanings(codes: Iterable[str]) -> dict[str, list[Code]]:
    found: dict[str, list[Code]] = {}
    for code in Code.objects.filter(kind=Kind.CODE, code__in=codes).order_by("added", "id").defer("search"):
        found.setdefault(code.code, []).append(code)
    return found


def _place(
    plan: ImportPlan, listed: ListedCode, meanings: list[Code], known: list[Requirement], snapshot_date: date
) -> None:
    if not meanings:
        why = "The catalogue does not have this code. Load the release that has it, then bring the list again."
        plan.bad.append(BadLine(listed.line, listed.code, why))
        return
    in_force = [requirement for requirement in known if _holds_on(requirement, snapshot_date)]
    if in_force and in_force[0].in_force_from is None:
        was_later = in_force[0].snapshot_date is None or snapshot_date < in_force[0].snapshot_date
        (plan.earlier if was_later else plan.there).append(There(listed, in_force[0]))
    elif in_force or any(_begins_after(requirement, snapshot_date) for requirement in known):
        plan.dated.append(There(listed, (in_force or known)[-1]))
    elif known:
        why = "A requirement of this code has ended before this list. Enter by hand since when there is one again."
        plan.bad.append(BadLine(listed.line, listed.code, why))
    else:
        valid = [meaning for meaning in meanings if meaning.valid_on(snapshot_date)]
        meaning = (valid or meanings)[-1]
        ended = meaning.terminated if meaning.ended_on(snapshot_date) else None
        plan.to_add.append(ToAdd(listed, meaning, ended))


def _begins_after(requirement: Requirement, day: date) -> bool:
    return requirement.in_force_from is not None and day < requirement.in_force_from


def _holds_on(requirement: Requirement, day: date) -> bool:
    first, last = requirement.in_force_from, requirement.in_force_to
    return (first is None or first <= day) and (last is None or day <= last)

"""Product groups as pages show them: what they ask, code by code, how their versions differ, how many use which."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Count, Q

from hcpcs.models import Code, Kind
from verification.models import Application
from verification.product_groups import ChecklistRow, ProductGroup, Question, versions
from verification.product_groups.codes import ALL_CODES, in_short
from verification.workflow.states import FINAL, Status


@dataclass(frozen=True)
class GroupCode:
    """A code of a group, and the meaning that it has or last had; None where the register does not know it."""

    code: str
    meaning: Code | None
    in_force: bool


@dataclass(frozen=True)
class Requirement:
    row: ChecklistRow
    codes: str
    """As people write a list of codes; “all codes” for every one."""


@dataclass(frozen=True)
class Asked:
    question: Question
    when: str
    """Under which answers it is asked, in words; empty for always."""


@dataclass(frozen=True)
class VersionChange:
    version: ProductGroup
    before: ProductGroup
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Use:
    """How many applications were begun with a version."""

    version: int
    drafts: int
    open: int
    closed: int


def codes_of(group: ProductGroup, *, on: date) -> list[GroupCode]:
    """The codes of the group in its order, each with what it means on `on`, or else last meant."""
    newest: dict[str, Code] = {}
    valid: dict[str, Code] = {}
    for meaning in Code.objects.filter(kind=Kind.CODE, code__in=group.codes).order_by("added", "id"):
        newest[meaning.code] = meaning
        if meaning.valid_on(on):
            valid[meaning.code] = meaning
    return [
        GroupCode(code=code, meaning=valid.get(code) or newest.get(code), in_force=code in valid)
        for code in group.codes
    ]


def requirements_of(group: ProductGroup, code: str = "") -> list[Requirement]:
    """The rows of the group's checklist; of one code only where it is given."""
    rows = group.checklist_for(code) if code else group.checklist
    return [Requirement(row=row, codes=_which(row, group)) for row in rows]


def _which(row: ChecklistRow, group: ProductGroup) -> str:
    if ALL_CODES in row.codes and not row.except_codes:
        return "all codes"
    return in_short(code for code in group.codes if row.applies_to(code))


def questions_of(group: ProductGroup) -> list[Asked]:
    return [Asked(question=question, when=when_in_words(question, group)) for question in group.questions]


def when_in_words(question: Question, group: ProductGroup) -> str:
    """Under which answers to other questions it is asked; empty for always."""
    conditions = []
    for condition in question.when:
        other = next(known for known in group.questions if known.key == condition.question)
        *others, last = [f"“{label}”" for value, label in other.choices if value in condition.equals]
        conditions.append(f"“{other.label}” is {', '.join(others)}{' or ' if others else ''}{last}")
    return ", and ".join(conditions)


def changes_of(slug: str) -> list[VersionChange]:
    """What each version of a group changed, newest first."""
    return [
        VersionChange(version=newer, before=older, lines=tuple(_differences(older, newer)))
        for newer, older in pairwise(versions(slug))
    ]


def _differences(older: ProductGroup, newer: ProductGroup) -> Iterator[str]:
    gone, come = set(older.codes) - set(newer.codes), set(newer.codes) - set(older.codes)
    if come:
        yield f"Codes added: {in_short(come)}."
    if gone:
        yield f"Codes taken out: {in_short(gone)}."
    yield from _parts("Question", older.questions, newer.questions, "label")
    yield from _parts("Document", older.documents, newer.documents, "label")
    yield from _parts("Requirement", older.checklist, newer.checklist, "requirement")
    if older.sample != newer.sample:
        yield f"Sample: “{older.sample}” became “{newer.sample}”"


def _parts(what: str, older: Iterable[object], newer: Iterable[object], label: str) -> Iterator[str]:
    before = {part.key: part for part in older}  # type: ignore[attr-defined]
    after = {part.key: part for part in newer}  # type: ignore[attr-defined]
    yield from (f"{what} added: {getattr(after[key], label)}" for key in after if key not in before)
    yield from (f"{what} taken out: {getattr(before[key], label)}" for key in before if key not in after)
    yield from (
        f"{what} changed: {getattr(after[key], label)}" for key in after if key in before and after[key] != before[key]
    )


def use_of(slug: str) -> list[Use]:
    """By version, newest first; versions that nobody used are there with zeros."""
    counted = {
        row["product_group_version"]: row
        for row in Application.objects.filter(product_group=slug)
        .values("product_group_version")
        .annotate(
            drafts=Count("id", filter=Q(status=Status.DRAFT)),
            closed=Count("id", filter=Q(status__in=FINAL)),
            every=Count("id"),
        )
        .order_by()
    }
    nothing = {"drafts": 0, "closed": 0, "every": 0}
    rows = ((known.version, counted.get(known.version, nothing)) for known in versions(slug))
    return [
        Use(
            version=version,
            drafts=row["drafts"],
            open=row["every"] - row["drafts"] - row["closed"],
            closed=row["closed"],
        )
        for version, row in rows
    ]


def used_by_group() -> dict[str, int]:
    """How many applications each group has, over all its versions, drafts included."""
    rows = Application.objects.values("product_group").annotate(count=Count("id")).order_by()
    return {row["product_group"]: row["count"] for row in rows}

"""Reads the files beside it, once, and refuses what is not right with the file's name and the place."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from verification.product_groups.group import (
    QUESTION_KINDS,
    ChecklistRow,
    DocumentKind,
    ProductGroup,
    Question,
    Reason,
    Reasons,
)

FOLDER = Path(__file__).parent
REASONS = FOLDER / "reasons.toml"
PHRASES = FOLDER / "phrases.toml"


@cache
def groups() -> tuple[ProductGroup, ...]:
    """The newest version of every product group, by title."""
    newest = {known.slug: known for known in sorted(_every_version(), key=lambda known: known.version)}
    return tuple(sorted(newest.values(), key=lambda known: known.title))


def group(slug: str, version: int | None = None) -> ProductGroup:
    """The group of that name, in the version named or else the newest. Raises KeyError when there is none.

    An application keeps the version with which it was begun, so the file of a version in use must not be taken away:
    a new version is a new file.
    """
    known = _every_version() if version is not None else groups()
    for candidate in known:
        if candidate.slug == slug and version in (None, candidate.version):
            return candidate
    raise KeyError(slug, version)


@cache
def _every_version() -> tuple[ProductGroup, ...]:
    return tuple(read_group(path) for path in sorted(FOLDER.glob("*.toml")) if path not in {REASONS, PHRASES})


@cache
def reasons() -> Reasons:
    said = tomllib.loads(REASONS.read_text())
    return Reasons(
        application=tuple(Reason(**reason) for reason in said["application"]),
        rejection=tuple(Reason(**reason) for reason in said["rejection"]),
    )


def read_group(path: Path) -> ProductGroup:
    """Read one product group's file. Raises ImproperlyConfigured that names the file and what is wrong in it."""
    try:
        said = tomllib.loads(path.read_text())
        found = ProductGroup(
            slug=said["slug"],
            title=said["title"],
            version=said["version"],
            codes=tuple(said["codes"]),
            sample=said["sample"],
            documents=tuple(DocumentKind(**kind) for kind in said["documents"]),
            questions=tuple(read_question(question) for question in said["questions"]),
            checklist=tuple(ChecklistRow(**{**row, "codes": frozenset(row["codes"])}) for row in said["checklist"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ImproperlyConfigured(f"{path.name} is not a product group: {error}") from error
    problems = list(_problems(found))
    if problems:
        raise ImproperlyConfigured(f"{path.name}: {' '.join(problems)}")
    return found


def read_question(said: Mapping[str, Any]) -> Question:
    fields = dict(said)
    fields["options"] = tuple((option["value"], option["label"]) for option in fields.get("options", ()))
    if "when" in fields:
        fields["when"] = (fields["when"]["question"], frozenset(fields["when"]["equals"]))
    return Question(**fields)


def _problems(found: ProductGroup) -> Iterable[str]:
    for what, keys in (
        ("question", [question.key for question in found.questions]),
        ("document", [kind.key for kind in found.documents]),
        ("checklist row", [row.key for row in found.checklist]),
    ):
        yield from (f"The {what} {key!r} is there twice." for key in sorted({k for k in keys if keys.count(k) > 1}))
    earlier: dict[str, Question] = {}
    for question in found.questions:
        if question.kind not in QUESTION_KINDS:
            yield f"The question {question.key!r} is of the unknown kind {question.kind!r}."
        if question.kind == "choice" and not question.options:
            yield f"The question {question.key!r} has no options."
        if question.when and question.when[0] not in earlier:
            yield f"The question {question.key!r} depends on {question.when[0]!r}, which is not asked before it."
        earlier[question.key] = question
    for code in found.codes:
        if not found.checklist_for(code):
            yield f"The code {code} has no checklist."

"""What a kind of application asks, read once from the files beside this one."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from verification.product_groups.group import ChecklistRow, DocumentKind, ProductGroup, Question
from verification.product_groups.loader import read_question

FOLDER = Path(__file__).parent
CHANGES = FOLDER / "changes.toml"
# Its reviewer needs what the product group's codes ask, too.
WITH_THE_GROUPS_CHECKLIST = frozenset({"reconsideration"})


@dataclass(frozen=True)
class KindForm:
    kind: str
    version: int
    title: str
    """Of the section with its questions."""
    about: str
    documents: tuple[DocumentKind, ...]
    questions: tuple[Question, ...]
    checklist: tuple[ChecklistRow, ...]


def kind_form(kind: str, version: int | None = None) -> KindForm | None:
    """What `kind` asks, in that version or else the newest. None for the first application, which asks its group's.

    Raises KeyError for a version that there is not.
    """
    known = [form for form in _every_version() if form.kind == kind]
    if not known:
        return None
    for form in sorted(known, key=lambda form: form.version, reverse=True):
        if version in (None, form.version):
            return form
    raise KeyError(kind, version)


def with_kind(group: ProductGroup | None, *, kind: str, version: int) -> ProductGroup:
    """`group` as an application of that kind has it: with the kind's own questions and documents."""
    asked = kind_form(kind, version)
    if asked is None:
        assert group is not None, "a first application has a product group"  # noqa: S101
        return group
    base = group or ProductGroup(
        slug="", title="", version=1, codes=(), samples=(), documents=(), questions=(), checklist=()
    )
    rows = base.checklist if kind in WITH_THE_GROUPS_CHECKLIST else ()
    return replace(
        base,
        samples=(),
        sizes=None,
        documents=asked.documents,
        questions=asked.questions,
        checklist=(*asked.checklist, *rows),
    )


@cache
def _every_version() -> tuple[KindForm, ...]:
    return tuple(read_kind_form(path) for path in sorted(FOLDER.glob("*.toml")) if path != CHANGES)


def read_kind_form(path: Path) -> KindForm:
    """Raises ImproperlyConfigured that names the file and what is wrong in it."""
    try:
        said = tomllib.loads(path.read_text())
        return KindForm(
            kind=said["kind"],
            version=said["version"],
            title=said["title"],
            about=said["about"],
            documents=tuple(DocumentKind(**kind) for kind in said["documents"]),
            questions=tuple(read_question(question) for question in said["questions"]),
            checklist=tuple(
                ChecklistRow(**{**row, "codes": frozenset(row["codes"])}) for row in said.get("checklist", ())
            ),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ImproperlyConfigured(f"{path.name} is no kind of application: {error}") from error

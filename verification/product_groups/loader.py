"""Reads the files beside it, once, and refuses what is not right with the file's name and the place."""

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from verification.product_groups.codes import ALL_CODES, expanded
from verification.product_groups.group import (
    ChecklistRow,
    DocumentKind,
    ProductGroup,
    Reason,
    Reasons,
    SampleRule,
    SizeBound,
    Sizes,
)
from verification.product_groups.problems import problems
from verification.product_groups.question import Question, When

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


def versions(slug: str) -> tuple[ProductGroup, ...]:
    """Every version of the group of that name, newest first; none for an unknown name."""
    known = (candidate for candidate in _every_version() if candidate.slug == slug)
    return tuple(sorted(known, key=lambda candidate: -candidate.version))


def groups_of(code: str) -> tuple[ProductGroup, ...]:
    """The groups, in their newest version, to which a product under `code` belongs."""
    return tuple(known for known in groups() if code.strip().upper() in known.codes)


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
        # Decimals stay as they are written.
        found = _group(tomllib.loads(path.read_text(), parse_float=Decimal))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"{path.name} is not a product group: {error}") from error
    wrong = list(problems(found))
    if wrong:
        raise ImproperlyConfigured(f"{path.name}: {' '.join(wrong)}")
    return found


def _group(said: Mapping[str, Any]) -> ProductGroup:
    families: dict[str, tuple[str, ...]] = {}
    for name, codes in said.get("families", {}).items():
        # A family may name the families before it.
        families[name] = expanded(codes, families)

    def codes_of(part: Mapping[str, Any]) -> dict[str, Any]:
        named = {name: frozenset(expanded(part[name], families)) for name in ("codes", "except_codes") if name in part}
        return {**part, **named}

    sizes = said.get("sizes")
    return ProductGroup(
        slug=said["slug"],
        title=said["title"],
        version=said["version"],
        about=said.get("about", ""),
        since=said.get("since"),
        changed=said.get("changed", ""),
        codes=expanded(said["codes"], families),
        samples=tuple(SampleRule(**codes_of({"codes": [ALL_CODES], **rule})) for rule in _sample_rules(said)),
        documents=tuple(DocumentKind(**kind) for kind in said["documents"]),
        questions=tuple(read_question(question) for question in said["questions"]),
        checklist=tuple(ChecklistRow(**codes_of(row)) for row in said["checklist"]),
        sizes=Sizes(
            unit=sizes["unit"],
            what=sizes["what"],
            bounds=tuple(SizeBound(**codes_of(bound)) for bound in sizes.get("bounds", ())),
        )
        if sizes
        else None,
    )


def _sample_rules(said: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """`samples` is a list of rules; the first files had a text, `sample`."""
    rules: Iterable[Mapping[str, Any]] = said.get("samples") or ({"rule": "on_request", "text": said["sample"]},)
    return rules


def read_question(said: Mapping[str, Any]) -> Question:
    fields = dict(said)
    fields["options"] = tuple((option["value"], option["label"]) for option in fields.get("options", ()))
    when = fields.get("when", ())
    fields["when"] = tuple(
        When(question=condition["question"], equals=frozenset(condition["equals"]))
        for condition in ([when] if isinstance(when, dict) else when)
    )
    return Question(**fields)

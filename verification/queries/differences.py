"""What two submissions say differently, field by field."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from verification.models import Submission

WORDS_AND_BLANKS = re.compile(r"\s+|[^\s]+")
# Comparing word by word takes time that grows with the square of the length; longer texts are shown side by side.
MOST_WORDS_COMPARED = 2_000
# Nobody reads a text in which nearly every word is struck out.
LEAST_ALIKE = 0.4

Kind = Literal["same", "removed", "added"]


@dataclass(frozen=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True)
class Difference:
    section: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    """The two interwoven, for texts that are alike; empty where they are better read one beside the other."""


@dataclass(frozen=True)
class DocumentDifference:
    kind: Literal["added", "removed", "replaced"]
    """Replaced: another file of the same kind and name."""
    document: dict[str, Any]


@dataclass(frozen=True)
class Comparison:
    fields: tuple[Difference, ...]
    documents: tuple[DocumentDifference, ...]
    answered: tuple[tuple[str, str], ...]
    """Item and answer of each request that was answered in between."""

    @property
    def is_same(self) -> bool:
        return not (self.fields or self.documents or self.answered)


def compare(before: Submission, after: Submission) -> Comparison:
    """How `after` differs from `before`: another submission of the same application, or one of an earlier one.

    The signature is left out: signing again is no change of what is said. Files count as the same by their content.
    """
    return Comparison(
        fields=tuple(_fields(before, after)),
        documents=tuple(_documents(before, after)),
        answered=tuple(_answered(before, after)) if before.application_id == after.application_id else (),
    )


def _fields(before: Submission, after: Submission) -> Iterator[Difference]:
    earlier = {key: field for key, _, field in _flat(before)}
    later = list(_flat(after))
    for key, section, field in later:
        was = earlier.pop(key, None)
        if was is None and not field["text"]:
            continue
        said_before = was["text"] if was else ""
        if said_before != field["text"]:
            yield _difference(section, field["label"], said_before, field["text"])
    titles = {section["key"]: section["title"] for section in before.sections}
    for (section_key, _), field in earlier.items():
        if field["text"]:
            yield _difference(titles[section_key], field["label"], field["text"], "")


def _flat(submission: Submission) -> Iterator[tuple[tuple[str, str], str, dict[str, Any]]]:
    for section in submission.sections:
        if section["key"] != "signature":
            for field in section["fields"]:
                yield (section["key"], field["key"]), section["title"], field


def _difference(section: str, label: str, before: str, after: str) -> Difference:
    return Difference(section=section, label=label, before=before, after=after, pieces=interwoven(before, after))


def interwoven(before: str, after: str) -> tuple[Piece, ...]:
    """`after` with what was taken out and put in marked, word by word; nothing for texts that are hardly alike."""
    old, new = WORDS_AND_BLANKS.findall(before), WORDS_AND_BLANKS.findall(after)
    if not old or not new or max(len(old), len(new)) > MOST_WORDS_COMPARED:
        return ()
    matcher = difflib.SequenceMatcher(a=old, b=new, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return ()
    pieces: list[Piece] = []
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(new[new_from:new_to])))
            continue
        if old_from < old_to:
            pieces.append(Piece("removed", "".join(old[old_from:old_to])))
        if new_from < new_to:
            pieces.append(Piece("added", "".join(new[new_from:new_to])))
    return tuple(pieces)


def _documents(before: Submission, after: Submission) -> Iterator[DocumentDifference]:
    had = {(document["kind"], document["sha256"]) for document in before.documents}
    has = {(document["kind"], document["sha256"]) for document in after.documents}
    came = [document for document in after.documents if (document["kind"], document["sha256"]) not in had]
    went = [document for document in before.documents if (document["kind"], document["sha256"]) not in has]
    names_that_came, names_that_went = (
        {(document["kind"], document["name"]) for document in documents} for documents in (came, went)
    )
    for document in came:
        is_another = (document["kind"], document["name"]) in names_that_went
        yield DocumentDifference("replaced" if is_another else "added", document)
    for document in went:
        if (document["kind"], document["name"]) not in names_that_came:
            yield DocumentDifference("removed", document)


def _answered(before: Submission, after: Submission) -> Iterator[tuple[str, str]]:
    for request in after.answers[len(before.answers) :]:
        for answered in request["items"]:
            yield answered["item"], answered["answer"]

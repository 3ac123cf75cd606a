"""The documents of an application, by what they show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from verification.models import Application, Document
from verification.product_groups import DocumentKind


@dataclass(frozen=True)
class Attachments:
    kind: DocumentKind
    attached: tuple[Document, ...]
    removed: tuple[Document, ...]
    """What can be put back: the newest of each file that was removed and is not attached again."""

    def since(self, instant: datetime) -> "Attachments":
        """Only what was attached after `instant`."""
        later = tuple(document for document in self.attached if document.uploaded_at > instant)
        return replace(self, attached=later, removed=())


def attachments(application: Application) -> list[Attachments]:
    """One for each kind of the product group, in its order."""
    # Each knows its application without asking for it again.
    documents = list(application.documents.order_by("id"))
    return [_of_kind(kind, documents) for kind in application.group.documents]


def attachments_of_kind(application: Application, key: str) -> Attachments | None:
    """None where the product group knows no such kind."""
    kind = next((kind for kind in application.group.documents if kind.key == key), None)
    return _of_kind(kind, application.documents.filter(kind=key).order_by("id")) if kind else None


def _of_kind(kind: DocumentKind, documents: Iterable[Document]) -> Attachments:
    own = [document for document in documents if document.kind == kind.key]
    attached = tuple(document for document in own if document.removed_at is None)
    there = {document.sha256 for document in attached}
    removed = {document.sha256: document for document in own if document.sha256 not in there}
    return Attachments(kind=kind, attached=attached, removed=tuple(removed.values()))

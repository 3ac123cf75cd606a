"""Attaching files to an application, and taking them away again while it is a draft."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from verification.models import Application, Document
from verification.services.drafts import count_change, open_draft
from verification.services.uploads import UploadRefused, check_upload

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_NAME = 255


@transaction.atomic
def attach_document(*, application: Application, kind: str, upload: UploadedFile, by: "User") -> Document:
    """Keep `upload` under a name of our own as evidence of `kind`.

    Raises UploadRefused for a file that cannot be kept, NotFromHere when the application is no draft any more.
    """
    checked = check_upload(upload)
    # Attaching adds and overwrites nothing, so it does not matter which version of the page was seen.
    application = open_draft(application=application, seen_version=None)
    if kind not in {known.key for known in application.group.documents}:
        raise UploadRefused("Choose what the document shows.")
    if application.documents.filter(kind=kind, sha256=checked.sha256, removed_at=None).exists():
        raise UploadRefused(f"{upload.name} is attached already.")
    name = default_storage.save(f"documents/{application.pk}/{uuid4().hex}{checked.ending}", upload)
    document = Document.objects.create(
        application=application,
        kind=kind,
        name=(upload.name or "document")[-LONGEST_NAME:],
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        file=name,
        uploaded_by=by,
    )
    count_change(application, section="documents")
    return document


@transaction.atomic
def remove_document(*, document: Document) -> None:
    """Take a document off a draft. The file is kept, so that taking it off can be undone. Raises NotFromHere."""
    application = open_draft(application=document.application, seen_version=None)
    if Document.objects.filter(pk=document.pk, removed_at=None).update(removed_at=timezone.now()):
        count_change(application, section="documents")


@transaction.atomic
def restore_document(*, document: Document) -> None:
    """Undo remove_document.

    Raises NotFromHere when the application was submitted meanwhile, UploadRefused when the file was attached again.
    """
    application = open_draft(application=document.application, seen_version=None)
    if application.documents.filter(kind=document.kind, sha256=document.sha256, removed_at=None).exists():
        raise UploadRefused(f"{document.name} is attached already.")
    Document.objects.filter(pk=document.pk).update(removed_at=None)
    count_change(application, section="documents")

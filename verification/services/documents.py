"""Attaching files to an application, and taking them away again: while it is a draft, and to answer a request.

What was submitted stays as it was submitted: an answer adds documents, and takes away only its own.
"""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from pcl.uploads import NotStoredError, storing
from verification.models import Application, Document, ScanState
from verification.services.drafts import count_change, open_draft
from verification.services.scan import ask_for_scan
from verification.services.uploads import CheckedFile, UploadRefused, check_upload
from verification.workflow.attempt import Attempt
from verification.workflow.errors import NotAllowed, NotFromHere
from verification.workflow.guards import answer_is_in_time
from verification.workflow.states import Status

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_NAME = 255
# Removed files are kept, so that taking them off can be undone. With them an application may hold so many times what
# may be attached: enough for changing one's mind, too little for filling the disk.
WITH_REMOVED = 2


@transaction.atomic
def attach_document(*, application: Application, kind: str, upload: UploadedFile, by: "User") -> Document:
    """Keep `upload` under a name of our own as evidence of `kind`.

    Raises UploadRefused for a file that cannot be kept, NotFromHere when the application is no draft any more.
    """
    checked = check_upload(upload)
    # Attaching adds and overwrites nothing, so it does not matter which version of the page was seen.
    application = open_draft(application=application, seen_version=None)
    document = _keep(application=application, kind=kind, upload=upload, checked=checked, by=by)
    count_change(application, section="documents")
    return document


@transaction.atomic
def attach_to_answer(*, application: Application, kind: str, upload: UploadedFile, by: "User") -> Document:
    """Keep `upload` as a document that goes with the answer to the open request for information.

    The application, its version and its signature stay as they are: like a remark, it only adds.
    Raises UploadRefused, NotFromHere when nothing is asked any more, NotAllowed after the day on which it was due.
    """
    checked = check_upload(upload)
    return _keep(application=_open_answer(application), kind=kind, upload=upload, checked=checked, by=by)


def _keep(*, application: Application, kind: str, upload: UploadedFile, checked: CheckedFile, by: "User") -> Document:
    if kind not in {known.key for known in application.group.documents}:
        raise UploadRefused("Choose what the document shows.")
    if application.documents.filter(kind=kind, sha256=checked.sha256, removed_at=None).exists():
        raise UploadRefused(f"{upload.name} is attached already.")
    _check_room(application, name=upload.name or "The file", size=checked.size, is_new=True)
    try:
        with storing(upload):
            name = default_storage.save(f"documents/{application.pk}/{uuid4().hex}{checked.ending}", upload)
    except NotStoredError as error:
        raise UploadRefused(str(error)) from error
    document = Document.objects.create(
        application=application,
        kind=kind,
        name=(upload.name or "document")[-LONGEST_NAME:],
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        file=name,
        uploaded_by=by,
        scan_state=ScanState.WAITING if settings.CLAMAV else ScanState.NOT_SCANNED,
    )
    ask_for_scan(document)
    return document


def _open_answer(application: Application) -> Application:
    """The application, locked, while its applicant is asked for information."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.status != Status.INFORMATION_REQUESTED:
        raise NotFromHere("Nothing is asked of you any more.")
    in_time = answer_is_in_time(Attempt(application=application, by=None, today=timezone.localdate()))
    if not in_time.ok:
        raise NotAllowed(in_time.reason)
    return application


def asked_at(application: Application) -> datetime | None:
    """When the request for information that is open now was made; None where none is."""
    return application.last_log().at if application.status == Status.INFORMATION_REQUESTED else None


@transaction.atomic
def remove_from_answer(*, document: Document) -> None:
    """Take off a document that was attached to answer the request that is open now. Twice is once.

    Raises NotFromHere, or NotAllowed after the due day and for what was submitted or sent with an earlier answer.
    """
    application = _open_answer(document.application)
    asked = asked_at(application)
    if asked is None or document.uploaded_at <= asked:
        raise NotAllowed("What was sent already stays with the application.")
    Document.objects.filter(pk=document.pk, removed_at=None).update(removed_at=timezone.now())


@transaction.atomic
def remove_document(*, document: Document) -> None:
    """Take a document off a draft. The file is kept, so that taking it off can be undone. Raises NotFromHere."""
    application = open_draft(application=document.application, seen_version=None)
    if Document.objects.filter(pk=document.pk, removed_at=None).update(removed_at=timezone.now()):
        count_change(application, section="documents")


@transaction.atomic
def restore_document(*, document: Document) -> None:
    """Undo remove_document.

    Raises NotFromHere when the application was submitted meanwhile, UploadRefused when the file was attached again or
    there is no room for it.
    """
    application = open_draft(application=document.application, seen_version=None)
    if application.documents.filter(kind=document.kind, sha256=document.sha256, removed_at=None).exists():
        raise UploadRefused(f"{document.name} is attached already.")
    if document.removed_at is not None:
        _check_room(application, name=document.name, size=document.size, is_new=False)
    Document.objects.filter(pk=document.pk).update(removed_at=None)
    count_change(application, section="documents")


def _check_room(application: Application, *, name: str, size: int, is_new: bool) -> None:
    """Raises UploadRefused when the application has no room for one more file of `size` bytes."""
    attached = Q(removed_at=None)
    held = application.documents.aggregate(
        count=Count("pk", filter=attached),
        bytes=Sum("size", filter=attached, default=0),
        count_kept=Count("pk"),
        bytes_kept=Sum("size", default=0),
    )
    most, most_bytes = settings.DOCUMENTS_MAX_PER_APPLICATION, settings.DOCUMENTS_MAX_BYTES_PER_APPLICATION
    if held["count"] >= most:
        raise UploadRefused(
            f"{name} was not attached: an application has at most {most} documents. "
            "Join several into one PDF, or remove what is not needed."
        )
    if held["bytes"] + size > most_bytes:
        raise UploadRefused(
            f"{name} was not attached: the documents of an application have at most {most_bytes // 1024**2} MB "
            "together. Make them smaller, or remove what is not needed."
        )
    kept_too_much = held["count_kept"] >= WITH_REMOVED * most or held["bytes_kept"] + size > WITH_REMOVED * most_bytes
    if is_new and kept_too_much:
        raise UploadRefused(
            f"{name} was not attached: too many files were attached to this application and removed again. "
            "Put back what you removed, or start a new application."
        )

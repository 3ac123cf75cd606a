"""Attaching files: for each kind of document any number at once."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings

from verification.models import Application
from verification.services.documents import attach_document, attach_to_answer
from verification.services.uploads import ACCEPTED, UploadRefused

if TYPE_CHECKING:
    from accounts.models import User


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name, [])


class SeveralFilesField(forms.FileField):
    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files as they came; the service looks into them."""
        return data or []


class DocumentsForm(forms.Form):
    use_required_attribute = False

    def __init__(self, data: Any = None, files: Any = None, *, application: Application) -> None:
        super().__init__(data, files)
        self.application = application
        accepted = ",".join(ending for endings in ACCEPTED.values() for ending in endings)
        for kind in application.group.documents:
            attributes = {
                "multiple": True,
                "accept": accepted,
                "data-most-bytes": settings.DOCUMENT_MAX_BYTES,
            }
            self.fields[kind.key] = SeveralFilesField(
                label=kind.label, required=False, widget=SeveralFilesInput(attrs=attributes)
            )

    def attach(self, *, by: "User", to_answer: bool = False) -> int:
        """Attach every file that can be kept, to the draft or to an answer; say of each other one why not.

        Returns how many were attached. Raises NotFromHere; for an answer also NotAllowed.
        """
        keep = attach_to_answer if to_answer else attach_document
        attached = 0
        for kind, uploads in self.cleaned_data.copy().items():
            for upload in uploads:
                try:
                    keep(application=self.application, kind=kind, upload=upload, by=by)
                except UploadRefused as refused:
                    self.add_error(kind, str(refused))
                else:
                    attached += 1
        return attached

"""Stops an upload that is too large from filling the disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Keeps at most DOCUMENT_MAX_BYTES of a file and lets the rest go by, so that the page can say what was wrong.

    Such a file is marked `is_too_large`; whoever takes uploads refuses it. A view for other files than documents sets
    `request.upload_limit` before it reads the body.
    """

    @property
    def limit(self) -> int:
        return getattr(self.request, "upload_limit", None) or settings.DOCUMENT_MAX_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= self.limit:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        upload = super().file_complete(file_size)
        if upload is not None:
            upload.is_too_large = self.received > self.limit  # type: ignore[attr-defined]
        return upload

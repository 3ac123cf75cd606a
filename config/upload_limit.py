"""Stops an upload that is too large, or larger than the disk, from harm: the rest of it goes by."""

import contextlib
import io
import logging
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParserError

logger = logging.getLogger(__name__)


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Keeps at most DOCUMENT_MAX_BYTES of a file and lets the rest go by, so that the page can say what was wrong.

    Such a file is marked `is_too_large`, and one that the disk had no room for `was_not_stored`; whoever takes uploads
    refuses them. A view for other files than documents sets `request.upload_limit` before it reads the body. All files
    of one request together fill at most what an application may have.
    """

    total = 0

    @property
    def limit(self) -> int:
        return getattr(self.request, "upload_limit", None) or settings.DOCUMENT_MAX_BYTES

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.received = 0
        self.problem: OSError | None = None
        # Of the file before: not this one's to close.
        self.__dict__.pop("file", None)
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._give_up(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        self.total += len(raw_data)
        most = max(self.limit, settings.DOCUMENTS_MAX_BYTES_PER_APPLICATION)
        if self.received <= self.limit and self.total <= most and self.problem is None:
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._give_up(error)
        elif self.total > most:
            self.received = max(self.received, self.limit + 1)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        upload: UploadedFile | None = None
        if self.problem is None:
            try:
                upload = super().file_complete(file_size)
            except OSError as error:
                # The last of it was still to be written.
                self._give_up(error)
        if self.problem is not None:
            upload = UploadedFile(io.BytesIO(), self.file_name, self.content_type, 0, self.charset)
            upload.was_not_stored = True  # type: ignore[attr-defined]
        if upload is not None:
            upload.is_too_large = self.received > self.limit  # type: ignore[attr-defined]
        return upload

    def upload_complete(self) -> None:
        """Raises MultiPartParserError for a body that ended early: half a file may well look like a whole one."""
        stream = getattr(self.request, "_stream", None)
        read, promised = getattr(stream, "_pos", None), getattr(stream, "limit", None)
        if read is not None and promised is not None and read < promised:
            raise MultiPartParserError("The upload was cut off.")

    def _give_up(self, error: OSError) -> None:
        logger.error("An upload could not be written to the temporary folder: %s", error)
        self.problem = error
        if hasattr(self, "file"):
            with contextlib.suppress(OSError):
                self.file.close()

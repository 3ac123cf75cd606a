"""Where uploaded and written files lie: a folder of this machine, or a bucket of an S3-compatible server.

Neither has public addresses: files leave through our own views only, which ask who may see them.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from storages.backends.s3 import S3Storage

KEPT_IN_MEMORY = 1024 * 1024
"""Bytes of an object that is read; the rest goes to a temporary file."""
SENT_AT_ONCE = 8 * 1024 * 1024


class StorageAway(OSError):
    """The server that keeps the files cannot be reached, or refuses."""

    def __init__(self, said: str) -> None:
        super().__init__(errno.EIO, said)


class NoAddress(NotImplementedError):
    """Files are sent by the register's own views, never by an address of their own."""


class FilesOnDisk(FileSystemStorage):
    """Leaves nothing half written behind, and has what it wrote on the disk before it says so."""

    def _save(self, name: str, content: File) -> str:
        try:
            kept: str = super()._save(name, content)  # type: ignore[misc]  # django-stubs does not know it
            for path in (self.path(kept), Path(self.path(kept)).parent):
                with _opened(path) as descriptor:
                    os.fsync(descriptor)
        except OSError:
            # The name is new: what lies under it now is ours, as far as it came.
            with contextlib.suppress(OSError):
                Path(self.path(name)).unlink(missing_ok=True)
            raise
        return kept

    def url(self, name: str | None) -> str:
        raise NoAddress


@contextlib.contextmanager
def _opened(path: str | Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


class FilesInBucket(S3Storage):
    """Private objects under names of our own. Raises FileNotFoundError, and StorageAway for what the server refuses."""

    def __init__(self, **options: Any) -> None:
        addressing = options.get("addressing_style") or "auto"
        super().__init__(
            file_overwrite=False,
            default_acl=None,
            querystring_auth=True,
            gzip=False,
            max_memory_size=KEPT_IN_MEMORY,
            transfer_config=TransferConfig(
                multipart_threshold=SENT_AT_ONCE, multipart_chunksize=SENT_AT_ONCE, use_threads=False
            ),
            client_config=Config(
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=30,
                retries={"total_max_attempts": 3, "mode": "standard"},
                s3={"addressing_style": addressing},
                # Servers other than Amazon's do not all know the newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            **options,
        )

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _translated():
            file = super()._open(name, mode)
            # Fetched now, so that a server that is away is noticed here and not half-way through an answer.
            file.file  # noqa: B018
            return file

    def _save(self, name: str, content: File) -> str:
        with _translated():
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        with _translated():
            super().delete(name)

    def exists(self, name: str) -> bool:
        with _translated():
            return super().exists(name)

    def url(self, name: str | None, *_: Any, **__: Any) -> str:
        raise NoAddress

    def anybody_may_read(self, name: str) -> bool:
        """Whether the object can be had without a key: then the bucket is not private."""
        client = self.unsigned_connection.meta.client
        try:
            # Not HEAD, which a server may refuse although it answers GET.
            client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(name), Range="bytes=0-0")
        except (ClientError, BotoCoreError):
            return False
        return True


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise StorageAway(str(error)) from error

"""Where files lie, in words, and whether the store does what it should."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

PROBE = b"The register tries its store of files."


@dataclass(frozen=True)
class FileStore:
    where: str
    free: int | None
    """Bytes; None where nobody can say."""


def file_store() -> FileStore:
    options = settings.STORAGES["default"].get("OPTIONS", {})
    if "bucket_name" in options:
        server = options["endpoint_url"] or "Amazon S3"
        return FileStore(where=f"bucket {options['bucket_name']} at {server}", free=None)
    folder = options["location"]
    free = None
    with suppress(OSError):
        # The folder itself is made with the first file.
        free = shutil.disk_usage(next(each for each in (folder, *folder.parents) if each.exists())).free
    return FileStore(where=str(folder), free=free)


def try_file_store() -> str:
    """Writes a small file, reads it back, looks whether anybody could, and deletes it. What is wrong, or nothing."""
    name = ""
    try:
        name = default_storage.save(f"probes/{uuid4().hex}", ContentFile(PROBE))
        with default_storage.open(name, "rb") as file:
            came_back = file.read()
        anybody_may_read = getattr(default_storage, "anybody_may_read", None)
        is_public = anybody_may_read is not None and anybody_may_read(name)
    except OSError as error:
        return f"Files cannot be kept: {error}"
    finally:
        if name:
            with suppress(OSError):
                default_storage.delete(name)
    if came_back != PROBE:
        return "What was written is not what is read back."
    if is_public:
        return "Anybody can read what lies in the bucket. Make it private: files leave through the register only."
    return ""

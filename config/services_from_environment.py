"""The virus scanner and the store of files, as the environment names them. What cannot be right refuses to start."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")


def scanner_from_environment() -> str:
    """`host:port`, or the path of clamd's socket; empty when documents are not scanned."""
    address = os.environ.get("CLAMAV", "").strip()
    if not address or address.startswith("/"):
        return address
    host, _, port = address.rpartition(":")
    is_bracketed = host.startswith("[") and host.endswith("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536 or (":" in host and not is_bracketed):
        raise ImproperlyConfigured(
            f"CLAMAV is {address!r}. It must be host:port, such as clamav:3310, or the path of clamd's socket, such as "
            "/run/clamav/clamd.ctl. Unset it when documents are not to be scanned."
        )
    return address


def files_from_environment(folder: Path) -> dict[str, Any]:
    """The storage of uploaded and written files: `folder`, or a bucket of an S3-compatible server."""
    where = os.environ.get("FILES", "disk").strip().lower() or "disk"
    if where == "disk":
        stray = sorted(name for name in os.environ if name.startswith("FILES_S3_") and os.environ[name])
        if stray:
            raise ImproperlyConfigured(f"{stray[0]} is set, but FILES is not s3. Set FILES=s3, or unset it.")
        return {"BACKEND": "config.file_storage.FilesOnDisk", "OPTIONS": {"location": folder}}
    if where != "s3":
        raise ImproperlyConfigured(f"FILES is {where!r}. It must be disk or s3.")
    return {"BACKEND": "config.file_storage.FilesInBucket", "OPTIONS": _bucket()}


def _bucket() -> dict[str, Any]:
    bucket = _said("BUCKET")
    if not BUCKET.fullmatch(bucket):
        raise ImproperlyConfigured(
            f"FILES_S3_BUCKET is {bucket!r}. The name of a bucket has 3 to 63 small letters, digits, dots and hyphens."
        )
    endpoint = _said("ENDPOINT")
    if endpoint and (urlsplit(endpoint).scheme not in {"http", "https"} or not urlsplit(endpoint).hostname):
        raise ImproperlyConfigured(f"FILES_S3_ENDPOINT is {endpoint!r}. It must begin with https:// and name a host.")
    key, secret = _said("ACCESS_KEY"), _said("SECRET_KEY")
    if bool(key) != bool(secret):
        raise ImproperlyConfigured(
            "Set both FILES_S3_ACCESS_KEY and FILES_S3_SECRET_KEY, or neither, when the machine has a role of its own."
        )
    prefix = _said("PREFIX").strip("/")
    if prefix and not PREFIX.fullmatch(prefix):
        raise ImproperlyConfigured(
            f"FILES_S3_PREFIX is {prefix!r}. It may have letters, digits, dots, hyphens and single slashes."
        )
    addressing = _said("ADDRESSING") or "auto"
    if addressing not in {"auto", "path", "virtual"}:
        raise ImproperlyConfigured(f"FILES_S3_ADDRESSING is {addressing!r}. It must be path, virtual or auto.")
    encryption = _said("ENCRYPTION")
    if encryption not in {"", "AES256", "aws:kms"}:
        raise ImproperlyConfigured(f"FILES_S3_ENCRYPTION is {encryption!r}. It must be AES256 or aws:kms.")
    return {
        "bucket_name": bucket,
        "endpoint_url": endpoint or None,
        "region_name": _said("REGION") or None,
        "access_key": key or None,
        "secret_key": secret or None,
        "location": prefix,
        "addressing_style": addressing,
        "object_parameters": {"ServerSideEncryption": encryption} if encryption else {},
    }


def _said(name: str) -> str:
    return os.environ.get(f"FILES_S3_{name}", "").strip()

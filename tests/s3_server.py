"""An S3 server for tests: moto's, in a process of its own on the loopback address."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3

from tests.clamd import free_port

STARTS_WITHIN = 60
"""Seconds."""
KEYS = {"access_key": "register", "secret_key": "tests only"}


@contextmanager
def s3_server() -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(process, address)
            yield address
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        assert process.poll() is None, "moto's server did not start"
        try:
            with urllib.request.urlopen(address + "/moto-api/", timeout=1):  # noqa: S310  # ours
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError


def client_of(address: str) -> Any:
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    return boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )


def storage_of(address: str, bucket: str) -> dict[str, Any]:
    """What config/services_from_environment.py makes of the environment of an installation with this bucket."""
    options = {
        "bucket_name": bucket,
        "endpoint_url": address,
        "region_name": "us-east-1",
        "location": "register/files",
        "addressing_style": "path",
        "object_parameters": {"ServerSideEncryption": "AES256"},
        **KEYS,
    }
    return {"BACKEND": "config.file_storage.FilesInBucket", "OPTIONS": options}

"""A registrar learns that the bulk files could not be made, and why; nobody else does."""

import errno
import os
from typing import Any

import pytest
from django.test import Client

from pcl.services import export_files
from pcl.services.export_files import ExportFailed, make_files

pytestmark = pytest.mark.django_db(transaction=True)
HOME, PAGE = "/review/register/", "/review/bulk-files/"


def full_disk(*args: Any) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_failure_is_counted_and_explained_until_files_are_made(
    as_reese: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No files yet" in as_reese.get(PAGE).content.decode()
    make_files()
    with monkeypatch.context() as patched:
        patched.setitem(export_files._WRITE, "xlsx", full_disk)
        with pytest.raises(ExportFailed):
            make_files()

    assert "</strong>\n            failure to make bulk files" in as_reese.get(HOME).content.decode()
    page = as_reese.get(PAGE).content.decode()
    assert "OSError: [Errno 28] No space left on device" in page
    assert page.count('data-label="Files" class="register-number">20<') == 1
    assert "No space left" not in Client().get("/data/").content.decode()

    make_files()

    assert "failures to make bulk files" in as_reese.get(HOME).content.decode()
    assert "No space left" not in as_reese.get(PAGE).content.decode()

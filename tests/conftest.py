from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def files_of_this_test_only(settings: Any, tmp_path: Path) -> None:
    """What a test uploads goes with it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }

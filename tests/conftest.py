from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.cache import cache
from django.db import connection


@pytest.fixture(scope="session", autouse=True)
def _static_root_exists() -> None:
    """Whitenoise warns, and a warning is an error, where `collectstatic` has not run."""
    Path(project_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def as_in_production(settings: Any, tmp_path: Path) -> None:
    """The register's own mail backend, which pytest-django replaces, and files that go with the test."""
    settings.EMAIL_BACKEND = "accounts.outbox.backend.OutboxBackend"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "config.file_storage.FilesOnDisk",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }
    settings.EXPORT_FOLDER = tmp_path / "exports"
    # django-allauth counts sign-ins and mails here.
    cache.clear()


@pytest.fixture(autouse=True)
def _no_jobs_of_other_tests(request: pytest.FixtureRequest) -> None:
    """Procrastinate's tables are not Django's to flush after a test with transactions of its own."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker and marker.kwargs.get("transaction")):
        request.getfixturevalue("transactional_db")
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")

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


@pytest.fixture
def outbox(settings: Any, transactional_db: None) -> None:
    """The register's own mail backend, which pytest-django replaces, and nothing left by other tests.

    Procrastinate's tables are not Django's to flush.
    """
    settings.EMAIL_BACKEND = "accounts.outbox.backend.OutboxBackend"
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
    # django-allauth counts how often it wrote to an address.
    cache.clear()

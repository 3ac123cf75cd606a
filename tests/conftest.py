import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project_settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.emptying import empty_quickly

# How long an example takes says how busy the machine is, not whether the answer is right.
hypothesis_settings.register_profile(
    "busy", hypothesis_settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("busy")


def pytest_collection_finish() -> None:
    """What was imported stays until the end: the collector need not look through it again and again.

    It took a seventh of the time of tests, and half of that of the migrations.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 50)


@pytest.fixture(scope="session", autouse=True)
def _static_root_exists() -> None:
    """Whitenoise warns, and a warning is an error, where `collectstatic` has not run."""
    Path(project_settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session", autouse=True)
def _tables_are_emptied_quickly() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        by_truncating = TransactionTestCase._fixture_teardown
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_quickly(by_truncating))
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """At the end nobody else is in the database, so that it can be dropped.

    A browser that leaves a page may still ask something, and its answer be under way when the last test has ended.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


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

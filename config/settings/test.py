"""Settings of the tests: an embedded PostgreSQL of their own, fast password hashes, nothing left out."""

from config.settings.base import *
from config.settings.base import DATABASES, VAR

SECRET_KEY = "tests only"  # noqa: S105
DEMO = True
# Tests of it turn it on; the others sign people in by password only.
REQUIRE_SECOND_FACTOR = False
STEP_UP_MINUTES = 0
SUBSCRIPTION_MINUTES_APART = 0
API_UNITS_PER_MINUTE = API_UNITS_PER_MINUTE_WITH_KEY = 0
VAR = VAR / "test"
DATABASES["default"]["CONN_MAX_AGE"] = 0
if "DATA_DIR" in DATABASES["default"]:
    # A cluster apart from `make run`'s, so that neither stops the other's; it may lose power, not data it needs.
    DATABASES["default"] |= {"DATA_DIR": VAR / "postgres", "DURABLE": False}
# A scanner is set up by the tests that are about it.
CLAMAV = ""
STATIC_ROOT = VAR / "static"
EXPORT_FOLDER = VAR / "exports"
STORAGES = {
    "default": {"BACKEND": "config.file_storage.FilesOnDisk", "OPTIONS": {"location": VAR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DELIVERY_EMAIL_BACKEND = "accounts.outbox.backend.MailboxBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

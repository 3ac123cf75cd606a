"""Settings for a contractor's own servers. Refuses to start without what must be set, or in demo mode."""

import os

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *


def required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}; production does not start without it.")
    return value


if os.environ.get("DEMO", "").strip().lower() not in {"", "0", "false", "no", "off"}:
    raise ImproperlyConfigured("DEMO is set, and demo accounts must not exist in production. Unset it.")

SECRET_KEY = required("SECRET_KEY")
ALLOWED_HOSTS = [host.strip() for host in required("ALLOWED_HOSTS").split(",")]
SITE_URL = required("SITE_URL").rstrip("/")
required("DATABASE_URL")

ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Behind a proxy all requests have its address: without this, all people would share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "1"))
SECURE_SSL_REDIRECT = True
# The container's own health check speaks plain http on the loopback address.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

"""The seeded register that `make run` serves on the loopback address: demo people, mail to a visible mailbox."""

import os
import secrets

from config.settings.base import *
from config.settings.base import VAR


def kept_secret_key() -> str:
    """One key per data folder, so that sessions outlive a restart and no key stands in the repository."""
    path = VAR / "secret_key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


DEMO = True
# On one's own machine nobody is crowded out, and a benchmark is no abuse.
API_UNITS_PER_MINUTE = int(os.environ.get("API_UNITS_PER_MINUTE", "0"))
API_UNITS_PER_MINUTE_WITH_KEY = int(os.environ.get("API_UNITS_PER_MINUTE_WITH_KEY", "0"))
# The demo people's passwords stand on the sign-in page; with 1 the way through the second factor can be tried.
REQUIRE_SECOND_FACTOR = os.environ.get("REQUIRE_SECOND_FACTOR", "0") == "1"
STEP_UP_MINUTES = int(os.environ.get("STEP_UP_MINUTES", "0"))
# A browser's passkeys need https, or http://localhost (not 127.0.0.1: a passkey belongs to a name).
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Nobody shows through figures of what is made up, and there are few of them.
USUAL_TIME_LEAST = int(os.environ.get("USUAL_TIME_LEAST", "5"))
FIGURES_LEAST = int(os.environ.get("FIGURES_LEAST", "0"))
SECRET_KEY = kept_secret_key()
DELIVERY_EMAIL_BACKEND = "accounts.outbox.backend.MailboxBackend"

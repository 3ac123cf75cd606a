"""Secrets that only their holder has, in a link or as a key: kept here as a digest, to be recognized by."""

import hashlib
import secrets

RANDOM_BYTES = 32


def new_secret() -> str:
    """As text that may stand in an address."""
    return secrets.token_urlsafe(RANDOM_BYTES)


def digest_of(secret: str) -> str:
    """SHA-256, in hexadecimal."""
    # Of 256 random bits: nothing that could be guessed, so a quick digest does.
    return hashlib.sha256(secret.encode()).hexdigest()

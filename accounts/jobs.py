"""Where the worker looks for this app's jobs."""

from accounts.outbox.jobs import deliver_mail

__all__ = ["deliver_mail"]

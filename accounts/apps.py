from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        # Models can be imported only now.
        from allauth.mfa.signals import authenticator_removed  # noqa: PLC0415

        from accounts.kept_session import end_other_sessions  # noqa: PLC0415
        from accounts.last_seen import note_sign_in  # noqa: PLC0415

        user_logged_in.connect(note_sign_in, dispatch_uid="accounts.note_sign_in")
        authenticator_removed.connect(end_other_sessions, dispatch_uid="accounts.end_other_sessions")

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "verification"
    verbose_name = "Coding verification review"

    def ready(self) -> None:
        """The registrar's home is a room below, which cannot ask for what waits here: so it is told."""
        # Models can be imported only now.
        from pcl.registrar.areas import Waiting, announce  # noqa: PLC0415
        from verification.queries.representation import unconfirmed  # noqa: PLC0415

        announce(
            Waiting(
                "review:representations",
                "person waiting for confirmation",
                "people waiting for confirmation",
                lambda: unconfirmed().count(),
            )
        )

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "verification"
    verbose_name = "Coding verification review"

    def ready(self) -> None:
        """The rooms below cannot ask for what is known here: so they are told, or tell."""
        # Models can be imported only now.
        from pcl.registrar.areas import Waiting, announce  # noqa: PLC0415
        from pcl.signals import campaign_act_done  # noqa: PLC0415
        from verification.queries.authorizations import for_the_contractor  # noqa: PLC0415
        from verification.queries.representation import unconfirmed  # noqa: PLC0415
        from verification.services.tell_concerned import tell_concerned  # noqa: PLC0415

        campaign_act_done.connect(
            lambda act, **_: tell_concerned(act=act), weak=False, dispatch_uid="verification.tell_concerned"
        )

        announce(
            Waiting(
                "review:representations",
                "person waiting for confirmation",
                "people waiting for confirmation",
                lambda: unconfirmed().count(),
            )
        )
        announce(
            Waiting(
                "review:authorizations",
                "authorization to answer",
                "authorizations to answer",
                lambda: for_the_contractor().count(),
            )
        )

from django.apps import AppConfig
from django.core import checks


class VerificationConfig(AppConfig):
    name = "verification"
    verbose_name = "Coding verification review"

    def ready(self) -> None:
        """The rooms below cannot ask for what is known here: so they are told, or tell."""
        # Models can be imported only now.
        from accounts.services.roles import object_to_granting, object_to_losing  # noqa: PLC0415
        from pcl.public.code_links import announce_links  # noqa: PLC0415
        from pcl.registrar.areas import Waiting, announce  # noqa: PLC0415
        from pcl.signals import campaign_act_done  # noqa: PLC0415
        from verification.clocks.check import clocks_can_be_used  # noqa: PLC0415
        from verification.criteria.code_links import criteria_links  # noqa: PLC0415
        from verification.letters.check import corrections_name_parts_of_a_letter  # noqa: PLC0415
        from verification.queries.authorizations import for_the_contractor  # noqa: PLC0415
        from verification.queries.contractor_people import against_granting, against_losing  # noqa: PLC0415
        from verification.queries.representation import unconfirmed  # noqa: PLC0415
        from verification.queries.scanner_health import waiting_too_long  # noqa: PLC0415
        from verification.services.tell_concerned import tell_concerned  # noqa: PLC0415

        checks.register(clocks_can_be_used)
        checks.register(corrections_name_parts_of_a_letter)
        campaign_act_done.connect(
            lambda act, **_: tell_concerned(act=act), weak=False, dispatch_uid="verification.tell_concerned"
        )

        announce_links("criteria", criteria_links)
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
                "review:stored_files",
                "document waiting long for its virus scan",
                "documents waiting long for their virus scan",
                waiting_too_long,
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
        object_to_granting("acts for an applicant", against_granting)
        object_to_losing("has open reviews", against_losing)

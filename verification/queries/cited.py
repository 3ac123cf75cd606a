"""The earlier application that an application cites by its document control number."""

from verification.models import Application
from verification.queries.representation import family_of
from verification.workflow.states import Status


def cited_own(application: Application, dcn: str) -> Application | None:
    """The own application of that number. Of another company's the answer is that of an unknown one: None."""
    own = Application.objects.filter(organization__in=family_of(application.organization), dcn=dcn)
    if application.made_by is not None:
        # A representative knows what it made itself, and nothing else of its manufacturer.
        own = own.filter(made_by__in=family_of(application.made_by))
    return own.exclude(pk=application.pk).first()


def cited(application: Application) -> Application | None:
    """For the contractor: whoever's it is."""
    if not application.cited_dcn:
        return None
    return (
        Application.objects.filter(dcn=application.cited_dcn)
        .exclude(status=Status.DRAFT)
        .exclude(pk=application.pk)
        .select_related("organization")
        .first()
    )

"""Mails about authorizations, to both sides, and to the contractor where it is the contractor's to answer."""

from typing import TYPE_CHECKING

from django.urls import reverse

from pcl.models import Organization
from verification.models import Application, Authorization, Capacity
from verification.queries.representation import administrators_of, family_of, people_of
from verification.queries.told import ENDS_SOON, without
from verification.services.tell_people import registrars, tell
from verification.workflow.states import FINAL

if TYPE_CHECKING:
    from accounts.models import User


def tell_of_request(authorization: Authorization) -> None:
    """Who may answer: the manufacturer's administrators, or the contractor where there are none."""
    maker = authorization.manufacturer
    administrators = list(administrators_of(maker)) if maker else []
    subject = f"{authorization.representative.name} asks to apply for {authorization.principal_name}"
    if maker and administrators:
        tell(administrators, subject=subject, about="authorization_asked", path=_page(maker), asked=authorization)
    else:
        path = reverse("review:authorizations")
        tell(registrars(), subject=subject, about="authorization_asked", path=path, asked=authorization)


def tell_of_answer(authorization: Authorization, answer: str, *, by: "User") -> None:
    """The representative's people, and the manufacturer's other administrators, who might still answer."""
    tell(
        people_of(family_of(authorization.representative)),
        subject=f"{authorization.principal_name}: authorization {answer}",
        about=f"authorization_{answer}",
        path=_page(authorization.representative),
        authorization=authorization,
    )
    maker = authorization.manufacturer
    if maker is not None:
        tell(
            [each for each in administrators_of(maker) if each != by],
            subject=f"{authorization.representative.name}: authorization {answer}",
            about="authorization_answered",
            path=_page(maker),
            authorization=authorization,
            answer=answer,
        )


def tell_of_end(authorization: Authorization, *, by: "User | None") -> None:
    """Both sides, whoever ended it: the one loses sight of the applications, the other takes them over."""
    maker, representative = authorization.manufacturer, authorization.representative
    assert maker is not None, "only a confirmed authorization ends like this"  # noqa: S101
    tell(
        [each for each in people_of(family_of(representative)) if each != by],
        subject=f"You do not apply for {maker.name} any more",
        about="authorization_ended",
        path=_page(representative),
        authorization=authorization,
    )
    tell(
        [each for each in administrators_of(maker) if each != by],
        subject=f"{representative.name} does not apply for {maker.name} any more",
        about="authorization_ended_take_over",
        path=reverse("apply:home"),
        authorization=authorization,
        under_way=under_way(authorization),
    )


def remind_of_end(authorization: Authorization, *, days_left: int) -> None:
    """The administrators of both sides, who may give and ask for another one; those who want to be reminded."""
    maker, representative = authorization.manufacturer, authorization.representative
    assert maker is not None, "only a confirmed authorization ends"  # noqa: S101
    said = {"authorization": authorization, "days": days_left, "under_way": under_way(authorization)}
    tell(
        without(administrators_of(maker), about=ENDS_SOON),
        subject=f"Your authorization of {representative.name} ends soon",
        about="authorization_ends_soon_maker",
        path=_page(maker),
        **said,
    )
    tell(
        without(people_of(family_of(representative)), about=ENDS_SOON),
        subject=f"Your authorization to apply for {maker.name} ends soon",
        about="authorization_ends_soon",
        path=_page(representative),
        **said,
    )


def under_way(authorization: Authorization) -> int:
    """How many applications the representative made for the manufacturer that are drafts or not decided yet."""
    if authorization.capacity != Capacity.REPRESENTATIVE or authorization.manufacturer is None:
        return 0
    made = Application.objects.filter(
        organization__in=family_of(authorization.manufacturer), made_by__in=family_of(authorization.representative)
    )
    return made.filter(discarded_at=None).exclude(status__in=FINAL).count()


def _page(organization: Organization) -> str:
    return reverse("apply:authorizations", args=[organization.slug])

"""The thread between an applicant and the reviewers: written by both sides, outside any formal request, and kept."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Greatest

from pcl.text import clean_text
from verification.models import Application, Reading, Remark, Visibility
from verification.queries.conflicts import has_conflict_of_interest
from verification.queries.representation import may_act_on
from verification.services.notify import notify_applicant, notify_reviewer
from verification.workflow.errors import NotAllowed, NotFromHere
from verification.workflow.states import OPEN_FOR_REVIEW

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def write_to_applicant(*, application: Application, text: str, by: "User") -> Remark:
    """A message from the contractor; who wrote it is not told. A double click says it once.

    Raises NotFromHere once the application is closed, NotAllowed for somebody who has acted for the applicant.
    """
    application = _open_thread(application)
    if has_conflict_of_interest(by, application):
        raise NotAllowed("You have acted for the applicant, so somebody else has to write to them.")
    message, is_new = _say(application, text=text, by=by, from_applicant=False)
    if is_new:
        notify_applicant(application, "message")
    return message


@transaction.atomic
def write_to_reviewer(*, application: Application, text: str, by: "User") -> Remark:
    """A message from the applicant's side. A double click says it once.

    Raises NotFromHere once the application is closed, NotAllowed for somebody who does not act for its organization.
    """
    application = _open_thread(application)
    if by.roles or not may_act_on(by, application):
        raise NotAllowed("You do not act for this organization any more.")
    message, is_new = _say(application, text=text, by=by, from_applicant=True)
    if is_new:
        notify_reviewer(application, "message")
    return message


def _open_thread(application: Application) -> Application:
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("reviewer", "created_by")
        .get(pk=application.pk)
    )
    if application.status not in OPEN_FOR_REVIEW:
        raise NotFromHere("The application is closed, so nothing can be written about it here any more.")
    return application


def _say(application: Application, *, text: str, by: "User", from_applicant: bool) -> tuple[Remark, bool]:
    said = clean_text(text).strip()
    last = application.remarks.filter(visibility=Visibility.APPLICANT).order_by("-id").first()
    if last is not None and (last.text, last.by_id, last.from_applicant) == (said, by.pk, from_applicant):
        return last, False
    message = Remark.objects.create(
        application=application, text=said, visibility=Visibility.APPLICANT, by=by, from_applicant=from_applicant
    )
    mark_read(application=application, user=by, up_to=message.pk)
    return message, True


def mark_read(*, application: Application, user: "User", up_to: int) -> None:
    """Remember that `user` has seen the messages up to that one; an earlier page opened later takes nothing back."""
    reading, is_new = Reading.objects.get_or_create(application=application, user=user, defaults={"up_to": up_to})
    if not is_new and reading.up_to < up_to:
        Reading.objects.filter(pk=reading.pk).update(up_to=Greatest("up_to", up_to))

"""The thread between an applicant and the reviewers: written by both sides, outside any formal request, and kept."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Greatest

from pcl.text import clean_text
from verification.models import Application, Reading, Remark, Visibility
from verification.queries.conflicts import has_conflict_of_interest
from verification.queries.representation import may_act_on
from verification.services.notify import notify_applicant, notify_reviewer
from verification.services.tell_reviewers import tell_who_assigns
from verification.workflow.errors import NotAllowed, NotFromHere, Stale
from verification.workflow.states import OPEN_FOR_REVIEW

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def write_to_applicant(*, application: Application, text: str, by: "User", seen_up_to: int | None = None) -> Remark:
    """A message from the contractor; who wrote it is not told. A double click says it once.

    `seen_up_to`: id of the last message on the page on which `by` wrote; None where that is not known. Raises Stale
    when somebody wrote since, NotFromHere once the application is closed, NotAllowed for somebody who has acted for
    the applicant.
    """
    application = _open_thread(application)
    if has_conflict_of_interest(by, application):
        raise NotAllowed("You have acted for the applicant, so somebody else has to write to them.")
    message, is_new = _say(application, text=text, by=by, from_applicant=False, seen_up_to=seen_up_to)
    if is_new:
        _taken_up(application)
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
        was_waiting = application.message_waits_since is not None
        if not was_waiting:
            Application.objects.filter(pk=application.pk).update(message_waits_since=message.at)
        if application.reviewer is not None:
            notify_reviewer(application, "message")
        elif not was_waiting:
            # Nobody has taken it: who assigns is told, once until somebody takes it up.
            tell_who_assigns(application)
    return message


@transaction.atomic
def needs_no_answer(*, application: Application, by: "User") -> None:
    """Take the application off the list of those with a message that waits; who did is kept as an internal remark.

    Nothing where none waits. Raises NotAllowed for somebody who has acted for the applicant.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if application.message_waits_since is None:
        return
    if has_conflict_of_interest(by, application):
        raise NotAllowed("You have acted for the applicant, so somebody else has to look at what they wrote.")
    Remark.objects.create(
        application=application, text="The message of the applicant was read. It needs no answer.", by=by
    )
    _taken_up(application)


def seen_by(*, application: Application, user: "User", up_to: int) -> None:
    """`user` has the messages up to that one on the page. Seen by its reviewer, they do not wait any more."""
    mark_read(application=application, user=user, up_to=up_to)
    if application.reviewer_id == user.pk:
        newest = application.remarks.filter(from_applicant=True).order_by("-id").values_list("pk", flat=True).first()
        if newest is None or newest <= up_to:
            _taken_up(application)


def _taken_up(application: Application) -> None:
    Application.objects.filter(pk=application.pk, message_waits_since__isnull=False).update(message_waits_since=None)


def _open_thread(application: Application) -> Application:
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("reviewer", "created_by")
        .get(pk=application.pk)
    )
    if application.status not in OPEN_FOR_REVIEW:
        raise NotFromHere("The application is closed, so nothing can be written about it here any more.")
    return application


def _say(
    application: Application, *, text: str, by: "User", from_applicant: bool, seen_up_to: int | None = None
) -> tuple[Remark, bool]:
    said = clean_text(text).strip()
    last = application.remarks.filter(visibility=Visibility.APPLICANT).order_by("-id").first()
    if last is not None and (last.text, last.by_id, last.from_applicant) == (said, by.pk, from_applicant):
        return last, False
    if last is not None and seen_up_to is not None and last.pk > seen_up_to:
        raise Stale(
            "A message was written after you opened this page, so yours was not sent. It stands below under So far, "
            "and your text is still here: read, change yours where it needs it, and send it."
        )
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

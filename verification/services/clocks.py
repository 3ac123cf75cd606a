"""What happens by itself when a day has passed."""

from django.utils import timezone

from verification.models import Application, TransitionLog
from verification.workflow.errors import WorkflowError
from verification.workflow.perform import perform
from verification.workflow.states import Status


def expire_overdue() -> list[TransitionLog]:
    """Reject every application whose answer was due before today (US Eastern); each in a transaction of its own."""
    overdue = Application.objects.filter(
        status=Status.INFORMATION_REQUESTED, answer_due_on__lt=timezone.localdate()
    ).order_by("answer_due_on", "id")
    logs = []
    for application in overdue:
        try:
            logs.append(perform("expire", application=application, by=None, seen_version=application.version))
        except WorkflowError:
            continue  # answered or withdrawn since the list was read; tomorrow's run looks again
    return logs

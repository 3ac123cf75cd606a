"""Giving applications to a reviewer, many at once."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Literal

from django.db import transaction

from accounts.models import Role, User
from verification.models import Application, TransitionLog
from verification.services.tell_reviewers import tell_reviewers
from verification.workflow.perform_many import Taken, perform_many
from verification.workflow.states import Status
from verification.workflow.table import BY_NAME

MOST_AT_ONCE = 500
Step = Literal["accept", "assign", "reassign"]


def may_assign(user: User) -> bool:
    """Whether `user` gives applications to others; a reviewer takes them only for themselves."""
    return user.has_role(Role.APPROVER, Role.ADMINISTRATOR)


def choosable(user: User) -> frozenset[Status]:
    """The states in which `user` can give an application a reviewer, or another one."""
    if may_assign(user):
        return BY_NAME["assign"].sources | BY_NAME["reassign"].sources
    return BY_NAME["accept"].sources if user.has_role(Role.REVIEWER) else frozenset()


@transaction.atomic
def assign_many(*, seen: Mapping[int, int], reviewer: User, by: User) -> list[Taken]:
    """Give each of the applications of which `by` saw that version, by key, to `reviewer`; some may be refused.

    What nobody has taken is assigned, or taken where a reviewer does it for themselves; the rest changes its reviewer.
    Each is a step of its own in its log. Everybody concerned gets one mail for all. Sorted by key.
    """
    done = _steps_taken(seen, reviewer, by)
    given = [(each.application, each.before) for each in done if not each.refusal and each.is_new]
    tell_reviewers(given, by=by)
    return done


def preview_assignment(*, seen: Mapping[int, int], reviewer: User, by: User) -> list[Taken]:
    """What `assign_many` would do now: it is done, and taken back (docs/adr/0014)."""
    with transaction.atomic():
        done = _steps_taken(seen, reviewer, by)
        transaction.set_rollback(True)
    return done


def _steps_taken(seen: Mapping[int, int], reviewer: User, by: User) -> list[Taken]:
    by_step: defaultdict[Step, dict[int, int]] = defaultdict(dict)
    first: Step = "assign" if may_assign(by) else "accept"
    waiting = set(Application.objects.filter(pk__in=seen, status=Status.SUBMITTED).values_list("pk", flat=True))
    # A button pressed twice: it was waiting when the page was shown.
    steps = TransitionLog.objects.filter(application__in=seen, transition=first, by=by)
    waiting |= {key for key, version in steps.values_list("application", "seen_version") if seen[key] == version}
    for key, version in seen.items():
        by_step[first if key in waiting else "reassign"][key] = version
    done: list[Taken] = []
    for step, versions in by_step.items():
        given = {} if step == "accept" else {"reviewer": reviewer}
        done += perform_many(step, seen=versions, by=by, given=given)
    return sorted(done, key=lambda each: each.application.pk)

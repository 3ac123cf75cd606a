"""Conditions that only some kinds of application have. Of every other kind each says yes."""

from typing import TYPE_CHECKING

from verification.models import ApplicationKind
from verification.queries.reconsideration import decided_the_first, too_late
from verification.queries.representation import may_ask_for_reconsideration
from verification.workflow.attempt import YES, Attempt, Verdict, no

if TYPE_CHECKING:
    from accounts.models import User

BY_OTHERS = "A reconsideration is decided by people who did not decide the first."


def reconsideration_is_in_time(attempt: Attempt) -> Verdict:
    """Also one that was begun in time has to be submitted in time. Its text stays in the draft."""
    first = attempt.application.reconsiders
    late = too_late(first, today=attempt.today) if first is not None else ""
    return no(f"{late} What you wrote stays in this draft, to be copied.") if late else YES


def requestor_may_ask_for_reconsideration(attempt: Attempt) -> Verdict:
    application = attempt.application
    if application.kind != ApplicationKind.RECONSIDERATION or attempt.by is None:
        return YES
    return may_ask_for_reconsideration(attempt.by, application)


def person_did_not_decide_the_first(attempt: Attempt) -> Verdict:
    if attempt.by is None or not _decided_the_first(attempt.by, attempt):
        return YES
    return no(f"You took part in the determination that is to be reconsidered. {BY_OTHERS}")


def reviewer_did_not_decide_the_first(attempt: Attempt) -> Verdict:
    """Who gives it to somebody decides nothing, and may have decided the first."""
    reviewer = attempt.given.get("reviewer")
    if reviewer is None or not _decided_the_first(reviewer, attempt):
        return YES
    return no(f"{reviewer} took part in the determination that is to be reconsidered. {BY_OTHERS}")


def _decided_the_first(person: "User", attempt: Attempt) -> bool:
    known = attempt.first_deciders
    if known is not None and person.pk in known:
        return attempt.application.pk in known[person.pk]
    return decided_the_first(person, attempt.application)


GUARDS_OF_KINDS = {
    guard.__name__: guard
    for guard in (
        reconsideration_is_in_time,
        requestor_may_ask_for_reconsideration,
        person_did_not_decide_the_first,
        reviewer_did_not_decide_the_first,
    )
}

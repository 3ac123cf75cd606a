"""What a guard is asked, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from verification.queries.conflicts import has_conflict_of_interest

if TYPE_CHECKING:
    from accounts.models import User
    from verification.models import Application


class Lack(NamedTuple):
    """A requirement of the checklist that is open: `name` is that of its row, unique within the application."""

    name: str
    requirement: str


class Verdict(NamedTuple):
    """Whether it may be done; when not, why not and what to do, in words for the person who tries."""

    ok: bool
    reason: str = ""
    lacks: tuple["Lack", ...] = ()
    """What `reason` names one after the other, where a page can lead to each."""


YES = Verdict(ok=True)


def no(reason: str) -> Verdict:
    return Verdict(ok=False, reason=reason)


@dataclass(frozen=True)
class Attempt:
    application: "Application"
    by: "User | None"
    today: date
    """The contractor's day, in US Eastern time."""
    given: Mapping[str, Any] = field(default_factory=dict)
    """Empty while only asking whether a button should be offered."""
    is_rehearsal: bool = False
    """True while nothing has been given yet: conditions on what is given do not count."""
    conflicts: Mapping[int, frozenset[int]] | None = None
    """Of many at once: by user, the applications that they must keep out of. Otherwise it is asked for this one."""
    first_deciders: Mapping[int, frozenset[int]] | None = None
    """Of many at once: by user, the reconsiderations of what they decided. Otherwise it is asked for this one."""
    tells: bool = True
    """Whether its effects send mails; of many at once, each person gets one for all of them."""

    def has_conflict_of_interest(self, user: "User") -> bool:
        if self.conflicts is not None and user.pk in self.conflicts:
            return self.application.pk in self.conflicts[user.pk]
        return has_conflict_of_interest(user, self.application)

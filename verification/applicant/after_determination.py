"""What an applicant can do after a determination, and until when."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from verification.models import Application, ApplicationKind, AppliesAs, Determination
from verification.queries.reconsideration import Clock, clock, the_one_reconsideration, why_not_reconsidered
from verification.queries.representation import may_act_on
from verification.queries.upheld import is_upheld
from verification.workflow.states import Status

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class After:
    clock: Clock | None
    why_not: str
    """Why no reconsideration can be asked for; empty where it can."""
    reconsideration: Application | None
    """The one that is drafted, under way or decided."""
    may_open: bool
    """Whether the person may open that one: a representative may not, where the manufacturer's own people made it."""
    is_the_manufacturers: bool
    """Whether that one was asked for by the manufacturer, where a distributor applied."""
    first: Application | None
    """Of a reconsideration: the application whose determination it reconsiders."""
    may_open_first: bool
    """Whether the person may open that: not where a distributor made it and the manufacturer asked."""
    upheld: bool | None
    """Of a decided reconsideration, this one or that of this one: upheld or revised."""
    can_be_copied: bool

    @property
    def is_decided(self) -> bool:
        return self.reconsideration is not None and self.reconsideration.status == Status.DETERMINED

    @property
    def can_be_reconsidered(self) -> bool:
        return not self.why_not and self.reconsideration is None


def after_determination(application: Application, determination: Determination, *, by: "User") -> After:
    today = timezone.localdate()
    is_first = application.kind == ApplicationKind.INITIAL
    reconsideration = the_one_reconsideration(determination)
    may_open = reconsideration is not None and may_act_on(by, reconsideration)
    is_the_manufacturers = application.applies_as == AppliesAs.DISTRIBUTOR and not may_open
    if is_the_manufacturers and reconsideration is not None and reconsideration.is_draft:
        reconsideration = None  # what the manufacturer only thinks of is its own
    first = application.reconsiders.application if application.reconsiders else None
    upheld = None
    if first is not None:
        upheld = is_upheld(determination)
    elif reconsideration is not None and reconsideration.status == Status.DETERMINED:
        upheld = is_upheld(reconsideration.determination)
    return After(
        clock=clock(determination, today=today) if is_first else None,
        why_not=why_not_reconsidered(application, by=by, today=today),
        reconsideration=reconsideration,
        may_open=may_open,
        is_the_manufacturers=is_the_manufacturers,
        first=first,
        may_open_first=first is not None and may_act_on(by, first),
        upheld=upheld,
        can_be_copied=application.kind in (ApplicationKind.INITIAL, ApplicationKind.RECONSIDERATION),
    )

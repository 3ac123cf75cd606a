"""What changes of names have in common: every listing that shows the name changes with it, in one act."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, QuerySet

from pcl.errors import RegisterError
from pcl.models import Listing
from pcl.models.listing_change import ChangeKind
from pcl.services.changes import public_listings, record_changes, stand_at_the_chain

if TYPE_CHECKING:
    from accounts.models import User

_MOST: ContextVar[int | None] = ContextVar("most listings that follow a name", default=None)


@contextmanager
def only_first_listings(most: int | None) -> Iterator[None]:
    """In a rehearsal, which is taken back: within the block only the first `most` listings follow; None: all."""
    token = _MOST.set(most)
    try:
        yield
    finally:
        _MOST.reset(token)


@contextmanager
def listings_follow(listings: QuerySet[Listing], *, kind: ChangeKind, reason: str, by: "User | None") -> Iterator[None]:
    """What the block does to names changes what the register shows of `listings`: record it. In a transaction only."""
    stand_at_the_chain()
    before = public_listings(list(listings.order_by("pk").values_list("pk", flat=True)[: _MOST.get()]))
    yield
    Listing.objects.filter(pk__in=before).update(version=F("version") + 1)
    record_changes(kind=kind, before=before, reason=reason, by=by)


def name_since(names: Any) -> date | None:
    """Since when today's name is the name: the day on which the last of the former `names` (a manager) ended."""
    latest = names.filter(used__endswith__isnull=False).order_by("-used").values_list("used", flat=True).first()
    return latest.upper if latest is not None else None


def close_name(names: Any, *, name: str, began: date | None, since: date, source: str, **of: Any) -> None:
    """Keep `name` among the former `names` (a manager): used from `began` (see `name_since`) to the day before `since`.

    Raises RegisterError when the name itself came into use on `since` or later.
    """
    if began is not None and began >= since:
        raise RegisterError(
            f"“{name}” is the name since {began:%B %-d, %Y}. The next one can begin on a later day only."
        )
    names.create(name=name, used=DateRange(began, since), source=source, **of)

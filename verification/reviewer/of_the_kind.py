"""What an approver sees of an application that is not the first, before it is done: the register's own rehearsal."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pcl.errors import RegisterError
from pcl.queries.change_before_after import before_after
from pcl.services.rehearsal import MOST_SHOWN, rehearse
from pcl.services.renamings import are_very_many
from verification.models import ApplicationKind, Determination, Outcome
from verification.queries.planned_changes import begins_earliest, planned_changes
from verification.queries.upheld import is_upheld
from verification.services.publish_determination import publish
from verification.services.worker_publishes import listings_renamed

if TYPE_CHECKING:
    from accounts.models import User

# What they change does not hang on a day that is given only with the approval.
WITHOUT_A_BEGIN_DATE = frozenset({ApplicationKind.NAME_CHANGE, ApplicationKind.LISTING_UPDATE})


def of_the_kind(determination: Determination, *, by: "User") -> dict[str, Any]:
    kind = determination.application.kind
    if kind == ApplicationKind.RECONSIDERATION:
        earliest = begins_earliest(determination)
        return {
            "planned": planned_changes(determination),
            "upheld": is_upheld(determination),
            "is_second": True,
            "begins_earliest": earliest[0] if earliest else None,
        }
    if kind not in WITHOUT_A_BEGIN_DATE or determination.outcome != Outcome.ACCEPTED:
        return {}
    renamed = listings_renamed(determination.application)
    very_many = are_very_many(renamed)
    try:
        rehearsal = rehearse(
            lambda: publish(determination, by=by, begins=None, reason="As it would be."),
            most_listings=MOST_SHOWN if very_many else None,
        )
    except RegisterError as error:
        return {"cannot_be_published": str(error)}
    return {
        "rehearsal": replace(rehearsal, count=renamed.count()) if very_many else rehearsal,
        "worker_publishes": very_many,
        "changes_on_the_list": [before_after(change) for change in rehearsal.shown],
        "most_shown": MOST_SHOWN,
    }

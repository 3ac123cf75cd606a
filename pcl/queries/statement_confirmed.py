"""Whether the register still says what a statement says."""

from dataclasses import dataclass

from pcl.models import ListingChange, Statement
from pcl.queries.change_words import ChangeInWords, in_words
from pcl.queries.statement_content import statement_content

MOST_CHANGES = 50


@dataclass(frozen=True)
class Confirmation:
    statement: Statement
    answer_now: str
    """What the register answers to the same question today."""
    still_says_so: bool
    """Whether that is word for word what the statement says."""
    same_answer: bool
    """Whether it is still in force on the date of service, or still not."""
    changes: list[ChangeInWords]
    """What happened to the listing since, oldest first."""


def confirmation_of(number: str) -> Confirmation | None:
    """None where no statement has that number, which is written as pcl.statement_number writes it."""
    statement = Statement.objects.filter(number=number).first()
    if statement is None:
        return None
    now = statement_content(statement.listing_id, on=statement.date_of_service, instant=statement.as_published)
    assert now is not None, "a listing is never deleted"  # noqa: S101
    since = ListingChange.objects.filter(listing=statement.listing_id, seq__gt=statement.change_id).order_by("seq")
    return Confirmation(
        statement=statement,
        answer_now=now.said["answer"],
        still_says_so=now.fingerprint == statement.fingerprint,
        same_answer=now.is_in_force is statement.is_in_force,
        changes=[in_words(change) for change in since[:MOST_CHANGES]],
    )

"""What a statement of listing says: put in words once, and kept in these words."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from pcl.dates import day_in_words, instant_in_words
from pcl.models import EntryVersion, ListingChange
from pcl.queries.answer_words import (
    answer_by_the_list_of_then,
    days_in_words,
    listings_named,
    reason_not_in_force,
)
from pcl.queries.keyset import Row
from pcl.queries.listing_answer import ListingAnswer
from pcl.queries.listing_page import ListingPage, listing_page
from pcl.queries.requirements import RequirementOnDay
from pcl.services.changes import instant_text

NOT_ON_THE_LIST = "Not yet on the list"


@dataclass(frozen=True)
class StatementContent:
    said: dict[str, Any]
    is_in_force: bool
    """On the date of service, by the list of now: by this listing, or by another of the same names and code."""
    change: ListingChange
    """The last that the list of now knows."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of question and answer: the same while the register says the same."""
        text = json.dumps(self.said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def statement_content(listing_id: int, *, on: date, instant: datetime | None) -> StatementContent | None:
    """The answer to one question as the register gives it now; None where there never was such a listing.

    No word of it depends on the day on which it is asked. `instant` is None for the list of now.
    """
    page = listing_page(listing_id, on=on)
    if page is None:
        return None
    answer = replace(page.answer, instant=instant)
    now, others = answer.now, page.in_force_by_others
    said = {
        "listing": listing_id,
        "on": on.isoformat(),
        "as_published": instant_text(instant) if instant else None,
        "question": _question(answer),
        "answer": _by_the_list(now, on, by_others=others),
        "by_the_list": answer_by_the_list_of_then(answer, by_others=others),
        "now": _shown(now, answer, page.changes, page.description),
        "then": _then(answer, page) if instant else None,
        "names": [f"On {day_in_words(on)} {each}." for each in page.names_then],
        "requirement": _requirement(page.requirement, code=now.code, on=on),
        "elsewhere": _elsewhere(page, on),
    }
    return StatementContent(said, answer.status_now == "current" or bool(others), page.changes[-1])


def _elsewhere(page: ListingPage, on: date) -> list[str]:
    """What is in force that somebody may have meant: another listing of the model, or one that has the same names."""

    def whose(row: Row) -> str:
        return f"distributor: {row['distributor']}" if row["distributor"] else "no distributor named"

    day = day_in_words(on)
    of_model = [(other.row, "for the same model", "") for other in page.in_force_elsewhere]
    of_names = [(row, "under the same names", f" ({whose(row)})") for row in page.in_force_under_same_names]
    return [
        f"In force on {day} {how}: listing {row['id']} under {row['code']}{more}."
        for row, how, more in [*of_model, *of_names]
    ]


def _question(answer: ListingAnswer) -> str:
    now = answer.now
    model = f", model {now.model_number}," if now.model_number else ""
    distributor = f" (distributor: {now.distributor})" if now.distributor else ""
    asked = f"Is {now.product}{model} by {now.manufacturer}{distributor} listed under {now.code}, and in force on"
    asked = f"{asked} {day_in_words(answer.day)}"
    return (
        f"{asked}; and what did the list of {instant_in_words(answer.instant)} say?" if answer.instant else f"{asked}?"
    )


def _by_the_list(shown: EntryVersion, on: date, *, by_others: Sequence[int] = ()) -> str:
    if shown.status_on(on) == "current":
        return f"Listed, and in force on {day_in_words(on)}."
    if by_others:
        return (
            f"Listed, and in force on {day_in_words(on)}, by {listings_named(by_others)}; "
            f"not by listing {shown.listing_id}: {reason_not_in_force(shown, on)}."
        )
    return f"Not in force on {day_in_words(on)}: {reason_not_in_force(shown, on)}."


def _then(answer: ListingAnswer, page: ListingPage) -> dict[str, Any]:
    then = answer.then
    if then is None:
        return {"answer": f"{NOT_ON_THE_LIST}.", "facts": [], "change": None}
    changes = [change for change in page.changes if answer.instant and change.at <= answer.instant]
    return _shown(then, answer, changes, page.description)


def _shown(
    shown: EntryVersion, answer: ListingAnswer, changes: Sequence[ListingChange], description: str
) -> dict[str, Any]:
    facts = [
        ("Listing", str(shown.listing_id)),
        ("Product", shown.product),
        ("Model number", shown.model_number or "none stated"),
        ("Manufacturer", shown.manufacturer),
        ("Distributor", shown.distributor or "none"),
        ("Code", f"{shown.code} {description}"),
        ("Dates of service", days_in_words(shown)),
        ("Origin", shown.get_origin_display()),
        ("Comment", shown.comment or "none"),
        ("Shown since", instant_in_words(shown.said.lower)),
    ]
    change = changes[-1] if changes else None
    return {
        "answer": _by_the_list(shown, answer.day),
        "facts": [list(fact) for fact in facts],
        "change": {"seq": change.seq, "at": instant_text(change.at), "hash": change.hash} if change else None,
    }


def _requirement(requirement: RequirementOnDay | None, *, code: str, on: date) -> str:
    if requirement is None:
        return f"This register knows of no requirement that a product be verified for {code}."
    kept = requirement.requirement
    first, last = kept.in_force_from, kept.in_force_to
    since = f"on or after {day_in_words(first)}" if first else "with no first date named"
    until = f" and up to {day_in_words(last)}" if last else ""
    only = f"only products on this list may be billed under {code} (dates of service {since}{until})"
    if requirement.is_to_come:
        said = f"On {day_in_words(on)} verification is not yet required; later {only}."
    elif requirement.is_over:
        said = f"On {day_in_words(on)} verification is no longer required; earlier {only}."
    else:
        said = f"On {day_in_words(on)} {only}."
    publication = kept.publication
    source = f"{publication.title}, posted {day_in_words(publication.posted)}" if publication else kept.source
    return f"{said} Source: {source}."

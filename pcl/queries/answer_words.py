"""The answer for both clocks in words that a biller, and an auditor, understands at once."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from pcl.dates import day_in_words, instant_in_words
from pcl.models import ShownListing
from pcl.queries.listing_answer import ListingAnswer, differing_days, last_day_to_bill


def answer_by_the_list_of_today(answer: ListingAnswer, *, by_others: Sequence[int] = ()) -> str:
    """Whether it can be billed on the date of service, as the register knows it today.

    `by_others` are listings of the same names under the same code that are in force where this one is not.
    """
    today = timezone.localdate()
    can = "could" if answer.day < today else "can"
    on = f"Today, {day_in_words(answer.day)}," if answer.day == today else f"On {day_in_words(answer.day)}"
    if answer.status_now == "current":
        return f"{on} it {can} be billed under {answer.now.code}."
    if by_others:
        why = reason_not_in_force(answer.now, answer.day)
        return (
            f"{on} it {can} be billed under {answer.now.code} by {listings_named(by_others)}, not by this one: {why}."
        )
    cannot = "could not" if can == "could" else "cannot"
    return f"{on} it {cannot} be billed under {answer.now.code}: {reason_not_in_force(answer.now, answer.day)}."


def answer_by_the_list_of_then(answer: ListingAnswer, *, by_others: Sequence[int] = ()) -> str:
    """Whether the list said the same at the instant asked about; since when, where none is.

    All of it is about this listing, which is said where the answer of today is that of others (`by_others`).
    """
    said = _by_the_list_of_then(answer)
    return f"Of listing {answer.now.listing_id}: {said[:1].lower()}{said[1:]}" if by_others else said


def listings_named(numbers: Sequence[int]) -> str:
    return f"listing {numbers[0]}" if len(numbers) == 1 else f"listings {', '.join(map(str, numbers))}"


def _by_the_list_of_then(answer: ListingAnswer) -> str:
    then = answer.then
    if answer.instant is None:
        return f"The list has {said_since(answer)}."
    whose = f"The list of {instant_in_words(answer.instant)}"
    if then is None:
        return (
            f"{whose} did not show this listing yet: it was first published on "
            f"{instant_in_words(answer.first_published)}."
        )
    if not answer.agrees:
        return f"{whose} said otherwise: {_said_instead(then, answer.day)}."
    though = f", though with other dates: {days_in_words(then)}" if differing_days(then, answer.now) else ""
    return f"{whose} said so too{though}."


def said_since(answer: ListingAnswer) -> str:
    """Since when the list of the instant asked about gave its answer for the day: half a sentence, in the past tense.

    Why it cannot be billed names a first or a last day. Where the list named another one at first, it did not say "so"
    then. Empty where the listing did not stand on it.
    """
    then, since = answer.then, answer.said_since
    if then is None or since is None:
        return ""
    if answer.status_then != "current":
        why = reason_not_in_force(then, answer.day)
        why_since = answer.since(lambda version: _is_reason(why, version, answer.day))
        if why_since is not None and why_since > since:
            return (
                f"given this answer since {instant_in_words(since)}, and this reason since "
                f"{instant_in_words(why_since)}"
            )
    return f"said so since {instant_in_words(since)}"


def _is_reason(why: str, shown: ShownListing, day: date) -> bool:
    return shown.status_on(day) != "current" and reason_not_in_force(shown, day) == why


def reason_not_in_force(shown: ShownListing, day: date) -> str:
    """Why `shown` is not in force on `day`, as half a sentence."""
    if shown.in_force.isempty:
        return "the code had ended before the listing began"
    if shown.status_on(day) == "future":
        return f"its first day to bill is {day_in_words(shown.in_force.lower)}"
    last = last_day_to_bill(shown)
    by_code = " (the code ended)" if last != shown.effective_to else ""
    return f"its last day to bill is {day_in_words(last)}{by_code}" if last else "it is not in force"


def days_in_words(shown: ShownListing) -> str:
    """The dates of service on which it can be billed: first to last, both included."""
    if shown.in_force.isempty:
        return "no day to bill, since the code had ended before"
    last, first = last_day_to_bill(shown), day_in_words(shown.in_force.lower)
    return f"from {first} to {day_in_words(last)}" if last else f"from {first} on, with no end set"


def _said_instead(then: ShownListing, day: date) -> str:
    if then.status_on(day) == "current":
        return f"that it can be billed, {days_in_words(then)}"
    return f"that it cannot be billed, since {reason_not_in_force(then, day)}"

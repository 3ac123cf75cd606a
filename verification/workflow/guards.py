"""Conditions of transitions. Each answers whether, and if not, why not and what to do."""

from datetime import timedelta

from pcl.dates import FIRST_DAY
from verification.checks import gaps
from verification.letters.compose import why_it_cannot_be_set
from verification.queries.begin_date import begin_date_is_needed
from verification.queries.checklist import open_rows
from verification.queries.conflicts import has_conflict_of_interest
from verification.queries.determinations import what_is_missing
from verification.workflow.attempt import YES, Attempt, Verdict, no
from verification.workflow.guards_of_kinds import GUARDS_OF_KINDS

# A letter is dated when it is made; a week either way allows for a weekend and for catching up.
LETTER_DATE_SLACK = timedelta(days=7)
# A listing may begin with a quarter to come; later than that is a slip of the keyboard.
FURTHEST_BEGIN = timedelta(days=366)
OPEN_REQUIREMENTS_NAMED = 3
# Later than that is a slip of the keyboard, and would leave the application waiting for ever.
LONGEST_WAIT_FOR_AN_ANSWER = timedelta(days=365)


def application_is_complete(attempt: Attempt) -> Verdict:
    if attempt.application.discarded_at is not None:
        return no("The draft was discarded. Put it back first.")
    missing = gaps(attempt.application)
    if not missing:
        return YES
    count = "1 thing is" if len(missing) == 1 else f"{len(missing)} things are"
    return no(f"{count} missing: " + " ".join(gap.message for gap in missing))


def person_is_not_on_the_applicants_side(attempt: Attempt) -> Verdict:
    if attempt.by is not None and has_conflict_of_interest(attempt.by, attempt.application):
        return no("You have acted for the applicant, so somebody else has to review and decide.")
    return YES


def nobody_else_is_reviewing(attempt: Attempt) -> Verdict:
    reviewer = attempt.application.reviewer
    if reviewer is None or reviewer == attempt.by:
        return YES
    return no(f"{reviewer} is reviewing this application and is the one to reject it.")


def due_day_is_ahead(attempt: Attempt) -> Verdict:
    if attempt.is_rehearsal:
        return YES
    if attempt.given["due_on"] <= attempt.today:
        return no("The day on which the answer is due must be after today.")
    if attempt.given["due_on"] > attempt.today + LONGEST_WAIT_FOR_AN_ANSWER:
        return no("The day on which the answer is due must be within a year.")
    return YES


def answer_is_in_time(attempt: Attempt) -> Verdict:
    due = attempt.application.answer_due_on
    if due is not None and attempt.today <= due:
        return YES
    return no(f"The answer was due on {due:%B %-d, %Y}. Start a new application and cite this one.")


def answer_is_overdue(attempt: Attempt) -> Verdict:
    due = attempt.application.answer_due_on
    if due is not None and attempt.today > due:
        return YES
    return no("The answer is not overdue.")


def every_item_is_answered(attempt: Attempt) -> Verdict:
    if attempt.is_rehearsal:
        return YES
    asked = attempt.application.open_items()
    answers = attempt.given["answers"]
    if len(answers) == len(asked) and all(answer.strip() for answer in answers):
        return YES
    return no(f"Each of the {len(asked)} items needs an answer.")


def checklist_is_complete(attempt: Attempt) -> Verdict:
    rows = open_rows(attempt.application)
    if not rows:
        return YES
    named = " ".join(row.requirement for row in rows[:OPEN_REQUIREMENTS_NAMED])
    more = f" And {len(rows) - OPEN_REQUIREMENTS_NAMED} more." if len(rows) > OPEN_REQUIREMENTS_NAMED else ""
    return no(f"The checklist is not complete. Still open: {named}{more}")


def determination_is_drafted(attempt: Attempt) -> Verdict:
    missing = what_is_missing(attempt.application)
    return no(missing) if missing else YES


def approver_did_not_recommend(attempt: Attempt) -> Verdict:
    determination = attempt.application.draft_determination()
    if determination is not None and determination.recommended_by == attempt.by:
        return no("You recommended this determination. Another approver has to decide on it.")
    return YES


def letter_date_is_near(attempt: Attempt) -> Verdict:
    if attempt.is_rehearsal or abs(attempt.given["letter_date"] - attempt.today) <= LETTER_DATE_SLACK:
        return YES
    return no("The letter's date must be within a week of today.")


def begin_date_fits_the_outcome(attempt: Attempt) -> Verdict:
    determination = attempt.application.draft_determination()
    if attempt.is_rehearsal or determination is None:
        return YES
    begins = attempt.given.get("begins")
    if not begin_date_is_needed(determination):
        return no("Nothing is listed or ended, so leave the begin date empty.") if begins else YES
    if begins is None:
        return no("Give the first date of service to which the listing applies.")
    if not FIRST_DAY <= begins <= attempt.today + FURTHEST_BEGIN:
        return no(f"{begins.isoformat()} is not a plausible begin date. Give one within a year from today at most.")
    return YES


def letter_can_be_written(attempt: Attempt) -> Verdict:
    """Afterwards it would be too late: the listing is public, and its letter is never sent."""
    determination = attempt.application.draft_determination()
    flaw = why_it_cannot_be_set(determination, draft_of=attempt.today) if determination is not None else ""
    return no(flaw) if flaw else YES


GUARDS = {
    guard.__name__: guard
    for guard in (
        application_is_complete,
        person_is_not_on_the_applicants_side,
        nobody_else_is_reviewing,
        due_day_is_ahead,
        answer_is_in_time,
        answer_is_overdue,
        every_item_is_answered,
        checklist_is_complete,
        determination_is_drafted,
        approver_did_not_recommend,
        letter_date_is_near,
        begin_date_fits_the_outcome,
        letter_can_be_written,
    )
} | GUARDS_OF_KINDS

"""Conditions of transitions. Each answers whether, and if not, why not and what to do."""

from datetime import date, timedelta

from django.conf import settings

from accounts.models import Role
from hcpcs.models import Code
from pcl.dates import FIRST_DAY
from verification.checks import gaps
from verification.clocks import clocks
from verification.letters.compose import why_it_cannot_be_set
from verification.models import Determination, ScanState
from verification.queries.begin_date import begin_date_is_needed
from verification.queries.checklist import open_rows
from verification.queries.conflicts import those_in_conflict
from verification.queries.determinations import assigned_codes, what_is_missing
from verification.queries.planned_changes import why_too_early
from verification.services.worker_publishes import worker_publishes
from verification.workflow.attempt import YES, Attempt, Lack, Verdict, no
from verification.workflow.guards_of_kinds import GUARDS_OF_KINDS
from verification.workflow.states import Status

# A letter is dated when it is made; a week either way allows for a weekend and for catching up.
LETTER_DATE_SLACK = timedelta(days=7)
# A listing may begin with a quarter to come; later than that is a slip of the keyboard.
FURTHEST_BEGIN = timedelta(days=366)
OPEN_REQUIREMENTS_NAMED = 3
RETURN_IT = "Return the determination to its reviewer"


def application_is_complete(attempt: Attempt) -> Verdict:
    if attempt.application.discarded_at is not None:
        return no("The draft was discarded. Put it back first.")
    missing = gaps(attempt.application)
    if not missing:
        return YES
    count = "1 thing is" if len(missing) == 1 else f"{len(missing)} things are"
    return no(f"{count} missing: " + " ".join(gap.message for gap in missing))


def person_is_not_on_the_applicants_side(attempt: Attempt) -> Verdict:
    if attempt.by is not None and attempt.has_conflict_of_interest(attempt.by):
        return no("You have acted for the applicant, so somebody else has to review and decide.")
    return YES


def reviewer_can_review_it(attempt: Attempt) -> Verdict:
    if attempt.is_rehearsal:
        return YES
    reviewer = attempt.given["reviewer"]
    if not reviewer.has_role(Role.REVIEWER):
        return no(f"{reviewer} is not a reviewer now. Choose somebody else.")
    if attempt.has_conflict_of_interest(reviewer):
        return no(f"{reviewer} has acted for the applicant. Choose somebody else.")
    return YES


def reviewer_is_another_one(attempt: Attempt) -> Verdict:
    if attempt.is_rehearsal or attempt.given["reviewer"] != attempt.application.reviewer:
        return YES
    return no(f"{attempt.application.reviewer} is the reviewer already.")


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
    # Later than that is a slip of the keyboard, and would leave the application waiting for ever.
    longest = clocks().answer.longest
    if attempt.given["due_on"] > attempt.today + timedelta(days=longest):
        return no(f"The day on which the answer is due must be within {longest} days.")
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


def documents_of_the_answer_are_not_infected(attempt: Attempt) -> Verdict:
    """What was submitted before stays, whatever is found in it; what goes with the answer can still be replaced."""
    if attempt.is_rehearsal:
        return YES
    infected = attempt.application.documents.filter(
        removed_at=None, scan_state=ScanState.INFECTED, uploaded_at__gt=attempt.application.last_log().at
    )
    names = ", ".join(infected.order_by("id").values_list("name", flat=True))
    return no(f"The virus scan found something in {names}. Remove it and attach a clean copy.") if names else YES


def checklist_is_complete(attempt: Attempt) -> Verdict:
    rows = open_rows(attempt.application)
    if not rows:
        return YES
    named = " ".join(row.requirement for row in rows[:OPEN_REQUIREMENTS_NAMED])
    more = f" And {len(rows) - OPEN_REQUIREMENTS_NAMED} more." if len(rows) > OPEN_REQUIREMENTS_NAMED else ""
    return Verdict(
        ok=False,
        reason=f"The checklist is not complete. Still open: {named}{more}",
        lacks=tuple(Lack(row.name, row.requirement) for row in rows),
    )


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


def publication_day_is_ahead(attempt: Attempt) -> Verdict:
    if attempt.is_rehearsal:
        return YES
    day, furthest = attempt.given["publish_on"], attempt.today + timedelta(days=settings.PUBLICATION_WAITS_MOST_DAYS)
    if day < attempt.today or (day == attempt.today and not worker_publishes(attempt.application)):
        return no("The day of publication must be after today. To publish today, make the determination at once.")
    if day > furthest:
        return no(f"The day of publication must be on or before {furthest:%B %-d, %Y}.")
    return YES


def publication_day_has_come(attempt: Attempt) -> Verdict:
    determination = attempt.application.draft_determination()
    day = determination.publish_on if determination is not None else None
    if day is not None and day <= attempt.today:
        return YES
    return no("The day of publication has not come yet.")


def nobody_who_decided_is_on_the_applicants_side(attempt: Attempt) -> Verdict:
    """Who came to act for the applicant between the approval and the day of publication must not have decided."""
    determination = attempt.application.draft_determination()
    decided = (determination.recommended_by, determination.approved_by) if determination is not None else ()
    people = [person for person in decided if person is not None]
    for person in those_in_conflict(people, attempt.application) if people else ():
        return no(f"{person} decided and has acted for the applicant. {RETURN_IT}; somebody else has to decide.")
    return YES


def codes_are_in_force(attempt: Attempt) -> Verdict:
    """A code may be ended between draft, recommendation, approval and publication."""
    determination = attempt.application.draft_determination()
    if determination is None:
        return YES
    on = attempt.given.get("publish_on") or attempt.today
    ended = [code for code in assigned_codes(determination) if code.ended_on(on)]
    if not ended:
        return YES
    said = " ".join(f"{code.code} ended on {code.terminated:%B %-d, %Y}." for code in ended)
    if on > attempt.today and not any(code.ended_on(attempt.today) for code in ended):
        said = " ".join(f"{code.code} ends on {code.terminated:%B %-d, %Y}, before that day." for code in ended)
    return no(f"{said} {_what_to_do_about_codes(attempt)}")


def _what_to_do_about_codes(attempt: Attempt) -> str:
    if attempt.application.status == Status.IN_REVIEW:
        return "Change the draft determination: assign a code that is in force, or none."
    return f"{RETURN_IT}, who assigns a code that is in force, or none."


def begin_date_fits_the_outcome(attempt: Attempt) -> Verdict:
    determination = attempt.application.draft_determination()
    if attempt.is_rehearsal or determination is None:
        return YES
    if not begin_date_is_needed(determination):
        # What was approved with the day on which its listings began already has none to be given.
        given = attempt.given.get("begins")
        return no("Nothing is listed or ended, so leave the begin date empty.") if given else YES
    begins = attempt.given.get("begins") or determination.begins
    if begins is None:
        return no("Give the first date of service to which the listing applies.")
    if not FIRST_DAY <= begins <= attempt.today + FURTHEST_BEGIN:
        return no(f"{begins.isoformat()} is not a plausible begin date. Give one within a year from today at most.")
    why_not = why_too_early(determination, begins) or _why_not_valid(determination, begins)
    return no(why_not) if why_not else YES


def _why_not_valid(determination: Determination, begins: date) -> str:
    for code in assigned_codes(determination):
        if not code.valid_on(begins):
            return (
                f"{code.code} is not valid on {begins:%B %-d, %Y}: it is in force {_in_force(code)}. "
                "Choose a begin date on which it is, or return the determination to its reviewer for another code."
            )
    return ""


def _in_force(code: Code) -> str:
    since = f"from {code.added:%B %-d, %Y}" if code.added else ""
    until = f"until {code.terminated:%B %-d, %Y}" if code.terminated else ""
    return f"{since} {until}".strip() or "always"


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
        reviewer_can_review_it,
        reviewer_is_another_one,
        nobody_else_is_reviewing,
        due_day_is_ahead,
        answer_is_in_time,
        answer_is_overdue,
        every_item_is_answered,
        documents_of_the_answer_are_not_infected,
        checklist_is_complete,
        determination_is_drafted,
        approver_did_not_recommend,
        letter_date_is_near,
        publication_day_is_ahead,
        publication_day_has_come,
        nobody_who_decided_is_on_the_applicants_side,
        codes_are_in_force,
        begin_date_fits_the_outcome,
        letter_can_be_written,
    )
} | GUARDS_OF_KINDS

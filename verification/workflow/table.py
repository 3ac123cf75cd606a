"""The workflow: one table. Forms, buttons, the log's constraint and the docs' diagram are drawn from it.

A row says from where, to where, who may, what must be given, and under which conditions: guards of
verification/workflow/guards.py, by name.

What else happens in the same transaction stands in verification/workflow/effects.
"""

from dataclasses import dataclass, field, replace
from enum import Enum

from verification.workflow.states import Status


class Actor(Enum):
    APPLICANT = "the applicant"
    REVIEWER = "a reviewer"
    ASSIGNED_REVIEWER = "the assigned reviewer"
    APPROVER = "an approver"
    ASSIGNER = "an approver or an administrator"
    SYSTEM = "the system"


class Kind(Enum):
    TEXT = "text"
    DAY = "day"
    REJECTION_REASON = "rejection reason"
    ITEMS = "items"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Given:
    """Something that must be given with a transition."""

    name: str
    label: str
    kind: Kind
    help: str = ""
    required: bool = True


@dataclass(frozen=True)
class Transition:
    name: str
    label: str
    sources: frozenset[Status]
    target: Status | None
    """None: the application stays where it stands."""
    actor: Actor
    given: tuple[Given, ...] = ()
    guards: tuple[str, ...] = ()
    done: str = field(default="", kw_only=True)
    """The sentence shown to the person who performed it."""

    def leads_to(self, source: str) -> Status:
        return self.target or Status(source)


def _from(*sources: Status) -> frozenset[Status]:
    return frozenset(sources)


BEGINS = Given(
    "begins",
    "Listing begins on",
    Kind.DAY,
    "First date of service to which the listing applies, inclusive. Not needed where no code is assigned.",
    required=False,
)
BEGINS_AS_IT_WAS = replace(
    BEGINS, help="First date of service to which the listing applies, inclusive. Empty: as it was approved."
)
# Whoever reviews or decides acts for neither side, and did not decide what is reconsidered.
IMPARTIAL = ("person_is_not_on_the_applicants_side", "person_did_not_decide_the_first")
A_SECOND_PERSON = (*IMPARTIAL, "approver_did_not_recommend")
# What was true at the approval must still be true on the day of publication.
PUBLISHED_WHEN = (
    "determination_is_drafted",
    "nobody_who_decided_is_on_the_applicants_side",
    "codes_are_in_force",
    "begin_date_fits_the_outcome",
    "letter_can_be_written",
)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        "submit", "Submit the application",
        _from(Status.DRAFT), Status.SUBMITTED, Actor.APPLICANT,
        guards=(
            "reconsideration_is_in_time",
            "requestor_may_ask_for_reconsideration",
            "application_is_complete",
        ),
        done="The application was submitted.",
    ),
    Transition(
        "accept", "Take for review",
        _from(Status.SUBMITTED), Status.IN_REVIEW, Actor.REVIEWER,
        guards=IMPARTIAL,
        done="The application is yours to review.",
    ),
    Transition(
        "assign", "Assign to a reviewer",
        _from(Status.SUBMITTED), Status.IN_REVIEW, Actor.ASSIGNER,
        given=(Given("reviewer", "Reviewer", Kind.REVIEWER),),
        guards=(
            "person_is_not_on_the_applicants_side", "reviewer_can_review_it", "reviewer_did_not_decide_the_first",
        ),
        done="The application was assigned. The reviewer gets a mail.",
    ),
    Transition(
        # Not from “Recommended”: there it is an approver's turn, who may return it first.
        "reassign", "Give to another reviewer",
        _from(Status.IN_REVIEW, Status.INFORMATION_REQUESTED), None, Actor.ASSIGNER,
        given=(Given("reviewer", "New reviewer", Kind.REVIEWER),),
        guards=(
            "person_is_not_on_the_applicants_side",
            "reviewer_can_review_it",
            "reviewer_did_not_decide_the_first",
            "reviewer_is_another_one",
        ),
        done="The application has another reviewer. Both reviewers get a mail.",
    ),
    Transition(
        "reject", "Reject as incomplete",
        _from(Status.SUBMITTED, Status.IN_REVIEW, Status.INFORMATION_REQUESTED), Status.REJECTED, Actor.REVIEWER,
        given=(
            Given("reason_code", "Reason", Kind.REJECTION_REASON),
            Given("text", "What was missing, and what to do", Kind.TEXT, "The applicant reads this."),
        ),
        guards=(*IMPARTIAL, "nobody_else_is_reviewing"),
        done="The application was rejected. No determination was made; samples are kept for a while.",
    ),
    Transition(
        "request_information", "Ask the applicant for information",
        _from(Status.IN_REVIEW), Status.INFORMATION_REQUESTED, Actor.ASSIGNED_REVIEWER,
        given=(
            Given("items", "What is needed", Kind.ITEMS, "One item per line; each is answered by itself."),
            Given("due_on", "Answer due on", Kind.DAY, "Last day on which an answer is accepted, inclusive."),
        ),
        guards=("person_is_not_on_the_applicants_side", "due_day_is_ahead"),
        done="The applicant was asked.",
    ),
    Transition(
        "respond", "Send the answers",
        _from(Status.INFORMATION_REQUESTED), Status.IN_REVIEW, Actor.APPLICANT,
        given=(Given("answers", "Answers", Kind.ITEMS, "One answer for each item, in the same order."),),
        guards=("answer_is_in_time", "every_item_is_answered", "documents_of_the_answer_are_not_infected"),
        done="Your answers were sent.",
    ),
    Transition(
        "expire", "Close for want of an answer",
        _from(Status.INFORMATION_REQUESTED), Status.REJECTED, Actor.SYSTEM,
        guards=("answer_is_overdue",),
    ),
    Transition(
        "recommend", "Recommend this determination",
        _from(Status.IN_REVIEW), Status.RECOMMENDED, Actor.ASSIGNED_REVIEWER,
        guards=(
            *IMPARTIAL,
            "checklist_is_complete",
            "determination_is_drafted",
            "codes_are_in_force",
            "letter_can_be_written",
        ),
        done="Your recommendation waits for an approver.",
    ),
    Transition(
        "return", "Return to the reviewer",
        _from(Status.RECOMMENDED, Status.APPROVED), Status.IN_REVIEW, Actor.APPROVER,
        given=(Given("reason", "Why it is returned", Kind.TEXT, "Internal: the applicant does not read this."),),
        guards=A_SECOND_PERSON,
        done="The application was returned to its reviewer.",
    ),
    Transition(
        "determine", "Make the determination",
        _from(Status.RECOMMENDED), Status.DETERMINED, Actor.APPROVER,
        given=(
            Given("letter_date", "Date of the letter", Kind.DAY),
            BEGINS,
        ),
        guards=(
            *A_SECOND_PERSON,
            "determination_is_drafted",
            "letter_date_is_near",
            "codes_are_in_force",
            "begin_date_fits_the_outcome",
            "letter_can_be_written",
        ),
        done="The determination was made.",
    ),
    Transition(
        "approve", "Approve for a later day",
        _from(Status.RECOMMENDED), Status.APPROVED, Actor.APPROVER,
        given=(
            Given(
                "publish_on", "Day of publication", Kind.DAY,
                "The letter is dated and the listings are published on this day, by themselves. Until then nobody "
                "outside is told.",
            ),
            BEGINS,
        ),
        guards=(
            *A_SECOND_PERSON,
            "determination_is_drafted",
            "publication_day_is_ahead",
            "codes_are_in_force",
            "begin_date_fits_the_outcome",
            "letter_can_be_written",
        ),
        done="The determination is approved. It is published on its day.",
    ),
    Transition(
        "reschedule", "Change the day of publication",
        _from(Status.APPROVED), Status.APPROVED, Actor.APPROVER,
        given=(
            Given("publish_on", "Day of publication", Kind.DAY, "The date of the letter."),
            BEGINS_AS_IT_WAS,
        ),
        guards=(
            *A_SECOND_PERSON,
            "publication_day_is_ahead",
            "codes_are_in_force",
            "begin_date_fits_the_outcome",
        ),
        done="The day of publication was changed.",
    ),
    Transition(
        "recall", "Take the approval back",
        _from(Status.APPROVED), Status.RECOMMENDED, Actor.APPROVER,
        given=(Given("reason", "Why it is taken back", Kind.TEXT, "Internal: the applicant does not read this."),),
        guards=A_SECOND_PERSON,
        done="The approval was taken back. The recommendation waits for an approver again.",
    ),
    Transition(
        "publish", "Publish on its day",
        _from(Status.APPROVED), Status.DETERMINED, Actor.SYSTEM,
        guards=("publication_day_has_come", *PUBLISHED_WHEN),
    ),
    Transition(
        "publish_now", "Publish now",
        _from(Status.APPROVED), Status.DETERMINED, Actor.APPROVER,
        guards=(*A_SECOND_PERSON, *PUBLISHED_WHEN),
        done="The determination was published, with today as the date of its letter.",
    ),
    Transition(
        "withdraw", "Withdraw the application",
        # Also once recommended or approved: the applicant is not told that, so “In review” must not mean two things.
        _from(
            Status.SUBMITTED, Status.IN_REVIEW, Status.INFORMATION_REQUESTED, Status.RECOMMENDED, Status.APPROVED
        ),
        Status.WITHDRAWN, Actor.APPLICANT,
        done="The application was withdrawn.",
    ),
)  # fmt: skip

BY_NAME: dict[str, Transition] = {transition.name: transition for transition in TRANSITIONS}

# What the log may hold, for its constraint in the database; every log begins with `start`.
START = "start"
LOGGED_STEPS: tuple[tuple[str, str, str], ...] = (
    (START, "", Status.DRAFT.value),
    *(
        (transition.name, source.value, transition.leads_to(source).value)
        for transition in TRANSITIONS
        for source in sorted(transition.sources)
    ),
)

"""Where an application stands, under two names: the contractor's, and the one that everybody else reads."""

from django.db import models


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    IN_REVIEW = "in_review", "In review"
    INFORMATION_REQUESTED = "information_requested", "Information requested"
    RECOMMENDED = "recommended", "Recommended"
    APPROVED = "approved", "Approved, waits for its day"
    DETERMINED = "determined", "Determined"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"


# A recommendation is nobody's business before it is a determination, and neither is one that is approved and not
# published yet: to the applicant it is still "In review".
PUBLIC_LABELS: dict[str, str] = {
    Status.DRAFT: "Draft",
    Status.SUBMITTED: "Received",
    Status.IN_REVIEW: "In review",
    Status.INFORMATION_REQUESTED: "Waiting for you",
    Status.RECOMMENDED: "In review",
    Status.APPROVED: "In review",
    Status.DETERMINED: "Determination made",
    Status.REJECTED: "Rejected as incomplete",
    Status.WITHDRAWN: "Withdrawn",
}

FINAL = frozenset({Status.DETERMINED, Status.REJECTED, Status.WITHDRAWN})
OPEN_FOR_REVIEW = frozenset(
    {Status.SUBMITTED, Status.IN_REVIEW, Status.INFORMATION_REQUESTED, Status.RECOMMENDED, Status.APPROVED}
)
WITH_A_REVIEWER = (OPEN_FOR_REVIEW - {Status.SUBMITTED}) | {Status.DETERMINED}
EDITABLE = frozenset({Status.DRAFT})

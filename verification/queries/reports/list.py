"""The reports, in the order of the page. A new one is one line here."""

from verification.queries.reports.determined import by_code, by_outcome, by_reviewer
from verification.queries.reports.ends import reconsiderations, rejection_reasons
from verification.queries.reports.figures import Report
from verification.queries.reports.pending import overdue, pending_by_age
from verification.queries.reports.received import received_and_closed
from verification.queries.reports.times import time_in_each_state, whole_time

NOTHING_CLOSED = "Nothing was determined in this period."

REPORTS = (
    Report(
        "received",
        "Received and closed",
        "Applications by the day on which they were submitted, and by the day on which they were closed.",
        "Nothing was received or closed in this period.",
        received_and_closed,
    ),
    Report(
        "pending",
        "Pending, by age",
        "What was open at the end of the period, or is open today, by calendar days since its submission.",
        "Nothing was pending.",
        pending_by_age,
    ),
    Report(
        "overdue",
        "Overdue",
        "What is open now, and what was closed in the period, by whether it was in time.",
        "Nothing is open, and nothing was closed in this period.",
        overdue,
    ),
    Report(
        "outcomes",
        "Determined, by outcome",
        "Determinations made in the period; days from submission to determination.",
        NOTHING_CLOSED,
        by_outcome,
    ),
    Report(
        "codes",
        "Determined, by code",
        "A determination that assigns two codes counts under both.",
        "No code was assigned in this period.",
        by_code,
    ),
    Report(
        "reviewers",
        "Closed, by reviewer",
        "By whom each was reviewed when it was closed. Applications withdrawn or rejected before have nobody.",
        "Nothing was closed in this period.",
        by_reviewer,
    ),
    Report(
        "states",
        "Time in each state",
        "Of stays that ended within the period; days of 24 hours. The contractor’s clock stops for the applicant’s.",
        "Nothing moved on in this period.",
        time_in_each_state,
    ),
    Report(
        "times",
        "Time from submission to the end",
        "Of what was closed in the period, what waiting for the applicant took apart from the contractor’s own time.",
        "Nothing was closed in this period.",
        whole_time,
    ),
    Report(
        "rejections",
        "Rejections, by reason",
        "Also those that ended by themselves because no answer came.",
        "Nothing was rejected in this period.",
        rejection_reasons,
    ),
    Report(
        "reconsiderations",
        "Reconsiderations",
        "Of the determinations made in the period, those for which a reconsideration was asked until today.",
        NOTHING_CLOSED,
        reconsiderations,
    ),
)
BY_KEY = {report.key: report for report in REPORTS}

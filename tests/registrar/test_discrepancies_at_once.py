"""The same moment, connections of their own: one report, one outcome, one mail, and counts that add up."""

import uuid
from collections.abc import Callable
from datetime import date

import pytest

from accounts.models import OutgoingMail, Role
from pcl.models import DiscrepancyKind, DiscrepancyOutcome, DiscrepancyReport, DiscrepancyStep
from pcl.queries.listing_statistics import Scope, course
from pcl.services.discrepancies import close_report, file_report
from tests.factories.accounts import contractor_person
from tests.factories.discrepancies import report_on
from tests.factories.register import make_code, publish, some_organization
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Start all of them together; answers "done" or the refusal of each, sorted."""
    return sorted("done" if refusal is None else type(refusal).__name__ for refusal in together(*acts))


def test_two_registrars_close_the_same_report() -> None:
    report = report_on(publish(), email="biller@firm.example")

    def closing() -> Callable[[], object]:
        by = contractor_person(Role.REGISTRAR)
        return lambda: close_report(
            report=report,
            seen_version=1,
            outcome=DiscrepancyOutcome.NOT_A_DISCREPANCY,
            note="It agrees.",
            answer="It is right.",
            by=by,
        )

    assert at_once(closing(), closing()) == ["Stale", "done"]
    assert DiscrepancyStep.objects.filter(kind="closed").count() == 1
    assert OutgoingMail.objects.count() == 1


def test_an_impatient_double_click() -> None:
    listing, submission = publish(), uuid.uuid4()

    def filing() -> object:
        kind = DiscrepancyKind.WRONG_DATES
        return file_report(submission=submission, kind=kind, text="The dates are wrong.", listing=listing)

    assert at_once(*[filing] * 4) == ["done"] * 4
    assert (DiscrepancyReport.objects.count(), DiscrepancyStep.objects.count()) == (1, 1)


def test_listings_published_at_once_are_all_counted() -> None:
    code = make_code("K0001")
    some_organization("Argo Technologies")
    acts = [lambda name=f"Brace {n}": publish(name, code=code, begins=date(2024, 1, 1)) for n in range(4)]
    assert at_once(*acts) == ["done"] * 4
    assert [month.in_force for month in course(Scope(), until=date(2024, 1, 1))] == [4]

"""Two people at the same moment, each in a connection of their own: one wins, the other is told."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from pcl.models import Listing, Organization, Product
from tests.factories.verification import (
    again,
    approved,
    approver,
    determined,
    manufacturer,
    recommended,
    reviewer,
    submitted,
)
from tests.together import together
from verification.letters.jobs import write_letter
from verification.models import Application, Determination, Letter, TransitionLog
from verification.services.correct_letter import approve_correction, propose_correction
from verification.services.publish_waiting import publish_due, publish_together
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Start all of them together; answers "done", or why not, of each."""
    return ["done" if refusal is None else f"{type(refusal).__name__}: {refusal}" for refusal in together(*acts)]


def determining(application: Application) -> Callable[[], object]:
    by, today = approver(), timezone.localdate()
    return lambda: perform(
        "determine",
        application=application,
        by=by,
        seen_version=application.version,
        given={"letter_date": today, "begins": today},
    )


def test_two_reviewers_take_the_same_application() -> None:
    application = submitted()
    people = [reviewer(), reviewer()]

    def taking(by: object) -> Callable[[], object]:
        return lambda: perform("accept", application=application, by=by, seen_version=application.version)  # type: ignore[arg-type]

    answers = at_once(*[taking(person) for person in people])
    assert sorted(answers) == [
        "NotFromHere: This application is “In review” now, so this cannot be done: Take for review.",
        "done",
    ]
    assert again(application).reviewer == people[answers.index("done")]
    assert TransitionLog.objects.filter(application=application, transition="accept").count() == 1


def test_two_approvers_determine_the_same_application() -> None:
    application = recommended(model_numbers=("A", "B"))
    answers = at_once(determining(application), determining(application))
    assert sorted(answers) == [
        "NotFromHere: This application is “Determined” now, so this cannot be done: Make the determination.",
        "done",
    ]
    assert (Listing.objects.count(), Letter.objects.count()) == (2, 1)


def test_two_workers_and_an_approver_publish_what_waits_once(settings: Any) -> None:
    settings.PUBLICATION_HOUR = 0
    applications = [approved(model_numbers=("A", "B")) for _ in range(2)]
    Determination.objects.update(publish_on=timezone.localdate())
    by = approver()
    seen = [(application, application.version) for application in applications]
    assert at_once(publish_due, publish_due, lambda: publish_together(seen, by=by)) == ["done"] * 3
    assert [again(application).status for application in applications] == ["determined"] * 2
    assert (Listing.objects.count(), Letter.objects.count()) == (4, 2)


def test_two_people_decide_on_a_correction() -> None:
    application = determined()
    write_letter(letter_id=Letter.objects.get().pk)
    correction = propose_correction(
        letter=application.determination.letters.get(),
        changes={"contact": "Dana Right"},
        what="The contact.",
        on_the_register=False,
        by=reviewer(),
    )
    people = [approver(), approver()]
    answers = at_once(*[lambda by=by: approve_correction(correction=correction, by=by) for by in people])  # type: ignore[misc]
    assert sorted(answers) == ["NotFromHere: This correction was decided on already.", "done"]
    assert Letter.objects.count() == 2


def test_one_approver_clicks_twice() -> None:
    application = recommended()
    act = determining(application)
    assert at_once(act, act) == ["done", "done"]
    assert (Listing.objects.count(), Letter.objects.count()) == (1, 1)


def test_two_determinations_found_one_new_manufacturer_and_one_product() -> None:
    """Two applications name the same maker, whom the register does not know, and the same product."""
    applications = []
    for number in ("A", "B"):
        application = recommended(manufacturer(), product_name="Shared", model_numbers=(number,))
        Application.objects.filter(pk=application.pk).update(manufacturer_name="A Maker Nobody Knows")
        applications.append(again(application))
    assert at_once(*[determining(application) for application in applications]) == ["done", "done"]
    assert Organization.objects.filter(name="A Maker Nobody Knows").count() == 1
    assert Product.objects.filter(name="Shared").count() == 1
    assert Listing.objects.count() == 2

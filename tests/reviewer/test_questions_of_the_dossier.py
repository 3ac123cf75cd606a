"""How many questions the dossier asks the database: few, whatever the kind of application and whoever reads it."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from pcl.models import Listing
from tests.factories.companies import representative_of
from tests.factories.kinds import complete_addition, complete_reconsideration, complete_renaming, submit
from tests.factories.kinds import recommend as bring_to_recommended
from tests.factories.verification import (
    again,
    approved,
    approver,
    code,
    determined,
    in_review,
    manufacturer,
    organization_of,
    recommended,
    reviewed,
    submitted,
)
from verification.models import Application, Outcome, Visibility
from verification.services import messages
from verification.services.review import remark
from verification.workflow.perform import perform

MOST_QUERIES = 14
OTHER_CODE = "K1032"


def numbers(count: int) -> list[str]:
    return [f"M-{count}-{number}" for number in range(count)]


def taken(application: Application, by: User) -> Application:
    perform("accept", application=application, by=by, seen_version=application.version)
    return again(application)


def for_another(robin: User, count: int) -> Application:
    """Made by a representative, for a manufacturer, with a distributor: all three are named."""
    maker = manufacturer()
    representative = representative_of(maker)
    return reviewed(
        representative,
        behalf=organization_of(maker),
        reviewed_by=robin,
        model_numbers=numbers(count),
        distributor_name=f"Distributor {count} LLC",
    )


def a_reconsideration(robin: User, count: int) -> Application:
    first = determined(outcome=Outcome.NO_CODE, model_numbers=numbers(count))
    return taken(submit(complete_reconsideration(first)), robin)


def a_recommended_reconsideration(robin: User, count: int) -> Application:
    first = determined(outcome=Outcome.CODES_ASSIGNED, model_numbers=numbers(count))
    second = submit(complete_reconsideration(first))
    return bring_to_recommended(second, outcome=Outcome.CODES_ASSIGNED, codes=[code()])


def a_reconsidered_one(robin: User, count: int) -> Application:
    first = determined(outcome=Outcome.NO_CODE, model_numbers=numbers(count))
    submit(complete_reconsideration(first))
    return again(first)


def an_addition(robin: User, count: int) -> Application:
    maker = manufacturer()
    determined(maker, model_numbers=(f"SO-{count}",))
    determined(model_numbers=numbers(count))  # another manufacturer lists these numbers
    listing = Listing.objects.get(model__model_number=f"SO-{count}")
    return taken(submit(complete_addition(listing, maker, model_numbers=tuple(numbers(count)))), robin)


def a_renaming(robin: User, count: int) -> Application:
    maker = manufacturer()
    determined(maker, model_numbers=numbers(count))
    return taken(submit(complete_renaming(maker, f"Renamed {count} Inc.")), robin)


def with_an_earlier_one(robin: User, count: int) -> Application:
    maker = manufacturer()
    earlier = determined(maker, model_numbers=numbers(count))
    application = in_review(maker, reviewed_by=robin, model_numbers=numbers(count))
    Application.objects.filter(pk=application.pk).update(previous_dcn=earlier.dcn)
    return again(application)


MAKERS: dict[str, Callable[[User, int], Application]] = {
    "submitted": lambda _, count: submitted(model_numbers=numbers(count)),
    "reviewed": lambda robin, count: reviewed(reviewed_by=robin, model_numbers=numbers(count)),
    "of a representative": for_another,
    "citing": with_an_earlier_one,
    "recommended": lambda robin, count: recommended(reviewed_by=robin, model_numbers=numbers(count)),
    "approved": lambda robin, count: approved(reviewed_by=robin, model_numbers=numbers(count)),
    "determined": lambda robin, count: determined(reviewed_by=robin, model_numbers=numbers(count)),
    "reconsideration": a_reconsideration,
    "reconsideration recommended": a_recommended_reconsideration,
    "reconsidered": a_reconsidered_one,
    "addition": an_addition,
    "name change": a_renaming,
}


@pytest.mark.parametrize("case", list(MAKERS))
def test_questions_are_few_of_every_kind(robin: User, as_robin: Client, as_avery: Client, case: str) -> None:
    counted = []
    for count in (1, 3):
        application = MAKERS[case](robin, count)
        for number in range(count):
            remark(application=application, text=f"Remark {number}", visibility=Visibility.INTERNAL, by=approver())
            if application.closed_at is None:
                messages.write_to_reviewer(application=application, text=f"Answer {number}", by=application.created_by)
        counted.append(
            {
                f"{name}{walk}": asked(client, f"/review/{application.pk}/{walk}")
                for name, client in {"robin": as_robin, "avery": as_avery}.items()
                for walk in ("", "?queue=sort%3Dnewest")
            }
        )
    assert counted[1] == counted[0]
    assert max(counted[0].values()) <= MOST_QUERIES, counted


def asked(client: Client, address: str) -> int:
    """How many questions it takes when nothing on it is new any more."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200

    return len(queries)

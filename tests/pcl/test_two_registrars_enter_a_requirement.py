"""Two at once: what the second could not see, the database does."""

import threading
from datetime import date

import pytest
from django.db import connection, connections, transaction

from hcpcs.models import Code
from pcl.errors import RegisterError
from pcl.models import Requirement
from pcl.services.requirements import RequirementSaid, add_requirement
from tests.factories.register import make_code

SAID = RequirementSaid(code="K1007", product_group="orthoses", begins=date(2024, 6, 1), source="The first publication")


@pytest.mark.django_db(transaction=True)
def test_the_second_of_two_is_told_which_one_is_in_the_way() -> None:
    code: Code = make_code("K1007")
    told: list[str] = []

    def second() -> None:
        try:
            add_requirement(said=SAID, reason="The second.", by=None)
        except RegisterError as error:
            told.append(str(error))
        finally:
            connections.close_all()

    with transaction.atomic():
        add_requirement(said=SAID, reason="The first.", by=None)
        thread = threading.Thread(target=second)
        thread.start()
        _wait_until_somebody_waits()
    thread.join(timeout=30)

    assert len(told) == 1
    assert "K1007 has a requirement already for dates of service from June 1, 2024" in told[0]
    assert "(source: The first publication)" in told[0]
    assert Requirement.objects.filter(code=code).count() == 1


def _wait_until_somebody_waits() -> None:
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.05)")
    pytest.fail("The second never came as far as the first's row.")

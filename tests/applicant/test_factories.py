import pytest

from tests.factories.verification import STAGES


@pytest.mark.django_db
@pytest.mark.parametrize("status", STAGES)
def test_a_stage_is_reached_through_the_services(status: str) -> None:
    assert STAGES[status]().status == status

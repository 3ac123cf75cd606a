from datetime import date

import pytest

from hcpcs.models import Code
from hcpcs.queries.codes import code_in_force, valid_on
from hcpcs.services.load_seed_codes import load_seed_codes

DAYS = [date(2022, 3, 31), date(2022, 4, 1), date(2023, 12, 31), date(2024, 1, 1)]


def test_first_and_last_day_are_included() -> None:
    code = Code(added=date(2022, 4, 1), terminated=date(2023, 12, 31), action_effective=date(2024, 1, 1))
    assert [code.valid_on(day) for day in DAYS] == [False, True, True, False]
    assert [code.ended_on(day) for day in DAYS] == [False, False, False, True]
    assert [code.begins_after(day) for day in DAYS] == [True, False, False, False]


@pytest.mark.parametrize("action_code", ["", "N", "D", "R", "A"])
def test_action_date_and_code_do_not_revive_a_code(action_code: str) -> None:
    code = Code(terminated=date(2023, 12, 31), action_effective=date(2024, 1, 1), action_code=action_code)
    assert not code.valid_on(date(2024, 1, 1))


def test_end_in_the_future_is_no_end_yet() -> None:
    assert Code(added=date(2020, 1, 1), terminated=date(2030, 12, 31)).valid_on(date(2026, 11, 21))


@pytest.mark.django_db
def test_database_and_object_agree_on_k1032() -> None:
    k1032 = load_seed_codes()[1]
    for day in DAYS:
        found = code_in_force("K1032", on=day)
        assert (found == k1032) is k1032.valid_on(day)
        assert Code.objects.filter(valid_on(day), pk=k1032.pk).exists() is k1032.valid_on(day)

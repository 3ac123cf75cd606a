"""What can be entered and changed by hand, and what is in the way."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from pcl.errors import ChangedMeanwhileError, RegisterError
from pcl.models import Requirement, RequirementChange
from pcl.queries.requirements import requirement_for, requirements_on
from pcl.services.requirements import RequirementSaid, add_requirement, revise_requirement
from tests.factories.register import make_code, require

pytestmark = pytest.mark.django_db


def said(**fields: Any) -> RequirementSaid:
    given = {"code": "K1007", "product_group": "orthoses", "begins": date(2024, 6, 1), "source": "A publication"}
    return RequirementSaid(**(given | fields))


def enter(**fields: Any) -> Requirement:
    return add_requirement(said=said(**fields), reason="As published.", by=None)


def test_both_days_count() -> None:
    code = make_code("K1007")
    requirement = enter(ends=date(2024, 6, 30))

    def applies(day: date) -> tuple[bool, int]:
        told = requirement_for(code, on=day)
        assert told is not None
        return told.applies, requirements_on(day).count()

    assert [applies(date(2024, 5, 31)), applies(date(2024, 6, 1))] == [(False, 0), (True, 1)]
    assert [applies(date(2024, 6, 30)), applies(date(2024, 7, 1))] == [(True, 1), (False, 0)]
    change = RequirementChange.objects.get()
    assert (change.requirement, change.version, change.before, change.reason) == (requirement, 1, None, "As published.")
    assert (change.after["in_force_from"], change.after["in_force_to"]) == ("2024-06-01", "2024-06-30")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"ends": date(2024, 5, 31)}, "The last date of service, May 31, 2024, lies before the first, June 1, 2024."),
        ({"begins": date(1850, 1, 1)}, "1850-01-01 is not a plausible date."),
        ({"begins": None}, "Give the first date of service or, where the source names none"),
        (
            {"begins": None, "snapshot_date": date(2025, 5, 1), "ends": date(2024, 1, 1)},
            "The source named the code on May 1, 2025, after the last date of service, January 1, 2024.",
        ),
        ({"code": "Z9999"}, "Z9999 is not a code of the catalogue."),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(fields: dict[str, Any], why: str) -> None:
    make_code("K1007")

    with pytest.raises(RegisterError) as refused:
        enter(**fields)

    assert why in str(refused.value)
    assert (Requirement.objects.count(), RequirementChange.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("there", "fields", "days"),
    [
        ({"begins": date(2024, 6, 1)}, {}, "from June 1, 2024, with no end set"),
        (
            {"begins": date(2020, 1, 1), "ends": date(2024, 6, 2)},
            {},
            "from January 1, 2020, up to June 1, 2024",
        ),
        ({"begins": None}, {"begins": date(2010, 1, 1)}, "with no known begin, with no end set"),
    ],
)
def test_the_requirement_that_is_in_the_way_is_named(there: dict[str, Any], fields: dict[str, Any], days: str) -> None:
    require(make_code("K1007"), source="The list of 2020", **there)
    require(make_code("L8701"), begins=date(2024, 6, 1))

    with pytest.raises(RegisterError) as refused:
        enter(**fields)

    words = f"K1007 has a requirement already for dates of service {days} (source: The list of 2020)"
    assert words in str(refused.value)
    assert Requirement.objects.filter(code__code="K1007").count() == 1


def test_one_begins_on_the_day_after_another_ended() -> None:
    require(make_code("K1007"), begins=date(2020, 1, 1), ends=date(2024, 6, 1))

    enter()

    assert [each.in_force_from for each in Requirement.objects.order_by("in_force")] == [
        date(2020, 1, 1),
        date(2024, 6, 1),
    ]


def test_the_database_refuses_an_overlap_by_itself() -> None:
    code = make_code("K1007")
    require(code, begins=date(2020, 1, 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        require(code, begins=date(2024, 1, 1))


def test_a_change_keeps_what_was_said_before() -> None:
    make_code("K1007")
    requirement = enter()

    revise_requirement(
        requirement=requirement, seen_version=1, said=said(ends=date(2026, 1, 31)), reason="Retired.", by=None
    )

    requirement.refresh_from_db()
    assert (requirement.version, requirement.in_force_to) == (2, date(2026, 1, 31))
    change = RequirementChange.objects.get(version=2)
    assert change.before is not None
    assert (change.before["in_force_to"], change.after["in_force_to"]) == (None, "2026-01-31")


def test_the_second_of_two_is_told() -> None:
    make_code("K1007")
    requirement = enter()
    revise_requirement(requirement=requirement, seen_version=1, said=said(lcd="First"), reason="One", by=None)

    with pytest.raises(ChangedMeanwhileError, match="Somebody else has revised this requirement"):
        revise_requirement(requirement=requirement, seen_version=1, said=said(lcd="Second"), reason="Two", by=None)

    requirement.refresh_from_db()
    assert (requirement.lcd, requirement.version) == ("First", 2)


def test_a_change_of_nothing_is_refused() -> None:
    make_code("K1007")
    requirement = enter()

    with pytest.raises(RegisterError, match="Nothing is different"):
        revise_requirement(requirement=requirement, seen_version=1, said=said(), reason="Again", by=None)

    assert RequirementChange.objects.count() == 1


def test_a_code_stays_bound_to_its_meaning() -> None:
    old = make_code("Q2040", added=date(2010, 1, 1), terminated=date(2015, 12, 31))
    new = make_code("Q2040", added=date(2018, 1, 1))
    first = enter(code="Q2040", begins=date(2012, 1, 1), ends=date(2015, 12, 31))
    second = enter(code="Q2040", begins=date(2019, 1, 1))

    assert (first.code, second.code) == (old, new)
    revised = revise_requirement(
        requirement=first,
        seen_version=1,
        said=said(code="Q2040", begins=date(2018, 6, 1), ends=date(2018, 12, 31)),
        reason="Other days",
        by=None,
    )
    assert revised.code == old

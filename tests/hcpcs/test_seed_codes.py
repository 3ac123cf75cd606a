from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from hcpcs.models import LAYOUT_FIELDS, Code, Release
from hcpcs.services.import_release import import_release
from hcpcs.services.import_report import ImportReport
from hcpcs.services.load_seed_codes import load_reviewed_codes, load_seed_codes
from tests.hcpcs.conftest import TEXT_2025, WORKBOOK_2023
from tests.hcpcs.files import first_line, release_file

pytestmark = pytest.mark.django_db


def test_seed_has_two_codes_and_counts_as_an_excerpt() -> None:
    assert [code.code for code in load_seed_codes()] == ["K1007", "K1032"]
    assert [release.is_complete for release in Release.objects.all()] == [False]


def test_loading_it_again_changes_nothing() -> None:
    ids = [code.pk for code in load_seed_codes()]
    assert [code.pk for code in load_seed_codes()] == ids
    assert Release.objects.count() == 1


def test_complete_release_lacking_a_seed_code_reports_it_and_ends_nothing(tmp_path: Path) -> None:
    load_seed_codes()
    report = import_release(path=release_file(tmp_path, [first_line("E0001")], name="HCPC2025_OCT_ANWEB.txt"))
    assert report.absent == [("code", "K1007"), ("code", "K1032")]
    assert Code.objects.get(code="K1007").valid_on(date(2025, 10, 1))


def test_later_complete_release_takes_over_and_the_ids_stay(load: Callable[[str], ImportReport]) -> None:
    ids = [code.pk for code in load_seed_codes()]
    report = load(TEXT_2025)
    assert [change.code for change in report.changed] == []
    codes = Code.objects.filter(code__in=["K1007", "K1032"]).order_by("code")
    assert [code.pk for code in codes] == ids
    assert {code.last_release.file_name for code in codes} == {TEXT_2025}


def test_seed_does_not_damage_what_a_complete_release_says(load: Callable[[str], ImportReport]) -> None:
    load(TEXT_2025)
    before = list(Code.objects.order_by("pk").values_list(*LAYOUT_FIELDS, "last_release"))
    load_seed_codes()
    assert list(Code.objects.order_by("pk").values_list(*LAYOUT_FIELDS, "last_release")) == before


def test_older_release_does_not_revive_k1032(load: Callable[[str], ImportReport]) -> None:
    """K1032 was active in January 2023; the seed knows that it ended in December."""
    load_seed_codes()
    load(WORKBOOK_2023)
    assert Code.objects.get(code="K1032").terminated == date(2023, 12, 31)


def test_the_codes_that_are_reviewed_stand_beside_the_seed() -> None:
    load_seed_codes()
    before = list(Code.objects.order_by("pk").values_list("pk", *LAYOUT_FIELDS, "last_release"))
    assert load_reviewed_codes() == 352
    assert Code.objects.count() == 354
    assert list(Code.objects.order_by("pk").values_list("pk", *LAYOUT_FIELDS, "last_release")[:2]) == before
    diabetic_shoe = Code.objects.get(code="A5500")
    assert (diabetic_shoe.types_of_service, diabetic_shoe.mcm_references, diabetic_shoe.added) == (
        ["J"],
        ["2134"],
        date(1995, 1, 1),
    )
    assert [release.is_complete for release in Release.objects.all()] == [False, False]


def test_loading_them_again_changes_nothing() -> None:
    load_reviewed_codes()
    before = list(Code.objects.order_by("pk").values_list("pk", *LAYOUT_FIELDS, "last_release"))
    load_reviewed_codes()
    assert list(Code.objects.order_by("pk").values_list("pk", *LAYOUT_FIELDS, "last_release")) == before
    assert Release.objects.count() == 1


def test_they_say_what_the_release_says_that_they_are_taken_from(load: Callable[[str], ImportReport]) -> None:
    load_reviewed_codes()
    ids = list(Code.objects.order_by("code").values_list("pk", "code"))
    report = load(TEXT_2025)
    assert [change.code for change in report.changed] == []
    assert list(Code.objects.filter(pk__in=[pk for pk, _ in ids]).order_by("code").values_list("pk", "code")) == ids

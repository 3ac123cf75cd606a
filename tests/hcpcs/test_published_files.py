"""CMS's own files, where they are at hand."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

import pytest

from hcpcs.models import LAYOUT_FIELDS, Code, Release, ReleaseRecord
from hcpcs.parsing.record import ParsedFile
from hcpcs.queries.codes import code_in_force
from hcpcs.queries.releases import record_history
from hcpcs.services.import_report import ImportReport
from tests.hcpcs.conftest import TEXT_2019, TEXT_2025, WORKBOOK_2019, WORKBOOK_2023

Load = Callable[[str], ImportReport]
Parsed = Callable[[str], ParsedFile]


@pytest.mark.parametrize(
    ("name", "codes", "modifiers"),
    [(TEXT_2019, 6440, 360), (WORKBOOK_2019, 6440, 360), (WORKBOOK_2023, 7404, 381), (TEXT_2025, 8463, 383)],
)
def test_every_record_is_read(name: str, codes: int, modifiers: int, parsed: Parsed) -> None:
    file = parsed(name)
    assert Counter(str(record.kind) for record in file.records) == {"code": codes, "modifier": modifiers}
    assert (file.skipped, file.copyrighted) == ([], 0)


def test_text_and_workbook_of_2019_differ_only_where_cms_made_them_differ(parsed: Parsed) -> None:
    """Every field of 6,800 records: the workbook lacks dates, and has one type of service more for two codes."""
    book = {(record.kind, record.code): record for record in parsed(WORKBOOK_2019).records}
    different = [
        (text.code, name, before, after)
        for text in parsed(TEXT_2019).records
        for name, before, after in zip(LAYOUT_FIELDS, text, book[text.kind, text.code], strict=True)
        if before != after
    ]
    blanked = [row for row in different if row[1] == "action_effective" and row[3] is None]
    rest = [row for row in different if row not in blanked]
    assert len(blanked) == 115
    assert rest == [
        ("E0210", "types_of_service", ("A", "L", "P"), ("A", "L", "P", "R")),
        ("E0776", "types_of_service", ("A", "E", "P"), ("A", "E", "P", "R")),
    ]


@pytest.mark.django_db
def test_k1032_ended_with_2023(load: Load) -> None:
    load(TEXT_2025)
    k1032 = Code.objects.get(code="K1032")
    assert (k1032.added, k1032.terminated) == (date(2022, 4, 1), date(2023, 12, 31))
    assert code_in_force("K1032", on=date(2023, 12, 31)) == k1032
    assert code_in_force("K1032", on=date(2024, 1, 1)) is None
    assert code_in_force("K1007", on=date(2024, 1, 1)) is not None


@pytest.mark.django_db
def test_same_file_twice_changes_nothing(load: Load) -> None:
    load(TEXT_2025)
    before = list(Code.objects.values_list())
    report = load(TEXT_2025)
    assert not report.anything_written
    assert list(Code.objects.values_list()) == before
    assert (Release.objects.count(), ReleaseRecord.objects.count()) == (1, 8846)


@pytest.mark.django_db
def test_any_order_of_loading_gives_the_same_catalogue(load: Load) -> None:
    def catalogue(names: Sequence[str]) -> list[tuple[object, ...]]:
        Code.objects.all().delete()
        Release.objects.all().delete()
        for name in names:
            load(name)
        fields = (*LAYOUT_FIELDS, "first_release__file_name", "last_release__file_name")
        return sorted(Code.objects.values_list(*fields), key=str)

    forward = catalogue([TEXT_2019, WORKBOOK_2023, TEXT_2025])
    assert len(forward) == 8846
    assert catalogue([TEXT_2025, TEXT_2019, WORKBOOK_2023]) == forward


@pytest.mark.django_db
def test_years_between_releases_are_reported(load: Load) -> None:
    load(TEXT_2019)
    report = load(WORKBOOK_2023)
    assert (len(report.added), report.absent, report.removed) == (985, [], [])
    assert len(report.changed) > 900
    assert ("code", "M1015", date(2020, 12, 31)) in report.ended


@pytest.mark.django_db
def test_history_keeps_what_each_release_said(load: Load) -> None:
    """The modifier CS was of the Gulf oil spill of 2010; CMS gave it to COVID-19 tests and left its added date."""
    load(TEXT_2019)
    load(WORKBOOK_2023)
    newest, oldest = record_history("CS", kind="modifier")
    assert oldest.record.long_description.startswith("Item or service related")
    assert newest.changes["long_description"][1].startswith("Cost-sharing waived")
    assert (newest.release.year, oldest.changes) == (2023, {})


@pytest.mark.django_db
def test_unknown_values_of_a_real_file_are_warnings(load: Load) -> None:
    assert load(TEXT_2025).warnings == ["lab certifications: the value '.0' is unknown (in 72 records)"]

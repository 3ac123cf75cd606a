"""A file that is no fee schedule changes nothing; one bad row is told with its line and column."""

import zipfile
from pathlib import Path

import pytest

from hcpcs.models import Fee, FeeSchedule
from hcpcs.parsing import fee_file as module
from hcpcs.parsing.fee_file import FeeFileError
from hcpcs.services.import_fees import import_fees
from tests.hcpcs.fee_files import HEADER, fee_file, fee_row, fee_workbook
from tests.hcpcs.files import first_line, release_file, release_workbook, workbook_row

pytestmark = pytest.mark.django_db


def refuse(path: Path, because: str, **options: object) -> None:
    before = list(Fee.objects.values_list("pk", flat=True))
    with pytest.raises(FeeFileError, match=because):
        import_fees(path=path, **options)  # type: ignore[arg-type]
    assert list(Fee.objects.values_list("pk", flat=True)) == before
    assert FeeSchedule.objects.count() == (1 if before else 0)


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\x00\x01\x02\xff" * 200, "binary"),
        (b"%PDF-1.7 something", "PDF"),
        (b"Dear all,\r\nplease find the file attached.\r\n", "no header row"),
        (b"code,price\r\nE0001,12.00\r\n", "no header row"),
        (b"HCPCS,price\r\nE0001,12.00\r\n", "no column MOD, MOD2, JURIS, CATG, CEILING, FLOOR"),
        (b"HCPCS,Mod,Mod2,JURIS,CATG,Ceiling,Floor,AL,AR\r\nB4034,,,D,PE,0,0,1,1\r\n", "parenteral"),
        (b'"An open quotation mark\r\nHCPCS,Mod,Mod2\r\n', "never closed"),
        (b"PK\x03\x04 and nothing more", "archive"),
    ],
)
def test_other_content(tmp_path: Path, content: bytes, because: str) -> None:
    path = tmp_path / "DMEPOS25_APR.csv"
    path.write_bytes(content)
    refuse(path, because)


def test_a_release_of_codes(tmp_path: Path) -> None:
    refuse(release_file(tmp_path, [first_line("E0001")]), "HCPCS Level II release, not a fee schedule")
    refuse(release_workbook(tmp_path, [workbook_row("E0001")]), "no column")


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    refuse(tmp_path / "none.csv", "cannot be read")
    refuse(tmp_path, "cannot be read")


def test_a_header_without_rows(tmp_path: Path) -> None:
    refuse(fee_file(tmp_path, []), "No row with a HCPCS code")


def test_a_column_twice(tmp_path: Path) -> None:
    header = [*HEADER[:-1], "AL (NR)", "Description"]
    refuse(fee_file(tmp_path, [fee_row("E0001")], header=header), r"two columns AL \(NR\)")


@pytest.mark.parametrize("cells", [2, 7, 13])
def test_a_file_cut_off_in_its_last_row(tmp_path: Path, cells: int) -> None:
    rows = [fee_row(f"E00{number:02}") for number in range(30)]
    refuse(fee_file(tmp_path, [*rows, fee_row("E0099")[:cells]]), "cut off in the middle of line 36")


def test_a_file_in_another_layout(tmp_path: Path) -> None:
    wrong = [fee_row("E0001", amounts=("ten", *["0.00"] * 5)) for _ in range(10)]
    refuse(fee_file(tmp_path, [fee_row("E0002"), *wrong]), r"10 rows beside 1 .* Line 7: E0001: column AL \(NR\)")


def test_an_archive_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("HCPC2025_OCT_ANWEB.txt", "text")
    refuse(path, "no fee schedule")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("DMEPOS25_APR.csv", "text")
        archive.writestr("DMEPOS25_JUL.csv", "text")
    refuse(path, "several fee schedules")


def test_an_archive_that_unpacks_to_more_than_it_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_FILE", 20_000)
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("DMEPOS25_APR.csv", "0" * 1_000_000)
    refuse(path, "more than 0 MB")
    book = fee_workbook(tmp_path, [[f"E{number:04}", *["x"] * 13] for number in range(2000)])
    monkeypatch.setattr(module, "LARGEST_FILE", 100_000)
    assert book.stat().st_size < 100_000
    refuse(book, "more than 0 MB")


@pytest.mark.parametrize(
    ("name", "title", "because"),
    [
        ("fees.csv", "Fees", "--year and --quarter"),
        ("fees.csv", "May 2025 Fee Schedule", "--year and --quarter"),
        ("DMEPOS25_JUL.csv", "April 2025 Fee Schedule", "title says quarter 2 of 2025, its name quarter 3 of 2025"),
    ],
)
def test_a_quarter_that_is_not_said_or_said_twice(tmp_path: Path, name: str, title: str, because: str) -> None:
    refuse(fee_file(tmp_path, [fee_row("E0001")], name=name, title=title), because)


@pytest.mark.parametrize(
    ("options", "because"), [({"year": 2025}, "together"), ({"year": 1900, "quarter": 1}, "Quarter 1 of 1900 is none")]
)
def test_half_a_quarter_or_an_impossible_one(tmp_path: Path, options: dict[str, int], because: str) -> None:
    refuse(fee_file(tmp_path, [fee_row("E0001")]), because, **options)


def test_a_replacement_that_lacks_many_rows(tmp_path: Path) -> None:
    import_fees(path=fee_file(tmp_path, [fee_row(f"E{number:04}") for number in range(100)], name="a.csv"))
    cut = fee_file(tmp_path, [fee_row(f"E{number:04}") for number in range(40)], name="b.csv")

    refuse(cut, "60 of the 100 rows loaded for April to June 2025 are missing")
    assert len(import_fees(path=cut, allow_removals=True).removed) == 60


AMOUNTS = ["0.00"] * 6


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (fee_row("E1", amounts=AMOUNTS), "'E1' is no HCPCS code"),
        (fee_row("E0002", "RRX"), "E0002: column Mod says 'RRX', which is no modifier"),
        (fee_row("E0002", "", "KE"), "E0002: the second modifier is KE, the first is missing"),
        (fee_row("E0002", "KE", "KE"), "E0002: the second modifier is KE, the first is KE"),
        (fee_row("E0002", ceiling="1.00", floor="2.00"), "E0002: the ceiling 1.00 is below the floor 2.00"),
        (fee_row("E0002", ceiling="much"), "E0002: column Ceiling says 'much', which is no amount in dollars"),
        (fee_row("E0002", amounts=["-1", *AMOUNTS[1:]]), "column AL (NR) says '-1', which is no amount in dollars"),
        (fee_row("E0002", amounts=["1.005", *AMOUNTS[1:]]), "says '1.005', which has fractions of a cent"),
        (fee_row("E0002", amounts=["100,000,000", *AMOUNTS[1:]]), "says '100,000,000', which is beyond any fee"),
        (fee_row("E0002", amounts=["NaN", *AMOUNTS[1:]]), "says 'NaN', which is no amount"),
        (fee_row("E0002")[:9], "the row has 9 cells instead of 14"),
        ([*fee_row("E0002"), "more"], "the row has 15 cells instead of 14"),
        (fee_row("E0001"), "E0001 stands in the file twice; the first is kept"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_the_others_are_loaded(
    tmp_path: Path, row: list[str], reason: str
) -> None:
    report = import_fees(path=fee_file(tmp_path, [fee_row("E0001"), row, fee_row("E0003")]))

    ((number, said),) = [(line.number, line.reason) for line in report.skipped]
    assert number == 7
    assert reason in said
    assert list(Fee.objects.values_list("code", flat=True)) == ["E0001", "E0003"]


def test_cpt_and_cdt_codes_are_left_out(tmp_path: Path) -> None:
    rows = [fee_row("E0001"), fee_row("99213"), fee_row("0001T"), fee_row("D0120")]
    report = import_fees(path=fee_file(tmp_path, rows))
    assert (report.copyrighted, report.skipped, Fee.objects.count()) == (3, [], 1)

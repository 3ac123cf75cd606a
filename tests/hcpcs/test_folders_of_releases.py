from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hcpcs.models import Release
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.sources.open import open_releases
from tests.hcpcs.files import first_line, release_file, release_workbook, workbook_row
from tests.hcpcs.test_archives import archive

TEXT = f"{first_line('E0001')}\r\n"


def names(folder: Path) -> list[str]:
    return [file.name for file in open_releases(str(folder))]


def test_every_release_once_and_older_ones_first(tmp_path: Path) -> None:
    release_file(tmp_path, [first_line("E0001")], name="HCPC2024_APR_ANWEB_v2.txt")
    release_file(tmp_path, [first_line("E0001")], name="HCPC2024_APR_ANWEB.txt")
    release_workbook(tmp_path, [workbook_row("E0001")], name="HCPC2024_APR_ANWEB_v2.xlsx")
    release_file(tmp_path, ["Change list"], name="HCPC2024_APR_Corrections.txt")
    below = tmp_path / "older" / "unpacked"
    below.mkdir(parents=True)
    release_file(below, [first_line("E0001")], name="HCPC2019_CONTR_ANWEB.txt")
    (tmp_path / "october-2025.zip").write_bytes(
        archive(HCPC2025_OCT_ANWEB_v3__txt=TEXT, HCPC2025_OCT_ANWEB_v2__txt=TEXT, x__txt="x")
    )
    (tmp_path / "april-2024.zip").write_bytes(archive(HCPC2024_APR_ANWEB_v2__xlsx="not looked at"))
    (tmp_path / "holidays.zip").write_bytes(archive(beach__txt="x"))
    assert names(tmp_path) == [
        "HCPC2019_CONTR_ANWEB.txt",
        "HCPC2024_APR_ANWEB.txt",
        "HCPC2024_APR_ANWEB_v2.txt",
        "HCPC2025_OCT_ANWEB_v3.txt",
    ]


def test_of_one_quarter_the_latest_day_in_the_name_wins(tmp_path: Path) -> None:
    for name in ("HCPC2026_JUL_ANWEB_12012025.txt", "HCPC2026_JUL_ANWEB_06172026.txt"):
        release_file(tmp_path, [first_line("E0001")], name=name)
    assert names(tmp_path) == ["HCPC2026_JUL_ANWEB_06172026.txt"]


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(ReleaseFileError, match="No file in the folder is named"):
        names(tmp_path)


@pytest.mark.django_db
def test_the_command_loads_a_folder(tmp_path: Path) -> None:
    release_file(tmp_path, [first_line("E0001")], name="HCPC2024_APR_ANWEB.txt")
    release_file(tmp_path, [first_line("E0001"), first_line("E0002")], name="HCPC2024_JUL_ANWEB.txt")
    output = StringIO()
    call_command("import_hcpcs", str(tmp_path), stdout=output)
    assert [line for line in output.getvalue().splitlines() if not line.startswith(" ")] == [
        "HCPC2024_APR_ANWEB.txt: HCPCS Level II April 2024, revision 1",
        "HCPC2024_JUL_ANWEB.txt: HCPCS Level II July 2024, revision 1",
    ]
    assert Release.objects.count() == 2


@pytest.mark.django_db
def test_the_file_of_a_folder_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    release_file(tmp_path, [first_line("E0001")], name="HCPC2024_APR_ANWEB.txt")
    release_file(tmp_path, ["nothing of the kind"], name="HCPC2024_JUL_ANWEB.txt")
    with pytest.raises(CommandError, match=r"\(HCPC2024_JUL_ANWEB.txt\) was not loaded. No HCPCS code"):
        call_command("import_hcpcs", str(tmp_path))
    assert [release.label for release in Release.objects.all()] == ["April 2024, revision 1"]


def test_one_period_is_not_given_for_a_whole_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="one file at a time"):
        call_command("import_hcpcs", str(tmp_path), "--year", "2024")


@pytest.mark.django_db
def test_the_command_takes_the_member_that_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "both.zip"
    path.write_bytes(archive(HCPC2024_JAN_ANWEB__txt=TEXT, HCPC2024_APR_ANWEB__txt=TEXT))
    with pytest.raises(CommandError, match="several quarters"):
        call_command("import_hcpcs", str(path))
    call_command("import_hcpcs", str(path), "--member", "HCPC2024_APR_ANWEB.txt")
    assert Release.objects.get().label == "April 2024, revision 1"

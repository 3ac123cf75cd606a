from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hcpcs.models import Code, Release, ReleaseRecord
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.services.import_release import import_release
from tests.hcpcs.files import continuation, first_line, release_file

pytestmark = pytest.mark.django_db
NAME = "HCPC2024_JAN_ANWEB.txt"


def refuse(path: Path, because: str) -> None:
    with pytest.raises(ReleaseFileError, match=because):
        import_release(path=path)
    assert (Release.objects.count(), ReleaseRecord.objects.count(), Code.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("content", "because"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"\x00\x01\x02\xff" * 200, "binary"),
        (b"%PDF-1.7 something", "PDF"),
        (b"Dear all,\r\nplease find the file attached.\r\n", "No HCPCS code"),
        (b"E0001,Bed,36,A\r\nE0002,Chair,36,A\r\n", "No HCPCS code"),
        (b"PK\x03\x04 and nothing more", "zip"),
        (b"PK\x03\x04 xl/ and nothing more", "opened as a workbook"),
        (("x" * 400 + "\r\n").encode() * 50, "No HCPCS code"),
    ],
)
def test_other_content_under_a_releases_name(tmp_path: Path, content: bytes, because: str) -> None:
    path = tmp_path / NAME
    path.write_bytes(content)
    refuse(path, because)


def test_continuation_lines_only(tmp_path: Path) -> None:
    refuse(release_file(tmp_path, [continuation("E0001", "text"), continuation("E0002", "text")]), "Line 1")


@pytest.mark.parametrize("length", [5, 60, 200, 292])
def test_file_cut_off_in_a_first_line(tmp_path: Path, length: int) -> None:
    path = release_file(tmp_path, [first_line(f"E00{number:02}") for number in range(30)])
    path.write_bytes(path.read_bytes() + first_line("E0099")[:length].encode())
    refuse(path, "cut off in the middle of line 31")


def test_file_cut_off_in_a_continuation_line(tmp_path: Path) -> None:
    path = release_file(tmp_path, [first_line(f"E00{number:02}") for number in range(30)])
    path.write_bytes(path.read_bytes() + continuation("E0029", "and so on")[:40].encode())
    refuse(path, "cut off")


def test_file_in_another_layout(tmp_path: Path) -> None:
    shifted = [first_line(f"E00{number:02}", added="9999")[:268] + "   20200101" + " " * 40 for number in range(30)]
    refuse(release_file(tmp_path, [first_line("A0001"), *shifted]), "record layout")


@pytest.mark.parametrize(
    "name",
    [
        "HCPC2026_OCT_Corrections_09102026.xlsx",
        "HCPC2026_OCT_ANWEB_Transaction Report_v2.xlsx",
        "HCPC2024_APR_Transreport_ANWEB_v5.xlsx",
        "HCPC2026_recordlayout.txt",
        "proc_notes_OCT2026.txt",
        "NOC codes_OCT2026.xlsx",
    ],
)
def test_other_lists_of_the_same_download(tmp_path: Path, name: str) -> None:
    refuse(release_file(tmp_path, [first_line("E0001")], name=name), "beside a release")


def test_file_whose_name_does_not_say_which_release_it_is(tmp_path: Path) -> None:
    refuse(release_file(tmp_path, [first_line("E0001")], name="codes.txt"), "Say the year, and the quarter unless")


def test_a_file_of_another_kind_is_refused_as_what_it_is_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.7")
    refuse(path, "It is a PDF")


def test_only_the_command_line_speaks_of_its_options(tmp_path: Path) -> None:
    path = release_file(tmp_path, [first_line("E0001")], name="codes.txt")
    with pytest.raises(ReleaseFileError) as refused:
        import_release(path=path)
    assert "--" not in str(refused.value)
    with pytest.raises(CommandError, match=r"unless it is an annual file\. \(--year, --quarter\)$"):
        call_command("import_hcpcs", str(path))


def test_missing_file(tmp_path: Path) -> None:
    refuse(tmp_path / NAME, "cannot be read")


def test_folder(tmp_path: Path) -> None:
    refuse(tmp_path, "cannot be read")

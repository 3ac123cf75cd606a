import io
import struct
import zipfile
from pathlib import Path

import pytest

from hcpcs.models import Release
from hcpcs.parsing import unpacking
from hcpcs.parsing.record import ReleaseFileError
from hcpcs.services.import_release import import_release
from hcpcs.sources.archive import is_archive, release_in_archive
from hcpcs.sources.members import the_release_among
from tests.hcpcs.files import first_line, release_workbook, workbook_row

TEXT = f"{first_line('E0001')}\r\n"


def archive(**members: str | bytes) -> bytes:
    """Member names by keyword, a dot written as two underscores after the last one."""
    return archive_of({name.replace("__", "."): content for name, content in members.items()})


def archive_of(members: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (
            [
                "HCPC2019_CONTR_ANWEB.xlsx",
                "HCPC2019_CONTR_ANWEB.txt",
                "HCPC2019_Trans_Alpha.xlsx",
                "proc_notes_2019.txt",
            ],
            "HCPC2019_CONTR_ANWEB.txt",
        ),
        (
            [
                "HCPC2026_OCT_ANWEB_v2.txt",
                "HCPC2026_OCT_ANWEB.txt",
                "HCPC2026_OCT_ANWEB_Transaction Report_v2.xlsx",
                "HCPC2026_OCT_Corrections_09102026.xlsx",
                "HCPC2026_recordlayout.txt",
                "NOC codes_OCT2026.xlsx",
            ],
            "HCPC2026_OCT_ANWEB_v2.txt",
        ),
        (["HCPC2026_OCT_ANWEB_v10.xlsx", "HCPC2026_OCT_ANWEB_v9.txt"], "HCPC2026_OCT_ANWEB_v10.xlsx"),
        (["HCPC2026_JUL_ANWEB_06172026.txt", "HCPC2026_JUL_ANWEB_12012025.txt"], "HCPC2026_JUL_ANWEB_06172026.txt"),
        (["HCPC2012_APR_ANWEB.xls", "HCPC2012_APR_ANWEB.xlsx"], "HCPC2012_APR_ANWEB.xlsx"),
        (
            ["2024/hcpc2024_jan_anweb_v4.XLSX", "__MACOSX/._HCPC2024_JAN_ANWEB_v5.txt"],
            "2024/hcpc2024_jan_anweb_v4.XLSX",
        ),
        (["HCPC2024_JAN_ANWEB_v4.xlsx", "~$HCPC2024_JAN_ANWEB_v9.xlsx"], "HCPC2024_JAN_ANWEB_v4.xlsx"),
    ],
)
def test_the_release_is_found_among_what_cms_puts_beside_it(names: list[str], chosen: str) -> None:
    assert the_release_among(names).path == chosen
    assert the_release_among(names[::-1]).path == chosen


def test_several_quarters_are_not_guessed_between() -> None:
    with pytest.raises(ReleaseFileError, match=r"several quarters: HCPC2024_APR_ANWEB\.txt, HCPC2024_JAN_ANWEB\.txt"):
        the_release_among(["HCPC2024_JAN_ANWEB.txt", "HCPC2024_APR_ANWEB.txt"])


def test_an_archive_without_a_release_says_what_is_in_it() -> None:
    with pytest.raises(ReleaseFileError, match=r"In it: HCPC2026_recordlayout.txt, letter.txt"):
        release_in_archive(archive(letter__txt="Dear all", HCPC2026_recordlayout__txt="Layout"))


@pytest.mark.django_db
def test_a_zip_is_loaded_as_the_release_in_it(tmp_path: Path) -> None:
    path = tmp_path / "october-2025-alpha-numeric-hcpcs-file.zip"
    path.write_bytes(archive(HCPC2025_OCT_ANWEB_v3__txt=TEXT, proc_notes_OCT2025__txt="Notes"))
    report = import_release(path=path)
    assert (report.added, report.release.label) == ([("code", "E0001")], "October 2025, revision 3")
    assert Release.objects.get().file_name == "HCPC2025_OCT_ANWEB_v3.txt"


@pytest.mark.django_db
def test_the_zip_and_the_file_in_it_are_the_same_release(tmp_path: Path) -> None:
    (tmp_path / "HCPC2025_OCT_ANWEB.txt").write_bytes(TEXT.encode())
    (tmp_path / "october.zip").write_bytes(archive(HCPC2025_OCT_ANWEB__txt=TEXT))
    import_release(path=tmp_path / "HCPC2025_OCT_ANWEB.txt")
    assert "loaded already" in import_release(path=tmp_path / "october.zip").note


def test_a_workbook_is_no_archive(tmp_path: Path) -> None:
    assert not is_archive(release_workbook(tmp_path, [workbook_row("E0001")]).read_bytes())
    assert is_archive(archive(x__txt="x"))


def test_the_member_may_be_chosen() -> None:
    content = archive(HCPC2024_JAN_ANWEB__txt="january", HCPC2024_APR_ANWEB__txt="april")
    assert release_in_archive(content, member="HCPC2024_JAN_ANWEB.txt").content == b"january"
    with pytest.raises(ReleaseFileError, match=r"no file HCPC2024_JUL_ANWEB.txt. In it: HCPC2024_APR_ANWEB.txt"):
        release_in_archive(content, member="HCPC2024_JUL_ANWEB.txt")


def test_an_archive_in_an_archive_is_refused() -> None:
    inner = archive(HCPC2024_JAN_ANWEB__txt=TEXT)
    with pytest.raises(ReleaseFileError, match="an archive itself"):
        release_in_archive(archive(HCPC2024_JAN_ANWEB__txt=inner))


def test_an_archive_cut_in_the_middle_is_refused() -> None:
    content = archive(HCPC2024_JAN_ANWEB__txt=TEXT * 50)
    with pytest.raises(ReleaseFileError):
        release_in_archive(content[:-30])
    with pytest.raises(ReleaseFileError, match="damaged"):
        # The list at the end is whole, and the packed bytes are not.
        release_in_archive(content.replace(content[60:64], b"\xff\xff\xff\xff", 1))


def test_a_locked_archive_is_refused() -> None:
    content = bytearray(archive(HCPC2024_JAN_ANWEB__txt=TEXT))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    with pytest.raises(ReleaseFileError, match="password"):
        release_in_archive(bytes(content))


def test_a_bomb_is_put_down_by_its_ratio() -> None:
    with pytest.raises(ReleaseFileError, match="more than 100 times its packed size"):
        release_in_archive(archive(HCPC2024_JAN_ANWEB__txt=b" " * 20_000_000))


def test_a_bomb_that_packs_badly_is_put_down_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST_FILE", 2 * 1024 * 1024)
    content = archive_of({"HCPC2024_JAN_ANWEB.txt": b"x" * 3_000_000}, zipfile.ZIP_STORED)
    with pytest.raises(ReleaseFileError, match="unpacks to more than 2 MB"):
        release_in_archive(content)


def test_a_bomb_that_lies_about_its_size_is_put_down_all_the_same() -> None:
    """The sizes that an archive states are what an attacker writes there."""
    content = bytearray(archive(HCPC2024_JAN_ANWEB__txt=b" " * 20_000_000))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(signature) + offset
        content[at : at + 4] = struct.pack("<I", 320)
    with pytest.raises(ReleaseFileError):
        release_in_archive(bytes(content))


def test_an_archive_of_thousands_of_files_is_refused() -> None:
    many = {f"{number}.txt": "" for number in range(1001)}
    with pytest.raises(ReleaseFileError, match="more than 1,000 files"):
        release_in_archive(archive_of({**many, "HCPC2024_JAN_ANWEB.txt": TEXT}))

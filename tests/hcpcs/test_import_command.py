from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from hcpcs.models import Code, Release
from tests.hcpcs.files import first_line, release_file

pytestmark = pytest.mark.django_db


def run(*arguments: object) -> str:
    output = StringIO()
    call_command("import_hcpcs", *map(str, arguments), stdout=output)
    return output.getvalue()


def test_report_is_readable(tmp_path: Path) -> None:
    run(release_file(tmp_path, [first_line("E0001"), first_line("E0002")]))
    lines = [
        first_line("E0001", terminated="20240331"),
        "nonsense",
        first_line("99213"),
        first_line("E0003", pricing="77"),
    ]
    assert run(release_file(tmp_path, lines, name="HCPC2024_APR_ANWEB.txt")).splitlines() == [
        "HCPC2024_APR_ANWEB.txt: HCPCS Level II April 2024, revision 1",
        "  2 codes and 0 modifiers",
        "  1 added: E0003",
        "  0 of these, codes used again with a new meaning",
        "  1 changed",
        "    terminated: 1",
        "  1 ended: E0001 (last day 2024-03-31)",
        "  1 absent, though older releases have them (nothing was ended for it): E0002",
        "  1 CPT or CDT codes left out (under copyright, and not Level II)",
        "  1 lines skipped:",
        "    line 2: is no record: no code, sequence number and record type in positions 1 to 11",
        "  1 warnings:",
        "    pricing indicators: the value '77' is unknown (in 1 record)",
    ]


def test_long_lists_are_cut_unless_everything_is_asked_for(tmp_path: Path) -> None:
    path = release_file(tmp_path, [first_line(f"E{number:04}") for number in range(25)])
    assert "E0009 and 15 more" in run(path, "--dry-run")
    assert "E0024" in run(path, "--verbose-report")


def test_dry_run_says_that_it_is_one(tmp_path: Path) -> None:
    assert "Dry run" in run(release_file(tmp_path, [first_line("E0001")]), "--dry-run")
    assert not Code.objects.exists()


def test_several_files_at_once(tmp_path: Path) -> None:
    newer = release_file(tmp_path, [first_line("E0001")], name="HCPC2024_APR_ANWEB.txt")
    run(newer, release_file(tmp_path, [first_line("E0001", "The thing")]))
    assert Release.objects.count() == 2
    assert Code.objects.get().long_description == "A thing, each"


def test_bad_file_is_named_with_the_reason(tmp_path: Path) -> None:
    path = release_file(tmp_path, ["nothing of the kind"])
    with pytest.raises(CommandError, match=rf"{path} was not loaded. No HCPCS code or modifier was found in it."):
        run(path)


def test_period_goes_with_one_file(tmp_path: Path) -> None:
    path = release_file(tmp_path, [first_line("E0001")], name="codes.txt")
    with pytest.raises(CommandError, match="one file at a time"):
        run(path, path, "--year", 2024)
    assert "October 2024, revision 2" in run(path, "--year", 2024, "--quarter", 4, "--revision", 2)

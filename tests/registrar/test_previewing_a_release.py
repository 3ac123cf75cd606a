import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from hcpcs.models import Code, ImportState, Release, ReleaseImport
from hcpcs.services import release_imports as module
from hcpcs.services.run_release_import import make_preview
from tests.hcpcs.files import first_line
from tests.hcpcs.test_archives import archive
from tests.registrar.conftest import APRIL, JANUARY, content, upload

pytestmark = pytest.mark.django_db
Previewed = Callable[..., ReleaseImport]


def tables() -> list[object]:
    return [*Release.objects.values_list(), *Code.objects.values_list()]


def report_of(asked: ReleaseImport) -> list[tuple[str, str, str, str, str]]:
    return list(asked.lines.order_by("section", "number").values_list("section", "code", "field", "before", "after"))


def test_a_file_is_kept_and_read_in_the_background(as_reese: Client, reese: User) -> None:
    response = as_reese.post("/review/releases/load/", {"upload": upload(APRIL)})
    asked = ReleaseImport.objects.get()
    assert response.url == f"/review/releases/imports/{asked.pk}/"
    assert (asked.state, asked.asked_by, asked.file_name) == ("reading", reese, "HCPC2024_APR_ANWEB.txt")
    with asked.file.open() as kept:
        assert kept.read() == content(APRIL)
    page = as_reese.get(response.url)
    assert "It waits for the worker" in page.content.decode()


@pytest.mark.usefixtures("january")
def test_the_preview_says_what_would_change_and_writes_nothing(previewed: Previewed) -> None:
    before = tables()
    asked = previewed()
    assert tables() == before
    assert (asked.state, asked.release_label) == ("ready", "April 2024, revision 1")
    assert report_of(asked) == [
        ("added", "E0003", "", "", "A new thing, each"),
        ("changed", "E0001", "long_description", "A thing, each", "A better thing, each"),
        ("changed", "E0001", "short_description", "A thing, each", "A better thing, each"),
        ("changed", "E0001", "coverage", "C", "M"),
        ("changed", "E0002", "terminated", "", "2024-03-31"),
        ("ended", "E0002", "", "", "2024-03-31"),
    ]
    assert {name: asked.counts[name] for name in ("added", "ended", "changed", "changed_codes", "codes")} == {
        "added": 1, "ended": 1, "changed": 4, "changed_codes": 2, "codes": 3,
    }  # fmt: skip


@pytest.mark.usefixtures("january")
def test_the_page_shows_old_and_new(as_reese: Client, previewed: Previewed) -> None:
    asked = previewed()
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/?section=changed").content.decode()
    assert "nothing is written yet" in page
    for shown in ("Load this release", "Discard", "E0001", "Coverage", ">C<", ">M<", "[removed: ", "better"):
        assert shown in page
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/?section=ended").content.decode()
    assert "March 31, 2024" in page


@pytest.mark.usefixtures("january")
def test_skipped_lines_and_warnings_come_first(as_reese: Client, previewed: Previewed) -> None:
    asked = previewed([*APRIL, "nonsense", first_line("E0009", pricing="77"), first_line("99213")])
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/").content.decode()
    assert "There are warnings" in page
    assert "the value &#x27;77&#x27; is unknown" in page
    assert "1 CPT or CDT codes were left out" in page
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/?section=skipped").content.decode()
    assert ">5<" in page
    assert "is no record" in page


def test_a_zip_says_which_file_was_taken_from_it(as_reese: Client, previewed: Previewed) -> None:
    asked = previewed(archive(HCPC2024_APR_ANWEB_v2__txt=content(APRIL), notes__txt="x"), "april.zip")
    assert (asked.file_name, asked.member) == ("april.zip", "HCPC2024_APR_ANWEB_v2.txt")
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/").content.decode()
    assert "Taken from it" in page


@pytest.mark.parametrize(
    ("lines", "name", "because"),
    [
        (["nothing of the kind"], "HCPC2024_APR_ANWEB.txt", "No HCPCS code or modifier was found"),
        (APRIL, "codes.txt", "Its name does not say which release it is"),
        (b"%PDF-1.7", "HCPC2024_APR_ANWEB.txt", "It is a PDF"),
        (b"%PDF-1.7", "letter.pdf", "It is a PDF"),
        (b"PK\x03\x04garbage", "HCPC2024_APR_ANWEB.xlsx", "a zip archive or a workbook, but is damaged"),
        (archive(letter__txt="x"), "april.zip", "No file in it is named"),
        (archive(HCPC2024_APR_ANWEB__txt=b" " * 20_000_000), "april.zip", "more than 100 times its packed size"),
    ],
)
def test_a_file_that_is_no_release_is_refused_with_the_reason(
    as_reese: Client, previewed: Previewed, lines: Any, name: str, because: str
) -> None:
    asked = previewed(lines, name)
    assert asked.state == ImportState.FAILED
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/").content.decode()
    assert because in page
    assert "The catalogue is as it was" in page
    assert tables() == []


def test_the_period_can_be_given(previewed: Previewed) -> None:
    asked = previewed(APRIL, "codes.txt", year=2024, quarter=2, revision=3)
    assert asked.release_label == "April 2024, revision 3"


@pytest.mark.usefixtures("january")
def test_a_file_that_is_loaded_already_offers_nothing_to_confirm(as_reese: Client, previewed: Previewed) -> None:
    asked = previewed(JANUARY, "HCPC2024_JAN_ANWEB.txt")
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/").content.decode()
    assert "loaded already" in page
    assert "Load this release" not in page


@pytest.mark.parametrize(
    ("given", "because"),
    [
        ({}, "Choose a file or give an address"),
        ({"upload": upload(APRIL), "address": "https://www.cms.gov/x.zip"}, "one of the two"),
        ({"upload": upload(b"")}, "The file is empty"),
        ({"address": "file:///etc/passwd"}, "must begin with https"),
        ({"address": "ftp://x/y"}, "must begin with https"),
        ({"upload": upload(APRIL), "quarter": "2"}, "Give the year, too"),
        ({"upload": upload(APRIL), "year": "1066"}, "greater than or equal to 1983"),
    ],
)
def test_what_cannot_be_asked_for_is_said_on_the_form(as_reese: Client, given: dict[str, Any], because: str) -> None:
    response = as_reese.post("/review/releases/load/", given)
    assert response.status_code == 422
    assert because in response.content.decode()
    assert not ReleaseImport.objects.exists()


def test_the_limit_is_the_releases_own(as_reese: Client, settings: Any) -> None:
    settings.DOCUMENT_MAX_BYTES = 100
    settings.RELEASE_MAX_BYTES = 2 * 1024 * 1024
    as_reese.post("/review/releases/load/", {"upload": upload(APRIL)})
    assert ReleaseImport.objects.get().file.size == len(content(APRIL))
    response = as_reese.post("/review/releases/load/", {"upload": upload(b"x" * 3_000_000)})
    assert "larger than 2 MB" in response.content.decode()
    assert ReleaseImport.objects.count() == 1


def test_a_form_without_its_token_is_refused(reese: User) -> None:
    """The token is checked by the view itself, after the limit is set; that must not be forgotten."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(reese)
    assert client.post("/review/releases/load/", {"upload": upload(APRIL)}).status_code == 403
    assert not ReleaseImport.objects.exists()


def test_a_file_name_is_no_path_on_this_machine(previewed: Previewed) -> None:
    asked = previewed(APRIL, "..\\..\\HCPC2024_APR_ANWEB.txt")
    assert asked.file.name.startswith("releases/")
    assert "HCPC" not in asked.file.name


@pytest.mark.usefixtures("january")
def test_the_report_is_complete_as_csv_and_harmless(as_reese: Client, previewed: Previewed) -> None:
    many = [first_line(f"E{number:04}", f"=HYPERLINK({number})") for number in range(1000, 1250)]
    asked = previewed([*APRIL, *many])
    response = as_reese.get(f"/review/releases/imports/{asked.pk}/report.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert len(rows) == asked.lines.count() == 256
    assert [row["after"] for row in rows if row["code"] == "E1000"] == ["'=HYPERLINK(1000)"]


def test_a_long_section_is_paged(as_reese: Client, previewed: Previewed, django_assert_max_num_queries: Any) -> None:
    asked = previewed([first_line(f"E{number:04}") for number in range(250)])
    with django_assert_max_num_queries(6):
        page = as_reese.get(f"/review/releases/imports/{asked.pk}/").content.decode()
    assert "Added: 1 to 100 of 250" in page
    assert "E0099" in page
    assert "E0100" not in page
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/?section=added&page=3").content.decode()
    assert "Added: 201 to 250 of 250" in page
    assert ("Next page" in page, "Previous page" in page) == (False, True)
    page = as_reese.get(f"/review/releases/imports/{asked.pk}/?section=nonsense&page=x").content.decode()
    assert "Added: 1 to 100 of 250" in page


def test_a_discarded_one_is_not_read_any_more(as_reese: Client, previewed: Previewed) -> None:
    asked = previewed()
    as_reese.post(f"/review/releases/imports/{asked.pk}/discard/")
    make_preview(import_id=asked.pk)
    asked.refresh_from_db()
    assert asked.state == ImportState.DISCARDED
    response = as_reese.post(f"/review/releases/imports/{asked.pk}/confirm/", follow=True)
    assert "nothing to confirm: discarded" in response.content.decode()


def test_the_progress_asks_for_the_whole_page_when_it_is_over(as_reese: Client, reese: User) -> None:
    as_reese.post("/review/releases/load/", {"upload": upload(APRIL)})
    asked = ReleaseImport.objects.get()
    ReleaseImport.objects.update(stage="Reading lines", done=5000, total=20000)
    response = as_reese.get(f"/review/releases/imports/{asked.pk}/progress/")
    assert "5,000 of 20,000" in response.content.decode()
    assert 'value="25"' in response.content.decode()
    assert "HX-Refresh" not in response
    make_preview(import_id=asked.pk)
    assert as_reese.get(f"/review/releases/imports/{asked.pk}/progress/")["HX-Refresh"] == "true"


def test_queries_do_not_grow_with_the_list(
    as_reese: Client, previewed: Previewed, django_assert_num_queries: Any
) -> None:
    previewed(APRIL)
    with CaptureQueriesContext(connection) as one:
        as_reese.get("/review/releases/")
    for number in range(3, 7):
        previewed(APRIL, f"HCPC2024_APR_ANWEB_v{number}.txt")
    with django_assert_num_queries(len(one)):
        as_reese.get("/review/releases/")


def test_nothing_is_stored_when_the_wish_cannot_be_kept(reese: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(job: str, row: ReleaseImport) -> None:
        raise RuntimeError("no queue")

    monkeypatch.setattr(module, "_defer", fail)
    with pytest.raises(RuntimeError):
        module.ask_for_import(by=reese, upload=upload(APRIL))
    assert not ReleaseImport.objects.exists()
    assert not default_storage.exists("releases") or default_storage.listdir("releases") == ([], [])

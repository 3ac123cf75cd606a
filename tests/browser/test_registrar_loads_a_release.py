"""A quarter's release, in Chromium: upload, preview, wrong period put right, confirm, report, the code's page."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from hcpcs.models import Code
from hcpcs.services.import_release import import_release
from tests.browser.desks import at_the_desk
from tests.hcpcs.files import release_file
from tests.jobs import run_jobs
from tests.registrar.conftest import APRIL, JANUARY


@pytest.mark.parametrize("width", [1280, 375])
def test_registrar_loads_a_release(visit: Any, tmp_path: Path, width: int) -> None:
    import_release(path=release_file(tmp_path, JANUARY, name="HCPC2024_JAN_ANWEB.txt"))
    before = sorted(Code.objects.values_list("code", flat=True))
    registrar = at_the_desk(visit, "registrar", width=width)
    page, main = registrar.page, registrar.page.get_by_role("main")

    # 1. What is loaded; a file that is none is refused on the form, another with the reason on its page.
    page.goto("/review/releases/")
    registrar.check_the_page()
    main.get_by_role("link", name="Load a release").click()
    main.get_by_role("button", name="Read it and show what would change").click()
    expect(main).to_contain_text("Choose a file or give an address")
    registrar.check_the_page()
    letter = tmp_path / "a_letter_whose_name_is_longer_than_a_narrow_window_is_wide.pdf"
    letter.write_bytes(b"%PDF-1.7")
    page.get_by_label("File", exact=True).set_input_files(letter)
    main.get_by_role("button", name="Read it and show what would change").click()
    expect(main).to_contain_text("It waits for the worker")
    registrar.check_the_page()
    run_jobs()
    # The page renews itself.
    expect(main).to_contain_text("It is a PDF. Choose CMS's text file or workbook.")
    registrar.check_the_page()

    # 2. A release under a wrong quarter: the period is put right without another upload.
    page.goto("/review/releases/load/")
    page.get_by_label("File", exact=True).set_input_files(
        release_file(tmp_path, APRIL, name="HCPC2024_OCT_ANWEB_with_a_long_name_of_somebodys_own.txt")
    )
    main.get_by_role("button", name="Read it and show what would change").click()
    run_jobs()
    expect(main.get_by_role("heading", level=1)).to_have_text("October 2024, revision 1")
    registrar.check_the_page()
    main.get_by_text("It is another release than its name says").click()
    page.get_by_label("Year").fill("2024")
    page.get_by_label("Quarter").select_option("2")
    registrar.check_the_page()
    main.get_by_role("button", name="Read it again as this release").click()
    run_jobs()
    expect(main.get_by_role("heading", level=1)).to_have_text("April 2024, revision 1")

    # 3. Added, ended and changed are shown, and nothing is written yet.
    sections = main.get_by_role("navigation", name="Sections of the report")
    expect(main).to_contain_text("A new thing, each")
    registrar.check_the_page()
    sections.get_by_role("link", name="Ended").click()
    expect(main).to_contain_text("March 31, 2024")
    registrar.check_the_page()
    sections.get_by_role("link", name="Changed").click()
    expect(main.locator("ins").first).to_be_visible()
    registrar.check_the_page()
    assert sorted(Code.objects.values_list("code", flat=True)) == before

    # 4. Confirmed, loaded by the worker, reported; the code has a page.
    main.get_by_role("button", name="Load this release").click()
    expect(main).to_contain_text("Being loaded")
    registrar.check_the_page()
    run_jobs()
    expect(main).to_contain_text("What it changed")
    registrar.check_the_page()
    assert sorted(Code.objects.values_list("code", flat=True)) == sorted([*before, "E0003"])
    page.goto("/review/releases/")
    expect(main).to_contain_text("Not loaded")
    registrar.check_the_page()
    page.goto("/codes/E0003/")
    expect(main).to_contain_text("A new thing, each")

"""A registrar's morning in Chromium: publish, end, take back, rename an organization, move a code's listings."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pcl.models import ListingChange, RegisterEntry
from tests.browser.desks import at_the_desk
from tests.factories.register import make_code

WHY = "CMS assigned the code in its decision of December 1, 2025."


def preview_and_confirm(registrar: Any) -> None:
    page: Page = registrar.page
    page.get_by_role("button", name="Show what would change").click()
    expect(page.get_by_text("Preview: nothing is changed yet")).to_be_visible()
    registrar.check_the_page()
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator(".register-messages")).to_be_visible()
    registrar.check_the_page()


@pytest.mark.parametrize("width", [1280, 375])
def test_registrar_corrects_and_renames(visit: Any, width: int) -> None:
    make_code("L2001")
    make_code("L2002")
    registrar = at_the_desk(visit, "registrar", width=width)
    page = registrar.page
    main = page.get_by_role("main")

    # 1. Publishes two models that CMS assigned to a code, one of them pasted twice.
    page.goto("/review/listings/")
    registrar.check_the_page()
    page.get_by_role("link", name="Publish a listing").click()
    registrar.check_the_page()
    page.locator("#id_manufacturer").fill("Upright Devices")
    page.locator("#id_product").fill("Strider")
    page.locator("#id_classification").fill("Powered Orthoses")
    page.locator("#id_model_numbers").fill("ST-1\nST-2\nst1")
    page.locator("#id_code").fill("k1007")
    page.locator("#id_begins").fill("2025-12-01")
    page.get_by_role("button", name="Show what would change").click()
    expect(main).to_contain_text("Say what happened and who orders it")
    page.locator("#id_reason").fill(WHY)
    preview_and_confirm(registrar)
    expect(main).to_contain_text("2 listings are published.")

    # 2. Ends one of them, and takes the end back.
    page.get_by_role("link", name="End this listing").click()
    registrar.check_the_page()
    page.locator("#id_last_day").fill("2199-12-31")
    page.locator("#id_reason").fill("The maker stops making it.")
    preview_and_confirm(registrar)
    expect(main).to_contain_text("by Reese Registrar")
    page.get_by_role("link", name="Take back the announced end").click()
    page.locator("#id_reason").fill("The maker goes on making it.")
    preview_and_confirm(registrar)
    listing = page.url.rstrip("/").rsplit("/", 1)[-1]
    page.goto(f"/listings/{listing.split('#')[0]}/")
    expect(main).to_contain_text("The maker stops making it.")
    expect(main).not_to_contain_text("Reese")

    # 3. Renames the organization: both listings change, and the old name still finds them.
    page.goto("/review/organizations/?q=upright")
    registrar.check_the_page()
    page.get_by_role("link", name="Rename Upright Devices").click()
    page.locator("#id_name").fill("Upright Mobility")
    page.locator("#id_since").fill("2026-01-01")
    page.locator("#id_source").fill("Attestation of January 5, 2026")
    page.locator("#id_reason").fill("Renamed by attestation.")
    preview_and_confirm(registrar)
    expect(main).to_contain_text("Upright Devices")
    page.goto("/?q=upright+devices")
    expect(main).to_contain_text("Upright Mobility")

    # 4. CMS splits the code: each tick is kept at once, and all move together.
    page.goto("/review/crosswalks/")
    registrar.check_the_page()
    page.get_by_role("link", name="Begin a crosswalk").first.click()
    page.locator("#id_from_code").fill("K1007")
    page.locator("#id_to_codes").fill("L2001 L2002")
    page.locator("#id_begins").fill("2030-01-01")
    page.locator("#id_reason").fill("CMS splits the code.")
    registrar.check_the_page()
    page.get_by_role("button", name="Begin").click()
    expect(main).to_contain_text("0 of 3 listings have a choice")
    first = page.locator("tbody tr").first
    first.locator("label", has_text="L2001").click()
    first.locator("label", has_text="L2002").click()
    expect(page.locator("#crosswalk-counts")).to_contain_text("1 of 3 listings have a choice")
    expect(first).to_contain_text("Saved")
    # The second tick is sent when the first is answered.
    expect(first.locator("input[name^=was-]")).to_have_value(re.compile(r"\d+,\d+"))
    registrar.check_the_page()
    # Left and come back to: nothing is lost.
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("fieldset").first.locator("label", has_text="none: it just ends").click()
    page.get_by_role("button", name="Choose this for all of them").click()
    expect(main).to_contain_text("Chosen for 2 listings.")
    page.get_by_role("link", name="Show what it would do").click()
    expect(main).to_contain_text("1 listing to L2001 and L2002")
    registrar.check_the_page()
    page.get_by_role("button", name="Confirm: move these listings").click()
    expect(main).to_contain_text("It is applied")
    registrar.check_the_page()

    assert list(
        RegisterEntry.objects.order_by("code", "listing").values_list("code", "product", "effective__endswith")
    ) == [
        ("K1007", "ReWalk", date(2030, 1, 1)),
        ("K1007", "Strider", date(2030, 1, 1)),
        ("K1007", "Strider", date(2030, 1, 1)),
        ("L2001", "ReWalk", None),
        ("L2002", "ReWalk", None),
    ]
    assert [change.kind for change in ListingChange.objects.order_by("seq")] == [
        *["listed"] * 3,
        "end_dated",
        "rescinded",
        *["renamed"] * 2,
        *["recoded"] * 2,
        *["end_dated"] * 3,
    ]

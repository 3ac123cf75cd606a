"""What a page does for hands and eyes: menus close by Escape, fingerprints are copied whole, nothing is cut off."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pcl.services.issue_statement import issue_statement
from tests.browser.desks import at_the_desk
from tests.browser.keyboard import walk_by_keyboard
from tests.factories.register import make_code, publish, require

# 320 pixels are a window of 1280 enlarged fourfold.
WIDTHS = (1280, 375, 320)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_that_prove_something(visit: Any, width: int) -> None:
    listing = publish("Evidence Walker", manufacturer="Upright Devices", code="K1007", model_number="EW-1")
    now = listing.changes.get()
    said = [issue_statement(listing=listing, on=listing.effective.lower, as_published=at) for at in (None, now.at)]
    visitor = visit(width=width)
    page: Page = visitor.page
    for address in (
        *(each.get_absolute_url() for each in said),
        f"/changes/{now.seq}/",
        "/",
        "/data/",
        "/check/batch/",
    ):
        page.goto(address)
        visitor.check_the_page()


def test_a_fingerprint_is_copied_whole(visit: Any) -> None:
    change = publish("Evidence Walker", code="K1007").changes.get()
    visitor = visit()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page: Page = visitor.page
    page.goto(f"/changes/{change.seq}/")
    page.get_by_role("button", name="Copy the fingerprint of this change").click()

    assert page.evaluate("navigator.clipboard.readText()") == change.hash
    selected = """() => {
      getSelection().selectAllChildren(document.querySelector(".register-fingerprint"));
      return getSelection().toString();
    }"""
    assert page.evaluate(selected) == change.hash


def test_a_menu_of_areas_closes_by_escape_and_by_going_elsewhere(visit: Any) -> None:
    page: Page = at_the_desk(visit, "administrator").page
    page.goto("/review/log/")
    menu = page.locator("details[data-menu]")
    button, first = menu.locator("summary"), menu.get_by_role("link", name="People and roles")
    expect(button).to_contain_text("Administration: Log")
    expect(first).to_be_hidden()

    button.press("Enter")
    expect(first).to_be_visible()
    first.focus()
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(button).to_be_focused()

    button.press("Enter")
    page.get_by_role("main").get_by_role("heading", level=1).click()
    expect(first).to_be_hidden()
    assert walk_by_keyboard(page).faults == []


@pytest.mark.parametrize("who", ["registrar", "auditor"])
def test_on_a_phone_the_registers_areas_are_folded(visit: Any, who: str) -> None:
    visitor = at_the_desk(visit, who, width=375)
    page: Page = visitor.page
    for address in ("/review/listings/", "/review/files/"):
        page.goto(address)
        areas = page.get_by_role("navigation", name="The registrar’s areas")
        expect(areas.get_by_role("link", name="Campaigns")).to_have_count(0)
        areas.locator("summary").click()
        expect(areas.get_by_role("link", name="Campaigns")).to_be_visible()
        visitor.check_the_page()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_part_of_a_name_is_one_step_from_its_answer(visit: Any, width: int) -> None:
    require(make_code("L2001"), begins=date(2024, 1, 1))
    publish("Evidence Walker", manufacturer="Upright Devices", code="L2001", model_number="EW-1")
    visitor = visit(width=width)
    page: Page = visitor.page
    page.goto("/check/")
    page.get_by_label("HCPCS code").fill("l2001")
    page.get_by_label("Date of service").fill("2024-06-01")
    page.get_by_role("textbox", name="Product").fill("evidence")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Not listed under L2001")).to_be_visible()
    visitor.check_the_page()
    assert "manufacturer=" not in page.url

    page.get_by_role("link", name="Check Evidence Walker, model EW-1").click()
    expect(page.get_by_role("heading", name="Listed under L2001 on June 1, 2024")).to_be_visible()

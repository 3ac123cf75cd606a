"""The maker takes an application back while a reviewer works at it, and begins a new one from it later."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.desks import at_the_desk, demo_user
from tests.factories.verification import again, recommended


@pytest.mark.parametrize("width", [1280, 375])
def test_withdrawn(visit: Any, width: int) -> None:
    # Recommended already, which the maker is not told.
    application = recommended(demo_user("manufacturer"), reviewed_by=demo_user("reviewer"), product_name="Taken Back")
    assert application.dcn
    maker, approver = (at_the_desk(visit, role, width=width) for role in ("manufacturer", "approver"))
    approver.page.goto(f"/review/{application.pk}/act/determine/")

    # 1. The maker thinks twice, then withdraws.
    page = maker.page
    main = page.get_by_role("main")
    page.goto("/apply/")
    page.get_by_role("link", name="Taken Back").click()
    expect(page.locator("#where-it-stands")).to_contain_text("In review")
    page.get_by_role("link", name="Withdraw the application").click()
    expect(main).to_contain_text("This cannot be undone")
    maker.check_the_page()
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="Withdraw the application").click()
    page.get_by_role("button", name="Withdraw the application").click()
    expect(page.locator("#where-it-stands")).to_contain_text("Withdrawn")
    expect(page.get_by_role("link", name="Withdraw the application")).to_have_count(0)
    expect(main).not_to_contain_text("ecommended")
    maker.check_the_page()

    # 2. The approver, whose page still offers the determination, is refused and told why.
    page = approver.page
    page.get_by_role("main").get_by_role("button", name="Make the determination").click()
    expect(page.get_by_role("main")).to_contain_text("Withdrawn")
    expect(page.get_by_role("main").get_by_role("button", name="Make the determination")).to_have_count(0)
    approver.check_the_page()
    assert again(application).status == "withdrawn"
    page.goto("/review/?whose=to_approve")
    expect(page.get_by_role("link", name=application.dcn)).to_have_count(0)

    # 3. What was submitted stays readable, and a new application begins from it.
    page = maker.page
    expect(main).to_contain_text("SO-100")
    page.get_by_role("link", name="Begin a new application from this one").click()
    page.get_by_role("button", name="Begin the new application").click()
    expect(main).to_contain_text("Taken Back")
    expect(page.get_by_role("heading", name="Sections")).to_be_visible()
    maker.check_the_page()

"""A consultant answers for a manufacturer, which revokes the authorization in between: in Chromium, both at once."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.desks import at_the_desk, demo_user
from tests.factories.verification import again, information_requested
from verification.queries.representation import organizations_of
from verification.services.demo_people import DEMO_ORGANIZATION, DEMO_REPRESENTATIVE


@pytest.mark.parametrize("width", [1280, 375])
def test_representative_is_removed_in_mid_review(visit: Any, width: int) -> None:
    consultant, maker, reviewer = (
        at_the_desk(visit, role, width=width) for role in ("representative", "manufacturer", "reviewer")
    )
    dana, casey = demo_user("manufacturer"), demo_user("representative")
    application = information_requested(casey, behalf=organizations_of(dana).get())
    address = application.get_absolute_url()

    # 1. The consultant sees what is asked, and begins to answer.
    page = consultant.page
    page.goto("/apply/")
    expect(page.get_by_role("main")).to_contain_text(f"{DEMO_ORGANIZATION} as its designated representative")
    consultant.check_the_page()
    page.get_by_role("link", name=application.product_name).click()
    consultant.check_the_page()
    page.get_by_label("The weight of the battery").fill("Two kilograms, measured for an hour.")

    # 2. Meanwhile the manufacturer revokes the authorization.
    page = maker.page
    page.goto("/apply/")
    page.get_by_role("link", name=f"Authorizations of {DEMO_ORGANIZATION}").click()
    maker.check_the_page()
    page.get_by_role("link", name="Revoke").click()
    expect(page.get_by_role("main")).to_contain_text("1 of them is under way")
    maker.check_the_page()
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_role("main")).to_contain_text(f"{DEMO_REPRESENTATIVE} does not apply for {DEMO_ORGANIZATION}")

    # 3. The consultant's text comes back; the application does not.
    page = consultant.page
    page.get_by_role("button", name="Send the answers").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Two kilograms, measured for an hour.")
    expect(main).not_to_contain_text(application.product_name)
    consultant.check_the_page()
    page.goto("/apply/")
    expect(main).not_to_contain_text(application.product_name)
    assert page.goto(address).status == 404

    # 4. The manufacturer answers, and the reviewer is told who does now.
    page = maker.page
    page.goto(address)
    expect(page.get_by_role("main")).to_contain_text("Your representative does not act for you any more")
    maker.check_the_page()
    page.get_by_label("The weight of the battery").fill("2 kg")
    page.get_by_label("A photograph of the joint").fill("Attached before.")
    page.get_by_role("button", name="Send the answers").click()
    expect(page.get_by_role("main")).to_contain_text("In review")
    page = reviewer.page
    page.goto(f"/review/{application.pk}/")
    expect(page.get_by_role("main")).to_contain_text("The representative’s authorization ended on")
    expect(page.get_by_role("main")).to_contain_text(f"Mails go to {dana.name} of {DEMO_ORGANIZATION}.")
    assert again(application).status == "in_review"

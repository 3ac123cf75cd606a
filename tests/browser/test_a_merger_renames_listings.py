"""A manufacturer becomes part of another one: attested, accepted, and all its listings stand under the new name."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.desks import (
    at_the_desk,
    attach,
    demo_user,
    determine,
    fill_the_checklist,
    found_by,
    pdf_file,
    press,
    recommend,
    save_and_continue,
    sign_and_submit,
    take,
)
from tests.factories.register import publish
from tests.factories.verification import determined, manufacturer
from verification.services.demo_people import DEMO_ORGANIZATION

NEW = "Gait Group Holding"


@pytest.mark.parametrize("width", [1280, 375])
def test_a_merger_renames_listings(visit: Any, tmp_path: Path, width: int) -> None:
    determined(demo_user("manufacturer"), product_name="Merger One", model_numbers=("ME-1", "ME-2"))
    publish("Somebody Else's", code="K1007", manufacturer="Another Maker")
    manufacturer(NEW)  # other people act for it

    # 1. From My listings: the name changed. Its own organization, what happened, and into which one.
    maker = at_the_desk(visit, "manufacturer", width=width)
    page = maker.page
    main = page.get_by_role("main")
    page.goto("/apply/listings/")
    page.get_by_role("link", name="The name of my organization changed").click()
    maker.check_the_page()
    page.get_by_role("button", name="Begin the attestation").click()
    draft = page.url
    maker.check_the_page()
    main.get_by_role("table").get_by_role("link", name="The change of name").click()
    page.get_by_text("It became part of another organization, by merger or purchase", exact=True).click()
    page.get_by_label("Name of the organization that it is part of now").fill(NEW.lower())
    page.get_by_label("Since which day?").fill(timezone.localdate().isoformat())
    maker.check_the_page()
    save_and_continue(page)
    page.get_by_label("Address to which the letter goes").fill("1 Gait Way\nMarlborough, MA 01752")
    page.get_by_label("Contact's telephone").fill("508 555 0100")
    save_and_continue(page)
    attach(page, "Attestation on the company's letterhead", pdf_file(tmp_path, "attestation"))
    attach(page, "Proof of the change", pdf_file(tmp_path, "certificate-of-merger"))

    # 2. Other people act for that company: its agreement is missing, and said to be.
    page.goto(draft)
    expect(main).to_contain_text("Other people act for")
    maker.check_the_page()
    main.get_by_role("table").get_by_role("link", name="Documents").click()
    attach(page, "Agreement of the other company", pdf_file(tmp_path, "agreement"))
    dcn = sign_and_submit(maker, draft)

    # 3. Reviewed; the approver sees each listing that changes before it does.
    reviewer = at_the_desk(visit, "reviewer", width=width)
    page = reviewer.page
    dossier = take(reviewer, dcn)
    reviewer.check_the_page()
    fill_the_checklist(reviewer, dossier)
    press(page, "Draft the determination")
    page.get_by_label("Accepted", exact=True).check(force=True)
    page.get_by_label("Rationale").fill("The certificate shows the merger.")
    reviewer.check_the_page()
    page.get_by_role("button", name="Save the draft").click()
    recommend(reviewer, dossier)
    approver = at_the_desk(visit, "approver", width=width)
    page = approver.page
    page.goto(f"{dossier}act/determine/")
    expect(page.get_by_role("main")).to_contain_text("What changes on the list: 2 listings")
    expect(page.get_by_role("main")).to_contain_text(NEW)
    determine(approver, dossier)

    # 4. The public reads the new name; the former one still finds the listings.
    anybody = visit(width=width)
    page = anybody.page
    main = page.get_by_role("main")
    found_by(page, f"{DEMO_ORGANIZATION} ME-2")
    anybody.check_the_page()
    main.get_by_role("link", name="Merger One").first.click()
    expect(page.locator(".register-lead")).to_contain_text(f"By {NEW}; under K1007.")
    anybody.check_the_page()
    found_by(page, f"{NEW} Merger")
    expect(main).to_contain_text("ME-1")
    expect(main).to_contain_text("ME-2")
    expect(main).not_to_contain_text("Somebody Else's")
    page.goto("/codes/K1007/")
    expect(main).to_contain_text("Another Maker")
    expect(main).not_to_contain_text(DEMO_ORGANIZATION)

    # 5. The maker reads that it was accepted.
    page = maker.page
    page.goto(draft)
    expect(page.get_by_role("main")).to_contain_text("Accepted")
    maker.check_the_page()

"""No code is assigned; the maker asks for a reconsideration, others decide on it, and the product is listed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from pcl.models import Listing
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
from tests.browser.whole import whole
from tests.factories.accounts import contractor_person
from tests.factories.verification import determined
from verification.letters.compose import letter_text
from verification.models import Application, Outcome

DECIDED_THE_FIRST = "did not decide the first"


@pytest.mark.parametrize("width", [1280, 375])
def test_reconsidered_by_others_and_revised(visit: Any, tmp_path: Path, width: int) -> None:
    first = determined(
        demo_user("manufacturer"),
        reviewed_by=demo_user("reviewer"),
        approved_by=demo_user("approver"),
        outcome=Outcome.NO_CODE,
        rationale="A pelvic component is not shown.",
        product_name="Second Look",
        model_numbers=("SL-1",),
    )
    assert first.dcn
    assert not Listing.objects.filter(model__product__name="Second Look").exists()

    # 1. The maker reads the determination and its clock, and begins the reconsideration.
    maker = at_the_desk(visit, "manufacturer", width=width)
    page = maker.page
    main = page.get_by_role("main")
    page.goto("/apply/")
    page.get_by_role("link", name="Second Look").click()
    expect(main).to_contain_text("A pelvic component is not shown.")
    maker.check_the_page()
    page.get_by_role("link", name="Ask for a reconsideration").click()
    expect(main).to_contain_text("People who did not decide the first determination decide on it.")
    maker.check_the_page()
    page.get_by_role("button", name="Begin the reconsideration").click()
    draft = page.url
    maker.check_the_page()

    # 2. Says what is new and shows it, section after section.
    main.get_by_role("table").get_by_role("link", name="The codes that you ask for").click()
    expect(page.get_by_label("HCPCS codes that you request")).to_have_value("K1007")
    save_and_continue(page)
    page.get_by_text("New information on features or functions").click()
    page.get_by_label("What is new?").fill("The pelvic component: drawing, page 1.")
    page.get_by_label("Which determination do you ask for").fill("K1007: the device has a pelvic component.")
    maker.check_the_page()
    save_and_continue(page)
    if whole(page).get_by_label("Contact's telephone").count():
        page.get_by_label("Contact's telephone").fill("508 555 0100")
        page.get_by_label("Address to which the letter goes").fill("1 Gait Way\nMarlborough, MA 01752")
    maker.check_the_page()
    save_and_continue(page)
    attach(page, "The new evidence", pdf_file(tmp_path, "drawing-of-the-pelvis"))
    maker.check_the_page()
    dcn = sign_and_submit(maker, draft)
    page.goto(first.get_absolute_url())
    expect(main).to_contain_text(f"This determination is being reconsidered, under {dcn}.")

    # 3. Who decided the first is refused, by name of the reason; another reviewer takes it.
    decided = at_the_desk(visit, "reviewer", width=width)
    page = decided.page
    page.goto("/review/?whose=unassigned")
    expect(page.get_by_role("link", name=dcn)).to_be_visible()
    expect(page.get_by_role("button", name=f"Take {dcn} for review")).to_have_count(0)
    page.get_by_role("link", name=dcn).click()
    expect(page.get_by_role("main")).to_contain_text(DECIDED_THE_FIRST)
    expect(page.get_by_role("button", name="Take for review")).to_have_count(0)
    decided.check_the_page()
    other = at_the_desk(visit, contractor_person(Role.REVIEWER, name="Olive Other"), width=width)
    page = other.page
    dossier = take(other, dcn)
    expect(page.get_by_role("main")).to_contain_text("Who took part in that does not decide on this.")
    expect(page.get_by_role("link", name="instructions-for-use.pdf").first).to_be_visible()
    other.check_the_page()
    fill_the_checklist(other, dossier)
    press(page, "Draft the determination")
    page.locator("main label", has_text="assigned").first.click()
    page.get_by_label("HCPCS codes assigned").fill("K1007")
    page.get_by_label("Rationale").fill("The drawing shows the pelvic component.")
    page.get_by_role("button", name="Save the draft").click()
    recommend(other, dossier)

    # 4. The first approver is refused, too; another one revises the determination.
    approver = at_the_desk(visit, "approver", width=width)
    page = approver.page
    page.goto(dossier)
    expect(page.get_by_role("main")).to_contain_text(DECIDED_THE_FIRST)
    expect(page.get_by_role("link", name="Make the determination")).to_have_count(0)
    page.goto(f"{dossier}act/determine/")
    expect(page.get_by_role("main").get_by_role("button", name="Make the determination")).to_have_count(0)
    approver.check_the_page()
    second = at_the_desk(visit, contractor_person(Role.APPROVER, name="Sam Second"), width=width)
    determine(second, dossier)

    # 5. The register shows the listing; the applicant reads that it was revised, with the letter.
    listing = Listing.objects.get(model__product__name="Second Look")
    assert (listing.model.model_number, listing.code.code) == ("SL-1", "K1007")
    page = maker.page
    page.goto(first.get_absolute_url())
    expect(main).to_contain_text("This determination was reconsidered and revised")
    page.get_by_role("main").get_by_role("link", name=dcn).click()
    expect(main).to_contain_text(f"The determination on {first.dcn} is revised.")
    for nobody in ("Olive Other", "Sam Second", "Robin Reviewer", "Avery Approver"):
        expect(main).not_to_contain_text(nobody)
    maker.check_the_page()
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the letter (PDF)").click()
    assert Path(started.value.path()).read_bytes().startswith(b"%PDF")
    said = letter_text(Application.objects.get(dcn=dcn).determination)
    assert said["title"] == "Reconsideration: determination revised"
    anybody = visit(width=width)
    found_by(anybody.page, "Second Look")
    anybody.page.get_by_role("main").get_by_role("link", name="Second Look").first.click()
    expect(anybody.page.get_by_role("main")).to_contain_text("K1007")
    anybody.check_the_page()

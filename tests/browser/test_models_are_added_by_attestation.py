"""From My listings to a new model on the list: by attestation on the letterhead, without a new application."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

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
from tests.factories.verification import determined


@pytest.mark.parametrize("width", [1280, 375])
def test_models_are_added_by_attestation(visit: Any, tmp_path: Path, width: int) -> None:
    determined(demo_user("manufacturer"), product_name="Adder", model_numbers=("AD-100",))

    # 1. The maker asks from the listing what has to be done, and is told that an attestation is enough, and why.
    maker = at_the_desk(visit, "manufacturer", width=width)
    page = maker.page
    main = page.get_by_role("main")
    page.goto("/apply/listings/")
    maker.check_the_page()
    page.get_by_role("link", name="Report a change: Adder AD-100 under K1007").click()
    maker.check_the_page()
    page.get_by_text("There are new model numbers of the same product").click()
    page.get_by_role("button", name="What do I have to do?").click()
    expect(main).to_contain_text("An attestation is enough: a model number addition")
    expect(main).to_contain_text("They are models of the product as it was reviewed")
    maker.check_the_page()
    page.get_by_role("button", name="Begin the attestation").click()
    draft = page.url
    maker.check_the_page()

    # 2. The new numbers, one of them listed already: refused until it is taken out.
    main.get_by_role("table").get_by_role("link", name="New model numbers").click()
    page.get_by_label("New model numbers").fill("AD-200\nad 100\nAD-210")
    maker.check_the_page()
    save_and_continue(page)
    page.get_by_text("Yes", exact=True).first.click()
    page.get_by_label("In what do the new models differ").fill("Color only.")
    maker.check_the_page()
    save_and_continue(page)
    page.get_by_label("Address to which the letter goes").fill("1 Gait Way\nMarlborough, MA 01752")
    page.get_by_label("Contact's telephone").fill("508 555 0100")
    maker.check_the_page()
    save_and_continue(page)
    attach(page, "Attestation on the company's letterhead", pdf_file(tmp_path, "attestation"))
    maker.check_the_page()
    page.goto(draft)
    expect(main).to_contain_text("ad 100 is listed already")
    maker.check_the_page()
    main.get_by_role("table").get_by_role("link", name="New model numbers").click()
    page.get_by_label("New model numbers").fill("AD-200\nAD-210")
    save_and_continue(page)
    dcn = sign_and_submit(maker, draft)

    # 3. A reviewer finds it in order, an approver publishes.
    reviewer = at_the_desk(visit, "reviewer", width=width)
    page = reviewer.page
    dossier = take(reviewer, dcn)
    expect(page.get_by_role("main")).to_contain_text("AD-210")
    reviewer.check_the_page()
    fill_the_checklist(reviewer, dossier)
    press(page, "Draft the determination")
    expect(page.get_by_label("HCPCS codes for every model")).to_have_value("K1007")
    page.get_by_label("Rationale").fill("The new models differ in color only.")
    reviewer.check_the_page()
    page.get_by_role("button", name="Save the draft").click()
    recommend(reviewer, dossier)
    determine(at_the_desk(visit, "approver", width=width), dossier)

    # 4. The new models stand beside the first one: for the maker, and for everybody.
    page = maker.page
    page.goto("/apply/listings/")
    for number in ("AD-100", "AD-200", "AD-210"):
        expect(page.get_by_role("row").filter(has_text=number)).to_contain_text("K1007")
    page.goto("/apply/")
    page.get_by_role("row").filter(has_text=dcn).get_by_role("link").first.click()
    expect(page.get_by_role("link", name="Download the letter (PDF)")).to_be_visible()
    maker.check_the_page()
    anybody = visit(width=width)
    found_by(anybody.page, "Adder AD-210")
    anybody.page.get_by_role("main").get_by_role("link", name="Adder").first.click()
    expect(anybody.page.get_by_role("main")).to_contain_text("AD-210")
    numbers = Listing.objects.filter(model__product__name="Adder").order_by("model__model_number")
    assert [row.model.model_number for row in numbers.select_related("model")] == ["AD-100", "AD-200", "AD-210"]

"""A surgical dressing in six sizes under two codes: sizes, samples, a determination for each model, six listings."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from pcl.models import Listing
from tests.browser.desks import (
    at_the_desk,
    demo_user,
    determine,
    fill_the_checklist,
    found_by,
    open_section,
    press,
    recommend,
    sign_and_submit,
    take,
)
from tests.browser.whole import whole
from tests.factories.product_groups import answers_for, attach_everything, begun_draft_of
from tests.factories.verification import again, show_evidence
from verification.models import Application
from verification.services import drafts

# By model number: size on the label, pad in square inches, code.
SIZES = {
    "CD-22": ("2 × 2 in", "4", "A6021"),
    "CD-33": ("3 × 3 in", "9", "A6021"),
    "CD-44": ("4 × 4 in", "16", "A6021"),
    "CD-45": ("4 × 5 in", "20", "A6022"),
    "CD-66": ("6 × 6 in", "36", "A6022"),
    "CD-68": ("6 × 8 in", "48", "A6022"),
}


def dressing() -> Application:
    """All is said but the sizes."""
    application = begun_draft_of(
        "surgical-dressings", codes=("A6021", "A6022"), model_numbers=list(SIZES), by=demo_user("manufacturer")
    )
    document = attach_everything(application)
    application = again(application)
    answers = answers_for(application.group, document=document)
    drafts.save_answers(application=application, answers=answers, seen_version=application.version)
    return show_evidence(again(application))


def fill_a_size(page: Page, model_key: int, size: str, measure: str, code: str) -> None:
    whole(page).locator(f"[name=size-{model_key}]").fill(size)
    page.locator(f"[name=measure-{model_key}]").fill(measure)
    for box in page.locator(f"[name=codes-{model_key}]").all():
        label = page.locator(f"label[for={box.get_attribute('id')}]")
        if box.is_checked() != (label.inner_text().strip().startswith(code)):
            label.click()


@pytest.mark.parametrize("width", [1280, 375])
def test_a_dressing_of_six_sizes(visit: Any, width: int) -> None:
    application = dressing()
    keys = {model.model_number: model.pk for model in application.models.all()}

    # 1. The maker gives each model its size and code, one of them wrongly: told by model, code and measure.
    maker = at_the_desk(visit, "manufacturer", width=width)
    page = maker.page
    main = page.get_by_role("main")
    page.goto("/apply/")
    page.get_by_role("link", name="Product of surgical-dressings").click()
    draft = page.url
    open_section(page, "B. Sizes and their codes")
    maker.check_the_page()
    for number, (size, measure, code) in SIZES.items():
        fill_a_size(page, keys[number], size, measure, "A6021" if number == "CD-45" else code)
    page.get_by_role("button", name="Save and return to the list").click()
    expect(main).to_contain_text("CD-45: A6021 is for up to 16 sq in; this size is 20 sq in.")
    maker.check_the_page()
    open_section(page, "B. Sizes and their codes")
    expect(page.locator(f"[name=size-{keys['CD-45']}]")).to_have_value("4 × 5 in")
    fill_a_size(page, keys["CD-45"], *SIZES["CD-45"])
    page.get_by_role("button", name="Save and return to the list").click()
    dcn = sign_and_submit(maker, draft)

    # 2. A sample of each size is expected; the maker reads which.
    samples = page.get_by_role("region", name="Samples")
    for size, _, _ in SIZES.values():
        expect(samples).to_contain_text(size)
    expect(samples.get_by_text("Expected", exact=True)).to_have_count(6)
    maker.check_the_page()

    # 3. The reviewer receives the first one, and finds the codes drafted for each model as they were requested.
    reviewer = at_the_desk(visit, "reviewer", width=width)
    page = reviewer.page
    dossier = take(reviewer, dcn)
    reviewer.check_the_page()
    page.goto(f"{dossier}samples/")
    first = page.get_by_role("region").filter(has_text="2 × 2 in").first
    first.get_by_text("It was received").first.click()
    first.get_by_text("Yes", exact=True).click()
    first.get_by_label("Where it is").fill("Shelf 4")
    first.get_by_role("button", name="It was received").click()
    expect(page.get_by_text("Where: Shelf 4")).to_be_visible()
    reviewer.check_the_page()
    fill_the_checklist(reviewer, dossier)
    press(page, "Draft the determination")
    expect(page.get_by_label("HCPCS codes for every model")).to_have_value("A6021")
    said = {number: page.get_by_label(number, exact=True).input_value() for number in SIZES}
    assert said == {number: ("A6022" if code == "A6022" else "") for number, (_, _, code) in SIZES.items()}
    page.get_by_label("Rationale").fill("Collagen is the predominant component of all six sizes.")
    page.get_by_role("button", name="Show it as typed").click()
    expect(page.locator("#letter-as-it-would-be")).to_contain_text("CD-68")
    reviewer.check_the_page()
    page.get_by_role("button", name="Save the draft").click()
    recommend(reviewer, dossier)

    # 4. Published: three sizes under one code, three under the other.
    approver = at_the_desk(visit, "approver", width=width)
    determine(approver, dossier)
    listed = Listing.objects.filter(model__product__name="Product of surgical-dressings")
    assert dict(listed.values_list("model__model_number", "code__code")) == {
        number: code for number, (_, _, code) in SIZES.items()
    }
    page = maker.page
    page.goto(application.get_absolute_url())
    expect(page.get_by_role("link", name="Public listing")).to_have_count(6)
    expect(page.get_by_role("region", name="Samples")).not_to_contain_text("Shelf 4")
    maker.check_the_page()
    anybody = visit(width=width)
    found_by(anybody.page, "CD-68")
    expect(anybody.page.get_by_role("main")).to_contain_text("A6022")
    anybody.check_the_page()

"""An application is rejected as incomplete; its maker starts again from it, mends it, and gets the product listed."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.desks import (
    at_the_desk,
    attach,
    demo_user,
    determine,
    fill_the_checklist,
    found_by,
    open_section,
    pdf_file,
    press,
    recommend,
    save_and_continue,
    sign_and_submit,
    take,
)
from tests.factories.verification import submitted
from verification.models import Application


@pytest.mark.parametrize("width", [1280, 375])
def test_refused_fixed_and_approved(visit: Any, tmp_path: Path, width: int) -> None:
    maker, reviewer = (at_the_desk(visit, role, width=width) for role in ("manufacturer", "reviewer"))
    first = submitted(demo_user("manufacturer"), product_name="Mend One", model_numbers=("MO-1", "MO-2"))
    assert first.dcn

    # 1. The reviewer takes it, begins the rejection with a usual reason, and adds to its words.
    page = reviewer.page
    take(reviewer, first.dcn)
    reviewer.check_the_page()
    press(page, "Reject as incomplete")
    page.get_by_role("link", name="No evidence of FDA registration").click()
    text = page.get_by_label("What was missing, and what to do")
    assert "registered and listed with FDA" in text.input_value()
    text.fill(f"{text.input_value()} The page that is attached shows another device.")
    page.get_by_role("button", name="See how it reads").click()
    expect(page.get_by_role("main")).to_contain_text("shows another device")
    reviewer.check_the_page()
    page.get_by_role("main").get_by_role("button", name="Reject as incomplete").click()
    expect(page.get_by_text("The application was rejected. No determination was made")).to_be_visible()

    # 2. The applicant reads why, starts again from it, and finds everything there but the signature.
    page = maker.page
    main = page.get_by_role("main")
    page.goto("/apply/")
    page.get_by_role("link", name="Mend One").click()
    expect(main).to_contain_text("Rejected as incomplete")
    expect(main).to_contain_text("The page that is attached shows another device.")
    expect(main).not_to_contain_text("Robin Reviewer")
    maker.check_the_page()
    page.get_by_role("link", name="Start again from this one").click()
    maker.check_the_page()
    page.get_by_role("button", name="Begin the new application").click()
    draft = page.url
    maker.check_the_page()
    open_section(page, "Reason for the application")
    expect(page.get_by_label("Earlier document control number")).to_have_value(first.dcn)
    expect(page.get_by_label("It was submitted before and the application was rejected")).to_be_checked()
    save_and_continue(page)

    # 3. It takes the wrong page out, attaches the right one, points the evidence to it, signs and submits.
    page.goto(draft)
    open_section(page, "Documents")
    page.get_by_role("button", name="Remove fda-registration.pdf").click()
    attach(page, "Evidence of FDA registration", pdf_file(tmp_path, "right-registration"))
    maker.check_the_page()
    page.goto(draft)
    open_section(page, "Codes and evidence")
    for document in page.locator("main select").all():
        document.select_option(label="right-registration.pdf")
    for number in page.locator("main input[type=number]").all():
        number.fill("1")
    save_and_continue(page)
    dcn = sign_and_submit(maker, draft)
    assert dcn != first.dcn

    # 4. The reviewer sees what it cites, and what became different; the determination is made.
    page = reviewer.page
    dossier = take(reviewer, dcn)
    main = page.get_by_role("main")
    expect(main).to_contain_text(f"Cites {first.dcn} (Rejected).")
    expect(main).to_contain_text("right-registration.pdf")
    reviewer.check_the_page()
    fill_the_checklist(reviewer, dossier)
    press(page, "Draft the determination")
    page.get_by_label("Rationale").fill("The device has every element of the descriptor of K1007.")
    page.get_by_role("button", name="Save the draft").click()
    recommend(reviewer, dossier)
    approver = at_the_desk(visit, "approver", width=width)
    determine(approver, dossier)

    # 5. The applicant sees both; the public sees the listing, and the former rejection nowhere.
    page = maker.page
    page.goto("/apply/")
    expect(page.get_by_role("row").filter(has_text=first.dcn)).to_contain_text("Rejected as incomplete")
    page.get_by_role("row").filter(has_text=dcn).get_by_role("link").first.click()
    expect(page.get_by_role("main")).to_contain_text("Determination made")
    expect(page.get_by_role("link", name="Public listing")).to_have_count(2)
    anybody = visit(width=width)
    found_by(anybody.page, "Mend One MO-2")
    anybody.page.get_by_role("main").get_by_role("link", name="Mend One").first.click()
    expect(anybody.page.get_by_role("main")).to_contain_text("MO-2")
    expect(anybody.page.get_by_role("main")).to_contain_text("Stride Robotics")
    anybody.check_the_page()
    of_it = Application.objects.filter(product_name="Mend One").order_by("pk")
    assert list(of_it.values_list("status", flat=True)) == ["rejected", "determined"]

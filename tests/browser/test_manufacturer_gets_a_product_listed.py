"""The main job, end to end, in Chromium: sign up, apply, review, determine, find, read by program."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from accounts.models import OutgoingMail
from tests.browser.desks import at_the_desk, pdf_file, save_and_continue, take
from tests.browser.whole import whole
from tests.jobs import run_jobs
from verification.models import Letter

PASSWORD = "exoskeletons-walk-2026"


@pytest.mark.parametrize("width", [1280, 375])
def test_manufacturer_gets_a_product_listed(visit: Any, tmp_path: Path, width: int) -> None:
    # 1. A manufacturer's person signs up, confirms the e-mail address, names the organization.
    maker = visit(width=width)
    page = maker.page
    page.goto("/accounts/signup/")
    page.get_by_label("Full name").fill("Mira Walker")
    page.get_by_label("E-mail address").fill("mira@upright.example")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    maker.check_the_page()
    page.get_by_role("main").get_by_role("button", name="Create account").click()
    run_jobs()
    link = re.search(
        r"https?://\S+/accounts/confirm-email/\S+", OutgoingMail.objects.get(to=["mira@upright.example"]).text
    )
    assert link is not None
    page.goto(link.group())
    page.get_by_role("main").get_by_role("button", name="Confirm").click()
    if "/accounts/login/" in page.url:
        maker.sign_in("mira@upright.example", PASSWORD)
    page.goto("/apply/")
    page.get_by_label("Name of your organization").fill("Upright Devices")
    maker.check_the_page()
    page.get_by_role("button", name="Continue").click()

    # 2. Starts an application, saves every step, leaves and comes back, is refused with the gaps named, submits.
    page.goto("/apply/start/")
    maker.check_the_page()
    page.get_by_role("main").locator("label", has_text="Powered Orthoses").click()
    page.get_by_role("button", name="Start the application").click()
    application = page.url
    maker.check_the_page()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("link", name="Say why you apply.").first).to_be_visible()
    expect(page.get_by_role("link", name="Give the HCPCS code that you request.").first).to_be_visible()
    maker.check_the_page()
    page.get_by_role("link", name="Say why you apply.").first.click()
    page.get_by_text("The product was never reviewed").click()
    maker.check_the_page()
    save_and_continue(page)
    page.get_by_label("Manufacturer's address").fill("12 Gait Street\nMarlborough, MA 01752")
    page.get_by_label("Contact's telephone").fill("508 555 0100")
    maker.check_the_page()
    save_and_continue(page)
    # A.2 stays empty: the product is sold under the maker's own name.
    maker.check_the_page()
    save_and_continue(page)
    page.get_by_label("Product name").fill("Upright One")
    page.get_by_label("Model numbers").fill("UP-100\nUP-200")
    page.get_by_label("Narrative description").fill("A powered exoskeleton for both legs with a pelvic part.")
    page.get_by_text("exempt from premarket submission").click()
    page.get_by_label("HCPCS codes that you request").fill("K1007")
    maker.check_the_page()
    save_and_continue(page)
    page.goto("/")
    page.goto(application)  # left and came back
    page.get_by_role("main").get_by_role("link", name=re.compile("^C")).first.click()
    answer_the_questions(whole(page))
    maker.check_the_page()
    save_and_continue(page)
    for label in ("Evidence of FDA registration", "Brochure", "Instructions for use"):
        page.get_by_label(label, exact=False).set_input_files(pdf_file(tmp_path, label.replace(" ", "-")))
    maker.check_the_page()
    save_and_continue(page)  # goes when the files have arrived
    page.wait_for_url("**/evidence/")
    point_to_the_evidence(whole(page))
    maker.check_the_page()
    save_and_continue(page)
    page.get_by_label("Name of the signer").fill("Mira Walker")
    page.get_by_label("Title of the signer").fill("Chief Executive")
    page.get_by_role("main").locator("label", has_text="attest").click()
    maker.check_the_page()
    page.get_by_role("button", name="Save and return to the list").click()
    page.goto(application)
    maker.check_the_page()
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("main")).to_contain_text("Document control number")
    dcn = re.search(r"CVR-\d{4}-\d{6}", page.get_by_role("main").inner_text())
    assert dcn is not None
    maker.check_the_page()

    # 3. A reviewer sees it in the queue, takes it, fills the checklist, recommends.
    reviewer = at_the_desk(visit, "reviewer", width=width)
    page = reviewer.page
    page.goto("/review/")
    reviewer.check_the_page()
    dossier = take(reviewer, dcn.group())
    reviewer.check_the_page()
    page.goto(f"{dossier}checklist/")
    for option in page.locator("label", has_text=re.compile("^Met$")).all():
        option.click()
    for box in page.locator("textarea").all():
        box.fill("Instructions for use, page 1")
    reviewer.check_the_page()
    page.get_by_role("button", name="Save and go back").click()
    page.goto(f"{dossier}determination/")
    page.get_by_label("Rationale").fill("The device has every element of the descriptor of K1007.")
    reviewer.check_the_page()
    page.get_by_role("button", name="Save the draft").click()
    page.goto(f"{dossier}act/recommend/")
    reviewer.check_the_page()
    page.get_by_role("main").get_by_role("button", name="Recommend this determination").click()

    # 4. An approver determines; the listing is published and the letter written.
    approver = at_the_desk(visit, "approver", width=width)
    page = approver.page
    page.goto(dossier)
    approver.check_the_page()
    page.goto(f"{dossier}act/determine/")
    approver.check_the_page()
    page.get_by_role("main").get_by_role("button", name="Make the determination").click()
    run_jobs()
    assert Letter.objects.get().written_at is not None

    page = maker.page
    page.goto(application)
    expect(page.get_by_role("main")).to_contain_text("Determination made")
    maker.check_the_page()

    # 5. Anybody finds it: by a word, beside ReWalk under its code, at a page of its own; K1032 has ended.
    anybody = visit(width=width)
    page = anybody.page
    page.goto("/")
    anybody.check_the_page()
    page.locator("main input[name=q]").fill("upri 200")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?*q=upri*")
    anybody.check_the_page()
    page.get_by_role("main").get_by_role("link", name="Upright One").first.click()
    listing = page.url
    main = page.get_by_role("main")
    expect(main).to_contain_text("UP-200")
    expect(main).to_contain_text("Upright Devices")
    anybody.check_the_page()
    page.goto("/codes/K1007/")
    expect(main).to_contain_text("ReWalk")
    expect(main).to_contain_text("Upright One")
    expect(main).to_contain_text("June 1, 2024")
    anybody.check_the_page()
    page.goto("/codes/K1032/")
    expect(main).to_contain_text("December 31, 2023")
    anybody.check_the_page()

    # 6. A program reads it.
    base = listing.split("/listings/")[0]
    found = read_json(f"{base}/api/v1/listings/?code=K1007")
    assert sorted((row["product"], row["model_number"]) for row in found["results"]) == [
        ("ReWalk", None),
        ("Upright One", "UP-100"),
        ("Upright One", "UP-200"),
    ]
    assert read_json(f"{base}/api/v1/codes/K1007/")["code"] == "K1007"
    with urlopen(f"{base}/api/v1/exports/listings.csv") as answer:  # noqa: S310  # our own server
        assert answer.read().decode().count("Upright One") == 2


def answer_the_questions(page: Page) -> None:
    page.locator("label", has_text="Both legs").click()
    page.locator("label", has_text="Single").click()
    for group in page.get_by_role("group").all():
        yes = group.locator("label", has_text=re.compile("^Yes$"))
        if yes.count() and yes.first.is_visible():
            yes.first.click()
    for box in page.locator("main textarea, main input[type=text]").all():
        if box.is_visible():
            box.fill("Hip and knee, both sides; fitted by a certified orthotist.")
    for box in page.locator("main input[type=number], main input[inputmode=decimal]").all():
        if box.is_visible():
            box.fill("5")


def point_to_the_evidence(page: Page) -> None:
    """Each element is shown on the first page of the first document."""
    for document in page.locator("main select").all():
        document.select_option(index=1)
    for number in page.locator("main input[type=number]").all():
        number.fill("1")


def read_json(address: str) -> Any:
    with urlopen(address) as answer:  # noqa: S310  # our own server
        return json.load(answer)

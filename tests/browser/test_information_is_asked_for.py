"""The reviewer asks; the maker answers with words and a document, or lets the day pass."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.desks import at_the_desk, demo_user, pdf_file, press, take
from tests.factories.verification import again, information_requested, submitted
from tests.jobs import run_jobs
from verification.services.clocks import expire_overdue


@pytest.mark.parametrize("width", [1280, 375])
def test_asked_and_answered(visit: Any, tmp_path: Path, width: int) -> None:
    application = submitted(demo_user("manufacturer"), product_name="Asker")
    assert application.dcn

    # 1. The reviewer asks two things, in a list; a day that has passed is refused and nothing typed is lost.
    reviewer = at_the_desk(visit, "reviewer", width=width)
    page = reviewer.page
    dossier = take(reviewer, application.dcn)
    press(page, "Ask the applicant for information")
    page.get_by_label("What is needed").fill("The weight of the battery.\n\nA photograph of the joint.")
    page.get_by_label("Answer due on").fill((timezone.localdate() - timedelta(days=1)).isoformat())
    page.get_by_role("main").get_by_role("button", name="Ask the applicant for information").click()
    expect(page.get_by_label("What is needed")).to_have_value(
        "The weight of the battery.\n\nA photograph of the joint."
    )
    reviewer.check_the_page()
    due = timezone.localdate() + timedelta(days=14)
    page.get_by_label("Answer due on").fill(due.isoformat())
    page.get_by_role("main").get_by_role("button", name="Ask the applicant for information").click()
    expect(page.get_by_text("The applicant was asked.")).to_be_visible()
    reviewer.check_the_page()

    # 2. The maker finds it waiting, answers one item only and is told; then answers both, with a document.
    maker = at_the_desk(visit, "manufacturer", width=width)
    page = maker.page
    main = page.get_by_role("main")
    page.goto("/apply/")
    waiting = page.get_by_role("row").filter(has_text=application.dcn)
    expect(waiting).to_contain_text("Waiting for you")
    page.get_by_role("link", name="Asker").click()
    maker.check_the_page()
    page.get_by_label("1. The weight of the battery.").fill("Two kilograms.")
    page.get_by_role("button", name="Send the answers").click()
    expect(main.get_by_text("Answer this item.").first).to_be_visible()
    expect(page.get_by_label("1. The weight of the battery.")).to_have_value("Two kilograms.")
    maker.check_the_page()
    page.get_by_label("2. A photograph of the joint.").fill("See joint.pdf, page 1.")
    if not page.get_by_label("Other evidence").is_visible():
        page.get_by_text("Attach documents to the answers").click()
    # Sent off while the file is under way: the answers go when it is attached.
    page.get_by_label("Other evidence").set_input_files(pdf_file(tmp_path, "joint"))
    page.get_by_role("button", name="Send the answers").click()
    expect(page.locator("#where-it-stands")).to_contain_text("In review")
    expect(main).to_contain_text("Two kilograms.")
    expect(main.get_by_role("link", name="joint.pdf")).to_be_visible()
    expect(main).to_contain_text("in answer")
    maker.check_the_page()

    # 3. The reviewer has it back, sees what came, and opens the document in place.
    page = reviewer.page
    page.goto("/review/?whose=mine")
    expect(page.get_by_role("row").filter(has_text=application.dcn)).to_contain_text("In review")
    page.get_by_role("link", name=application.dcn).click()
    changed = page.get_by_role("region", name="What changed")
    expect(changed).to_contain_text("joint.pdf")
    expect(page.get_by_role("main")).to_contain_text("Two kilograms.")
    reviewer.check_the_page()
    page.goto(dossier)
    page.get_by_role("link", name="joint.pdf").first.click()
    expect(page.locator("iframe").first).to_have_attribute("title", "joint.pdf")
    assert again(application).status == "in_review"


@pytest.mark.parametrize("width", [1280, 375])
def test_not_answered_and_expired(visit: Any, width: int) -> None:
    application = information_requested(
        demo_user("manufacturer"), reviewed_by=demo_user("reviewer"), product_name="Silent", due_in=3
    )
    assert application.dcn
    assert application.answer_due_on
    other, asked = (
        information_requested(demo_user("manufacturer"), reviewed_by=demo_user("reviewer"), product_name=name, due_in=4)
        for name in ("Patient", "Asked Too")
    )
    maker, reviewer = (at_the_desk(visit, role, width=width) for role in ("manufacturer", "reviewer"))
    page = maker.page
    page.goto(application.get_absolute_url())
    page.get_by_label("1. The weight").fill("Typed too late.")

    # On the last day nothing is closed; on the day after, this one and no other.
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=True):
        assert expire_overdue() == 0
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=True):
        assert expire_overdue() == 1
    run_jobs()
    assert again(other).status == "information_requested"

    # 1. The maker, who typed meanwhile, gets the text back and is told; the list says why it was rejected.
    main = page.get_by_role("main")
    page.get_by_role("button", name="Send the answers").click()
    expect(main).to_contain_text("Typed too late.")
    expect(main).to_contain_text("Rejected as incomplete")
    maker.check_the_page()
    page.goto("/apply/")
    expect(page.get_by_role("row").filter(has_text=application.dcn)).to_contain_text("Rejected as incomplete")
    expect(page.get_by_role("row").filter(has_text=other.dcn or "")).to_contain_text("Waiting for you")
    page.get_by_role("link", name="Silent").click()
    expect(main).to_contain_text("No answer by the day on which it was due")
    expect(page.get_by_role("link", name="Start again from this one")).to_be_visible()
    expect(page.get_by_role("button", name="Send the answers")).to_have_count(0)
    maker.check_the_page()

    # 2. For its reviewer it is closed and no work any more; the dossier says that the system did it.
    page = reviewer.page
    page.goto("/review/?whose=mine")
    expect(page.get_by_role("link", name=asked.dcn or "")).to_be_visible()
    expect(page.get_by_role("link", name=application.dcn)).to_have_count(0)
    page.goto("/review/?whose=closed")
    expect(page.get_by_role("row").filter(has_text=application.dcn)).to_contain_text("Rejected")
    reviewer.check_the_page()
    page.get_by_role("link", name=application.dcn).click()
    expect(page.get_by_role("main")).to_contain_text("Nothing: the application is closed.")
    expect(page.get_by_role("region", name="Timeline")).to_contain_text("Close for want of an answer")
    reviewer.check_the_page()

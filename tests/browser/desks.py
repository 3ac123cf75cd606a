"""What applicants and the contractor's people do in every journey: sign in, fill, take, check, recommend, determine."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from accounts.demo import DEMO_PEOPLE
from accounts.models import User
from tests.browser.whole import whole
from tests.factories.accounts import PASSWORD
from tests.factories.verification import pdf_bytes
from tests.jobs import run_jobs
from verification.models import Letter

PEOPLE = {person.role: person for person in DEMO_PEOPLE}
MET = re.compile(r"^\s*Met\s*$")


def demo_user(role: str) -> User:
    return User.objects.get(email=PEOPLE[role].email)


def at_the_desk(visit: Any, who: str | User, *, width: int = 1280) -> Any:
    """A window in which `who`, a demo person's role or a person of the factories, is signed in."""
    visitor = visit(width=width)
    if isinstance(who, User):
        visitor.sign_in(who.email, PASSWORD)
    else:
        visitor.sign_in(PEOPLE[who].email, PEOPLE[who].password)
    expect(visitor.page).not_to_have_url(re.compile("/accounts/login/"))
    return visitor


def pdf_file(folder: Path, name: str) -> Path:
    """A PDF of one page under that name; another name gives another file."""
    path = folder / f"{name}.pdf"
    path.write_bytes(pdf_bytes(name))
    return path


def save_and_continue(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def attach(page: Page, label: str, path: Path) -> None:
    """Attach one file, and wait until it is there: it goes off at once, when the page's script is ready for it."""
    expect(page.get_by_text("Drop files here").first).to_be_visible()
    page.get_by_label(label, exact=False).first.set_input_files(path)
    expect(page.get_by_role("link", name=path.name)).to_be_visible()


def open_section(page: Page, title: str) -> None:
    """From the task list of a draft."""
    page.get_by_role("main").get_by_role("table").get_by_role("link", name=title).click()
    whole(page)


def sign_and_submit(applicant: Any, application: str, *, name: str = "Dana Maker") -> str:
    """From anywhere: sign, submit, and answer the document control number that the page shows then."""
    page: Page = applicant.page
    page.goto(application)
    open_section(page, "Signature")
    page.get_by_label("Name of the signer").fill(name)
    page.get_by_label("Title of the signer").fill("Chief Executive")
    page.get_by_role("main").locator("label", has_text="attest").click()
    page.get_by_role("button", name="Save and return to the list").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing is missing")
    page.get_by_role("button", name="Submit the application").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Document control number")
    dcn = re.search(r"CVR-\d{4}-\d{6}", page.get_by_role("main").inner_text())
    assert dcn is not None
    return dcn.group()


def take(reviewer: Any, dcn: str) -> str:
    """From the queue: take the application and open it; answers the dossier's address."""
    page: Page = reviewer.page
    page.goto("/review/?whose=unassigned")
    page.get_by_role("button", name=f"Take {dcn} for review").click()
    page.goto("/review/")
    page.get_by_role("link", name=dcn).first.click()
    return page.url.split("?")[0]


def fill_the_checklist(reviewer: Any, dossier: str) -> None:
    page: Page = reviewer.page
    page.goto(dossier)
    whole(page).get_by_role("link", name="Fill in the checklist").click()
    for option in whole(page).locator("main label", has_text=MET).all():
        option.click()
    for box in page.locator("main textarea").all():
        box.fill("Instructions for use, page 1")
    page.get_by_role("button", name="Save and go back").click()
    expect(page.get_by_role("main")).to_contain_text("What you can do now")
    whole(page)


def recommend(reviewer: Any, dossier: str) -> None:
    """What is drafted, from the dossier."""
    page: Page = reviewer.page
    page.goto(dossier)
    press(page, "Recommend this determination")
    if "/act/" in page.url:
        page.get_by_role("main").get_by_role("button", name="Recommend this determination").click()
    expect(page.get_by_text("Your recommendation waits for an approver.")).to_be_visible()


def determine(approver: Any, dossier: str, *, check: bool = True) -> None:
    """As it was recommended, with what the page proposes for the days; the letter is written."""
    page: Page = approver.page
    page.goto(dossier)
    whole(page).get_by_role("link", name="Make the determination").click()
    if check:
        approver.check_the_page()
    page.get_by_role("main").get_by_role("button", name="Make the determination").click()
    expect(page.get_by_text("The determination was made.")).to_be_visible()
    letters = Letter.objects.count()
    run_jobs()
    assert Letter.objects.exclude(written_at=None).count() == letters


def press(page: Page, label: str) -> None:
    """A step on the dossier: a button where it is done at once, a link where something has to be given."""
    main = whole(page).get_by_role("main")
    main.get_by_role("link", name=label).or_(main.get_by_role("button", name=label)).first.click()


def found_by(page: Page, words: str) -> None:
    """The public search for `words`; what it finds is on the page then."""
    page.goto("/")
    page.locator("main input[name=q]").fill(words)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/\?.*q="))

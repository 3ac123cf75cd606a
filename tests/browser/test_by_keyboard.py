"""The chief pages by keyboard alone: each link, button and field in order, a ring around it, a way past the head."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.browser.desks import at_the_desk, demo_user
from tests.browser.keyboard import skip_link_leads_to_the_main_part, walk_by_keyboard
from tests.factories.register import publish
from tests.factories.verification import complete_draft, in_review


def of_anybody() -> list[str]:
    publish("Keyboard Walker", code="K1007")
    return [
        "/",
        "/?q=walker",
        "/check/",
        f"/check/?code=K1007&date_of_service={timezone.localdate()}&product=Keyboard",
        "/accounts/login/",
    ]


def of_the_applicant() -> list[str]:
    draft = complete_draft(demo_user("manufacturer"))
    sections = ("reason", "product", "questions", "evidence", "documents", "signature")
    return ["/apply/", f"/apply/{draft.pk}/", *(f"/apply/{draft.pk}/{section}/" for section in sections)]


def of_the_reviewer() -> list[str]:
    application = in_review(demo_user("manufacturer"), reviewed_by=demo_user("reviewer"))
    at = f"/review/{application.pk}"
    return ["/review/", "/review/?whose=mine", f"{at}/", f"{at}/checklist/", f"{at}/determination/"]


@pytest.mark.parametrize(
    ("who", "pages"), [("", of_anybody), ("manufacturer", of_the_applicant), ("reviewer", of_the_reviewer)]
)
def test_the_chief_pages_by_keyboard(visit: Any, who: str, pages: Callable[[], list[str]]) -> None:
    addresses = pages()
    visitor = at_the_desk(visit, who) if who else visit()
    page: Page = visitor.page
    faults = []
    for address in addresses:
        # Parts of the dossier come by themselves when it is shown.
        answer = page.goto(address, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, address
        walk = walk_by_keyboard(page)
        assert walk.count > 10
        faults += [f"{address}: {fault}" for fault in walk.faults]
        if not skip_link_leads_to_the_main_part(page):
            faults.append(f"{address}: the skip link does not lead to the main part")
    assert faults == []


BAD = """
<main id="main"><a href="#one">One</a><a href="#two" style="outline: none">Two</a>
<button tabindex="2">Jumps ahead</button><input aria-label="Holds on"><a href="#last">Last</a>
<script>
document.querySelector("input").addEventListener("keydown", (press) => press.key === "Tab" && press.preventDefault());
</script></main>
"""


def test_the_walk_finds_what_is_wrong(visit: Any) -> None:
    page: Page = visit().page
    page.set_content(BAD)

    walk = walk_by_keyboard(page)

    assert walk.trapped_at == "input Holds on"
    assert walk.without_a_ring == ["a Two"]
    assert walk.missed == ["button Jumps ahead", "a Last"]
    assert not skip_link_leads_to_the_main_part(page)

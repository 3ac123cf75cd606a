"""A real Chromium on the real pages. Where none is installed the tests say so; in CI that is a failure."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.whole import whole

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
# All that axe could tell of the rules that are kept takes longer to tell than to find.
BROKEN_RULES = """async (tags) => {
  const found = await axe.run({runOnly: tags, resultTypes: ["violations"], selectors: false});
  return found.violations.map((violation) => [violation.id, violation.nodes[0].html]);
}"""
HIDDEN_AND_SHOWN = """() => [...document.querySelectorAll("[hidden]")]
  .filter((element) => element.checkVisibility()).map((element) => element.outerHTML.slice(0, 200))"""
# On a machine that does much else besides; nothing waits for it that goes well.
PATIENCE_MS = 30_000
# Each journey is walked at both widths by `make test`; in CI, which has twenty minutes, only these are on a phone, too.
NARROW_IN_CI = tuple(
    f"tests/browser/test_{name}.py"
    for name in ("manufacturer_gets_a_product_listed", "refused_fixed_and_approved", "registrar_corrects_and_renames")
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
    if os.environ.get("CI"):
        narrow = [item for item in items if item.nodeid.endswith("[375]") and not item.nodeid.startswith(NARROW_IN_CI)]
        config.hook.pytest_deselected(items=narrow)
        items[:] = [item for item in items if item not in narrow]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        message = "No Chromium is installed: the journeys were not walked. On Debian: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    # Playwright keeps an event loop in this thread; Django's guard against that would stop every query of the test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Visitor:
    """Somebody at a browser of their own, who also notices refused scripts and what axe finds."""

    def __init__(self, browser: Browser, address: str, *, width: int = 1280) -> None:
        self.context = browser.new_context(base_url=address, viewport={"width": width, "height": 900})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._note)

    def _note(self, message: Any) -> None:
        if "Content Security Policy" in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def check_the_page(self) -> None:
        """No broken accessibility rule (axe, WCAG 2.2 A and AA), nothing too wide, nothing hidden that is shown."""
        whole(self.page)
        if AXE.exists():
            self.page.evaluate(AXE.read_text())
            tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
            found = self.page.evaluate(BROKEN_RULES, tags)
            self.complaints += [f"{self.page.url}: {rule}: {html[:200]}" for rule, html in found]
        self.complaints += [
            f"{self.page.url}: hidden, and shown: {html}" for html in self.page.evaluate(HIDDEN_AND_SHOWN)
        ]
        overflow = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            self.complaints.append(f"{self.page.url}: {overflow} pixels wider than the window")

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/accounts/login/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.locator("input[type=password]").fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()


@pytest.fixture
def visit(browser: Browser, live_server: Any, settings: Any, transactional_db: None) -> Iterator[Any]:
    """`visit(width=1280)` opens a browser window of its own on the seeded demonstration register."""
    settings.DEMO = True
    settings.SITE_URL = live_server.url
    call_command("load_seed", verbosity=0)
    visitors: list[Visitor] = []

    def open_window(*, width: int = 1280) -> Visitor:
        visitors.append(Visitor(browser, live_server.url, width=width))
        return visitors[-1]

    yield open_window
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for visitor in visitors:
        visitor.context.close()
    assert complaints == []

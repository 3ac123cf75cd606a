"""Walking a page with the Tab key alone, as people do who use no mouse."""

from dataclasses import dataclass, field

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TookTooLong

# Date fields keep the focus for several presses: one for each part of a date.
STAYS_AT_MOST = 12
# The browser's viewer of PDF files runs in a process of its own, with a toolbar of some ten buttons. The focus comes to
# it and goes from it a moment after the key: for that moment it is nowhere, or still where it was.
FRAME_HAS_AT_MOST = 60
FRAME_IS_ENTERED_MS = 5_000
FRAME_IS_LEFT_MS = 150

# What can be operated and is to be seen, in the order of the document; of a group of radio buttons, which is one stop,
# the chosen one or the first. `look` is how an element looks, with the label beside it, where boxes are drawn.
SCRIPT = """
() => {
  const operable = "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]";
  const isThere = (element) =>
    !element.matches(":disabled") && element.tabIndex >= 0 && !element.closest("[inert]") &&
    element.getClientRects().length > 0 && element.checkVisibility({visibilityProperty: true});
  const isStop = (element) => {
    if (element.type !== "radio" || !element.name) return true;
    const group = [...document.querySelectorAll("input[type=radio]")].filter(
      (other) => other.name === element.name && other.form === element.form && isThere(other));
    return element === (group.find((other) => other.checked) || group[0]);
  };
  const drawn = (element, part) => {
    const style = getComputedStyle(element, part);
    const outline = style.outlineStyle === "none" || style.outlineWidth === "0px" ? "" :
      `${style.outlineStyle} ${style.outlineWidth} ${style.outlineColor}`;
    return `${outline}|${style.boxShadow}`;
  };
  window.keyboardLook = (element) => {
    const seen = [element, element.nextElementSibling, element.parentElement].filter(Boolean);
    return seen.flatMap((each) => [null, "::before", "::after"].map((part) => drawn(each, part))).join(";");
  };
  window.keyboardSays = (element) => {
    const said = element.getAttribute("aria-label") || element.innerText || element.name || element.id || "";
    return `${element.tagName.toLowerCase()} ${said.trim().replace(/\\s+/g, " ").slice(0, 60)}`;
  };
  window.keyboardStops = [...document.querySelectorAll(operable)].filter((each) => isThere(each) && isStop(each));
  window.keyboardLooks = window.keyboardStops.map(window.keyboardLook);
  return window.keyboardStops.map(window.keyboardSays);
}
"""
# A field may have the focus when a page opens, and the Tab key goes on from it: back to where the page begins.
TO_THE_TOP = """
() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}
"""
# Where the focus is: the stop's number, or -1 for what is none; whether a ring is drawn; what it says.
WHERE = """
() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const number = window.keyboardStops.indexOf(element);
  // What is in a frame draws its own rings.
  const hasRing = element.tagName === "IFRAME" || window.keyboardLook(element) !== window.keyboardLooks[number];
  return [number, number < 0 || hasRing,
          window.keyboardSays(element)];
}
"""
IS_FRAME = "number => window.keyboardStops[number]?.tagName === 'IFRAME'"
IS_SOMEWHERE = "() => document.activeElement && document.activeElement !== document.body"
IS_IN_NO_FRAME = "() => document.activeElement?.tagName !== 'IFRAME'"
# The next Tab goes to what comes after the frame, wherever a late key has led.
TO_THE_END_OF_THE_FRAME = """
(number) => {
  const after = document.createElement("span");
  after.tabIndex = -1;
  window.keyboardStops[number].after(after);
  after.focus();
  after.remove();
}
"""
# A link within the page is followed when the page is drawn next.
WHEN_DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass
class Walk:
    missed: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    without_a_ring: list[str] = field(default_factory=list)
    trapped_at: str = ""
    count: int = 0
    """Of the elements that can be operated."""

    @property
    def faults(self) -> list[str]:
        trapped = [f"the keyboard does not get away from {self.trapped_at}"] if self.trapped_at else []
        return [
            *trapped,
            *(f"not reached: {each}" for each in self.missed),
            *(f"reached out of order: {each}" for each in self.out_of_order),
            *(f"no ring is drawn around: {each}" for each in self.without_a_ring),
        ]


def walk_by_keyboard(page: Page) -> Walk:
    """Press Tab from the top of the page until its end, and tell what a person without a mouse would miss."""
    page.evaluate(TO_THE_TOP)
    stops: list[str] = page.evaluate(SCRIPT)
    walk, reached, stays, last = Walk(count=len(stops)), [], 0, None
    for _ in range(3 * len(stops) + 100):
        page.keyboard.press("Tab")
        where = page.evaluate(WHERE)
        if where is None and page.evaluate(IS_FRAME, reached[-1] + 1 if reached else 0):
            where = page.evaluate(WHERE) if _comes_true(page, IS_SOMEWHERE, FRAME_IS_ENTERED_MS) else None
        if where is None or (where[0] == 0 and 0 in reached):
            break
        number, has_ring, says = where
        stays = stays + 1 if where == last else 0
        last = where
        if stays > STAYS_AT_MOST:
            walk.trapped_at = says
            break
        if number < 0 or (reached and number == reached[-1]):
            continue
        if reached and number < reached[-1]:
            walk.out_of_order.append(says)
        if not has_ring:
            walk.without_a_ring.append(says)
        reached.append(number)
        if page.evaluate(IS_FRAME, number):
            if not _leave_frame(page):
                walk.trapped_at = says
                break
            page.evaluate(TO_THE_END_OF_THE_FRAME, number)
    else:
        walk.trapped_at = walk.trapped_at or "the page"
    walk.missed = [says for number, says in enumerate(stops) if number not in reached]
    return walk


def _leave_frame(page: Page) -> bool:
    """Whether Tab leads out of the frame that has the focus."""
    for _ in range(FRAME_HAS_AT_MOST):
        page.keyboard.press("Tab")
        if _comes_true(page, IS_IN_NO_FRAME, FRAME_IS_LEFT_MS):
            # What was pressed last may still be on its way.
            page.wait_for_timeout(2 * FRAME_IS_LEFT_MS)
            return True
    return False


def _comes_true(page: Page, condition: str, within_ms: int) -> bool:
    try:
        page.wait_for_function(condition, timeout=within_ms)
    except TookTooLong:
        return False
    return True


def skip_link_leads_to_the_main_part(page: Page) -> bool:
    """The first stop of a page leads past its head: the stop after it lies in the main part."""
    page.evaluate(TO_THE_TOP)
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.getAttribute('href')") != "#main":
        return False
    page.keyboard.press("Enter")
    page.evaluate(WHEN_DRAWN)
    page.keyboard.press("Tab")
    return bool(page.evaluate("document.activeElement.closest('main') !== null"))

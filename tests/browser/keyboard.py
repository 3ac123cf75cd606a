"""Walking a page with the Tab key alone, as people do who use no mouse."""

from dataclasses import dataclass, field

from playwright.sync_api import Page

# Date fields and frames keep the focus for several presses: one for each part of a date.
STAYS_AT_MOST = 12

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
    else:
        walk.trapped_at = walk.trapped_at or "the page"
    walk.missed = [says for number, says in enumerate(stops) if number not in reached]
    return walk


def skip_link_leads_to_the_main_part(page: Page) -> bool:
    """The first stop of a page leads past its head: the stop after it lies in the main part."""
    page.evaluate(TO_THE_TOP)
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.getAttribute('href')") != "#main":
        return False
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    return bool(page.evaluate("document.activeElement.closest('main') !== null"))

from playwright.sync_api import Page


def whole(page: Page) -> Page:
    """The page, once it is read to its end and what it asks for by itself is drawn: that moves what stands below it.

    Before anything that does not wait (`all`, `count`, `is_visible`), and before a click that must hit.
    """
    page.wait_for_load_state("load")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    return page

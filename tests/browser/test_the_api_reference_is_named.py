"""The API's reference, drawn by Swagger UI: one title, every field and button by a name."""

from typing import Any

from playwright.sync_api import expect

UNNAMED = """() => [...document.querySelectorAll("#reference button, #reference select, #reference textarea")]
    .filter(each => !each.textContent.trim() || each.matches("select, textarea"))
    .filter(each => !each.labels?.length && !each.ariaLabel && !each.title)
    .map(each => each.outerHTML.slice(0, 200))"""


def test_the_api_reference_is_named(visit: Any) -> None:
    visitor = visit()
    page = visitor.page
    page.goto("/api/v1/docs/")
    post = page.locator(".opblock", has_text="Check products, codes and dates of service")
    post.locator(".opblock-summary-control").click()
    post.get_by_role("button", name="Execute").click()
    expect(post.locator(".live-responses-table")).to_contain_text("content-type: application/json")

    expect(page.get_by_role("heading", level=1)).to_have_text("API reference")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("PCL Registry API")
    expect(page.get_by_role("main")).to_have_count(1)
    assert page.evaluate(UNNAMED) == []
    expect(post.get_by_label("Request body", exact=True)).to_be_visible()

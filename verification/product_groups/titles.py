"""The titles of product groups, also of one whose file is gone."""

from verification.product_groups.loader import groups


def group_title(slug: str) -> str:
    """As people call it; the slug itself where there is no such group now, and words for none."""
    if not slug:
        return "No product group"
    return next((group.title for group in groups() if group.slug == slug), slug)

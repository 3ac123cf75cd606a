"""The link from a code's page to the criteria of its product group."""

from collections.abc import Iterator

from django.urls import reverse

from pcl.public.code_links import CodeLink
from verification.product_groups import groups_of


def criteria_links(code: str) -> Iterator[CodeLink]:
    for group in groups_of(code):
        yield CodeLink(
            url=f"{reverse('criteria:group', args=[group.slug])}?code={code}",
            text=f"What an application under {code} has to show ({group.title})",
        )

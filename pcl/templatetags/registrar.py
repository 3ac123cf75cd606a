"""The registrar's side navigation."""

from django import template
from django.template.context import RequestContext
from django.urls import reverse

from pcl.registrar.areas import AREAS

register = template.Library()


@register.simple_tag(takes_context=True)
def registrar_areas(context: RequestContext) -> list[dict[str, str]]:
    """The registrar's home and the areas that have a page; `current` is "page" on it, "true" on the pages below it."""
    request = context.get("request")
    path = request.path if request is not None else ""

    def current(address: str) -> str:
        return "page" if path == address else "true" if path.startswith(address) else ""

    home = reverse("registrar:home")
    return [
        {"address": home, "name": "Register", "current": "page" if path == home else ""},
        *(
            {"address": address, "name": area.name, "current": current(address)}
            for area in AREAS
            if (address := area.address)
        ),
    ]

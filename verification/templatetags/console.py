"""The navigation of the contractor's door."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import RequestContext

from verification.reviewer.areas import Area, areas_of, in_a_line

register = template.Library()
# The doors whose pages show it; the first view named is where an application's own pages belong.
DOORS = {"review", "registrar"}
OF_AN_APPLICATION = "review:queue"


@register.inclusion_tag("reviewer/areas.html", takes_context=True)
def console_areas(context: RequestContext) -> dict[str, Any]:
    """The areas open to the person, the present one marked; nothing outside the contractor's door."""
    request: HttpRequest | None = context.get("request")
    match = request.resolver_match if request is not None else None
    user = getattr(request, "user", None)
    if match is None or user is None or not user.is_authenticated:
        return {"areas": []}
    areas = areas_of(user.roles)
    here = next((area for area in areas if area.holds(match.view_name)), None)
    # Second factors are the administrator's, though their pages stand in another room.
    if match.namespace not in DOORS and here is None:
        return {"areas": []}
    if here is None and "application_id" in match.kwargs:
        here = next((area for area in areas if area.view == OF_AN_APPLICATION), None)

    def shown(some: list[Area]) -> list[dict[str, str]]:
        return [
            {"name": area.name, "address": area.address, "current": _current(area is here, area.view, match.view_name)}
            for area in some
        ]

    line, menus = in_a_line(areas)
    return {
        "here": here,
        "areas": shown(areas),
        "line": shown(line),
        "menus": [{"name": name, "areas": shown(its), "holds": here in its} for name, its in menus],
    }


def _current(is_here: bool, view: str, shown: str) -> str:  # noqa: FBT001
    return "" if not is_here else "page" if view == shown else "true"

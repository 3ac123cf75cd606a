"""The console's navigation: what a person may open, the present area marked, and nothing of it elsewhere."""

import re

import pytest
from django.test import Client

from accounts.models import Role
from config.access import access_of, is_allowed
from tests.factories.accounts import UserFactory, contractor_person
from tests.factories.verification import submitted
from tests.reviewer.conftest import signed_in
from verification.reviewer.areas import AREAS, areas_of


def areas_on(client: Client, path: str) -> list[tuple[str, str]]:
    """Each area's name in the line below the main navigation, with how it is marked."""
    page = client.get(path).content.decode()
    if "register-areas__line" not in page:
        return []
    line = page.split("register-areas__line", 1)[1].split("</nav>", 1)[0]
    links = re.findall(r"<a href=\"[^\"]+\"\s*(?:aria-current=\"(\w+)\")?\s*>([^<]+)</a>", line)
    return [(name, current) for current, name in links]


def menus_on(client: Client, path: str) -> list[str]:
    """What stands on the menus beside that line."""
    page = client.get(path).content.decode()
    buttons = re.findall(r"data-menu>\s*<summary[^>]*>([^<]+)</summary>", page)
    return [" ".join(button.split()) for button in buttons]


@pytest.mark.parametrize("area", [area for area in AREAS if area.address], ids=lambda area: area.view)
def test_an_area_is_offered_exactly_to_those_who_may_open_it(area: object) -> None:
    offered = {role for role in Role if area in areas_of([role])}
    assert offered == {role for role in Role if is_allowed(access_of(area.view), frozenset({role}), "GET")}  # type: ignore[attr-defined]


def test_the_present_area_is_marked(as_robin: Client) -> None:
    assert dict(areas_on(as_robin, "/review/"))["Queue"] == "page"
    assert dict(areas_on(as_robin, f"/review/{submitted().pk}/"))["Queue"] == "true"


def test_a_registrar_is_led_to_the_register(as_reese: Client) -> None:
    marked = dict(areas_on(as_reese, "/review/listings/"))
    assert marked["Register"] == "true"
    assert marked["Queue"] == ""
    assert "Reference data" not in marked


@pytest.mark.django_db
def test_more_than_a_line_holds_folds_into_menus() -> None:
    ari, audrey = signed_in(contractor_person(Role.ADMINISTRATOR)), signed_in(contractor_person(Role.AUDITOR))
    offered = {role: {area.name for area in areas_of([role])} for role in (Role.ADMINISTRATOR, Role.AUDITOR)}

    assert menus_on(ari, "/review/") == ["Administration"]
    assert menus_on(audrey, "/review/") == ["Register", "Administration"]
    assert menus_on(audrey, "/review/listings/") == ["Register: Register", "Administration"]
    assert menus_on(ari, "/review/log/") == ["Administration: Log"]
    assert {name for name, _ in areas_on(ari, "/review/")} == offered[Role.ADMINISTRATOR]
    assert {name for name, _ in areas_on(audrey, "/review/")} == offered[Role.AUDITOR]
    assert dict(areas_on(ari, "/accounts/second-factors/"))["Second factors"] == "page"


def test_a_registrar_has_all_in_a_line(as_reese: Client) -> None:
    assert menus_on(as_reese, "/review/listings/") == []
    assert len(areas_on(as_reese, "/review/listings/")) == 11


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/api-keys/"])
def test_it_is_nowhere_else(path: str) -> None:
    assert areas_on(signed_in(contractor_person(Role.ADMINISTRATOR)), path) == []
    assert areas_on(signed_in(UserFactory()), path) == []

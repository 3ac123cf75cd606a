"""Walks the URLconf: nobody gets in where they do not belong, and no page is forgotten."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, SlugConverter, UUIDConverter

from accounts.models import Role, User
from config.access import ACCESS, Access, access_of
from tests.factories.accounts import UserFactory, contractor_person

# Written out a second time, on purpose: who passes which door.
CONSOLE = {"reviewer", "approver", "registrar", "administrator"}
PASSES = {
    Access.PUBLIC: {"nobody", "applicant", "auditor", *CONSOLE},
    Access.DEMO: {"nobody", "applicant", "auditor", *CONSOLE},
    Access.SIGNED_IN: {"applicant", "auditor", *CONSOLE},
    Access.APPLICANT: {"applicant"},
    Access.CONTRACTOR: CONSOLE,
    Access.REVIEWER: {"reviewer"},
    Access.APPROVER: {"approver"},
    Access.REVIEWER_OR_APPROVER: {"reviewer", "approver"},
    Access.APPROVER_OR_ADMINISTRATOR: {"approver", "administrator"},
    Access.REVIEW_STAFF: {"reviewer", "approver", "administrator"},
    Access.REGISTRAR: {"registrar"},
    Access.ADMINISTRATOR: {"administrator"},
    Access.REGISTRAR_OR_ADMINISTRATOR: {"registrar", "administrator"},
    Access.REFERENCE_DATA: {"administrator"},
}
# The auditor looks at everything in the console, and changes nothing of it.
LOOKED_AT = {
    Access.CONTRACTOR,
    Access.REVIEWER,
    Access.APPROVER,
    Access.REVIEWER_OR_APPROVER,
    Access.REGISTRAR,
    Access.ADMINISTRATOR,
    Access.REGISTRAR_OR_ADMINISTRATOR,
    Access.REVIEW_STAFF,
    Access.APPROVER_OR_ADMINISTRATOR,
}
OPEN = {Access.PUBLIC, Access.DEMO}
PEOPLE = ["nobody", "applicant", *Role.values]


class View(NamedTuple):
    name: str
    arguments: dict[str, object]


def views(resolver: URLResolver, namespaces: tuple[str, ...] = (), inherited: dict | None = None) -> Iterator[View]:
    for pattern in resolver.url_patterns:
        arguments = {
            **(inherited or {}),
            **{
                name: 999_999
                if isinstance(converter, IntConverter)
                else "00000000-0000-4000-8000-000000000000"
                if isinstance(converter, UUIDConverter)
                else "reason"
                if isinstance(converter, SlugConverter)
                else "K9999"
                for name, converter in pattern.pattern.converters.items()
            },
        }
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from views(pattern, inner, arguments)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield View(":".join([*namespaces, pattern.name]), arguments)


ALL_VIEWS = sorted({view.name: view for view in views(get_resolver())}.values())
OUR_VIEWS = [view for view in ALL_VIEWS if not view.name.startswith("admin:")]


def test_every_view_is_in_the_map() -> None:
    forgotten = []
    for view in ALL_VIEWS:
        try:
            access_of(view.name)
        except ImproperlyConfigured:
            forgotten.append(view.name)
    assert forgotten == []


def test_the_map_names_no_view_that_does_not_exist() -> None:
    names = {view.name for view in ALL_VIEWS}
    namespaces = {name.split(":")[0] + ":" for name in names if ":" in name}
    assert sorted(set(ACCESS) - names - namespaces) == []


def test_a_view_that_is_not_in_the_map_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="not in the permission map"):
        access_of("apply:forgotten")


def client_of(person: str) -> Client:
    client = Client(raise_request_exception=True)
    if person != "nobody":
        user: User = UserFactory() if person == "applicant" else contractor_person(Role(person))
        if person == Role.ADMINISTRATOR:
            User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
        client.force_login(User.objects.get(pk=user.pk))
    return client


def address(view: View) -> str | None:
    for arguments in (view.arguments, {}):
        try:
            return reverse(view.name, kwargs=arguments)
        except Exception:  # noqa: BLE001, S112  # regular-expression paths of libraries take other arguments
            continue
    return None


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_each_role_gets_in_where_it_belongs_and_nowhere_else(person: str, settings: Any) -> None:
    settings.DEMO = True
    client = client_of(person)
    wrong = []
    for view in OUR_VIEWS:
        path = address(view)
        if path is None or view.name == "account_logout":
            continue
        if access_of(view.name) in OPEN and person not in {"nobody", "applicant"}:
            continue  # what everybody may open is opened by these two
        for method in (client.get, client.post):
            response = method(path)
            to_sign_in = response.status_code == 302 and response.url.startswith("/accounts/login/?next=")
            kept_out = response.status_code == 403 or (to_sign_in and person == "nobody")
            access = access_of(view.name)
            looks = person == Role.AUDITOR and method == client.get and access in LOOKED_AT
            if kept_out is (looks or person in PASSES[access]):
                wrong.append((method.__name__, path, response.status_code))
    assert wrong == []


@pytest.mark.django_db
def test_an_auditor_changes_nothing_whatever_else_they_are() -> None:
    client = Client()
    client.force_login(contractor_person(*Role))
    # One's own account is one's own: password, second factor, signing out. Public pages serve strangers, too.
    theirs = {Access.PUBLIC, Access.DEMO, Access.SIGNED_IN}
    through = []
    asked = 0
    for view in ALL_VIEWS:
        path = address(view)
        if path is None or access_of(view.name) in theirs:
            continue
        for method in (client.post, client.put, client.patch, client.delete):
            asked += 1
            status = method(path).status_code
            if status != 403:
                through.append((view.name, status))
    assert through == []
    assert asked > 200


@pytest.mark.django_db
def test_a_refusal_says_why_where_there_is_more_to_say() -> None:
    assert b"Auditors look at everything" in client_of("auditor").post("/review/access/").content
    assert b"You work for the contractor" in client_of("reviewer").get("/apply/").content
    assert b"belongs to somebody with another role" in client_of("applicant").get("/review/").content


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_only_an_administrator_opens_the_reference_data(person: str) -> None:
    response = client_of(person).get("/admin/")
    expected = {"nobody": 302, Role.ADMINISTRATOR: 200}.get(person, 403)
    assert response.status_code == expected


@pytest.mark.django_db
def test_demo_pages_do_not_exist_outside_demo_mode(settings: Any) -> None:
    settings.DEMO = False
    demo_views = [view for view in OUR_VIEWS if access_of(view.name) is Access.DEMO]
    assert [Client().get(address(view) or "").status_code for view in demo_views] == [404] * len(demo_views)
    assert demo_views

"""An auditor walks through every page of the console that is linked, and is offered nothing that would be refused."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from accounts.models import Role, User
from accounts.services.invitations import invite
from config.access import access_of, is_allowed
from hcpcs.models import ReleaseImport
from pcl.models import ActKind
from pcl.queries.campaigns import concerned, seen_in_short
from pcl.services.campaigns import ask_for_act, do_act, prepare_campaign
from pcl.services.crosswalks import begin_crosswalk
from pcl.services.discrepancies import close_report
from pcl.services.import_requirements import bring_list
from pcl.services.publication_drafts import save_draft
from tests.factories.accounts import contractor_person
from tests.factories.discrepancies import report_on
from tests.factories.register import make_code, make_publication, publish, require, some_code, some_organization
from tests.factories.verification import (
    approved,
    determined,
    in_review,
    information_requested,
    recommended,
    rejected,
    submitted,
    waiting_manufacturer,
)
from tests.registrar.list_files import brought, looked_at
from verification.models.saved_reply import Purpose
from verification.services.samples import ask_for_sample
from verification.services.saved_replies import save_reply

pytestmark = pytest.mark.django_db
# Of each kind of page so many: pages of lists lead to very many of the same kind.
MOST_OF_A_KIND = 3
# Everybody who is signed in may send these.
IN_THE_FRAME = frozenset({"account_logout"})


class Page(HTMLParser):
    """Where a page leads, and what it would send."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.sends: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for leads in (given.get("href") if tag == "a" else None, given.get("hx-get")):
            if leads:
                self.links.append(self._from_here(leads))
        method = (given.get("method") or "").lower()
        if tag == "form" and method != "post" and given.get("action"):
            # What a form asks for without sending anything is a page, too.
            self.links.append(self._from_here(given["action"]))
        if tag == "form" and method == "post":
            self.sends.append(self._from_here(given.get("action")))
        for sends in (given.get("hx-post"), given.get("formaction")):
            if sends:
                self.sends.append(self._from_here(sends))

    def _from_here(self, address: str | None) -> str:
        parts = urlsplit(urljoin(self.address, address or self.address))
        return f"{parts.path}{'?' if parts.query else ''}{parts.query}"


def view_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


def pages(client: Client, first: str) -> Iterator[Page]:
    seen, counts, left = {first}, dict[str, int](), [first]
    while left:
        address = left.pop(0)
        response = client.get(address)
        assert response.status_code in {200, 302, 404}, (address, response.status_code)
        if response.streaming:
            b"".join(response.streaming_content)  # type: ignore[attr-defined]  # so that files are closed
        elif response.get("Content-Type", "").startswith("text/html"):
            yield (page := Page(address, response.content.decode()))
            left += _new(page.links, seen, counts)


def _new(links: list[str], seen: set[str], counts: dict[str, int]) -> list[str]:
    new = []
    for link in links:
        view = view_of(link)
        if link.startswith("/review/") and link not in seen and counts.get(view, 0) < MOST_OF_A_KIND:
            counts[view] = counts.get(view, 0) + 1
            seen.add(link)
            new.append(link)
    return new


@pytest.fixture
def something_everywhere(reese: User, january: None, previewed: Callable[..., ReleaseImport]) -> None:
    """Of each kind of work one that waits for somebody."""
    previewed()
    previewed(b"no release")
    listing = publish("Alpha", code="K0009", manufacturer="Argo", model_number="1")
    publish("Beta", code="K0009", manufacturer="Argo", model_number="2")
    require(some_code("K0009"), begins=date(2024, 1, 1), publication=make_publication())
    save_draft(said={"title": "A draft", "body": "Half a sen"}, by=reese)
    bring_list(
        content=b"HCPCS,LCD\nA6209,Dressings\n", file_name="list.csv", source="A list", snapshot_date=date(2025, 5, 1),
        by=reese,
    )  # fmt: skip
    end = timezone.localdate() + timedelta(days=90)
    for title, code in (("Prepared", "K0009"), ("Announced", "K0010")):
        publish(title, code=code)
        campaign = prepare_campaign(title=title, codes=[some_code(code)], classification="", last_day=end, by=reese)
        if title == "Announced":
            seen = seen_in_short(concerned(campaign, ActKind.ANNOUNCE))
            act = ask_for_act(campaign=campaign, kind=ActKind.ANNOUNCE, seen=seen, reason="Because.", by=reese)
            do_act(act_id=act.pk)
    today = timezone.localdate()
    make_code("L1000", terminated=today + timedelta(days=9))
    make_code("L2001", added=today + timedelta(days=10))
    publish("Brace", code="L1000")
    begin_crosswalk(
        from_code="L1000", to_codes=["L2001"], begins=today + timedelta(days=10), reason="CMS replaced it.", by=reese
    )
    row = ["K0009", "Argo Inc.", "New one", "N-1", "2026-01-01", "", "", "", "", ""]
    looked_at([row], by=reese)
    looked_at(b"nothing", by=reese)
    brought([row], by=reese)
    report_on(listing)
    closed = report_on(None)
    close_report(
        report=closed, seen_version=closed.version, by=reese, outcome="not_a_discrepancy", note="The label agrees."
    )
    waiting_manufacturer(some_organization("Argo"))
    invite(email="new@contractor.example", name="New", roles=[Role.REVIEWER], reason="New here.", by=reese)
    save_reply(reply=None, purpose=Purpose.REJECTION, title="Usual", text="As usual.", by=reese)
    ask_for_sample(application=in_review(), what="One of each.", by=reese)
    for stage in (submitted, information_requested, recommended, determined, rejected):
        stage()
    approved(publish_on=timezone.localdate() + timedelta(days=3))


@pytest.mark.parametrize("roles", [[Role.AUDITOR], [Role.AUDITOR, Role.REGISTRAR]])
def test_nothing_is_offered_that_would_be_refused(something_everywhere: None, roles: list[Role]) -> None:
    auditor = contractor_person(*roles, name="Audrey Auditor")
    client = Client()
    client.force_login(auditor)
    refused: dict[str, set[str]] = {}
    walked = set()
    for page in pages(client, "/review/"):
        walked.add(view_of(page.address))
        for address in page.sends:
            view: Any = view_of(address)
            if view not in IN_THE_FRAME and not is_allowed(access_of(view), auditor.roles, "POST"):
                refused.setdefault(view, set()).add(page.address)
    assert refused == {}
    assert {
        "registrar:campaign", "registrar:crosswalk", "registrar:list_import", "registrar:release_import",
        "registrar:discrepancy", "registrar:listing", "registrar:organization", "registrar:requirements",
        "registrar:publications", "review:application", "review:waiting", "review:samples_of", "review:saved_replies",
        "review:people", "review:person", "review:access", "review:stored_files",
        "review:representations", "review:authorizations",
    } <= walked  # fmt: skip

"""A publication is written over days: nothing of it is public until it is published."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from accounts.models import Role, User
from pcl.models import Publication, PublicationDraft, PublicationHistory, PublicationVersion, Word
from tests.factories.accounts import contractor_person
from tests.factories.register import make_code, make_publication, publish, require
from tests.registrar.acts import queries_for
from tests.registrar.test_writing_publications import EDIT, NEW, revision, typed, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_november")]
LIST = "/review/publications/"


@pytest.fixture
def _in_november() -> Any:
    with time_machine.travel("2026-11-21 15:00Z"):
        yield


@pytest.fixture
def as_ros(db: None) -> Client:
    client = Client()
    client.force_login(contractor_person(Role.REGISTRAR, name="Ros Registrar"))
    return client


def save(client: Client, address: str = NEW, **fields: Any) -> PublicationDraft:
    given = revision(**fields) if address == EDIT else typed(**fields)
    response = client.post(address, {**given, "save": "1"})
    assert response.status_code == 302, words(response)
    return PublicationDraft.objects.get(pk=int(response["Location"].rstrip("/").rpartition("/")[2]))


def address_of(draft: PublicationDraft) -> str:
    return f"/review/publications/drafts/{draft.pk}/"


def test_a_draft_is_saved_as_it_was_typed_and_gone_on_with(as_reese: Client, as_ros: Client) -> None:
    """Nothing is checked: not the day that does not exist, nor the code that is none."""
    draft = save(as_reese, posted="never", codes="Z9999", description="", body="Half a\r\nsen")

    page = as_ros.get(address_of(draft)).content.decode()
    assert "Half a\nsen</textarea>" in page
    assert ('value="never"' in page, 'value="Z9999"' in page) == (True, True)
    assert "Saved Nov 21, 2026, 10:00 a.m. ET by Reese Registrar" in words(as_ros.get(address_of(draft)))

    as_ros.post(address_of(draft), {**typed(body="Half a sentence."), "save": "1", "seen_draft": "1"})
    draft.refresh_from_db()
    assert (draft.said["body"], draft.version, draft.written_by.name) == ("Half a sentence.", 2, "Ros Registrar")
    assert PublicationDraft.objects.count() == 1


def test_a_draft_is_previewed_without_being_saved(as_reese: Client) -> None:
    draft = save(as_reese)
    page = as_reese.post(address_of(draft), {**typed(body="**bold**"), "preview": "1", "seen_draft": "1"})
    assert "<strong>bold</strong>" in page.content.decode()
    assert 'name="seen_draft" value="1"' in page.content.decode()
    draft.refresh_from_db()
    assert draft.said["body"] == "The text."


def test_publishing_a_draft_ends_it(as_reese: Client, reese: User) -> None:
    make_code("L1843")
    make_code("L1851")
    draft = save(as_reese)
    assert not PublicationHistory.objects.exists()

    response = as_reese.post(
        address_of(draft), {**typed(body="As typed last.", posted="2026-11-20"), "publish": "1", "seen_draft": "1"}
    )

    publication = Publication.objects.get()
    assert response["Location"] == "/publications/knee-braces/"
    assert (publication.body, publication.posted, publication.version) == ("As typed last.", date(2026, 11, 20), 1)
    rows = publication.history.values_list("changed_on", "description", "version", "by")
    assert list(rows) == [(date(2026, 11, 20), "Originally Published", 1, reese.pk)]
    assert not PublicationDraft.objects.exists()
    assert as_reese.get(address_of(draft)).status_code == 404


def test_what_cannot_be_published_stays_a_draft(as_reese: Client) -> None:
    draft = save(as_reese)
    for fields, status in (({"codes": "Z9999"}, 422), ({"codes": "", "posted": "2026-12-01"}, 409)):
        given = {**typed(**fields, body="Typed last."), "publish": "1", "seen_draft": "1"}
        response = as_reese.post(address_of(draft), given)
        assert response.status_code == status
        assert "Typed last.</textarea>" in response.content.decode()
    assert PublicationDraft.objects.get().said["body"] == "The text."
    assert not Publication.objects.exists()


def test_a_draft_of_a_revision_leaves_the_public_text_as_it_is(as_reese: Client, client: Client) -> None:
    publication = make_publication(body="What is public.")
    draft = save(as_reese, EDIT, body="What will be.")

    assert draft.publication == publication
    publication.refresh_from_db()
    assert (publication.body, publication.version, publication.last_updated) == (
        "What is public.",
        1,
        date(2023, 12, 28),
    )
    assert not PublicationVersion.objects.exists()
    told = words(as_reese.get(EDIT))
    assert "A revision is being written Draft saved Nov 21, 2026, 10:00 a.m. ET by Reese Registrar" in told
    assert "A revision is being written" not in words(as_reese.get(address_of(draft)))
    assert "What will be.</textarea>" in as_reese.get(address_of(draft)).content.decode()

    as_reese.post(address_of(draft), {**revision(body="What is now."), "publish": "1", "seen_draft": "1"})
    publication.refresh_from_db()
    assert (publication.body, publication.version, publication.last_updated) == ("What is now.", 2, date(2026, 11, 20))
    assert PublicationVersion.objects.get().body == "What is public."
    assert [row.description for row in publication.history.all()] == ["Changed"]
    assert not PublicationDraft.objects.exists()


def test_a_revision_by_somebody_else_is_seen_before_the_draft_replaces_it(as_reese: Client, as_ros: Client) -> None:
    make_publication(body="One two three four five six.")
    draft = save(as_reese, EDIT, body="Mine.")
    as_ros.post(EDIT, {**revision(body="One two three four five seven.", description="By Ros"), "publish": "1"})

    given = {**revision(body="Mine.", description="By Reese"), "publish": "1", "seen_draft": "1"}
    second = as_reese.post(address_of(draft), given)
    assert second.status_code == 409
    assert "[added: seven]" in words(second)
    assert "Mine.</textarea>" in second.content.decode()
    assert PublicationDraft.objects.get().said["body"] == "Mine."

    assert as_reese.post(address_of(draft), given | {"seen_version": "2"}).status_code == 302
    assert Publication.objects.get().body == "Mine."


@pytest.mark.parametrize("button", ["save", "publish"])
def test_of_two_who_save_a_draft_the_second_loses_nothing(as_reese: Client, as_ros: Client, button: str) -> None:
    draft = save(as_reese, codes="")
    as_ros.post(address_of(draft), {**typed(body="By Ros."), "save": "1", "seen_draft": "1"})

    given = {**typed(body="By Reese.", codes=""), button: "1", "seen_draft": "1"}
    second = as_reese.post(address_of(draft), given)
    assert second.status_code == 409
    assert "Ros Registrar has saved this draft since you opened it. Nothing of yours was saved" in words(second)
    assert "By Ros." in words(second)
    assert "By Reese.</textarea>" in second.content.decode()
    assert 'name="seen_draft" value="2"' in second.content.decode()
    assert PublicationDraft.objects.get().said["body"] == "By Ros."
    assert not Publication.objects.exists()

    assert as_reese.post(address_of(draft), given | {"seen_draft": "2"}).status_code == 302


def test_a_draft_is_deleted_as_it_was_seen(as_reese: Client, as_ros: Client) -> None:
    publication = make_publication()
    draft = save(as_reese, EDIT)
    as_ros.post(address_of(draft), {**revision(body="More."), "save": "1", "seen_draft": "1"})
    delete = f"{address_of(draft)}delete/"

    told = as_reese.post(delete, {"seen_draft": "1"}, follow=True)
    assert "Somebody else has saved it since you opened it, so it is still here." in words(told)
    assert PublicationDraft.objects.count() == 1

    gone = as_reese.post(delete, {"seen_draft": "2"}, follow=True)
    assert "The draft “Knee Braces” is deleted." in words(gone)
    assert not PublicationDraft.objects.exists()
    assert Publication.objects.get() == publication


@pytest.mark.parametrize(("begun", "goes_on"), [(NEW, NEW), (EDIT, EDIT)])
def test_what_is_typed_for_a_draft_that_is_gone_is_not_lost(as_reese: Client, begun: str, goes_on: str) -> None:
    make_publication()
    draft = save(as_reese, begun)
    revises = "a-publication" if begun == EDIT else ""
    as_reese.post(f"{address_of(draft)}delete/", {"seen_draft": "1"})

    given = {**(revision if begun == EDIT else typed)(body="Typed since."), "seen_draft": "1", "revises": revises}
    told = as_reese.post(address_of(draft), {**given, "save": "1"})
    assert told.status_code == 409
    assert "Somebody else has published or deleted this draft since you opened it." in words(told)
    assert "Typed since.</textarea>" in told.content.decode()
    assert f'action="{goes_on}"' in told.content.decode()
    assert save(as_reese, goes_on, body="Typed since.").said["body"] == "Typed since."


def test_an_empty_or_endless_draft_is_not_saved(as_reese: Client) -> None:
    for fields, why in (
        ({"title": " ", "body": "\u200b"}, "There is nothing to save yet. Give a title or write some text."),
        ({"body": "x" * 300_000}, "A draft can have 300,000 characters at most. Shorten it."),
    ):
        response = as_reese.post(NEW, {**typed(**fields), "save": "1"})
        assert response.status_code == 422
        assert why in words(response)
        assert "42 CFR 414.234</textarea>" in response.content.decode()
    as_reese.post(NEW, {**typed(title="A\x00B\u202eC"), "save": "1"})
    assert PublicationDraft.objects.get().said["title"] == "ABC"


def test_the_list_tells_drafts_apart(as_reese: Client) -> None:
    assert "Drafts: not public" not in words(as_reese.get(LIST))
    make_publication()
    save(as_reese, title="")
    save(as_reese, EDIT, title="Better title")
    told = words(as_reese.get(LIST))
    assert "Without a title A new publication" in told
    assert "Better title A revision of Some Device - Correct Coding" in told


@pytest.mark.parametrize("address", [LIST, EDIT])
def test_pages_cost_the_same_for_one_and_for_three(as_reese: Client, address: str) -> None:
    make_publication()
    save(as_reese, EDIT)
    one = queries_for(as_reese, address)
    for _ in range(2):
        save(as_reese, EDIT)
    assert queries_for(as_reese, address) == one


def public_addresses() -> list[str]:
    """Every page, feed, list and file of the public register and of its API that is found without knowing a name."""
    found = []
    for namespace in ("public", "api"):
        for name in get_resolver().namespace_dict[namespace][1].reverse_dict:
            if isinstance(name, str):
                try:
                    found.append(reverse(f"{namespace}:{name}"))
                except NoReverseMatch:
                    continue
    return found


def test_a_draft_leaks_nowhere(as_reese: Client, client: Client) -> None:
    code = make_code("L1843")
    make_code("L1851")
    publication = make_publication(body="What is public.")
    publication.codes.set([code])
    publish("Brace", code=code)
    require(code, begins=date(2024, 1, 1), publication=publication)
    fields = {"title": "Zyzzogeton", "body": "Zyzzogeton", "description": "Zyzzogeton", "publishers": "Zyzzogeton"}
    save(as_reese, **fields, citations="Zyzzogeton", slug="zyzzogeton")
    save(as_reese, EDIT, **fields, citations="Zyzzogeton")
    addresses = public_addresses()
    assert {"/publications/", "/publications/feed.atom", "/api/v1/publications/", "/", "/data/"} <= set(addresses)

    some = ["/publications/a-publication/", "/codes/L1843/", "/api/v1/codes/L1843/", "/publications/?code=L1851"]
    for address in [*addresses, *some]:
        response = client.get(address, follow=True)
        content = b"".join(response) if response.streaming else response.content
        assert b"zyzzogeton" not in content.lower(), address
    assert client.get("/api/v1/listings/?q=Zyzzogeton&status=all").json()["results"] == []
    assert not Word.objects.filter(word__startswith="zyzz").exists()
    assert client.get("/publications/zyzzogeton/").status_code == 404
    assert client.get("/publications/a-publication/versions/2/").status_code == 404
    assert [row["slug"] for row in client.get("/api/v1/publications/").json()["results"]] == ["a-publication"]
    assert client.get("/publications/feed.atom").content.count(b"<entry>") == 0


def test_drafts_are_for_registrars_only(as_reese: Client, client: Client) -> None:
    draft = save(as_reese)
    for who in (Role.REVIEWER, Role.APPROVER):
        other = Client()
        other.force_login(contractor_person(who, name=f"{who}"))
        assert other.get(address_of(draft)).status_code == 403
        assert other.post(f"{address_of(draft)}delete/", {"seen_draft": "1"}).status_code == 403
    assert client.get(address_of(draft))["Location"].startswith("/accounts/login/")
    assert PublicationDraft.objects.count() == 1

"""A change of names that very many listings show: previewed in part, confirmed, made by the worker in one act."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from pcl.models import CampaignAct, Listing, ListingChange, Organization, Product, RegisterEntry, Renaming
from pcl.services import renamings
from pcl.services.end_date_listing import end_date_listing
from pcl.services.many_listings_act import give_up
from pcl.services.renamings import do_renaming
from tests.factories.accounts import contractor_person
from tests.factories.register import publish, some_organization
from tests.jobs import run_jobs
from tests.pcl.test_the_chain_of_changes import assert_unbroken
from tests.registrar.acts import act, confirm, hidden_fields, preview, queries_for
from tests.registrar.test_renaming_and_merging_organizations import MERGE, MERGED, RENAME, RENAMED, WHY
from tests.reviewer.page import main_of, text_of

pytestmark = pytest.mark.django_db
ORGANIZATION = "/review/organizations/argo-technologies/"


@pytest.fixture(autouse=True)
def _more_than_two_are_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renamings, "MOST_AT_ONCE", 2)


@pytest.fixture
def listings(db: None) -> list[Listing]:
    """Three of one maker, and one of another."""
    return [
        *(publish("ReWalk", model_number=f"RW-{number}") for number in range(3)),
        publish("Other", manufacturer="Somebody Else"),
    ]


def makers() -> list[str]:
    return list(RegisterEntry.objects.order_by("listing").values_list("manufacturer", flat=True))


def test_the_preview_says_how_many_and_that_it_runs_on(as_reese: Client, listings: list[Listing]) -> None:
    shown = preview(as_reese, RENAME, **RENAMED)
    assert "3 listings change: once you confirm, it runs on by itself" in text_of(shown)
    assert "3 changes" in text_of(shown)
    assert len(shown.context["changes"]) == 3
    assert makers() == ["Argo Technologies"] * 3 + ["Somebody Else"]
    assert not Renaming.objects.exists()


def test_a_preview_changes_only_what_it_shows(
    as_reese: Client, listings: list[Listing], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pcl.registrar.acting.MOST_SHOWN", 1)
    shown = preview(as_reese, RENAME, **RENAMED)
    assert [change.what for change in shown.context["changes"]] == ["Renamed"]
    assert shown.context["count"] == 3
    # And not more than the preview was left to the first listings.
    after = confirm(as_reese, RENAME, shown)
    do_renaming(renaming_id=after.context["renaming"].pk)
    assert makers() == ["Lifeward"] * 3 + ["Somebody Else"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_renames_and_the_page_links_to_the_changes(as_reese: Client, listings: list[Listing]) -> None:
    page = act(as_reese, RENAME, **RENAMED)
    [renaming] = Renaming.objects.all()
    address = f"/review/renamings/{renaming.pk}/"
    assert page.request["PATH_INFO"] == address
    assert "Being done" in text_of(page)
    assert f'href="{address}"' in main_of(page), "to look again without JavaScript"
    assert "HX-Refresh" not in as_reese.get(f"{address}progress/").headers
    assert "Being done" in text_of(as_reese.get(ORGANIZATION))
    assert makers()[0] == "Argo Technologies"

    run_jobs()

    assert as_reese.get(f"{address}progress/").headers["HX-Refresh"] == "true"
    done = as_reese.get(address)
    assert "It is done: 3 listings changed. They are changes 5 to 7" in text_of(done)
    assert f'href="/review/listings/{listings[0].pk}/#change-5"' in main_of(done)
    assert makers() == ["Lifeward"] * 3 + ["Somebody Else"]
    changes = list(ListingChange.objects.order_by("seq"))
    assert_unbroken(changes)
    assert {(change.kind, change.reason, change.at) for change in changes[4:]} == {("renamed", WHY, changes[4].at)}


def test_a_merger_by_the_worker(as_reese: Client, listings: list[Listing]) -> None:
    some_organization("Lifeward")
    page = act(as_reese, f"{MERGE}?into=lifeward", **MERGED)
    renaming = page.context["renaming"]
    assert "“Argo Technologies” becomes part of “Lifeward”" in text_of(page)
    do_renaming(renaming_id=renaming.pk)
    assert makers() == ["Lifeward"] * 3 + ["Somebody Else"]
    assert Organization.objects.get(slug="argo-technologies").merged_into == some_organization("Lifeward")
    assert 'href="/review/organizations/lifeward/"' in main_of(as_reese.get(renaming.get_absolute_url()))


@pytest.mark.parametrize(
    ("which", "given", "shown"),
    [
        (
            "rename",
            {"name": "ReWalk 7", "since": "2026-05-01", "source": "Letter", "reason": WHY},
            ("ReWalk 7", "Powered Orthoses"),
        ),
        (
            "correct-product",
            {"name": "Rewalk", "classification": "Exoskeletons", "reason": WHY},
            ("Rewalk", "Exoskeletons"),
        ),
    ],
)
def test_a_product_with_very_many_listings(
    as_reese: Client, listings: list[Listing], which: str, given: dict[str, str], shown: tuple[str, str]
) -> None:
    page = act(as_reese, f"/review/listings/{listings[1].pk}/{which}/", **given)
    renaming = page.context["renaming"]
    assert "Being done" in text_of(as_reese.get(f"/review/listings/{listings[2].pk}/"))
    assert Product.objects.filter(name="ReWalk").exists()
    do_renaming(renaming_id=renaming.pk)
    entries = RegisterEntry.objects.exclude(pk=listings[3].pk)
    assert set(entries.values_list("product", "classification")) == {shown}
    assert Listing.objects.get(pk=listings[1].pk).version == 2


def test_few_listings_change_at_once(as_reese: Client, listings: list[Listing]) -> None:
    """Of a maker with three, and of another with one."""
    after = act(as_reese, "/review/organizations/somebody-else/rename/", **RENAMED)
    assert "It is called “Lifeward” now. It is change 5" in text_of(after)
    assert not Renaming.objects.exists()


def test_a_second_worker_does_nothing(as_reese: Client, listings: list[Listing]) -> None:
    renaming = act(as_reese, RENAME, **RENAMED).context["renaming"]
    do_renaming(renaming_id=renaming.pk)
    do_renaming(renaming_id=renaming.pk)
    assert ListingChange.objects.count() == 7
    assert [name.name for name in Organization.objects.get(slug="argo-technologies").names.all()] == [
        "Argo Technologies"
    ]


def test_a_worker_that_dies_in_the_middle_leaves_nothing_behind(
    as_reese: Client, listings: list[Listing], monkeypatch: pytest.MonkeyPatch
) -> None:
    renaming = act(as_reese, RENAME, **RENAMED).context["renaming"]

    def die(*_: Any, **__: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(renamings, "note_done", die)
        with pytest.raises(SystemExit):
            do_renaming(renaming_id=renaming.pk)
    assert makers()[0] == "Argo Technologies"
    assert ListingChange.objects.count() == 4
    do_renaming(renaming_id=renaming.pk)
    assert makers() == ["Lifeward"] * 3 + ["Somebody Else"]
    assert ListingChange.objects.count() == 7


def test_what_changed_before_the_work_is_not_renamed(as_reese: Client, listings: list[Listing]) -> None:
    renaming = act(as_reese, RENAME, **RENAMED).context["renaming"]
    end_date_listing(listing=listings[1], last_day=date(2026, 12, 31), reason="Sold out.", by=None)
    do_renaming(renaming_id=renaming.pk)
    page = text_of(as_reese.get(renaming.get_absolute_url()))
    assert "Nothing was changed The list changed between your confirmation and the work." in page
    assert makers()[0] == "Argo Technologies"
    # Another try is free.
    assert act(as_reese, RENAME, **RENAMED).context["renaming"].pk != renaming.pk


def test_what_changed_since_the_preview_is_shown_again(as_reese: Client, listings: list[Listing]) -> None:
    shown = preview(as_reese, RENAME, **RENAMED)
    publish("ReWalk", model_number="RW-9")
    again = as_reese.post(RENAME, {**hidden_fields(shown), "step": "confirm"})
    assert again.status_code == 409
    assert "Somebody else has changed the register since you saw the preview." in text_of(again)
    assert "4 listings change" in text_of(again)
    assert not Renaming.objects.exists()
    assert "Being done" in text_of(confirm_as_shown(as_reese, again))


def test_of_two_registrars_the_second_is_told(as_reese: Client, listings: list[Listing]) -> None:
    ros = Client()
    ros.force_login(contractor_person(Role.REGISTRAR, name="Ros Registrar"))
    some_organization("Lifeward")
    shown = preview(ros, f"{MERGE}?into=lifeward", **MERGED)
    act(as_reese, RENAME, **{**RENAMED, "name": "Argo Medical"})
    told = ros.post(f"{MERGE}?into=lifeward", {**hidden_fields(shown), "step": "confirm"})
    assert told.status_code == 422
    assert (
        "Reese Registrar has asked for this already, and it is being done: Rename the organization: Argo Technologies."
    ) in text_of(told)
    assert WHY in main_of(told)
    assert Renaming.objects.count() == 1


def test_what_is_refused_is_told_before_the_worker_has_it(as_reese: Client, listings: list[Listing]) -> None:
    shown = preview(as_reese, RENAME, **RENAMED)
    some_organization("Lifeward")
    told = as_reese.post(RENAME, {**hidden_fields(shown), "step": "confirm"})
    assert told.status_code == 422
    assert "“Lifeward” is another organization of that name. Merge the two instead." in text_of(told)
    assert not Renaming.objects.exists()


def test_a_worker_that_gave_up_says_so(as_reese: Client, listings: list[Listing]) -> None:
    renaming = act(as_reese, RENAME, **RENAMED).context["renaming"]
    give_up(CampaignAct, act_id=renaming.pk)
    renaming.refresh_from_db()
    assert renaming.state == "waiting"
    give_up(Renaming, act_id=renaming.pk)
    assert "It failed several times, and nothing was changed." in text_of(as_reese.get(renaming.get_absolute_url()))


def test_pages_cost_the_same_for_one_and_for_three(
    as_reese: Client, listings: list[Listing], reese: User, make: Callable[[], Renaming]
) -> None:
    renaming = make()
    address = renaming.get_absolute_url()
    do_renaming(renaming_id=renaming.pk)
    one = [queries_for(as_reese, page) for page in (address, ORGANIZATION)]
    for _ in range(2):
        do_renaming(renaming_id=make().pk)
    assert [queries_for(as_reese, page) for page in (address, ORGANIZATION)] == one


@pytest.fixture
def make(as_reese: Client, listings: list[Listing]) -> Callable[[], Renaming]:
    def one() -> Renaming:
        number = Renaming.objects.count()
        given = {**RENAMED, "name": f"Lifeward {number}", "since": f"2026-05-0{number + 1}"}
        made: Renaming = act(as_reese, RENAME, **given).context["renaming"]
        return made

    return one


def confirm_as_shown(client: Client, shown: Any) -> Any:
    return client.post(RENAME, {**hidden_fields(shown), "step": "confirm"}, follow=True)

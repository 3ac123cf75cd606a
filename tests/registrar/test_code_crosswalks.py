"""When CMS ends a code or splits it: a choice for each listing, resumable, then all moved at once."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import Role, User
from pcl.jobs import apply_confirmed_crosswalk
from pcl.models import Crosswalk, CrosswalkChoice, CrosswalkState, Listing, ListingChange, RegisterEntry
from pcl.services import apply_crosswalk as applying
from pcl.services.apply_crosswalk import confirm_crosswalk
from pcl.services.correct_listing import correct_listing
from pcl.services.crosswalks import begin_crosswalk, choose_for_all
from pcl.services.end_date_listing import end_date_listing
from tests.factories.accounts import contractor_person
from tests.factories.register import make_code, publish
from tests.jobs import run_jobs
from tests.pcl.test_the_chain_of_changes import assert_unbroken
from tests.registrar.acts import hidden_fields, queries_for
from tests.reviewer.page import main_of, text_of

pytestmark = pytest.mark.django_db
WHY = "CMS splits the code, by its notice of May 1, 2026."
NEW = "/review/crosswalks/new/"
GIVEN = {"from_code": "L1000", "to_codes": "L2001, l2002", "begins": "2026-07-01", "reason": WHY}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-06-15T12:00:00Z"):
        yield


@pytest.fixture(autouse=True)
def _codes(_today: None, db: None) -> None:
    make_code("L1000", terminated=date(2026, 6, 30))
    make_code("L2001", added=date(2026, 7, 1))
    make_code("L2002", added=date(2026, 7, 1))


def listed(*models: str) -> list[Listing]:
    return [publish("Brace", code="L1000", model_number=model) for model in models]


@pytest.fixture
def crosswalk(_codes: None, reese: User) -> Crosswalk:
    return begin_crosswalk(
        from_code="L1000", to_codes=["L2001", "L2002"], begins=date(2026, 7, 1), reason=WHY, by=reese
    )


def target(crosswalk: Crosswalk, code: str) -> str:
    return str(crosswalk.targets.get(code__code=code).pk)


def page_of(crosswalk: Crosswalk, query: str = "") -> str:
    return f"/review/crosswalks/{crosswalk.pk}/{query}"


def choose(
    client: Client, crosswalk: Crosswalk, choices: dict[Listing, list[str]], *, page: HttpResponse | None = None
) -> HttpResponse:
    """Tick these boxes on the page as it is shown and save; all other rows go along as they are."""
    page = page or client.get(page_of(crosswalk, "?show=all"))
    sent: dict[str, str | list[str]] = {**hidden_fields(page)}
    for row in page.context["page"].rows:
        sent[f"listing-{row['id']}"] = [box["value"] for box in row["boxes"] if box["is_ticked"]]
    for listing, codes in choices.items():
        sent[f"listing-{listing.pk}"] = [code if code == "ends" else target(crosswalk, code) for code in codes]
    return client.post(f"{page_of(crosswalk)}choices/?show=all", sent, follow=True)


def chosen(crosswalk: Crosswalk) -> dict[int, list[str]]:
    return {
        choice.listing_id: sorted(target.code.code for target in choice.targets.all())
        for choice in CrosswalkChoice.objects.filter(crosswalk=crosswalk)
    }


def apply(client: Client, crosswalk: Crosswalk) -> HttpResponse:
    shown = client.get(f"{page_of(crosswalk)}apply/")
    return client.post(f"{page_of(crosswalk)}apply/", hidden_fields(shown), follow=True)


def test_from_the_beginning_to_the_moved_listings(as_reese: Client, reese: User) -> None:
    split, first, just_ends = listed("A", "B", "C")
    untouched = publish("Brace", code="K1007", model_number="A")
    page = as_reese.post(NEW, GIVEN, follow=True)
    crosswalk = Crosswalk.objects.get()
    assert "0 of 3 listings have a choice; 3 to go." in text_of(page)

    choose(as_reese, crosswalk, {split: ["L2001", "L2002"], first: ["L2001"]})
    page = as_reese.get(page_of(crosswalk))
    assert [row["id"] for row in page.context["page"].rows] == [just_ends.pk]
    assert "2 of 3 listings have a choice; 1 to go." in text_of(page)
    refused = as_reese.get(f"{page_of(crosswalk)}apply/")
    assert "1 listing has no choice yet. Choose for each" in text_of(refused)

    choose(as_reese, crosswalk, {just_ends: ["ends"]})
    shown = text_of(as_reese.get(f"{page_of(crosswalk)}apply/"))
    for line in ("1 listing to L2001", "1 listing to L2001 and L2002", "1 listing to no code: they just end"):
        assert line in shown
    assert ListingChange.objects.count() == 4

    after = apply(as_reese, crosswalk)
    assert "It is applied: changes 5 to 10" in text_of(after)
    changes = list(ListingChange.objects.order_by("seq"))
    assert_unbroken(changes)
    assert [change.kind for change in changes[4:]] == ["recoded"] * 3 + ["end_dated"] * 3
    assert {change.reason for change in changes[4:]} == {WHY}
    assert {change.by for change in changes[4:]} == {reese}
    assert sorted(RegisterEntry.objects.values_list("model_number", "code", "effective__startswith")) == [
        ("A", "K1007", date(2024, 1, 1)),
        ("A", "L1000", date(2024, 1, 1)),
        ("A", "L2001", date(2026, 7, 1)),
        ("A", "L2002", date(2026, 7, 1)),
        ("B", "L1000", date(2024, 1, 1)),
        ("B", "L2001", date(2026, 7, 1)),
        ("C", "L1000", date(2024, 1, 1)),
    ]
    ends = set(Listing.objects.filter(code__code="L1000").values_list("effective__endswith", flat=True))
    assert ends == {date(2026, 7, 1)}
    assert untouched.changes.count() == 1
    assert [change.before["id"] for change in changes[4:7]] == [split.pk, split.pk, first.pk]


def test_choices_are_kept_and_taken_back(as_reese: Client, crosswalk: Crosswalk) -> None:
    one, two = listed("A", "B")
    choose(as_reese, crosswalk, {one: ["L2001"], two: ["ends"]})
    assert chosen(crosswalk) == {one.pk: ["L2001"], two.pk: []}
    choose(as_reese, crosswalk, {one: ["L2002"], two: []})
    assert chosen(crosswalk) == {one.pk: ["L2002"]}


def test_what_cannot_be_kept_is_told_and_all_else_is_kept(as_reese: Client, crosswalk: Crosswalk) -> None:
    one, two = listed("A", "B")
    page = choose(as_reese, crosswalk, {one: ["L2001", "ends"], two: ["L2001"]})
    assert page.status_code == 422
    assert "1 choice could not be saved; all others are" in text_of(page)
    assert "Choose codes, or that it just ends: not both." in text_of(page)
    row = next(row for row in page.context["page"].rows if row["id"] == one.pk)
    assert [box["is_ticked"] for box in row["boxes"]] == [True, False, True]
    assert chosen(crosswalk) == {two.pk: ["L2001"]}


def test_a_code_of_another_crosswalk_is_no_choice(as_reese: Client, crosswalk: Crosswalk, reese: User) -> None:
    (listing,) = listed("A")
    make_code("L3000")
    other = begin_crosswalk(from_code="L3000", to_codes=["L2001"], begins=date(2026, 7, 1), reason=WHY, by=reese)
    sent = {f"listing-{listing.pk}": target(other, "L2001"), f"seen-{listing.pk}": "1", f"was-{listing.pk}": ""}
    page = as_reese.post(f"{page_of(crosswalk)}choices/?show=all", sent)
    assert "One of these codes is not among those that follow." in text_of(page)
    assert chosen(crosswalk) == {}


def test_one_choice_for_all_that_are_found(as_reese: Client, crosswalk: Crosswalk) -> None:
    one, two = listed("A", "B")
    other = publish("Splint", code="L1000", model_number="S")
    address = f"{page_of(crosswalk)}choices/"
    ticked = {"for_all": "1", "all": [target(crosswalk, "L2001")]}
    page = as_reese.post(f"{address}?q=brace", ticked, follow=True)
    assert "Chosen for 2 listings." in text_of(page)
    assert chosen(crosswalk) == {one.pk: ["L2001"], two.pk: ["L2001"]}
    page = as_reese.post(address, {"for_all": "1", "all": "ends"}, follow=True)
    assert "Chosen for 1 listing." in text_of(page)
    assert chosen(crosswalk) == {one.pk: ["L2001"], two.pk: ["L2001"], other.pk: []}
    page = as_reese.post(address, {"for_all": "1"}, follow=True)
    assert "Choose a code, or that the listings just end." in text_of(page)


def test_of_two_registrars_the_second_is_told(as_reese: Client, crosswalk: Crosswalk) -> None:
    one, two = listed("A", "B")
    other = Client()
    other.force_login(contractor_person(Role.REGISTRAR))
    opened = as_reese.get(page_of(crosswalk, "?show=all"))
    choose(other, crosswalk, {one: ["L2001"]})
    page = choose(as_reese, crosswalk, {one: ["L2002"], two: ["L2002"]}, page=opened)
    assert page.status_code == 422
    assert "Somebody else has chosen for this listing since you opened the page." in text_of(page)
    assert chosen(crosswalk) == {one.pk: ["L2001"], two.pk: ["L2002"]}
    # A page that is old by now overwrites nothing that its reader left alone.
    choose(as_reese, crosswalk, {two: ["L2002"]}, page=opened)
    assert chosen(crosswalk) == {one.pk: ["L2001"], two.pk: ["L2002"]}


def test_a_listing_that_changed_since_the_choice_is_told_and_not_moved(as_reese: Client, crosswalk: Crosswalk) -> None:
    one, two = listed("A", "B")
    choose(as_reese, crosswalk, {one: ["L2001"], two: ["L2001"]})
    correct_listing(
        listing=one, begins=date(2024, 1, 1), last_day=None, comment="Code Reverified", reason="Because.", by=None
    )
    page = as_reese.get(page_of(crosswalk, "?show=changed"))
    assert [row["id"] for row in page.context["page"].rows] == [one.pk]
    assert "1 changed since the choice was made: choose again." in text_of(page)
    assert "Chosen before: L2001. Choose again." in text_of(page)
    address = f"{page_of(crosswalk)}apply/"
    crosswalk.refresh_from_db()
    for refused in (as_reese.get(address), as_reese.post(address, {"seen_choices": crosswalk.choices_version})):
        assert "1 listing has changed since the choice was made. Nothing was done." in text_of(refused)
    assert not ListingChange.objects.filter(kind="recoded").exists()

    # Saved as it is, the old choice stays one that must be made again; the same choice can be made again.
    choose(as_reese, crosswalk, {})
    assert "1 changed" in text_of(as_reese.get(page_of(crosswalk)))
    choose(as_reese, crosswalk, {one: ["L2001"]})
    assert "It is applied" in text_of(apply(as_reese, crosswalk))


def test_choices_made_after_the_preview_are_looked_at_again(as_reese: Client, crosswalk: Crosswalk) -> None:
    (listing,) = listed("A")
    choose(as_reese, crosswalk, {listing: ["L2001"]})
    shown = as_reese.get(f"{page_of(crosswalk)}apply/")
    choose(as_reese, crosswalk, {listing: ["L2002"]})
    page = as_reese.post(f"{page_of(crosswalk)}apply/", hidden_fields(shown))
    assert page.status_code == 422
    assert "Choices have been changed since you saw the preview." in text_of(page)
    assert "1 listing to L2002" in text_of(page)
    assert not ListingChange.objects.filter(kind="recoded").exists()


def test_a_model_that_stands_under_the_new_code_already(as_reese: Client, crosswalk: Crosswalk) -> None:
    (listing,) = listed("A")
    there = publish("Brace", code="L2001", model_number="A", begins=date(2026, 8, 1))
    choose(as_reese, crosswalk, {listing: ["L2001"]})
    page = as_reese.get(f"{page_of(crosswalk)}apply/")
    assert f"Listing {there.pk} has the model under the new code on July 1, 2026 or later already." in text_of(page)


def test_only_what_holds_on_the_last_day_takes_part(as_reese: Client, crosswalk: Crosswalk) -> None:
    holds, ended_before, ends_on_the_day = listed("A", "B", "C")
    for listing, last_day in ((ended_before, date(2026, 6, 29)), (ends_on_the_day, date(2026, 6, 30))):
        end_date_listing(listing=listing, last_day=last_day, reason="Because.", by=None)
    page = as_reese.get(page_of(crosswalk, "?show=all"))
    assert [row["id"] for row in page.context["page"].rows] == [holds.pk, ends_on_the_day.pk]
    choose(as_reese, crosswalk, {holds: ["ends"], ends_on_the_day: ["L2001"]})
    apply(as_reese, crosswalk)
    # What ends on that day already is followed and not ended again.
    kinds = {
        pk: list(Listing.objects.get(pk=pk).changes.values_list("kind", flat=True))
        for pk in (holds.pk, ends_on_the_day.pk)
    }
    assert kinds == {holds.pk: ["listed", "end_dated"], ends_on_the_day.pk: ["listed", "end_dated"]}
    assert RegisterEntry.objects.get(code="L2001").model_number == "C"


def test_an_end_that_was_announced_for_later_holds_under_the_new_code(as_reese: Client, crosswalk: Crosswalk) -> None:
    (listing,) = listed("A")
    end_date_listing(listing=listing, last_day=date(2026, 12, 31), reason="Because.", by=None)
    choose(as_reese, crosswalk, {listing: ["L2001"]})
    apply(as_reese, crosswalk)
    assert sorted(RegisterEntry.objects.values_list("code", "effective__startswith", "effective__endswith")) == [
        ("L1000", date(2024, 1, 1), date(2026, 7, 1)),
        ("L2001", date(2026, 7, 1), date(2027, 1, 1)),
    ]


def test_a_reused_code_string_takes_along_only_the_listings_of_its_meaning(as_reese: Client, reese: User) -> None:
    """DOMAIN 7.12: listings bind to the meaning."""
    old = make_code("L3000", added=date(2000, 1, 1), terminated=date(2010, 12, 31))
    new = make_code("L3000", added=date(2020, 1, 1))
    publish("Old", code=old, begins=date(2005, 1, 1))
    listing = publish("New", code=new, begins=date(2024, 1, 1))
    made = begin_crosswalk(from_code="L3000", to_codes=["L2001"], begins=date(2026, 7, 1), reason=WHY, by=reese)
    assert made.from_code == new
    page = as_reese.get(page_of(made, "?show=all"))
    assert [row["id"] for row in page.context["page"].rows] == [listing.pk]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"from_code": "Z9999"}, "There is no code Z9999 in the catalogue."),
        ({"begins": "2026-08-01"}, "L1000 is not valid on July 31, 2026. It is valid from January 1, 2000 to June 30"),
        ({"to_codes": "L2001 L2003"}, "There is no code L2003 in the catalogue."),
        ({"to_codes": "L1000", "begins": "2026-06-01"}, "L1000 cannot follow itself"),
        ({"to_codes": "all of them"}, "Write the code as one letter and four digits"),
        ({"to_codes": " , "}, "Give one to 10 codes that follow it."),
        ({"reason": ""}, "Reason: Say what happened and who orders it"),
    ],
)
def test_what_cannot_be_begun(as_reese: Client, given: dict[str, str], refusal: str) -> None:
    page = as_reese.post(NEW, {**GIVEN, **given})
    assert page.status_code == 422
    assert refusal in text_of(page)
    assert not Crosswalk.objects.exists()


def test_one_open_crosswalk_of_a_code_at_a_time(as_reese: Client, crosswalk: Crosswalk) -> None:
    page = as_reese.post(NEW, GIVEN)
    assert "There is an open crosswalk of L1000 already. Go on with that one" in text_of(page)
    assert WHY in main_of(page)
    as_reese.post(f"{page_of(crosswalk)}discard/")
    assert as_reese.post(NEW, GIVEN).status_code == 302
    assert list(Crosswalk.objects.order_by("pk").values_list("state", flat=True)) == ["discarded", "choosing"]


def test_what_is_over_stays_as_it_is(as_reese: Client, crosswalk: Crosswalk) -> None:
    (listing,) = listed("A")
    opened = as_reese.get(page_of(crosswalk, "?show=all"))
    choose(as_reese, crosswalk, {listing: ["L2001"]})
    apply(as_reese, crosswalk)
    for path, sent in (("apply/", {"seen_choices": "2"}), ("discard/", {}), ("choices/", hidden_fields(opened))):
        page = as_reese.post(f"{page_of(crosswalk)}{path}", sent, follow=True)
        assert "State of the crosswalk: Applied." in text_of(page)
    assert chosen(crosswalk) == {listing.pk: ["L2001"]}
    assert ListingChange.objects.filter(kind="recoded").count() == 1


def test_the_database_refuses_a_state_that_cannot_be(crosswalk: Crosswalk) -> None:
    for changed in ({"state": "applied"}, {"state": "lost"}, {"reason": ""}, {"finished_at": crosswalk.created_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Crosswalk.objects.filter(pk=crosswalk.pk).update(**changed)


def test_a_row_is_saved_as_it_is_ticked(as_reese: Client, crosswalk: Crosswalk) -> None:
    """What htmx sends, and gets: the row's state with what the next tick must say, and the count."""
    (listing,) = listed("A")
    sent = {f"listing-{listing.pk}": target(crosswalk, "L2001"), f"seen-{listing.pk}": "1", f"was-{listing.pk}": ""}
    answer = as_reese.post(f"{page_of(crosswalk)}choices/", sent, headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert f'name="was-{listing.pk}" value="{target(crosswalk, "L2001")}"' in " ".join(body.split())
    assert "1 of 1 listings have a choice; 0 to go." in " ".join(body.split())
    assert chosen(crosswalk) == {listing.pk: ["L2001"]}


def test_a_tick_that_comes_too_late_is_answered_where_it_was_made(as_reese: Client, crosswalk: Crosswalk) -> None:
    (listing,) = listed("A")
    address, headers = f"{page_of(crosswalk)}choices/", {"HX-Request": "true"}
    sent = {f"listing-{listing.pk}": "ends", f"seen-{listing.pk}": "1", f"was-{listing.pk}": ""}
    end_date_listing(listing=listing, last_day=date(2026, 6, 29), reason="Because.", by=None)
    answer = as_reese.post(address, sent, headers=headers)
    assert "This listing no longer holds on the last day of the old code." in answer.content.decode()
    as_reese.post(f"{page_of(crosswalk)}discard/")
    assert as_reese.post(address, sent, headers=headers).headers["HX-Refresh"] == "true"
    assert chosen(crosswalk) == {}


@pytest.mark.parametrize("path", ["", "apply/"])
def test_pages_cost_the_same_for_one_listing_and_for_three(as_reese: Client, crosswalk: Crosswalk, path: str) -> None:
    listings = listed("A")
    choose(as_reese, crosswalk, {listings[0]: ["L2001"]})
    address = f"{page_of(crosswalk)}{path}?show=all"
    one = queries_for(as_reese, address)
    for listing in listed("B", "C"):
        choose(as_reese, crosswalk, {listing: ["L2001", "L2002"]})
    assert queries_for(as_reese, address) == one


def test_the_list_costs_the_same_for_one_crosswalk_and_for_three(
    as_reese: Client, crosswalk: Crosswalk, reese: User
) -> None:
    one = queries_for(as_reese, "/review/crosswalks/")
    for code in ("L3000", "L4000"):
        make_code(code)
        begin_crosswalk(from_code=code, to_codes=["L2001"], begins=date(2026, 7, 1), reason=WHY, by=reese)
    assert queries_for(as_reese, "/review/crosswalks/") == one
    Crosswalk.objects.all().delete()
    assert "There is no crosswalk yet" in text_of(as_reese.get("/review/crosswalks/"))


class TestMany:
    """Enough listings that a job applies it."""

    pytestmark = pytest.mark.django_db(transaction=True)

    @pytest.fixture(autouse=True)
    def _few_are_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(applying, "MOST_AT_ONCE", 2)

    @pytest.fixture
    def confirmed(self, crosswalk: Crosswalk, reese: User) -> Crosswalk:
        listings = listed("A", "B")
        first = crosswalk.targets.get(code__code="L2001")
        choose_for_all(
            crosswalk=crosswalk, listings=[each.pk for each in listings], targets=[first.pk], ends=False, by=reese
        )
        return confirm_crosswalk(crosswalk=crosswalk, seen_choices=2, by=reese)

    def test_a_job_applies_it(self, as_reese: Client, confirmed: Crosswalk) -> None:
        page = text_of(as_reese.get(page_of(confirmed)))
        assert "Being applied" in page
        assert "It waits for the worker." in page
        assert as_reese.get(f"{page_of(confirmed)}progress/").headers.get("HX-Refresh") is None
        run_jobs()
        confirmed.refresh_from_db()
        assert (confirmed.state, confirmed.first_seq, confirmed.last_seq) == (CrosswalkState.APPLIED, 3, 6)
        assert as_reese.get(f"{page_of(confirmed)}progress/").headers["HX-Refresh"] == "true"
        # Begun again after it was done: nothing is done twice.
        apply_confirmed_crosswalk.func(_Attempt(1), crosswalk_id=confirmed.pk)
        assert ListingChange.objects.count() == 6

    def test_it_says_how_far_it_is_before_it_is_over(
        self, confirmed: Crosswalk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[tuple[str, int]] = []
        move = applying.move_listings

        def moved(**given: object) -> object:
            seen.append(Crosswalk.objects.values_list("stage", "done").get())
            done = move(**given)
            seen.append(Crosswalk.objects.values_list("stage", "done").get())
            return done

        monkeypatch.setattr(applying, "move_listings", moved)
        run_jobs()
        assert seen == [("Checking the choices", 0), ("Ending under the old code", 2)]

    def test_what_changed_after_the_confirmation_is_told_and_nothing_is_moved(
        self, as_reese: Client, confirmed: Crosswalk
    ) -> None:
        correct_listing(
            listing=Listing.objects.earliest("pk"),
            begins=date(2024, 1, 1),
            last_day=None,
            comment="Code Reverified",
            reason="Because.",
            by=None,
        )
        run_jobs()
        confirmed.refresh_from_db()
        assert (confirmed.state, confirmed.confirmed_by) == (CrosswalkState.CHOOSING, None)
        assert "1 listing has changed since the choice was made." in text_of(as_reese.get(page_of(confirmed)))
        assert not ListingChange.objects.filter(kind__in=["recoded", "end_dated"]).exists()

    def test_it_is_given_up_at_last(self, as_reese: Client, confirmed: Crosswalk) -> None:
        apply_confirmed_crosswalk.func(_Attempt(4), crosswalk_id=confirmed.pk)
        assert "It failed several times" in text_of(as_reese.get(page_of(confirmed)))
        assert ListingChange.objects.count() == 2


class _Attempt:
    """A job's context, at its so-many-th attempt."""

    def __init__(self, attempts: int) -> None:
        self.job = self
        self.attempts = attempts

"""What one can type to find a product, on any door: all of them use this filter."""

from datetime import date

import pytest
from django.http import QueryDict

from pcl.models import RegisterEntry
from pcl.queries.listing_filter import ListingFilter
from pcl.services.end_date_listing import end_date_listing
from tests.factories.register import make_code, publish, some_organization

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    asked = ListingFilter(QueryDict(query), RegisterEntry.objects.all())
    assert asked.is_valid(), asked.errors
    return sorted(f"{entry.product} {entry.model_number}".strip() for entry in asked.qs)


def refused(query: str) -> dict[str, list[str]]:
    asked = ListingFilter(QueryDict(query), RegisterEntry.objects.all())
    assert not asked.is_valid()
    return {name: list(messages) for name, messages in asked.errors.items()}


@pytest.fixture
def register() -> None:
    publish("ReWalk", other_names=("Rewalk™ Personal",))
    publish("Indego", manufacturer="Össur hf.", distributor="Parker & Sons", model_number="AB-12/3.X")
    publish("Walker Plus", manufacturer="Rewind Medical", code="E0147", classification="Walkers", model_number="1E5X")


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("typed", "products"),
    [
        ("rewalk", ["ReWalk"]),
        ("REWALK", ["ReWalk"]),
        ("Rewalk™", ["ReWalk"]),
        ("personal", ["ReWalk"]),
        ("rew", ["ReWalk", "Walker Plus 1E5X"]),
        ("argo technologies", ["ReWalk"]),
        ("tech arg", ["ReWalk"]),
        ("k1007", ["Indego AB-12/3.X", "ReWalk"]),
        ("K10", ["Indego AB-12/3.X", "ReWalk"]),
        ("k1007 argo", ["ReWalk"]),
        ("ossur", ["Indego AB-12/3.X"]),
        ("Össur hf.", ["Indego AB-12/3.X"]),
        ("parker", ["Indego AB-12/3.X"]),
        ("Parker & Sons", ["Indego AB-12/3.X"]),
        ("AB-12/3.X", ["Indego AB-12/3.X"]),
        ("ab123x", ["Indego AB-12/3.X"]),
        ("AB 12 3", ["Indego AB-12/3.X"]),
        ("ab12", ["Indego AB-12/3.X"]),
        ("a-b-1", ["Indego AB-12/3.X"]),
        ("indego ab12-3", ["Indego AB-12/3.X"]),
        ("1e5x", ["Walker Plus 1E5X"]),
        ("1E-5X", ["Walker Plus 1E5X"]),
        ("walk", ["Walker Plus 1E5X"]),
        ("argo indego", []),
        ("***", []),
        ("' | ! & <-> :*", []),
        ("🦿 שלום", []),
    ],
)
def test_words(typed: str, products: list[str]) -> None:
    query = QueryDict(mutable=True)
    query["q"] = typed
    assert found(query.urlencode()) == products


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("query", "products"),
    [
        ("code=k1007", ["Indego AB-12/3.X", "ReWalk"]),
        ("code=+E0147+", ["Walker Plus 1E5X"]),
        ("code=A9999", []),
        ("product=walk", ["Walker Plus 1E5X"]),
        ("product=rewalk", ["ReWalk"]),
        ("product=personal", ["ReWalk"]),
        ("product=argo", []),
        ("organization=rew", ["Walker Plus 1E5X"]),
        ("organization=Argo", ["ReWalk"]),
        ("organization=parker+sons", ["Indego AB-12/3.X"]),
        ("organization=indego", []),
        ("model_number=ab123", ["Indego AB-12/3.X"]),
        ("model_number=AB-12", ["Indego AB-12/3.X"]),
        ("model_number=123", []),
        ("model_number=---", []),
        ("classification=walkers", ["Walker Plus 1E5X"]),
        ("classification=walk", []),
        ("code=K1007&organization=argo&product=rewalk", ["ReWalk"]),
        ("q=&code=&status=&on=&sort=", ["Indego AB-12/3.X", "ReWalk", "Walker Plus 1E5X"]),
    ],
)
def test_fields(query: str, products: list[str]) -> None:
    assert found(query) == products


def test_a_slug_means_that_organization_and_those_merged_into_it() -> None:
    publish("Made", manufacturer="Argo Technologies")
    publish("Distributed", manufacturer="Somebody", distributor="Argo Technologies")
    publish("Made by a namesake", manufacturer="Argo Technologies Europe")
    publish("Made before the merger", manufacturer="Old Argo")
    merged = some_organization("Old Argo")
    merged.merged_into = some_organization("Argo Technologies")
    merged.save()

    assert found("organization=argo-technologies") == ["Distributed", "Made", "Made before the merger"]


def test_the_status_is_that_of_the_date_of_service() -> None:
    ended = publish("Ended", begins=date(2024, 1, 1))
    end_date_listing(listing=ended, last_day=date(2024, 6, 30), reason="Withdrawn.", by=None)
    publish("Open", begins=date(2024, 3, 1))
    publish("Later", begins=date(2024, 9, 1))

    assert found("on=2024-06-30") == ["Ended", "Open"]
    assert found("on=2024-07-01") == ["Open"]
    assert found("on=2024-07-01&status=ended") == ["Ended"]
    assert found("on=2024-06-30&status=ended") == []
    assert found("on=2024-08-31&status=future") == ["Later"]
    assert found("on=2024-09-01&status=future") == []
    assert found("on=2024-07-01&status=all") == ["Ended", "Later", "Open"]


def test_a_listing_ends_with_its_code() -> None:
    """DOMAIN 7, case 1: the action date of January 1, 2024 does not revive a code that ended the day before."""
    code = make_code(
        "K1032",
        added=date(2022, 4, 1),
        terminated=date(2023, 12, 31),
        action_effective=date(2024, 1, 1),
        action_code="N",
    )
    publish("Garment", code=code, begins=date(2022, 4, 1))

    assert found("on=2023-12-31") == ["Garment"]
    assert found("on=2024-01-01") == []
    assert found("on=2024-01-01&status=ended") == ["Garment"]
    assert found("on=2023-12-31&status=ended") == []


def test_a_product_of_cms_stands_on_the_list_without_an_application() -> None:
    """DOMAIN 7, case 13."""
    publish("ReWalk", origin="cms", begins=date(2023, 12, 28))

    assert found("q=rewalk&on=2023-12-28") == ["ReWalk"]


TOO_LONG = (
    "That is too long: it has 401 characters, and at most 400 can be looked for. "
    "Search with fewer words: a code, a manufacturer, a product or a model number."
)


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        (
            "on=2024-02-30",
            {
                "on": [
                    "“2024-02-30” is not a date that exists. Write the year, the month and the day, such as 2024-06-01."
                ]
            },
        ),
        (
            "on=06/01/2024",
            {"on": ["“06/01/2024” is not written as dates are here. If it means June 1, 2024, write 2024-06-01."]},
        ),
        (
            "on=9999-12-31",
            {"on": ["9999-12-31 is not a plausible date. Give one from July 1, 1966 to December 31, 2199."]},
        ),
        ("status=x", {"status": ["“x” is no status. Choose one of: current, ended, future, all."]}),
        ("sort=-id", {"sort": ["“-id” is no sort. Choose one of: code, product, manufacturer, newest."]}),
        ("code=K10", {"code": ["Write the code as one letter and four digits, such as K1007."]}),
        ("q=%00", {"q": ["Null characters are not allowed."]}),
        ("code=K1007&code=E0147", {"code": ["This is given more than once. Give it once."]}),
        ("q=" + "x" * 401, {"q": [TOO_LONG]}),
    ],
)
def test_a_value_that_cannot_be_used_is_named(query: str, errors: dict[str, list[str]]) -> None:
    assert refused(query) == errors


def test_letters_that_grow_when_folded_are_no_error() -> None:
    assert found("q=" + "㍿" * 400) == []
    assert found("q=" + "ﷺ" * 400) == []

"""DOMAIN section 7's edge cases, by number, as the check answers them."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from pcl.models import Listing, Organization, OrganizationName, Origin, ProductName
from pcl.names import name_key
from pcl.queries.check.engine import Answered, check_lines
from pcl.queries.check.line import Line, read_line
from pcl.services.end_date_listing import end_date_listing
from pcl.services.products import correct_model_number, correct_product
from tests.factories.register import make_code, make_product, publish, require, some_organization

pytestmark = pytest.mark.django_db


def checked(code: str, day: date, **given: str) -> Answered:
    (answered,) = check_lines([Line(code=code, day=day, **given)])
    return answered


def answers(code: str, *days: date, **given: str) -> list[str]:
    return [each.answer for each in check_lines([Line(code=code, day=day, **given) for day in days])]


def ended(listing: Listing, last_day: date) -> Listing:
    end_date_listing(listing=listing, last_day=last_day, reason="A published campaign.", by=None)
    return listing


def test_1_a_terminated_code_ends_its_listings_and_its_action_date_does_not_revive_it() -> None:
    code = make_code(
        "K1032",
        added=date(2023, 4, 1),
        terminated=date(2023, 12, 31),
        action_effective=date(2024, 1, 1),
        action_code="D",
    )
    listing = publish("Compressor", code=code, begins=date(2023, 4, 1))

    last, after = check_lines(
        [Line(code="K1032", day=day, product="Compressor") for day in (date(2023, 12, 31), date(2024, 1, 1))]
    )

    assert (last.answer, last.listings) == ("listed", [listing.pk])
    assert last.reasons == [
        (
            "“Compressor” by Argo Technologies is listed under K1032 for dates of service from April 1, 2023 to "
            "December 31, 2023."
        )
    ]
    assert (after.answer, after.listings) == ("code_not_valid", [])
    assert after.reasons == [
        "K1032 is not valid on January 1, 2024, so nothing can be billed under it for that date of service.",
        "Its last day of use was December 31, 2023.",
    ]


def test_2_an_unlisted_product_is_fine_until_the_requirement_is_in_force() -> None:
    requirement = require(
        make_code("K1007"), begins=date(2024, 6, 1), fallback_code="Bill A9270", exception_text="Custom work is exempt."
    )
    publish("Another", begins=date(2023, 12, 28))

    before, since = check_lines(
        [Line(code="K1007", day=day, product="Unlisted") for day in (date(2024, 5, 31), date(2024, 6, 1))]
    )

    assert (before.answer, before.requirement) == ("verification_not_required", None)
    assert before.reasons == [
        "No listing under K1007 that is in force on May 31, 2024 fits what is given.",
        (
            "K1007 is valid on May 31, 2024, and this register knows of no requirement that products be verified for "
            "it on that day."
        ),
        "Verification is required for dates of service from June 1, 2024 on.",
    ]
    assert (since.answer, since.requirement) == ("not_listed", requirement.pk)
    assert since.reasons == [
        "No listing under K1007 that is in force on June 1, 2024 fits what is given.",
        "For dates of service from June 1, 2024 on, only products on the list may be billed under K1007.",
        "Custom work is exempt.",
        "A product that is not listed: Bill A9270.",
    ]


def test_2_a_listing_that_begins_after_the_requirement_does_not_reach_back() -> None:
    require(make_code("K1007"), begins=date(2024, 6, 1))
    listing = publish("Latecomer", begins=date(2024, 7, 1))

    between = checked("K1007", date(2024, 6, 30), product="Latecomer")

    assert (between.answer, between.listings) == ("not_listed", [listing.pk])
    assert between.reasons[1] == "“Latecomer” by Argo Technologies is listed under K1007 from July 1, 2024 on."
    assert answers("K1007", date(2024, 5, 31), date(2024, 7, 1), product="Latecomer") == [
        "verification_not_required",
        "listed",
    ]


def test_4_both_names_of_a_model_find_it() -> None:
    product = make_product("New Name")
    ProductName.objects.create(product=product, name="Old Náme", used=DateRange(None, date(2024, 1, 1)))
    listing = publish("New Name", model_number="AB-12/3")

    for name in ("New Name", "NEW-NAME®", "Old Name"):
        found = checked("K1007", date(2024, 6, 1), product=name, model_number="ab 123")
        assert (found.answer, found.listings) == ("listed", [listing.pk]), name
    assert checked("K1007", date(2024, 6, 1), product="Old name").reasons[1] == (
        "The list has it under another name today than the one given; both are names of the same."
    )
    # The number is compared whole: neither a part of it nor a longer one is it.
    require(listing.code, begins=None)
    for number in ("AB12", "AB1234"):
        assert answers("K1007", date(2024, 6, 1), product="New Name", model_number=number) == ["not_listed"]


def test_4_a_product_applied_for_anew_is_told_from_the_old_one_by_its_name() -> None:
    require(make_code("K1007"), begins=None)
    old = ended(publish("Old Brace", model_number="X1", begins=date(2023, 1, 1)), date(2023, 12, 31))
    new = publish("New Brace", model_number="X1", begins=date(2024, 1, 1))

    assert checked("K1007", date(2024, 6, 1), product="New Brace", model_number="X1").listings == [new.pk]
    gone = checked("K1007", date(2024, 6, 1), product="Old Brace", model_number="X1")
    assert (gone.answer, gone.listings) == ("not_listed", [old.pk])
    assert gone.reasons[1] == (
        "“Old Brace” by Argo Technologies, model number X1 was listed under K1007 until December 31, 2023."
    )
    either = checked("K1007", date(2024, 6, 1), model_number="X1")
    assert (either.answer, either.listings) == ("ambiguous", [new.pk])
    assert either.reasons[:2] == [
        (
            "What is given fits 2 models, and the answer is not the same for all: on June 1, 2024, 1 is listed under "
            "K1007, 0 only under another code, and 1 not at all."
        ),
        "Give the product or the manufacturer, too.",
    ]


def test_5_a_model_marketed_under_a_name_that_is_not_on_the_list_is_not_listed_and_says_what_is() -> None:
    require(make_code("K1007"), begins=None)
    listing = publish("Product A", model_number="M-7")
    publish("Somebody Else's", model_number="M7", manufacturer="Other Maker")

    found = checked("K1007", date(2024, 6, 1), manufacturer="Argo Technologies", product="Product B", model_number="M7")

    assert (found.answer, found.listings) == ("not_listed", [listing.pk])
    assert found.reasons[1] == (
        "The same model number is on the list under another product name: “Product A” by Argo Technologies, model "
        "number M-7, under K1007. Compare the label with that listing."
    )


def test_6_the_manufacturers_end_does_not_end_the_distributors_listing() -> None:
    require(make_code("K1007"), begins=None)
    own = ended(publish("Maker Brace", model_number="1", begins=date(2023, 1, 1)), date(2024, 3, 31))
    sold = publish("Seller Brace", model_number="S1", distributor="Seller", begins=date(2024, 1, 1))
    day = date(2024, 6, 1)

    assert checked("K1007", day, manufacturer="Seller", product="Seller Brace").listings == [sold.pk]
    assert checked("K1007", day, manufacturer="Argo Technologies", product="Seller Brace").answer == "listed"
    assert checked("K1007", day, product="Maker Brace").answer == "not_listed"
    # The manufacturer's name alone stands on both.
    both = checked("K1007", day, manufacturer="Argo Technologies")
    assert (both.answer, both.listings) == ("ambiguous", [sold.pk])
    assert answers("K1007", date(2024, 2, 1), manufacturer="Argo Technologies") == ["listed"]
    assert own.pk != sold.pk


def test_7_a_merged_organization_is_found_under_every_name_it_ever_had() -> None:
    listing = publish("Brace", manufacturer="Old Maker")
    old, new = some_organization("Old Maker"), some_organization("New Maker")
    Organization.objects.filter(pk=old.pk).update(merged_into=new)
    OrganizationName.objects.create(
        organization=new, name="Middle Maker, Inc.", name_key=name_key("Middle Maker, Inc."), used=DateRange(None, None)
    )
    publish("Brace", manufacturer="Stranger")
    stranger = publish("Only Theirs", manufacturer="Stranger")

    for name in ("Old Maker", "OLD MAKER LLC", "New Maker", "Middle Maker"):
        found = checked("K1007", date(2024, 6, 1), manufacturer=name, product="Brace")
        assert (found.answer, found.listings) == ("listed", [listing.pk]), name
    require(listing.code, begins=None)
    assert answers("K1007", date(2024, 6, 1), manufacturer="New Maker", product="Only Theirs") == ["not_listed"]
    assert stranger.pk


def test_8_a_product_without_an_assigned_code_is_not_listed() -> None:
    require(make_code("K1007"), begins=date(2024, 6, 1))
    make_product("Determined Without A Code")

    found = checked("K1007", date(2024, 6, 1), product="Determined Without A Code")

    assert (found.answer, found.listings) == ("not_listed", [])


def test_8_a_product_under_several_codes_is_listed_under_each() -> None:
    first = publish("Kit", code="A1001", model_number="K")
    second = publish("Kit", code="A1002", model_number="K")
    make_code("A1003")

    assert checked("A1001", date(2024, 6, 1), product="Kit").listings == [first.pk]
    assert checked("A1002", date(2024, 6, 1), product="Kit").listings == [second.pk]
    other = checked("A1003", date(2024, 6, 1), product="Kit")
    assert (other.answer, other.listings) == ("listed_under_other_code", [first.pk, second.pk])
    assert other.reasons == [
        (
            "“Kit” by Argo Technologies, model number K is not listed under A1003 on June 1, 2024. It is listed under "
            "A1001."
        ),
        "2 listings under other codes fit what is given.",
    ]


def test_10_many_sizes_of_a_dressing_answer_as_one_while_they_agree() -> None:
    sizes = [publish("Dressing", code="A6209", model_number=f"D-{size}") for size in range(12)]
    wide = publish("Dressing", code="A6210", model_number="D-99")

    split = checked("A6209", date(2024, 6, 1), product="Dressing")
    assert (split.answer, split.listings) == ("ambiguous", [listing.pk for listing in sizes[:10]])
    assert split.reasons[0] == (
        "What is given fits 13 models, and the answer is not the same for all: on June 1, 2024, 12 are listed under "
        "A6209, 1 only under another code, and 0 not at all."
    )
    assert checked("A6209", date(2024, 6, 1), product="Dressing", model_number="D99").listings == [wide.pk]
    assert checked("A6209", date(2024, 6, 1), product="Dressing", model_number="D3").listings == [sizes[3].pk]
    ended(wide, date(2024, 1, 31))


def test_11_a_reinstated_product_keeps_its_gap() -> None:
    require(make_code("K1007"), begins=None)
    first = ended(publish("Brace", begins=date(2023, 1, 1)), date(2023, 6, 30))
    second = publish("Brace", begins=date(2024, 1, 1))

    assert answers("K1007", date(2023, 6, 30), date(2023, 7, 1), date(2024, 1, 1), product="Brace") == [
        "listed",
        "not_listed",
        "listed",
    ]
    gap = checked("K1007", date(2023, 12, 31), product="Brace")
    assert gap.listings == [first.pk, second.pk]
    assert gap.reasons[1:3] == [
        "“Brace” by Argo Technologies was listed under K1007 until June 30, 2023.",
        "It is listed again from January 1, 2024 on.",
    ]


def test_12_a_code_used_again_is_another_code() -> None:
    old = make_code("K0900", added=date(2010, 1, 1), terminated=date(2015, 12, 31))
    new = make_code("K0900", added=date(2020, 1, 1))
    listing = publish("Brace", code=old, begins=date(2010, 1, 1))
    require(new, begins=None)

    assert answers(
        "K0900",
        *(date(2009, 12, 31), date(2015, 12, 31), date(2016, 1, 1), date(2019, 12, 31), date(2020, 1, 1)),
        product="Brace",
    ) == ["code_not_valid", "listed", "code_not_valid", "code_not_valid", "not_listed"]
    assert checked("K0900", date(2017, 1, 1)).reasons[1:] == [
        "Its last day of use was December 31, 2015.",
        "CMS uses the code again, with another meaning, from January 1, 2020.",
    ]
    assert checked("K0900", date(2009, 12, 31)).reasons[1:] == ["Its first day of use is January 1, 2010."]
    assert checked("K0900", date(2020, 1, 1), product="Brace").listings == [listing.pk]


def test_13_a_listing_of_cms_needs_no_application() -> None:
    require(make_code("K1007"), begins=date(2024, 6, 1))
    listing = publish("ReWalk", origin=Origin.CMS, begins=date(2023, 12, 28))

    found = checked("K1007", date(2024, 6, 1), product="Rewalk™")

    assert (found.answer, found.listings) == ("listed", [listing.pk])


def test_14_what_need_not_be_listed_is_said_beside_not_listed() -> None:
    require(
        make_code("L1234"),
        begins=None,
        exception_text="Items custom fabricated by the dispensing practitioner need not be listed.",
    )

    found = checked("L1234", date(2024, 6, 1), product="Made here")

    assert found.answer == "not_listed"
    assert found.reasons[1:] == [
        "Only products on the list may be billed under L1234; the source names no first date of service.",
        "Items custom fabricated by the dispensing practitioner need not be listed.",
    ]


@pytest.mark.parametrize("code", ["Q9999", "K1007-NU", "99213", "K10O7", "'; --", "K1\t07", "Ж1007"])
def test_15_an_unknown_code_is_said_to_be_unknown(code: str) -> None:
    publish("Brace")

    found = checked(code, date(2024, 6, 1), product="Brace")

    assert (found.answer, found.listings, found.requirement) == ("unknown_code", [], None)
    assert found.reasons[0] == f"This register knows no HCPCS Level II code {code}."


def test_15_a_modifier_is_no_code() -> None:
    modifier = make_code("NU")
    type(modifier).objects.filter(pk=modifier.pk).update(kind="modifier")

    assert answers("NU", date(2024, 6, 1)) == ["unknown_code"]


def test_edge_case_16_what_the_list_said_then_may_differ_from_what_it_says_now(client: Client) -> None:
    """Listed in July with a begin in January: in force in March by the list of August, unknown to the list of May."""
    with time_machine.travel("2026-07-01T12:00:00Z"):
        publish("ReWalk", model_number="RW-6", begins=date(2026, 1, 1))
    asked = {"code": "K1007", "date_of_service": "2026-03-01", "product": "ReWalk"}
    with time_machine.travel("2026-08-01T12:00:00Z"):
        (line,) = [read_line(asked)]
        assert check_lines([line])[0].answer == "listed"
        before = datetime(2026, 5, 1, tzinfo=UTC)
        assert check_lines([line], as_published=before)[0].answer != "listed"
        page = client.get("/check/", asked | {"as_published": "2026-05-01"}).content.decode()
        assert "As the list stood on" in page
        assert 'id="answer">Listed under K1007' not in page
        assert 'id="answer">Listed under K1007' in client.get("/check/", asked).content.decode()
        lines = {"lines": [asked], "as_published": "2026-05-01"}
        told = client.post("/api/v1/checks/", lines, content_type="application/json").json()
        assert told["results"][0]["answer"] != "listed"
        refused = client.post(
            "/api/v1/checks/", lines | {"as_published": "2026-09-01"}, content_type="application/json"
        ).json()
        assert (refused["status"], refused["parameter"]) == (400, "as_published")


def test_a_model_number_corrected_since_is_found_as_the_list_had_it() -> None:
    """The list of March said RW-6: so does its check, though the register knows since July that it is RW-60."""
    with time_machine.travel("2026-03-01T12:00:00Z"):
        listing = publish("Re Walk", model_number="RW-6", begins=date(2026, 1, 1))
        require(listing.code, begins=date(2024, 1, 1))
    with time_machine.travel("2026-07-01T12:00:00Z"):
        why = {"reason": "Misread.", "by": None}
        correct_model_number(model=listing.model, model_number="RW-60", **why)
        correct_product(product=listing.model.product, name="StrideOne", classification="", **why)
    march, day = datetime(2026, 3, 31, tzinfo=UTC), date(2026, 3, 15)

    def by_the_list_of(instant: datetime | None, *given: dict[str, str]) -> list[Answered]:
        return check_lines([Line(code="K1007", day=day, **each) for each in given], as_published=instant)

    mistaken, mended = {"model_number": "rw6"}, {"model_number": "RW-60"}
    then = by_the_list_of(march, mistaken, mended, mistaken | {"product": "ReWalk"}, mistaken | {"product": "Other"})
    now = by_the_list_of(None, mistaken, mended, mended | {"product": "ReWalk"})

    assert [each.answer for each in then] == ["listed", "listed", "listed", "not_listed"]
    assert then[2].reasons[0].startswith("“Re Walk” by Argo Technologies, model number RW-6 is listed under K1007")
    assert not any("under another name" in reason for reason in then[2].reasons)
    assert [each.answer for each in now] == ["not_listed", "listed", "not_listed"]

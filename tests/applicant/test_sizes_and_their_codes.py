"""Several sizes of one dressing in one application: each with its size and the codes requested for it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.applicant.pages import address, save, words
from tests.factories.product_groups import begun_draft_of, complete_draft_of
from tests.factories.register import some_code
from tests.factories.verification import again, draft
from verification.checks import gaps
from verification.models import Application
from verification.queries.evidence import sized_models
from verification.queries.submitted import what_was_said
from verification.services import drafts

pytestmark = pytest.mark.django_db
CODES = ("A6021", "A6022")


@pytest.fixture
def dressing(maker: User) -> Application:
    return begun_draft_of("surgical-dressings", by=maker, codes=CODES, model_numbers=["CH-44", "CH-68"])


def said(application: Application, **by_number: tuple[str, str, str]) -> dict[str, object]:
    """By model number with `_` for `-`: size, measure, codes with blanks between."""
    data: dict[str, object] = {}
    for model in application.models.all():
        size, measure, codes = by_number.get(model.model_number.replace("-", "_"), ("", "", ""))
        data[f"size-{model.pk}"], data[f"measure-{model.pk}"] = size, measure
        data[f"codes-{model.pk}"] = [str(some_code(code).pk) for code in codes.split()]
    return data


def missing(application: Application) -> list[str]:
    return [gap.message for gap in gaps(again(application)) if gap.section == "sizes"]


def test_only_a_group_with_sizes_has_the_section(client: Client, maker: User, dressing: Application) -> None:
    assert client.get(address("section", dressing, "sizes")).status_code == 200
    assert client.get(address("section", draft(maker), "sizes")).status_code == 404


def test_what_each_size_lacks_is_named(dressing: Application) -> None:
    of_each = ("give the size.", "give the pad size in sq in.", "choose the code requested for this size.")
    assert missing(dressing) == [
        *(f"{number}: {lacks}" for number in ("CH-44", "CH-68") for lacks in of_each),
        *(f"{code} is requested in section B, but for no size." for code in CODES),
    ]


def test_two_sizes_and_two_codes(client: Client, dressing: Application) -> None:
    sizes = said(dressing, CH_44=("4 × 4 in", "16", "A6021"), CH_68=("6 × 8 in", "48.00", "A6022"))

    assert save(client, dressing, "sizes", sizes).status_code == 302

    assert missing(dressing) == []
    kept = [(each.size, each.measure, [code.code for code in each.codes.all()]) for each in sized_models(dressing)]
    assert kept == [("4 × 4 in", Decimal(16), ["A6021"]), ("6 × 8 in", Decimal(48), ["A6022"])]
    part = next(part for part in what_was_said(again(dressing)) if part.section == "sizes")
    assert part.facts == (
        ("CH-44", "4 × 4 in; 16 sq in; requested: A6021"),
        ("CH-68", "6 × 8 in; 48 sq in; requested: A6022"),
    )


@pytest.mark.parametrize(
    ("measure", "code", "why"),
    [
        ("16.01", "A6021", "CH-44: A6021 is for up to 16 sq in; this size is 16.01 sq in."),
        ("16", "A6022", "CH-44: A6022 is for more than 16 sq in, up to 48 sq in; this size is 16 sq in."),
        ("48.01", "A6022", "CH-44: A6022 is for more than 16 sq in, up to 48 sq in; this size is 48.01 sq in."),
    ],
)
def test_a_code_for_another_size_is_named(
    client: Client, dressing: Application, measure: str, code: str, why: str
) -> None:
    other = next(each for each in CODES if each != code)
    fits = {"A6021": "16", "A6022": "17"}[other]
    sizes = said(dressing, CH_44=("A", measure, code), CH_68=("B", fits, other))

    save(client, dressing, "sizes", sizes)

    assert missing(dressing) == [why]


@pytest.mark.parametrize(
    ("measure", "why"),
    [
        ("0", "0 is too little: it must be at least 0.01."),
        ("-16", "-16 is too little"),
        ("4x4", "“4x4” is not a number."),
        ("16.001", "Give 16.001 with at most 2 digits behind the point."),
        ("100000", "100000 is too much: it can be 10000 at most."),
    ],
)
def test_a_measure_that_cannot_be_is_refused(client: Client, dressing: Application, measure: str, why: str) -> None:
    response = save(client, dressing, "sizes", said(dressing, CH_44=("Kept beside it.", measure, "A6021")))

    assert response.status_code == 422
    assert why in words(response)
    assert "Kept beside it." in response.content.decode()


def test_a_code_that_is_not_requested_any_more_is_taken_from_its_sizes(client: Client, dressing: Application) -> None:
    save(client, dressing, "sizes", said(dressing, CH_44=("A", "16", "A6021"), CH_68=("B", "48", "A6021 A6022")))
    now = again(dressing)

    drafts.save_product(
        application=now,
        values={name: getattr(now, name) for name in drafts.SECTION_FIELDS["product"]},
        model_numbers=["CH-44", "CH-68"],
        codes=[some_code("A6022")],
        seen_version=now.version,
    )

    assert [[code.code for code in each.codes.all()] for each in sized_models(now)] == [[], ["A6022"]]
    assert [each.size for each in sized_models(now)] == ["A", "B"]


def test_six_sizes_cost_no_more_queries_than_two(client: Client, maker: User, dressing: Application) -> None:
    six = begun_draft_of("surgical-dressings", by=maker, codes=CODES, model_numbers=[f"M-{n}" for n in range(6)])

    def queries(application: Application) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(address("section", application, "sizes")).status_code == 200
        return len(counted)

    queries(dressing)
    assert queries(six) == queries(dressing)


def test_a_dressing_with_six_sizes_and_two_codes_is_complete() -> None:
    numbers = [f"CH-{number}" for number in range(6)]

    application = complete_draft_of("surgical-dressings", codes=CODES, model_numbers=numbers)

    assert gaps(application) == []
    assert [[code.code for code in each.codes.all()] for each in sized_models(application)] == [
        ["A6021"],
        ["A6022"],
    ] * 3

"""Whatever is on the list and whatever is asked: the statement answers as the obvious reference does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hcpcs.models import Code
from pcl.errors import RegisterError
from pcl.models import Organization, OrganizationName, ProductName
from pcl.names import name_key
from pcl.queries.check import engine
from pcl.queries.check.engine import Answered, check_lines
from pcl.queries.check.line import Line
from pcl.services import check_batches
from pcl.services.check_batches import answer_batch, keep_batch, start_batch
from pcl.services.end_date_listing import end_date_listing
from tests.factories.register import make_code, make_product, publish, require, some_organization
from tests.pcl.check_reference import everything_listed, reference

pytestmark = pytest.mark.django_db

FIRST = date(2020, 1, 1)
DAYS = st.integers(0, 12).map(lambda month: FIRST + timedelta(days=31 * month))
SPANS = st.tuples(DAYS, st.none() | st.integers(0, 150))
CODES = st.sampled_from(["A0001", "A0002", "A0003"])
MAKERS = st.sampled_from(["Alpha", "Béta Inc", "Gamma", "Delta Works"])
PRODUCTS = st.sampled_from(["Brace", "Brâce™ Pro", "Knee-1", "Ding ß"])
MODELS = st.sampled_from(["", "1", "A-1", "a 1", "Ü/2"])
ASKED_MAKERS = st.sampled_from(["", "", "ALPHA llc", "Beta", "Gamma", "Old Gamma", "Delta Works", "Nobody", "²"])
ASKED_PRODUCTS = st.sampled_from(["", "", "brace", "BRACE PRO", "Knee 1", "Was Knee", "ding ß", "nothing", "½"])
ASKED_MODELS = st.sampled_from(["", "", "1", "A1", "a-1", "u2", "9"])


class Undone(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Undone  # noqa: TRY301  # rolls back
    except Undone:
        pass


listings = st.lists(
    st.tuples(CODES, MAKERS, st.sampled_from(["", "", "Delta Works", "Gamma"]), PRODUCTS, MODELS, SPANS), max_size=12
)
meanings = st.lists(st.integers(0, 12), min_size=1, max_size=4, unique=True).map(sorted)
requirements = st.lists(st.tuples(CODES, st.none() | DAYS, st.none() | st.integers(1, 200)), max_size=3)
lines = st.lists(
    st.builds(
        Line,
        code=st.sampled_from(["A0001", "A0001", "A0002", "A0003", "Z9999"]),
        day=DAYS | DAYS.map(lambda day: day + timedelta(days=1)) | DAYS.map(lambda day: day - timedelta(days=1)),
        manufacturer=ASKED_MAKERS,
        product=ASKED_PRODUCTS,
        model_number=ASKED_MODELS,
    ),
    min_size=1,
    max_size=25,
)


def make_meanings(code: str, months: list[int]) -> list[Code]:
    """One meaning from each odd month to the one after it, the last perhaps without an end."""
    days = [FIRST + timedelta(days=31 * month) for month in months]
    made = [make_code(code, added=first, terminated=last) for first, last in list(pairwise(days))[::2]]
    return made + ([make_code(code, added=days[-1])] if len(days) % 2 else [])


def put_on_the_list(said: list) -> None:
    for code, maker, distributor, product, model, (begins, length) in said:
        meaning = Code.objects.filter(code=code).order_by("?").first()
        assert meaning is not None
        try:
            with transaction.atomic():
                listing = publish(
                    product,
                    code=meaning,
                    manufacturer=maker,
                    distributor="" if distributor == maker else distributor,
                    model_number=model,
                    begins=begins,
                )
                if length is not None:
                    end_date_listing(
                        listing=listing, last_day=begins + timedelta(days=length), reason="Ended.", by=None
                    )
        except RegisterError:
            continue  # listed for these days already


def name_and_merge() -> None:
    gamma, alpha = some_organization("Gamma"), some_organization("Alpha")
    for maker in ("Alpha", "Gamma"):
        ProductName.objects.create(
            product=make_product("Knee-1", manufacturer=maker), name="Was Knee", used=DateRange(None, None)
        )
    OrganizationName.objects.create(
        organization=gamma, name="Old Gamma", name_key=name_key("Old Gamma"), used=DateRange(None, None)
    )
    Organization.objects.filter(pk=gamma.pk).update(merged_into=alpha)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=meanings, second=meanings, listed=listings, required=requirements, asked=lines, merged=st.booleans())
def test_every_answer_is_that_of_the_reference(  # noqa: PLR0917  # hypothesis names them
    first: list[int], second: list[int], listed: list, required: list, asked: list[Line], merged: bool
) -> None:
    with undone():
        for code, months in {"A0001": first, "A0002": second, "A0003": [0]}.items():
            make_meanings(code, months)
        put_on_the_list(listed)
        if merged:
            name_and_merge()
        for code, begins, length in {each[0]: each for each in required}.values():
            ends = (begins or FIRST) + timedelta(days=length) if length else None
            require(Code.objects.filter(code=code).latest("added"), begins=begins, ends=ends)

        listed_now = everything_listed()
        expected = [reference(line, listed_now) for line in asked]
        answered = check_lines(asked)

        assert [each.answer for each in answered] == [answer for answer, _ in expected]
        for each, (answer, cited) in zip(answered, expected, strict=True):
            if answer in {"listed", "listed_under_other_code"}:
                assert each.listings == cited[:10]
        for each in answered:
            assert each.reasons
            assert all(reason.endswith(".") and "  " not in reason for reason in each.reasons)
        # Word for word the same in a batch, and through the tables that many lines are copied into.
        assert answered_in_a_batch(asked) == answered
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine, "_TABLES_FROM", 1)
            assert check_lines(asked) == answered
            assert [_known(each) for each in check_lines(asked, as_published=timezone.now())] == answered


def _known(answered: Answered) -> Answered:
    """In the words of the present: of an instant it is said what was known then."""
    return replace(
        answered, reasons=[each.replace("knew, at the moment asked for,", "knows") for each in answered.reasons]
    )


def answered_in_a_batch(asked: list[Line]) -> list[Answered]:
    rows = [{**line._asdict(), "date_of_service": line.day.isoformat(), "ref": ""} for line in asked]
    batch = keep_batch(rows=enumerate(rows, start=2), columns={})
    start_batch(batch=batch)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check_batches, "_PIECE", 7)
        answer_batch(batch_id=batch.pk)
    kept = batch.answers.order_by("number")
    return [Answered(each.answer, each.reasons, each.listings, each.requirement) for each in kept]


def test_many_lines_are_answered_as_each_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    make_code("A0002")
    require(make_code("A0001"), begins=None)
    publish("Brace", code="A0001", model_number="1")
    publish("Back\\slash\tand\nline", code="A0001", model_number="2")
    asked = [
        Line(code=code, day=date(2024, 6, 1), product=product)
        for code in ("A0001", "A0002", "A\t1", "\\N")
        for product in ("Brace", "back slash and line", "Back\\slash\tand\nline", "½\\", "")
    ]
    alone = [check_lines([line])[0] for line in asked]

    monkeypatch.setattr(engine, "_TABLES_FROM", 1)

    assert check_lines(asked) == alone
    assert check_lines(asked) == alone
    assert [each.answer for each in alone[:5]] == ["listed", "listed", "listed", "not_listed", "ambiguous"]


def test_more_listings_than_can_be_told_apart_are_ambiguous() -> None:
    for size in range(4):
        publish("Dressing", code="A6209", model_number=f"D{size}")
    line = Line(code="A6209", day=date(2024, 6, 1), product="Dressing")
    assert check_lines([line])[0].answer == "listed"

    few = engine._FROM_ARRAYS.replace("AND 500", "AND 3").replace("> 500", "> 3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_FROM_ARRAYS", few)
        (answered,) = check_lines([line])

    assert (answered.answer, answered.listings) == ("ambiguous", [])
    assert answered.reasons[0] == "What is given fits 4 listings, too many to be told apart."

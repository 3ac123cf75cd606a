"""A determination model by model: what it lacks, what its letter says, and what the next approver sees of changes."""

from typing import Any

import pytest
from django.utils import timezone

from hcpcs.models import Code
from pcl.models import Listing, RegisterEntry
from tests.factories.verification import (
    ENDED_CODE,
    RATIONALE,
    again,
    approver,
    code,
    in_review,
    recommended,
    returned,
    reviewed,
)
from verification.letters.compose import letter_text, why_it_cannot_be_set
from verification.models import Application, Determination, Outcome, Recommendation
from verification.queries.determinations import what_is_missing
from verification.queries.recommendations import Piece, changed_since_the_last, last_return
from verification.services.review import ForModel, draft_determination
from verification.workflow.perform import perform

pytestmark = pytest.mark.django_db

NUMBERS = ("SO-100", "SO-200", "SO-300", "SO-400")


def another_code() -> Code:
    """A second code that is in force."""
    code(ENDED_CODE)
    Code.objects.filter(code=ENDED_CODE).update(terminated=None)
    return code(ENDED_CODE)


def redraft(application: Application, *said: ForModel | None, **more: Any) -> Application:
    """Draft with K1007 for every model but those of which something is `said`, in the order of the application."""
    models = list(application.models.order_by("pk"))
    assert application.reviewer
    draft_determination(
        **{
            "application": application,
            "outcome": Outcome.CODES_ASSIGNED,
            "codes": [code()],
            "exceptions": {model.pk: each for model, each in zip(models, said, strict=False) if each is not None},
            "rationale": RATIONALE,
            "by": application.reviewer,
            "seen_version": application.version,
        }
        | more
    )
    return again(application)


def step(name: str, application: Application, by: Any, **given: Any) -> Application:
    perform(name, application=application, by=by, seen_version=application.version, given=given)
    return again(application)


def test_each_model_is_listed_under_its_own_codes() -> None:
    second = another_code()
    application = reviewed(model_numbers=NUMBERS)
    application = redraft(
        application,
        None,
        ForModel(codes=(code(), second)),
        ForModel(codes=(second,)),
        ForModel(no_code=True, no_code_reason="It is not powered."),
    )
    application = step("recommend", application, application.reviewer)
    today = timezone.localdate()
    step("determine", application, approver(), letter_date=today, begins=today)
    assert list(RegisterEntry.objects.order_by("model_number", "code").values_list("model_number", "code")) == [
        ("SO-100", "K1007"),
        ("SO-200", "K1007"),
        ("SO-200", "K1032"),
        ("SO-300", "K1032"),
    ]
    assert Listing.objects.filter(determined_code__isnull=False).count() == 4


def test_three_hundred_models_are_published_in_few_statements(django_assert_max_num_queries: Any) -> None:
    application = reviewed(model_numbers=[f"SD-{number}" for number in range(300)])
    application = step("recommend", application, application.reviewer)
    today = timezone.localdate()
    with django_assert_max_num_queries(1_000):
        step("determine", application, approver(), letter_date=today, begins=today)
    assert Listing.objects.count() == 300


@pytest.mark.parametrize(
    ("said", "codes", "why"),
    [
        ([ForModel(no_code=True)], True, "Say why no code is assigned to model SO-100; it goes into the letter."),
        ([ForModel()] * 4, True, "Name the code that is assigned, or choose “No HCPCS Code Assigned”."),
        (
            [None, ForModel()],
            True,
            "Nothing is said of model SO-200: assign a code, or say that there is none.",
        ),
        (
            [ForModel(no_code=True, no_code_reason="x")] * 4,
            True,
            "No model gets a code: choose “No HCPCS Code Assigned”, and say why in the rationale.",
        ),
        ([ForModel(codes=())] * 3, True, "Nothing is said of model SO-100, SO-200, SO-300: assign a code"),
    ],
)
def test_what_is_missing_is_named(said: list[ForModel | None], codes: bool, why: str) -> None:
    application = redraft(in_review(model_numbers=NUMBERS), *said)
    assert what_is_missing(application).startswith(why)


def test_what_no_code_at_all_says_of_models_does_not_count() -> None:
    application = redraft(
        in_review(model_numbers=NUMBERS), ForModel(codes=(code(),)), outcome=Outcome.NO_CODE, rationale="Not powered."
    )
    made = Determination.objects.get()
    assert (made.codes.count(), made.models_without_code.count(), what_is_missing(application)) == (0, 0, "")


# The letter


def letter(*said: ForModel | None, codes: tuple[str, ...] = ("K1007",), **more: Any) -> dict[str, Any]:
    another_code()
    redraft(in_review(model_numbers=NUMBERS, codes=codes), *said, **more)
    return letter_text(Determination.objects.get(), draft_of=timezone.localdate())


def test_models_with_the_same_codes_stand_together() -> None:
    second = another_code()
    said = letter(
        None,
        ForModel(codes=(second, code())),
        ForModel(no_code=True, no_code_reason="Too small."),
        ForModel(no_code=True, no_code_reason="Too small."),
    )
    assert [(row["models"], [each["code"] for each in row["codes"]]) for row in said["codes"]] == [
        (["SO-100"], ["K1007"]),
        (["SO-200"], ["K1007", "K1032"]),
    ]
    assert said["without_code"] == [{"models": ["SO-300", "SO-400"], "reason": "Too small."}]


def test_nothing_is_said_of_the_request_where_it_was_followed() -> None:
    assert letter()["requested"] == ""


def test_another_code_than_requested_is_said() -> None:
    assert letter(codes=("K1032",))["requested"] == (
        "The application requested K1032. K1032 is not assigned; K1007 is assigned and was not requested. "
        "The rationale says why."
    )


def test_one_of_two_codes_is_said() -> None:
    assert letter(codes=("K1007", "K1032"))["requested"] == (
        "The application requested K1007 and K1032. K1032 is not assigned. The rationale says why."
    )


def test_a_reason_that_a_letter_cannot_show_is_named() -> None:
    redraft(in_review(), ForModel(no_code=True, no_code_reason="A leg: \U0001f9bf"))
    why = why_it_cannot_be_set(Determination.objects.get(), draft_of=timezone.localdate())
    assert why.startswith("The letter cannot show the character U+1F9BF")
    assert "in the reason why a model gets no code" in why


# What the next approver sees


def test_what_was_recommended_is_kept_each_time_and_compared() -> None:
    application = returned(model_numbers=NUMBERS)
    application = redraft(
        application,
        None,
        ForModel(no_code=True, no_code_reason="Not powered."),
        ForModel(no_code=True, no_code_reason="Not powered."),
        rationale=RATIONALE.replace("pelvic component", "pelvic part"),
    )
    assert changed_since_the_last(application.determination) is None
    application = step("recommend", application, application.reviewer)
    assert list(Recommendation.objects.values_list("number", flat=True)) == [1, 2]
    changed = changed_since_the_last(application.determination)
    assert changed
    assert changed.outcome is None
    assert [(each.models, each.before, each.after) for each in changed.models] == [
        (("SO-200", "SO-300"), "K1007", "no code: Not powered.")
    ]
    assert [piece for piece in changed.rationale if piece.kind != "same"] == [
        Piece("taken out", "component."),
        Piece("put in", "part."),
    ]


def test_the_same_again_is_said_to_be_the_same() -> None:
    application = returned()
    application = step("recommend", application, application.reviewer)
    changed = changed_since_the_last(application.determination)
    assert changed
    assert changed.is_nothing


def test_another_outcome_is_said() -> None:
    application = redraft(returned(), outcome=Outcome.NO_CODE)
    application = step("recommend", application, application.reviewer)
    changed = changed_since_the_last(application.determination)
    assert changed
    assert changed.outcome == ("HCPCS code assigned", "No HCPCS Code Assigned")


def test_what_was_recommended_stands() -> None:
    recommended()
    with pytest.raises(Exception, match="Cannot update"):
        Recommendation.objects.update(number=7)


def test_why_it_came_back_is_known_until_it_is_recommended_again() -> None:
    application = returned(reason="Name the sensor.")
    back = last_return(application)
    assert back
    assert back.given == {"reason": "Name the sensor."}
    assert last_return(step("recommend", application, application.reviewer)) is None
    assert last_return(recommended()) is None

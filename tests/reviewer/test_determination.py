from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from hcpcs.models import Code
from tests.factories.verification import ENDED_CODE, code, in_review, recommended, reviewed, reviewer
from tests.reviewer.page import main_of, seen_version, text_of
from verification.models import Application, Determination, DeterminedCode, Outcome
from verification.services.review import draft_determination


def address(application: Application) -> str:
    return f"/review/{application.pk}/determination/"


def typed(application: Application, **said: Any) -> dict[str, Any]:
    return {
        "seen_version": application.version,
        "outcome": "codes_assigned",
        "codes": "K1007",
        "rationale": "It is powered.",
    } | said


def drafted() -> tuple[str, str, list[tuple[str, str]]]:
    determination = Determination.objects.get()
    codes = DeterminedCode.objects.values_list("code__code", "model__model_number").order_by("pk")
    return determination.outcome, determination.rationale, list(codes)


def test_it_begins_from_the_codes_that_were_requested(robin: User, as_robin: Client) -> None:
    form = as_robin.get(address(in_review(reviewed_by=robin))).context["form"]
    assert (form["outcome"].value(), form["codes"].value()) == ("codes_assigned", "K1007")


def test_a_code_is_assigned_to_every_model(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin, model_numbers=("A", "B"))
    answer = as_robin.post(address(application), typed(application, codes=" k1007, K1007 "), follow=True)
    assert "The draft determination was saved." in text_of(answer)
    assert drafted() == ("codes_assigned", "It is powered.", [("K1007", "A"), ("K1007", "B")])


def test_another_code_than_the_one_requested(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    Code.objects.filter(code=ENDED_CODE).update(terminated=None)
    as_robin.post(address(application), typed(application, codes="K1007 K1032"))
    assert drafted()[2] == [("K1007", "SO-100"), ("K1032", "SO-100")]
    application.refresh_from_db()
    as_robin.post(address(application), typed(application, codes="K1032"))
    assert drafted()[2] == [("K1032", "SO-100")]


def test_no_code(robin: User, as_robin: Client) -> None:
    application = reviewed(reviewed_by=robin)
    as_robin.post(address(application), typed(application, outcome="no_code", codes="K1007", rationale="Not powered."))
    assert drafted() == ("no_code", "Not powered.", [])


def test_it_is_saved_half_done(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    as_robin.post(address(application), typed(application, codes="", rationale=""))
    assert drafted() == ("codes_assigned", "", [])


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"codes": "K1007 Z9999"}, "Z9999 is not a HCPCS code on the register."),
        ({"codes": "K1032"}, "K1032 ended on December 31, 2023. Choose a code that is in force."),
        ({"codes": "K10O7"}, "K10O7 is not a HCPCS code on the register."),
        ({"codes": "<b>x"}, "<B>X is not a HCPCS code on the register."),
        ({"codes": " ".join(f"X{n:04}" for n in range(21))}, "Those are 21 codes; give at most 20."),
        ({"outcome": "approved"}, "Select a valid choice"),
        ({"outcome": ""}, "This field is required"),
        ({"rationale": "x" * 20_001}, "at most 20000 characters"),
        ({"rationale": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_what_cannot_be_assigned_is_named(robin: User, as_robin: Client, wrong: dict[str, str], says: str) -> None:
    code(ENDED_CODE)
    application = in_review(reviewed_by=robin)
    response = as_robin.post(address(application), typed(application, **wrong))
    assert response.status_code == 400
    assert says in text_of(response)
    assert "rationale" in wrong or "It is powered." in main_of(response)
    assert Determination.objects.count() == 0


def test_a_code_that_is_still_to_come(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    Code.objects.filter(code="K1007").update(added=timezone.localdate() + timedelta(days=1))
    response = as_robin.post(address(application), typed(application))
    assert "K1007 begins on" in text_of(response)
    assert Determination.objects.count() == 0


def test_a_page_that_is_out_of_date_keeps_what_was_typed(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    old = as_robin.get(address(application))
    draft_determination(
        application=application,
        outcome=Outcome.NO_CODE,
        codes=[],
        rationale="SAVED ELSEWHERE",
        by=robin,
        seen_version=application.version,
    )
    said = typed(application, rationale="TYPED HERE", seen_version=seen_version(old))
    response = as_robin.post(address(application), said)
    assert response.status_code == 409
    assert "SAVED ELSEWHERE" in text_of(response)
    assert "TYPED HERE" in main_of(response)
    assert drafted() == ("no_code", "SAVED ELSEWHERE", [])
    as_robin.post(address(application), said | {"seen_version": seen_version(response)})
    assert drafted()[:2] == ("codes_assigned", "TYPED HERE")


def test_others_read_it_and_save_nothing(as_robin: Client) -> None:
    for application in (reviewed(reviewed_by=reviewer()), recommended()):
        before = Determination.objects.values().get(application=application)
        response = as_robin.get(address(application))
        assert "Only the assigned reviewer can draft the determination" in text_of(response)
        assert "<form" not in main_of(response)
        refused = as_robin.post(address(application), typed(application, rationale="KEEP THIS"))
        assert refused.status_code in {403, 409}
        assert "KEEP THIS" in main_of(refused)
        assert Determination.objects.values().get(application=application) == before

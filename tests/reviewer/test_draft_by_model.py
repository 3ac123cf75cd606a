"""The draft determination as a grid of models, with phrases, a paste from a sheet, and the letter beside it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from hcpcs.models import Code
from tests.factories.verification import ENDED_CODE, again, code, in_review, returned, reviewed
from tests.reviewer.page import main_of, text_of
from verification.models import Application, Determination, DeterminedCode, ModelWithoutCode
from verification.reviewer.forms import DeterminationForm
from verification.reviewer.forms.model_codes import pasted

NUMBERS = ("SO-100", "SO 200 B", "SO-300")
HTMX = {"HX-Request": "true"}


def address(application: Application) -> str:
    return f"/review/{application.pk}/determination/"


def typed(application: Application, *of_models: str, **said: Any) -> dict[str, Any]:
    models = application.models.order_by("pk")
    return {
        "seen_version": application.version,
        "outcome": "codes_assigned",
        "codes": "K1007",
        "no_code_reason": "",
        "rationale": "It is powered.",
        **{f"model-{model.pk}": said for model, said in zip(models, of_models, strict=False)},
    } | said


def drafted() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, name in DeterminedCode.objects.order_by("pk").values_list("model__model_number", "code__code"):
        found.setdefault(number, []).append(name)
    return found | dict(ModelWithoutCode.objects.values_list("model__model_number", "reason"))


@pytest.fixture
def _two_codes(db: None) -> None:
    code(ENDED_CODE)
    Code.objects.filter(code=ENDED_CODE).update(terminated=None)


@pytest.mark.usefixtures("_two_codes")
def test_models_have_codes_of_their_own_or_none(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin, model_numbers=NUMBERS)
    said = typed(application, "", " k1032 K1007", "None", no_code_reason="Not powered.")
    as_robin.post(address(application), said)
    assert drafted() == {"SO-100": ["K1007"], "SO 200 B": ["K1032", "K1007"], "SO-300": "Not powered."}
    form = as_robin.get(address(application)).context["form"]
    assert [form[f"model-{model.pk}"].value() for model in form.models] == [None, "K1007, K1032", "none"]
    assert (form["codes"].value(), form["no_code_reason"].value(), form.exception_count) == (
        "K1007",
        "Not powered.",
        2,
    )


@pytest.mark.parametrize("none", ["none: too small", "NO CODE; too small", "None, too small", "-: too small"])
def test_a_model_has_a_reason_of_its_own(robin: User, as_robin: Client, none: str) -> None:
    application = in_review(reviewed_by=robin, model_numbers=NUMBERS)
    as_robin.post(address(application), typed(application, none, "none", no_code_reason="Not powered."))
    assert drafted() == {"SO-100": "too small", "SO 200 B": "Not powered.", "SO-300": ["K1007"]}
    form = as_robin.get(address(application)).context["form"]
    shown = [form[f"model-{model.pk}"].value() or "" for model in form.models]
    reason = form["no_code_reason"].value()
    as_robin.post(address(application), typed(again(application), *shown, no_code_reason=reason))
    assert drafted() == {"SO-100": "too small", "SO 200 B": "Not powered.", "SO-300": ["K1007"]}


def test_what_is_wrong_with_a_model_is_named_with_it(robin: User, as_robin: Client) -> None:
    code(ENDED_CODE)
    application = in_review(reviewed_by=robin, model_numbers=NUMBERS)
    response = as_robin.post(address(application), typed(application, "", "K1032", "K1O07"))
    assert response.status_code == 400
    assert "K1032 ended on December 31, 2023. Choose a code that is in force." in text_of(response)
    assert "K1O07 is not a HCPCS code on the register." in text_of(response)
    assert Determination.objects.count() == 0


def test_five_hundred_models_are_saved_at_once(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin, model_numbers=[f"SD-{number}" for number in range(500)])
    response = as_robin.post(address(application), typed(application, *[""] * 499, "none: too big"))
    assert response.status_code == 302
    assert (DeterminedCode.objects.count(), ModelWithoutCode.objects.count()) == (499, 1)


def test_one_model_is_asked_for_nothing_of_its_own(robin: User, as_robin: Client) -> None:
    page = main_of(as_robin.get(address(in_review(reviewed_by=robin))))
    assert 'name="model-' not in page
    assert 'name="paste"' not in page


@pytest.mark.usefixtures("_two_codes")
def test_a_sheet_is_pasted(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin, model_numbers=NUMBERS)
    sheet = "so100\tK1032\n\nSO 200 B  none: too small\n"
    response = as_robin.post(address(application), typed(application, paste=sheet, do="fill", rationale="KEPT"))
    form = response.context["form"]
    assert response.status_code == 200
    assert [form[f"model-{model.pk}"].value() for model in form.models] == ["K1032", "none: too small", None]
    assert (form["rationale"].value(), form["paste"].value()) == ("KEPT", "")
    assert "2 models filled in." in text_of(response)
    assert Determination.objects.count() == 0


def test_lines_that_cannot_be_read_are_named_and_stay(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin, model_numbers=NUMBERS)
    sheet = "SO-100 K1007\nXX-1\tK1007\nSO-300\nSO-100: none"
    response = as_robin.post(address(application), typed(application, paste=sheet, do="fill"))
    assert response.status_code == 400
    assert response.context["wrong_lines"] == [
        "Line 2: “XX-1 K1007” begins with no model number of this application.",
        "Line 3: nothing is said of SO-300. Write its codes after it, or none.",
        "Line 4: SO-100 is there twice, with different codes. Keep one line.",
    ]
    assert response.context["form"]["paste"].value() == sheet


def test_the_longest_model_number_is_meant(robin: User) -> None:
    application = in_review(reviewed_by=robin, model_numbers=("SO", "SO 200", "SO 200 B"))
    said, wrong = pasted("SO 200 B K1007\nSO 200 K1007\nSO K1007", application.models.all())
    assert (len(said), set(said.values()), wrong) == (3, {"K1007"}, [])


# Phrases and the letter beside it


def test_a_phrase_is_put_in_without_a_script(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    said = typed(application, do="insert-meets-the-descriptor", rationale="First.")
    response = as_robin.post(address(application), said)
    assert response.context["form"]["rationale"].value() == (
        "First.\n\nThe documentation submitted shows that StrideOne Exoskeleton has every characteristic that the "
        "descriptor of K1007 names."
    )
    assert "Not saved yet" in text_of(response)
    assert Determination.objects.count() == 0


def test_an_unknown_phrase_changes_nothing(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    response = as_robin.post(address(application), typed(application, do="insert-of-nobody", rationale="First."))
    assert (response.status_code, response.context["form"]["rationale"].value()) == (200, "First.")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_letter_is_shown_as_typed_and_nothing_is_saved(
    robin: User, as_robin: Client, headers: dict[str, str]
) -> None:
    application = reviewed(reviewed_by=robin, model_numbers=NUMBERS)
    before = (Determination.objects.values().get(), drafted(), again(application).version)
    said = typed(application, "none: TOO-SMALL", do="preview", rationale="TYPED-NOT-SAVED")
    response = as_robin.post(address(application), said, headers=headers)
    page = response.content.decode()
    assert response.status_code == 200
    assert "SO-100: TOO-SMALL" in " ".join(page.split())
    assert page.count("TYPED-NOT-SAVED") == (1 if headers else 2)
    assert ("<main" in page) is not bool(headers)
    assert (Determination.objects.values().get(), drafted(), again(application).version) == before


def test_a_preview_of_something_wrong_says_so(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    response = as_robin.post(address(application), typed(application, codes="Z9999", do="preview"), headers=HTMX)
    assert "Z9999 is not a HCPCS code on the register." in response.content.decode()
    assert as_robin.post(address(application), typed(application, codes="Z9999", do="preview")).status_code == 400


def test_others_preview_nothing_that_they_type(as_robin: Client) -> None:
    application = in_review()
    said = typed(application, do="preview", rationale="x")
    assert "Only the assigned reviewer" in as_robin.post(address(application), said, headers=HTMX).content.decode()
    assert as_robin.post(address(application), said).status_code == 403


def test_saving_and_going_on(robin: User, as_robin: Client) -> None:
    application = in_review(reviewed_by=robin)
    response = as_robin.post(address(application), typed(application, do="stay"))
    assert response["Location"] == address(application)


def test_why_it_was_returned_stands_above_the_form(robin: User, as_robin: Client) -> None:
    application = returned(reviewed_by=robin, reason="Name the sensor.")
    assert "Name the sensor." in text_of(as_robin.get(address(application)))


def test_queries_are_the_same_for_many_models(robin: User, as_robin: Client) -> None:
    counts = []
    for numbers in (("A",), ("A", "B", "C")):
        application = reviewed(reviewed_by=robin, model_numbers=numbers)
        as_robin.get(address(application))
        with CaptureQueriesContext(connection) as queries:
            as_robin.get(address(application))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 25


def test_models_of_one_size_stand_together(robin: User) -> None:
    application = in_review(reviewed_by=robin, model_numbers=("A", "B", "C"))
    sizes = {"A": "4 x 4 in", "B": "10 x 10 in", "C": "4 x 4 in"}
    for number, size in sizes.items():
        application.models.filter(model_number=number).update(size=size)
    form = DeterminationForm(application=application)
    assert [(size, [row.model.model_number for row in rows]) for size, rows in form.by_size()] == [
        ("4 x 4 in", ["A", "C"]),
        ("10 x 10 in", ["B"]),
    ]
    application.models.filter(model_number="C").update(size="6 x 6 in")
    ((heading, rows),) = DeterminationForm(application=application).by_size()
    assert (heading, [row.size for row in rows]) == ("", ["4 x 4 in", "10 x 10 in", "6 x 6 in"])


def test_each_size_begins_with_the_codes_that_were_requested_for_it(robin: User, as_robin: Client) -> None:
    """Not with every requested code for every size: one saved without a look would list a size under two."""
    application = in_review(reviewed_by=robin, model_numbers=NUMBERS)
    small, other = code(), code(ENDED_CODE)
    first, second, third = application.models.order_by("pk")
    for model, asked in ((first, [small]), (second, [other]), (third, [small])):
        model.codes.set(asked)
    form = as_robin.get(address(application)).context["form"]
    assert form["codes"].value() == "K1007"
    assert [form[f"model-{model.pk}"].value() for model in form.models] == [None, "K1032", None]

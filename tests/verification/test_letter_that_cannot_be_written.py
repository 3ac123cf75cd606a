"""A character that the letter's font lacks is named while it can still be taken out: before anything is public."""

from typing import Any

import pytest
import typst
from django.utils import timezone

from accounts.models import OutgoingMail
from pcl.models import Listing
from tests.applicant.pages import signed_in
from tests.factories.verification import again, approver, complete_draft, determined, recommended, reviewed
from verification.letters.compose import letter_pdf, why_it_cannot_be_set
from verification.letters.jobs import write_letter
from verification.models import Application, Determination, Letter, Outcome
from verification.services.drafts import save_answers
from verification.services.review import draft_determination
from verification.workflow.errors import NotAllowed
from verification.workflow.perform import perform, possible

pytestmark = pytest.mark.django_db

LEG = "\U0001f9bf"
IN_THE_RATIONALE = f"The letter cannot show the character U+1F9BF ({LEG}) in the rationale. Take it out."
# A byte order mark, a control character, a zero-width space, a right-to-left override, an isolate.
UNSEEN = "\ufeff\x01\u200b\u202e\u2066"


def step(name: str, application: Application, by: Any, **given: Any) -> None:
    perform(name, application=application, by=by, seen_version=application.version, given=given)


def test_it_is_not_recommended() -> None:
    application = reviewed(rationale=f"It moves the leg {LEG}.")

    with pytest.raises(NotAllowed) as refused:
        step("recommend", application, application.reviewer)

    assert str(refused.value) == IN_THE_RATIONALE
    assert again(application).status == "in_review"


def test_its_button_is_held_up_with_the_reason() -> None:
    application = reviewed(rationale=f"It moves the leg {LEG}.")
    assert application.reviewer

    verdicts = {step.name: verdict.reason for step, verdict in possible(application, application.reviewer)}

    assert verdicts["recommend"] == IN_THE_RATIONALE


def test_it_is_not_determined_and_nothing_becomes_public() -> None:
    application = recommended()
    Determination.objects.filter(application=application).update(rationale="Stance \u6f22 phase.")
    today = timezone.localdate()

    with pytest.raises(NotAllowed) as refused:
        step("determine", again(application), approver(), letter_date=today, begins=today)

    assert str(refused.value) == "The letter cannot show the character U+6F22 (\u6f22) in the rationale. Take it out."
    assert (again(application).status, Listing.objects.count(), Letter.objects.count()) == ("recommended", 0, 0)


@pytest.mark.parametrize(
    ("field", "text", "named"),
    [
        ("product_name", "Stride \u6f22", "U+6F22 (\u6f22) in the product name"),
        ("product_name", "Stride\ufeff", "U+FEFF in the product name"),
        ("product_name", "Str\ufeffide", "U+FEFF in the product name"),
        ("manufacturer_name", "\u6df1\u5733 Robotics", "U+6DF1 (\u6df1) in the manufacturer’s name"),
        ("manufacturer_address", "1 Gait Way\n\x01", "U+0001 in the manufacturer’s address"),
        ("contact_name", f"Dana {LEG}", f"U+1F9BF ({LEG}) in the contact’s name"),
    ],
)
def test_what_only_the_applicant_can_change_is_named(field: str, text: str, named: str) -> None:
    application = reviewed()
    Application.objects.filter(pk=application.pk).update(**{field: text})

    why = why_it_cannot_be_set(again(application).determination, draft_of=timezone.localdate())

    assert why == (
        f"The letter cannot show the character {named}. "
        "Only the applicant can change it: reject the application, and say so."
    )


def test_a_model_number_is_named() -> None:
    # As an application says it that was submitted before the check for it was there.
    application = reviewed(model_numbers=("SO-1", "SO-2"))
    application.models.filter(model_number="SO-2").update(model_number="SO-\u6f22")

    why = why_it_cannot_be_set(application.determination, draft_of=timezone.localdate())

    assert why.startswith("The letter cannot show the character U+6F22 (\u6f22) in a model number.")


@pytest.mark.parametrize("rationale", ["Über 5 µm – “näher” ≤ 3 °C → ½ ™ Ω Жук", "First.\n\nSecond.\tThird.", "#x *y*"])
def test_what_the_font_has_is_written(rationale: str) -> None:
    assert why_it_cannot_be_set(reviewed(rationale=rationale).determination, draft_of=timezone.localdate()) == ""


def test_the_fonts_of_the_machine_play_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, said = typst.compile, []

    def compile_(*args: Any, **how: Any) -> Any:
        said.append(how.get("ignore_system_fonts"))
        return compiled(*args, **how)

    monkeypatch.setattr(typst, "compile", compile_)
    letter_pdf(reviewed().determination, draft_of=timezone.localdate())
    assert said == [True]


def test_characters_that_nobody_sees_are_dropped_and_the_letter_is_written() -> None:
    application = determined(
        product_name=f"{UNSEEN}Stride{UNSEEN} One",
        rationale=f"First.{UNSEEN}\r\n\r\nSecond.",
        model_numbers=("S\ufeff1",),
    )

    write_letter(letter_id=Letter.objects.get().pk)

    assert (application.product_name, application.determination.rationale) == ("Stride One", "First.\n\nSecond.")
    assert list(application.models.values_list("model_number", flat=True)) == ["S1"]
    assert OutgoingMail.objects.filter(subject__startswith="A determination was made").count() == 1


def test_they_are_dropped_from_answers_too() -> None:
    application = complete_draft()

    save_answers(
        application=application,
        answers={"sensors": f"Two.{UNSEEN}\nThree.", "several": ["a\ufeff", "b"], "weight": 3},
        seen_version=application.version,
    )

    assert again(application).answers == {"sensors": "Two.\nThree.", "several": ["a", "b"], "weight": 3}


def test_the_preview_says_what_cannot_be_shown() -> None:
    application = reviewed()
    assert application.reviewer
    draft_determination(
        application=application,
        outcome=Outcome.NO_CODE,
        codes=[],
        rationale=f"A leg: {LEG}",
        by=application.reviewer,
        seen_version=application.version,
    )

    response = signed_in(application.reviewer).get(f"/review/{application.pk}/letter-preview/")

    assert (response.status_code, response["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert response.content.decode() == IN_THE_RATIONALE

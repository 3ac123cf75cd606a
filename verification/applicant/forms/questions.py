"""Section C: a form made from the product group's file."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import escape

from pcl.dates import FIRST_DAY
from verification.applicant.forms.fields import Condition, LineBreaksField
from verification.applicant.forms.section_form import SectionForm
from verification.models import Application
from verification.product_groups import ProductGroup, Question
from verification.product_groups.group import YES_NO
from verification.services import drafts

LONGEST_ANSWER = 5_000
LONGEST_LINE = 300


class QuestionsForm(SectionForm):
    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data, application=application)
        group = application.group
        for question in group.questions:
            field = _field(question)
            field.label = question.label if question.required else f"{question.label} (optional)"
            hints = (question.help, range_in_words(question), when_in_words(question, group))
            # Help is printed as it is; a file of configuration is text, not markup.
            field.help_text = escape(" ".join(hint for hint in hints if hint))
            if question.when:
                field.condition = Condition(*question.when)  # type: ignore[attr-defined]
            self.fields[question.key] = field

    @classmethod
    def stored(cls, application: Application) -> dict[str, Any]:
        return dict(application.answers)

    def clean(self) -> dict[str, Any]:
        """Answers to questions that are not asked, given the other answers, are dropped, right or wrong."""
        kept: dict[str, Any] = {}
        for question in self.application.group.questions:
            if not question.is_asked(kept):
                self.errors.pop(question.key, None)
                self.cleaned_data[question.key] = None
            elif self.cleaned_data.get(question.key) not in (None, ""):
                kept[question.key] = self.cleaned_data[question.key]
        self.answers = kept
        return self.cleaned_data

    def save(self, *, seen_version: int) -> Application:
        return drafts.save_answers(application=self.application, answers=self.answers, seen_version=seen_version)


class DayField(forms.DateField):
    """A plausible day, a year from now at the latest; kept as it is written in JSON."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is None:
            return None
        if not FIRST_DAY <= day <= timezone.localdate() + timedelta(days=366):
            raise forms.ValidationError(f"{day.isoformat()} is not a plausible day. Give one within a year from today.")
        return day.isoformat()


class NumberField(forms.FloatField):
    """A number that is kept as it was said: 5 and not 5.0."""

    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return int(number) if number is not None and number == int(number) else number


def _field(question: Question) -> forms.Field:
    if question.kind == "choice":
        return forms.ChoiceField(choices=question.options, widget=forms.RadioSelect, required=False)
    if question.kind == "yes_no":
        return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, required=False)
    if question.kind == "number":
        return NumberField(min_value=question.minimum, max_value=question.maximum, required=False)
    if question.kind == "day":
        return DayField(required=False)
    if question.kind == "line":
        return forms.CharField(max_length=LONGEST_LINE, required=False)
    return LineBreaksField(max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 3}), required=False)


def range_in_words(question: Question) -> str:
    """In which unit, and from where to where; empty for what is no number."""
    if question.kind != "number":
        return ""
    least, most = (f"{bound:g}" if bound is not None else "" for bound in (question.minimum, question.maximum))
    span = f"from {least} to {most}" if least and most else f"at least {least}" if least else f"at most {most}"
    return f"In {question.unit or 'numbers'}{f', {span}' if least or most else ''}."


def when_in_words(question: Question, group: ProductGroup) -> str:
    """Under which answer the question is asked, for who reads the page without a script; empty for always."""
    if question.when is None:
        return ""
    other = next(known for known in group.questions if known.key == question.when[0])
    labels = [label for value, label in other.options or YES_NO if value in question.when[1]]
    return f"Answer only if “{other.label}” is {' or '.join(f'“{label}”' for label in labels)}."

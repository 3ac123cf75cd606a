"""The fields of Section C, one for each kind of question. What is kept is exact: numbers as text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from pcl.dates import FIRST_DAY
from pcl.text import clean_text
from verification.applicant.forms.fields import LineBreaksField, shortened
from verification.models import Document
from verification.product_groups import Question
from verification.product_groups.question import WHOLE, YES_NO, weights_sum

LONGEST_ANSWER = 5_000
LONGEST_LINE = 300
FURTHEST_DAY = timedelta(days=366)
MOST_DIGITS = 15
MOST_COMPONENTS = 30
LONGEST_COMPONENT = 200
PLACES_OF_PERCENT = 2
EMPTY_ROWS = 3
FEWEST_ROWS = 4
LAST_PAGE = 100_000


class ExactNumberField(forms.CharField):
    """A number as it was said: 5 and not 5.0, 23.50 and not 23.5. Commas between thousands are left out."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(self, *, minimum: Any = None, maximum: Any = None, places: int | None = None, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.minimum, self.maximum, self.places = minimum, maximum, places

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if not typed:
            return ""
        number = decimal_of(typed)
        if self.places == 0 and _places(number):
            raise ValidationError(f"Give a whole number instead of {typed}.")
        if self.places is not None and _places(number) > self.places:
            raise ValidationError(
                f"Give {typed} with at most {self.places} digit{'' if self.places == 1 else 's'} behind the point."
            )
        if self.minimum is not None and number < self.minimum:
            raise ValidationError(f"{typed} is too little: it must be at least {self.minimum}.")
        if self.maximum is not None and number > self.maximum:
            raise ValidationError(f"{typed} is too much: it can be {self.maximum} at most.")
        return f"{number:f}"


def decimal_of(typed: str) -> Decimal:
    """The number that was typed, exactly. Raises ValidationError that says what is wrong with it."""
    text = typed.strip().removesuffix("%").strip()
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?", text):
        text = text.replace(",", "")
    if not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)", text):
        raise ValidationError(f"“{shortened(typed)}” is not a number. Write it in digits, like 12.5.")
    number = Decimal(text)
    if len(number.as_tuple().digits) > MOST_DIGITS:
        raise ValidationError(f"“{shortened(typed)}” has more than {MOST_DIGITS} digits.")
    return number


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


class WeightsWidget(forms.Widget):
    """Rows of component and percent, with empty ones below for more."""

    template_name = "verification/widgets/weights.html"
    use_fieldset = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        def typed(number: int, part: str) -> str:
            return str(data.get(f"{name}-{number}-{part}") or "").strip()

        rows = [
            {"component": typed(number, "component"), "percent": typed(number, "percent")}
            for number in range(MOST_COMPONENTS)
        ]
        return [row for row in rows if row["component"] or row["percent"]]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return not any(key.startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-component" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = list(value or ())
        empty = max(EMPTY_ROWS, FEWEST_ROWS - len(rows))
        rows += [{"component": "", "percent": ""}] * min(empty, MOST_COMPONENTS - len(rows))
        context["widget"]["rows"] = [
            {**row, "name": f"{name}-{number}", "id": f"{context['widget']['attrs'].get('id', name)}-{number}"}
            for number, row in enumerate(rows)
        ]
        return context


class WeightsField(forms.Field):
    """Components with their percent by weight. Too much is refused; too little can still be filled up."""

    widget = WeightsWidget

    def clean(self, value: Any) -> list[dict[str, str]]:
        errors: list[str] = []
        rows = []
        for number, row in enumerate(value or (), start=1):
            component, percent = clean_text(row["component"]), row["percent"]
            named = f"“{shortened(component)}”" if component else f"Component {number}"
            if len(component) > LONGEST_COMPONENT:
                errors.append(f"{named}: name it in at most {LONGEST_COMPONENT} characters.")
            try:
                rows.append({"component": component, "percent": _percent(percent)})
            except ValidationError as error:
                errors.extend(f"{named}: {message}" for message in error.messages)
        names = [row["component"].casefold() for row in rows if row["component"]]
        errors += [f"“{shortened(name)}” is there twice." for name in sorted({n for n in names if names.count(n) > 1})]
        if not errors and weights_sum(rows) > WHOLE:
            errors.append(f"The percentages sum to {weights_sum(rows)}. Together they must be exactly 100.")
        if errors:
            raise ValidationError(errors)
        return rows


def _percent(typed: str) -> str:
    if not typed:
        return ""
    number = decimal_of(typed)
    if _places(number) > PLACES_OF_PERCENT:
        raise ValidationError(f"give {typed} with at most {PLACES_OF_PERCENT} digits behind the point.")
    if not 0 < number <= WHOLE:
        raise ValidationError(f"{typed} is not a percentage. Give more than 0 and at most 100.")
    return f"{number:f}"


@dataclass(frozen=True)
class DocumentChoice:
    """What can be pointed to: the documents of the application, loaded once for the whole form."""

    documents: Sequence[Document]

    @property
    def choices(self) -> list[tuple[str, str]]:
        none_chosen = "Choose a document" if self.documents else "No document yet"
        return [("", none_chosen), *((str(each.pk), each.name) for each in self.documents)]

    def field(self) -> forms.Field:
        return forms.ChoiceField(
            choices=self.choices,
            required=False,
            error_messages={"invalid_choice": "That document is not attached any more. Choose another."},
        )

    def find(self, key: Any) -> Document | None:
        return next((each for each in self.documents if str(each.pk) == str(key)), None)


def page_field() -> forms.Field:
    return forms.IntegerField(min_value=1, max_value=LAST_PAGE, required=False)


class EvidenceWidget(forms.MultiWidget):
    """Yes or no, the document and the page."""

    template_name = "verification/widgets/evidence.html"

    def __init__(self, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(
            {
                "answer": forms.RadioSelect(choices=YES_NO),
                "document": forms.Select(choices=choices),
                "page": forms.NumberInput(attrs={"min": 1}),
            }
        )

    def decompress(self, value: Any) -> list[Any]:
        said: Mapping[str, Any] = value or {}
        return [said.get("answer"), said.get("document"), said.get("page")]


class EvidenceField(forms.MultiValueField):
    """Kept as `answer`, and where it is yes `document` (its key) and `page`."""

    def __init__(self, documents: DocumentChoice) -> None:
        self.documents = documents
        super().__init__(
            fields=(
                forms.ChoiceField(choices=YES_NO, required=False),
                documents.field(),
                page_field(),
            ),
            widget=EvidenceWidget(documents.choices),
            required=False,
            require_all_fields=False,
        )

    def compress(self, data_list: list[Any]) -> dict[str, Any]:
        answer, document, page = data_list or ("", "", None)
        if answer != "yes" or not document:
            return {"answer": answer} if answer else {}
        return {"answer": answer, "document": int(document), **({"page": page} if page else {})}


class DayField(forms.DateField):
    """A plausible day, within a year from today at the latest; kept as text."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> str:
        day = super().clean(value)
        if day is None:
            return ""
        if not FIRST_DAY <= day <= timezone.localdate() + FURTHEST_DAY:
            raise ValidationError(f"{day.isoformat()} is not a plausible day. Give one within a year from today.")
        return day.isoformat()


def field_for(question: Question, documents: DocumentChoice) -> forms.Field:
    makers = {
        "choice": lambda: _choice(question),
        "yes_no": lambda: _choice(question),
        "choices": lambda: forms.MultipleChoiceField(
            choices=question.options, widget=forms.CheckboxSelectMultiple, required=False
        ),
        "number": lambda: ExactNumberField(
            minimum=question.minimum, maximum=question.maximum, places=question.places, required=False
        ),
        "day": lambda: DayField(required=False),
        "line": lambda: forms.CharField(max_length=LONGEST_LINE, required=False),
        "weights": lambda: WeightsField(required=False),
        "yes_no_evidence": lambda: EvidenceField(documents),
        "text": lambda: LineBreaksField(
            max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 3}), required=False
        ),
    }
    return makers[question.kind]()


def _choice(question: Question) -> forms.Field:
    return forms.ChoiceField(choices=question.choices, widget=forms.RadioSelect, required=False)

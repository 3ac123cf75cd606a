"""The answers to a request for information: one for each item."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms import BoundField

from verification.applicant.forms.fields import LineBreaksField

LONGEST_ANSWER = 20_000


class AnswersForm(forms.Form):
    use_required_attribute = False

    def __init__(self, data: Any = None, *, items: Iterable[str], typed: dict[str, Any] | None = None) -> None:
        """`typed`: what was typed so far, shown again and not asked for yet."""
        super().__init__(data, initial=typed)
        self.items = list(items)
        for number, item in enumerate(self.items, start=1):
            self.fields[f"answer-{number}"] = LineBreaksField(
                label=f"{number}. {item}",
                max_length=LONGEST_ANSWER,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"required": "Answer this item."},
            )

    def answers(self) -> list[str]:
        return list(self.cleaned_data.values())

    def unsent(self) -> Iterator[tuple[str, BoundField]]:
        """What was typed, for when it cannot be sent any more and must not be lost."""
        return zip(self.items, self, strict=True)

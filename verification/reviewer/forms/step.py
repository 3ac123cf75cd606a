"""The form of a step, drawn from what the workflow table says must be given with it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import User
from pcl.text_field import Text
from verification.clocks import clocks
from verification.models import Application
from verification.product_groups import reasons
from verification.queries.begin_date import begin_date_is_needed
from verification.queries.reviewers import reviewers
from verification.workflow.table import Given, Kind, Transition

LONGEST_TEXT = 20_000
MOST_ITEMS = 50


class ItemsField(Text):
    """One item per line; blank lines do not count."""

    widget = forms.Textarea

    def clean(self, value: Any) -> Any:
        items = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(items) > MOST_ITEMS:
            raise forms.ValidationError(f"That is {len(items)} items; ask for at most {MOST_ITEMS} at once.")
        return items


class StepForm(forms.Form):
    """`step` on the version of `application` that the page shows."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, step: Transition, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.fields["seen_version"].initial = application.version
        for given in step.given:
            if _is_asked(given, application):
                field = self.fields[given.name] = _FIELDS[given.kind](given)
                if isinstance(field, forms.ModelChoiceField):
                    field.queryset = reviewers().exclude(pk=application.reviewer_id or 0)
                self.fields[given.name].initial = _initial(given, application)
        if "begins" in self.fields and step.name != "reschedule":
            if application.reconsiders_id:
                self.fields["begins"].label = "The revised determination holds from"
            # The table leaves it open because it goes with the outcome, and here the outcome is known.
            self.fields["begins"].required = True
            self.fields["begins"].help_text = "First date of service to which the listing applies, inclusive."
            if application.reconsiders_id:
                self.fields["begins"].label = "The revised determination holds from"
                self.fields[
                    "begins"
                ].help_text = (
                    "First date of service, inclusive. A listing that does not hold any more ends on the day before."
                )

    def given(self) -> dict[str, Any]:
        """What was given, as the workflow reads it."""
        return {given.name: self.cleaned_data[given.name] for given in self.step.given if given.name in self.fields}


def _is_asked(given: Given, application: Application) -> bool:
    if given.name != "begins":
        return True
    determination = application.draft_determination()
    return determination is not None and begin_date_is_needed(determination)


def _initial(given: Given, application: Application) -> Any:
    if given.kind is not Kind.DAY:
        return None
    today = timezone.localdate()
    determination = application.draft_determination()
    if given.name == "publish_on":
        return (determination.publish_on if determination else None) or today + timedelta(days=1)
    if given.name == "begins" and determination is not None and determination.begins:
        return determination.begins
    return clocks().answer.due(today) if given.name == "due_on" else today


def _text(given: Given) -> forms.Field:
    return Text(
        label=given.label,
        help_text=given.help,
        required=given.required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def _day(given: Given) -> forms.Field:
    return forms.DateField(
        label=given.label,
        help_text=given.help,
        required=given.required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


def _rejection_reason(given: Given) -> forms.Field:
    choices = [("", "Choose a reason"), *((reason.key, reason.label) for reason in reasons().rejection)]
    return forms.ChoiceField(label=given.label, help_text=given.help, required=given.required, choices=choices)


def _items(given: Given) -> forms.Field:
    return ItemsField(
        label=given.label,
        help_text=given.help,
        required=given.required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


def _reviewer(given: Given) -> forms.Field:
    return forms.ModelChoiceField(
        User.objects.none(),
        label=given.label,
        help_text=given.help,
        required=given.required,
        empty_label="Choose a reviewer",
        error_messages={"invalid_choice": "This is not somebody who may review it now. Choose from the list."},
    )


_FIELDS: dict[Kind, Callable[[Given], forms.Field]] = {
    Kind.TEXT: _text,
    Kind.DAY: _day,
    Kind.REJECTION_REASON: _rejection_reason,
    Kind.ITEMS: _items,
    Kind.REVIEWER: _reviewer,
}

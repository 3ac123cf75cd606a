"""What can be done with a sample, each a small form of its own."""

from django import forms
from django.utils import timezone

from pcl.text_field import Text
from verification.models import Condition, Gone

YES_NO = (("yes", "Yes"), ("no", "No: missing, or not as the application says"))


class ActForm(forms.Form):
    act = ""
    button = ""
    # Without an id: several of these forms stand side by side, and no label points here.
    seen_version = forms.IntegerField(widget=forms.HiddenInput(attrs={"id": False}), min_value=0)


class ReceiveForm(ActForm):
    act, button = "receive", "It was received"
    received_on = forms.DateField(
        label="Received on",
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    count = forms.IntegerField(label="How many pieces", min_value=1, max_value=10_000, initial=1)
    condition = forms.ChoiceField(label="Condition", choices=Condition.choices)
    label_is_right = forms.ChoiceField(
        label="Labeled with manufacturer, model number and product name, as the application says?",
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    place = Text(
        label="Where it is", max_length=200, required=False, help_text="Internal: the applicant does not read this."
    )


class MoveForm(ActForm):
    act, button = "move", "Move it"
    place = Text(label="Where it is now", max_length=200, help_text="Internal.")


class DiscardForm(ActForm):
    act, button, gone = "discard", "It was discarded", Gone.DISCARDED


class ReturnForm(ActForm):
    act, button, gone = "return", "It was returned to the sender", Gone.RETURNED


class NotNeededForm(ActForm):
    act, button, gone = "not_needed", "It is not needed any more", Gone.NOT_NEEDED


FORMS: dict[str, type[ActForm]] = {
    form.act: form for form in (ReceiveForm, MoveForm, DiscardForm, ReturnForm, NotNeededForm)
}


class ExpectForm(forms.Form):
    what = Text(
        label="What the applicant is to send",
        max_length=300,
        help_text="The applicant reads it on the page of the application. Say in a message why, and by when.",
    )

"""The draft of a determination."""

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateformat import format as format_date

from hcpcs.models import Code
from hcpcs.queries.codes import code_in_force, latest_meaning
from verification.models import Application, Outcome
from verification.models.determination import OUTCOMES

MOST_CODES = 20


class DeterminationForm(forms.Form):
    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    outcome = forms.ChoiceField(label="Outcome", choices=Outcome.choices, widget=forms.RadioSelect)
    codes = forms.CharField(
        label="HCPCS codes assigned",
        help_text="One or several, with blanks or commas between them. Each is assigned to every model of the "
        "application. Not used where no code is assigned.",
        required=False,
        max_length=400,
    )
    rationale = forms.CharField(
        label="Rationale",
        help_text="Goes into the letter, word for word. A blank line begins a new paragraph.",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10}),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = application.version
        possible = OUTCOMES[application.kind]
        self.fields["outcome"].choices = [(each.value, each.label) for each in possible]  # type: ignore[attr-defined]
        if Outcome.CODES_ASSIGNED not in possible:
            del self.fields["codes"]
        drafted = application.draft_determination()
        requested = [row.code.code for row in application.requested_codes.all()]
        if drafted is None:
            self.initial = {"outcome": possible[0].value, "codes": ", ".join(requested)}
            return
        assigned = sorted(set(drafted.codes.values_list("code__code", flat=True)))
        self.initial = {
            "outcome": drafted.outcome,
            "codes": ", ".join(assigned or requested),
            "rationale": drafted.rationale,
        }

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("outcome") != Outcome.CODES_ASSIGNED:
            said["codes"] = []
        elif "codes" in said:
            said["codes"] = self._read_codes(said["codes"])
        return said

    def _read_codes(self, typed: str) -> list[Code]:
        names = list(dict.fromkeys(name.upper() for name in re.split(r"[\s,;]+", typed) if name))
        if len(names) > MOST_CODES:
            self.add_error("codes", f"Those are {len(names)} codes; give at most {MOST_CODES}.")
            return []
        today = timezone.localdate()
        found = []
        for name in names:
            code = code_in_force(name, on=today)
            if code is not None:
                found.append(code)
            else:
                self.add_error("codes", why_not(name))
        return found


def why_not(name: str) -> str:
    """Why the code of that name cannot be assigned today."""
    meaning = latest_meaning(name)
    if meaning is None:
        return f"{name[:10]} is not a HCPCS code on the register. Check how it is written."
    today = timezone.localdate()
    if meaning.terminated is not None and meaning.ended_on(today):
        return f"{meaning.code} ended on {format_date(meaning.terminated, 'F j, Y')}. Choose a code that is in force."
    assert meaning.added is not None  # noqa: S101  # neither in force nor ended: it begins later
    return f"{meaning.code} begins on {format_date(meaning.added, 'F j, Y')} only. Choose a code that is in force."

"""What the forms of all sections share: they show what is stored, keep what is typed, and can tell the two apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms

from hcpcs.models import Code
from pcl.dates import day_in_words
from verification.applicant.forms.fields import Condition
from verification.models import Application


@dataclass(frozen=True)
class Difference:
    """A field in which what is stored now and what was typed are not the same, both in words."""

    label: str
    stored: str
    typed: str


class SectionForm(forms.Form):
    """Nothing is required to save. A wrong format is an error, and everything typed is shown again with it."""

    use_required_attribute = False
    conditions: Mapping[str, Condition] = {}
    headings: Mapping[str, str] = {}
    """Headings of the form's parts, each with the field that it stands before."""

    def __init__(self, data: Any = None, *, application: Application) -> None:
        super().__init__(data, initial=self.stored(application))
        self.application = application
        for name, condition in self.conditions.items():
            self.fields[name].condition = condition  # type: ignore[attr-defined]
        for name, heading in self.headings.items():
            self.fields[name].heading = heading  # type: ignore[attr-defined]

    @classmethod
    def stored(cls, application: Application) -> dict[str, Any]:
        """What the section holds now, by field."""
        return {name: getattr(application, name) for name in cls.base_fields}

    def save(self, *, seen_version: int) -> Application:
        """Raises NotFromHere or Stale."""
        raise NotImplementedError

    def notes(self) -> list[str]:
        """What the person should know about how it was saved."""
        return []

    def differences(self, application: Application) -> list[Difference]:
        """What would change if the typed were saved now; only of a valid form."""
        stored = self.stored(application)
        pairs = (
            (name, self.in_words(name, stored.get(name)), self.in_words(name, said))
            for name, said in self.cleaned_data.items()
        )
        return [
            Difference(label=str(self.fields[name].label), stored=before, typed=typed)
            for name, before, typed in pairs
            if before != typed
        ]

    def in_words(self, name: str, value: Any) -> str:
        """A field's value as a person reads it; the same words for the same value."""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, list):
            return "\n".join(sorted(item.code if isinstance(item, Code) else str(item) for item in value))
        if isinstance(value, date):
            return day_in_words(value)
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value)) if value is not None else ""

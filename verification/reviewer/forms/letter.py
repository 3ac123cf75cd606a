"""What is wrong in a letter, and what is right."""

import re
from typing import Any

from django import forms

from pcl.text_field import Text
from verification.letters.corrected import model_numbers, what_it_says
from verification.models import Letter

PARTED = re.compile(r"\s*(?:->|→|\t|=>|;)\s*")


class CorrectLetterForm(forms.Form):
    """The letter's parts as it says them; what is changed is what is corrected."""

    what = Text(
        label="What was wrong, and what is right",
        help_text="Goes into the new letter. For example: The model number is SO-100, not SO-1OO.",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    manufacturer = Text(label="Manufacturer", max_length=300)
    recipient = Text(
        label="Address, with the name above it", max_length=1_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    contact = Text(label="Contact", max_length=150)
    product = Text(label="Product", max_length=300)
    models = Text(
        label="Model numbers that are wrong",
        help_text="One on a line: as the letter says it, then an arrow and the right one, like SO-1OO -> SO-100.",
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    begins = forms.DateField(
        label="First date of service",
        help_text="Inclusive. When it is corrected, so must be the listings.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    rationale = Text(label="Rationale", max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}))
    on_the_register = forms.BooleanField(
        label="The public list is wrong in the same way: correct it with the letter",
        help_text="The product’s name, model numbers and the first date of service stand on the list, too.",
        required=False,
    )

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.said = what_it_says(letter)
        self.initial = {
            "recipient": "\n".join(self.said["recipient"]),
            "rationale": "\n\n".join(self.said["rationale"]),
            "begins": letter.determination.begins,
            **{part: self.said[part] for part in ("manufacturer", "contact", "product")},
            **self.initial,
        }
        if letter.determination.begins is None:
            del self.fields["begins"], self.fields["on_the_register"]
        if not model_numbers(self.said):
            del self.fields["models"]

    def clean_models(self) -> dict[str, str]:
        right: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["models"].splitlines(), start=1):
            if not line.strip():
                continue
            parts = PARTED.split(line.strip(), maxsplit=1)
            if len(parts) < 2 or not all(parts):
                raise forms.ValidationError(f"Line {number}: write the wrong number, an arrow, and the right one.")
            right[parts[0]] = parts[1]
        return right

    def changes(self) -> dict[str, Any]:
        """The parts that are to say something else, as the service takes them."""
        said = self.cleaned_data
        found: dict[str, Any] = {
            part: said[part].strip()
            for part in ("manufacturer", "contact", "product")
            if said[part].strip() != self.said[part]
        }
        recipient = [line.strip() for line in said["recipient"].splitlines() if line.strip()]
        if recipient != [line.strip() for line in self.said["recipient"] if line.strip()]:
            found["recipient"] = recipient
        if said["rationale"].split() != "\n\n".join(self.said["rationale"]).split():
            found["rationale"] = said["rationale"].replace("\r\n", "\n").strip()
        if said.get("models"):
            found["models"] = said["models"]
        if "begins" in said and said["begins"] != self.letter.determination.begins:
            found["begins"] = said["begins"].isoformat()
        return found


class RefuseCorrectionForm(forms.Form):
    why = Text(
        label="Why it is not made",
        help_text="Internal: the applicant does not read this.",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

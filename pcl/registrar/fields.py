"""Fields that several of the registrar's forms have."""

from typing import Any

from django import forms

from pcl.text_field import Text

__all__ = ["Lines", "Text"]


class Lines(Text):
    """One thing on each line; empty lines do not count."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, longest_line: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest_line = longest_line

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).split("\n") if line.strip()]
        for number, line in enumerate(lines, start=1):
            if len(line) > self.longest_line:
                raise forms.ValidationError(
                    f"Line {number} has {len(line):,} characters; at most {self.longest_line} can be kept."
                )
        return lines

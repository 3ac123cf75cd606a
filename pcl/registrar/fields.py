"""Fields that several of the registrar's forms have."""

from typing import Any

from django import forms

from pcl.text import clean_text


class Text(forms.CharField):
    """Without characters that nobody sees; written from whichever side its letters are."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "").strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "auto"}


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

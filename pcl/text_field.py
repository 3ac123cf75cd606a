"""The field for what people write."""

from typing import Any

from django import forms

from pcl.text import clean_text


class Text(forms.CharField):
    """Without characters that nobody sees: a text of nothing else is none.

    Written from whichever side its letters are.
    """

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "").strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "dir": "auto"}

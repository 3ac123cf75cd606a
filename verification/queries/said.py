"""Everything that an application says, as plain data that can be kept: the words that its readers read."""

from collections import Counter
from typing import Any

from verification.models import Application
from verification.queries.submitted import Part, what_was_said


def said_sections(application: Application) -> list[dict[str, Any]]:
    """In the order of the form: sections with `key`, `title` and `fields`, each with `key`, `label` and `text`.

    A field's key names it within its section; its text is empty where nothing was said.
    """
    return [
        {"key": part.section, "title": part.title, "fields": list(_fields(part))} for part in what_was_said(application)
    ]


def _fields(part: Part) -> list[dict[str, str]]:
    asked: Counter[str] = Counter()
    fields = []
    for label, text in part.facts:
        asked[label] += 1
        # The same was asked twice, as of two documents: told apart by their order.
        key = label if asked[label] == 1 else f"{label} #{asked[label]}"
        fields.append({"key": key, "label": label, "text": text})
    return fields

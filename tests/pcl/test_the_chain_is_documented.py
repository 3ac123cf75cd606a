"""What docs/verifying.md says of fingerprints is what the register does."""

import json
import re
from datetime import datetime
from typing import Any

from django.conf import settings

from pcl.services.changes import hash_of_change

PAGE = (settings.BASE_DIR / "docs" / "verifying.md").read_text()


def block(kind: str, position: int = 0) -> str:
    return re.findall(rf"```{kind}\n(.*?)\n```", PAGE, re.DOTALL)[position]


def test_the_worked_example_is_right() -> None:
    change: dict[str, Any] = json.loads(block("json"))
    at = datetime.fromisoformat(change.pop("at"))

    assert hash_of_change(at=at, **change) == block("text", 1)


def test_the_text_that_it_shows_is_the_change_with_sorted_keys_and_no_blanks() -> None:
    text = block("text")

    assert json.loads(text) == json.loads(block("json"))
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert "\n" not in text
    assert "ä" in text

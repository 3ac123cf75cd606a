"""So that a part that no letter has is noticed at the start, not by an applicant whose days did not begin anew."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from verification.letters.corrected import PARTS


def corrections_name_parts_of_a_letter(**_: Any) -> list[CheckMessage]:
    unknown = sorted(settings.CORRECTIONS_THAT_RESTART_THE_CLOCK - PARTS.keys())
    if not unknown:
        return []
    return [
        Error(
            f"CORRECTIONS_THAT_RESTART_THE_CLOCK names what is no part of a letter: {', '.join(unknown)}.",
            hint=f"Write any of these, with blanks between: {' '.join(PARTS)}.",
            id="verification.E002",
        )
    ]

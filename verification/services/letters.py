"""Making letters: what a letter says is settled in the transaction that causes it, and set and sent afterwards."""

from verification.letters.compose import letter_text
from verification.letters.jobs import write_letter
from verification.models import Determination, Letter


def send_letter(determination: Determination) -> Letter:
    """Make the first letter of a determination that was published, and have it written and told."""
    letter = Letter.objects.create(determination=determination, said=letter_text(determination))
    write_letter.defer(letter_id=letter.pk)
    return letter

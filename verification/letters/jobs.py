"""Writing letters, in the background, until it is done."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from verification.letters.compose import letter_text, set_letter
from verification.models import Letter
from verification.services.notify import notify_applicant, notify_manufacturer

UNTIL_DONE = RetryStrategy(max_attempts=60, linear_wait=60)


@app.task(queue="letters", retry=UNTIL_DONE)
def write_letter(*, letter_id: int) -> None:
    """Write letter `letter_id`, keep it, and tell the applicant: once, also when a worker dies in between."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().get(pk=letter_id)
        if letter.written_at:
            return
        # Letters of before they were settled when made say what their determination says.
        pdf = set_letter(letter.said or letter_text(letter.determination))
        # Under the same name each time, so that a worker killed before the commit leaves no second copy.
        name = f"letters/{letter.pk}.pdf"
        default_storage.delete(name)
        letter.file = default_storage.save(name, ContentFile(pdf))
        letter.sha256 = hashlib.sha256(pdf).hexdigest()
        letter.written_at = timezone.now()
        letter.save()
        about = "determined" if letter.replaces_id is None else "letter_corrected"
        told = notify_applicant(letter.determination.application, about)
        if letter.replaces_id is None:
            notify_manufacturer(letter.determination, told=told)

"""Mails and letters that were given up, tried anew: each is sent once, however often it is tried."""

from django.db import transaction

from accounts.outbox.jobs import deliver_mail
from verification.letters.jobs import write_letter
from verification.queries.deliveries import letters_given_up, mails_given_up


@transaction.atomic
def send_again() -> int:
    """Answers how many."""
    mails, letters = mails_given_up(), letters_given_up()
    for mail in mails:
        deliver_mail.defer(mail_id=mail)
    for letter in letters:
        write_letter.defer(letter_id=letter)
    return len(mails) + len(letters)

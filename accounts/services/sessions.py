"""Ending every sign-in of a person at once, on whatever machine it is."""

from django.db.models import F

from accounts.models import User


def end_sessions(user: User) -> None:
    """Whoever is signed in as `user` has to sign in again: each session holds a hash that is another one from now on.

    What was typed into an open page is kept, as after any sign-in that expired. In the caller's transaction.
    """
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])

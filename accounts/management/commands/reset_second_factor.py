from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.services.second_factor import ResetRefused, reset_second_factor


class Command(BaseCommand):
    help = (
        "Take a lost second factor off an account, where no other administrator can do it at /accounts/second-factors/."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"There is no account with the address {email}.")
        try:
            reset_second_factor(user=user, by=None, reason=reason)
        except ResetRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The second factor of {user} was taken off. A mail says so.")

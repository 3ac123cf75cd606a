"""Create the first administrator, or make an existing person one. Everybody else gets roles from an administrator."""

import getpass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import Role, RoleAssignment, User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="Full name; needed for a new person.")

    @transaction.atomic
    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email).first() or self._new_person(email, name)
        User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
        RoleAssignment.objects.get_or_create(user=user, role=Role.ADMINISTRATOR, revoked_at=None)
        self.stdout.write(f"{email} is an administrator.")

    def _new_person(self, email: str, name: str) -> User:
        if not name:
            raise CommandError("Nobody has this address yet. Give the new person's name: --name 'Full Name'.")
        password = getpass.getpass("Password of the new person: ")
        try:
            validate_password(password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user = User.objects.create_user(email, password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from verification.services.scan import ask_again


class Command(BaseCommand):
    help = "Has documents scanned for viruses: those that no scan found clean, or all of them. The worker does it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="Also those that were scanned: with newer signatures.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.CLAMAV:
            raise CommandError("No virus scanner is set up: set CLAMAV to host:port or the path of clamd's socket.")
        self.stdout.write(f"{ask_again(everything=options['all'])} documents are to be scanned.")

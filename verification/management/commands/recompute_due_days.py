"""manage.py recompute_due_days: due days of open applications by the clocks as they are configured now."""

from typing import Any

from django.core.management.base import BaseCommand

from verification.services.due_days import recompute_due_days


class Command(BaseCommand):
    help = "Reckon the due days of all open applications anew, after the file of clocks (CLOCKS_FILE) was changed."

    def handle(self, *args: Any, **options: Any) -> None:
        done = recompute_due_days()
        self.stdout.write(f"{done.open_applications:,} open applications, {done.changed:,} of them with a new due day.")

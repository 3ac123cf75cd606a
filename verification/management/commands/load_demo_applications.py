"""Tell the past of the demonstration register: applications at every stage. Told again, nothing changes."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from verification.demo.history import tell_history


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        begun = time.monotonic()
        count = tell_history()
        if count:
            took = time.monotonic() - begun
            self.stdout.write(f"  The demonstration has {count} applications, at every stage (told in {took:.0f} s).")

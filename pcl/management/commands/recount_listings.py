from typing import Any

from django.core.management.base import BaseCommand

from pcl.services.recount_listings import recount_listings


class Command(BaseCommand):
    help = "Count the listings of each month anew (the statistics page is drawn from these counts)."

    def handle(self, *args: Any, **options: Any) -> None:
        recount_listings()
        self.stdout.write("Counted.")

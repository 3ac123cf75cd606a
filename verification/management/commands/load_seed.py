"""Load the seed register; loading it again changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hcpcs.services.load_seed_codes import load_seed_codes
from pcl.models import Listing, Publication, Requirement
from pcl.services.load_seed_register import load_seed_register
from verification.services.demo_people import ensure_demo_people


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        codes = load_seed_codes()
        load_seed_register()
        if settings.DEMO:
            ensure_demo_people()
        self.stdout.write(
            f"The seed register is loaded: codes {', '.join(code.code for code in codes)}; in all "
            f"{Publication.objects.count()} publications, {Requirement.objects.count()} requirements, "
            f"{Listing.objects.count()} listings." + (" The demo people can sign in." if settings.DEMO else "")
        )

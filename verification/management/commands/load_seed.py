"""Load the seed register; loading it again changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hcpcs.services.load_seed_codes import load_reviewed_codes, load_seed_codes
from pcl.models import Listing, Publication, Requirement
from pcl.services.load_seed_register import load_seed_register
from pcl.services.load_seed_requirements import load_seed_requirements
from verification.services.demo_people import ensure_demo_people


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        codes = load_seed_codes()
        reviewed = load_reviewed_codes()
        load_seed_register()
        load_seed_requirements()
        if settings.DEMO:
            ensure_demo_people()
        self.stdout.write(
            f"The seed register is loaded: codes {', '.join(code.code for code in codes)} and {reviewed} that are "
            f"reviewed; in all "
            f"{Publication.objects.count()} publications, {Requirement.objects.count()} requirements, "
            f"{Listing.objects.count()} listings." + (" The demo people can sign in." if settings.DEMO else "")
        )

"""Count the register's listings anew, where somebody doubts the counts or loaded entries with triggers off."""

from django.db import connection, transaction

from pcl.models.listing_count import RECOUNT


@transaction.atomic
def recount_listings() -> None:
    """Replace all counts by what the entries say. Entries can be read meanwhile, and not written."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE pcl_registerentry IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(RECOUNT)

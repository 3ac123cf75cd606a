"""CMS ends and corrects codes without telling the listings: what the register shows follows."""

from django.db import connection, transaction

from pcl.services.changes import instant_of_change, stand_at_the_chain

# As pcl.services.entries.in_force_of reckons it. A range of nothing is where the code ended before the listing began.
_IN_FORCE = "entry.effective * daterange(code.added, code.terminated, '[]')"


@transaction.atomic
def follow_catalogue() -> int:
    """Bring the dates on which listings can be billed in line with their codes' validity; how many changed.

    The listings themselves do not change, so there is no change in the chain; since when the list says so is kept.
    """
    head = stand_at_the_chain()
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE pcl_registerentry AS entry SET in_force = {_IN_FORCE}, changed_at = %s"  # noqa: S608
            " FROM hcpcs_code AS code WHERE code.id = entry.code_meaning_id"
            f" AND entry.in_force IS DISTINCT FROM {_IN_FORCE}",
            [instant_of_change(head)],
        )
        return cursor.rowcount

"""Whether the public list still says what it said."""

from django.db import connection

# Each from an index, or from a table of some hundred rows. `xmin` is the transaction that wrote a row.
_TOLD = """
SELECT (SELECT max(seq) FROM pcl_listingchange), (SELECT max(changed_at) FROM pcl_entryversion),
       (SELECT max(id) FROM pcl_organization),
       (SELECT count(*) || ' ' || sum(id) FROM pcl_organization WHERE merged_into_id IS NOT NULL),
       (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pcl_requirement),
       (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pcl_helpline)
"""


def list_fingerprint() -> str:
    """Another text after every change to the list, and to what its search page tells besides: organizations that were
    merged, requirements, the helpline. Of codes, see hcpcs.queries.releases.catalogue_fingerprint.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOLD)
        return " ".join(str(value) for value in cursor.fetchone())

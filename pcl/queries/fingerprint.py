"""What everything that the register tells hangs on, in one short text, without reading a listing.

The newest change by number and hash, and the newest instant at which an entry changed, stand for the listings, however
many they are: both are the end of an index, and writers of both stand in one line (pcl/services/changes.py).
Organizations, requirements, publications and fee schedules are few and also change without such a number. Of those it
takes the numbers of the transactions that wrote the rows, added up: whoever writes a row, and be it by hand, changes
the sum.
(The greatest of them would not do: of two writers the one that began first may be done last.)
"""

from django.db import connection

_SMALL = (
    "pcl_organization",
    "pcl_organizationname",
    "pcl_requirement",
    "pcl_publication",
    "pcl_publicationhistory",
    "pcl_publication_codes",
    "pcl_helpline",
    "hcpcs_feeschedule",
)
_WRITTEN = " UNION ALL ".join(
    f"SELECT count(*), coalesce(sum(xmin::text::bigint), 0) FROM {table}"  # noqa: S608  # names written here
    for table in _SMALL
)
_TOLD = f"""
    SELECT string_agg(part, ' ') FROM (
        SELECT (SELECT seq || ' ' || hash FROM pcl_listingchange ORDER BY seq DESC LIMIT 1) AS part
        UNION ALL SELECT (SELECT max(changed_at)::text FROM pcl_entryversion)
        UNION ALL SELECT written.count || ':' || written.coalesce FROM ({_WRITTEN}) AS written
    ) AS parts
"""  # noqa: S608


def register_fingerprint() -> str:
    """Another text after every change of what the register tells, the catalogue of codes apart."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD)
        return str(cursor.fetchone()[0] or "")

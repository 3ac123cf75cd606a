"""Which changes of names the worker makes or has made."""

from django.db.models import QuerySet

from pcl.models import ListingChange, Organization, Product, Renaming

MOST_SHOWN = 10


def renamings() -> QuerySet[Renaming]:
    """Newest first, with all that their pages name."""
    return Renaming.objects.select_related("organization", "into", "product__manufacturer", "by")


def renamings_of(subject: Organization | Product) -> list[Renaming]:
    """The last ones, newest first."""
    of_it = {"product": subject} if isinstance(subject, Product) else {"organization": subject}
    return list(renamings().filter(**of_it)[:MOST_SHOWN])


def first_and_last(renaming: Renaming) -> tuple[ListingChange | None, ListingChange | None]:
    """Its first and its last change; None while it is not done."""
    made = {change.seq: change for change in ListingChange.objects.filter(seq__in=_ends(renaming))}
    return made.get(renaming.first_seq or 0), made.get(renaming.last_seq or 0)


def _ends(renaming: Renaming) -> list[int]:
    return [seq for seq in (renaming.first_seq, renaming.last_seq) if seq is not None]

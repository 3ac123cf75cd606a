"""Organizations: made once per name."""

from django.db import connection, transaction
from django.utils.text import slugify

from pcl.errors import RegisterError
from pcl.models import Organization
from pcl.names import has_unseen_characters, name_key


def refuse_impossible_name(name: str) -> None:
    """Raise RegisterError for a name without a letter, or with characters that nobody sees."""
    if has_unseen_characters(name):
        raise RegisterError("The name holds characters that cannot be seen. Type it instead of pasting it.")
    if not any(character.isalpha() for character in name):
        raise RegisterError("Give the organization's name, in letters.")


def lock_organization_names() -> None:
    """Until the transaction ends, nobody else looks whether a name is free: of two founders one finds the other."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE pcl_organization IN SHARE ROW EXCLUSIVE MODE")


def create_organization(*, name: str) -> Organization:
    """A new organization with an address of its own. Raises RegisterError for what cannot be a name."""
    refuse_impossible_name(name)
    name = " ".join(name.split())
    stem = slugify(name)[:100] or "organization"
    with transaction.atomic():
        taken = set(Organization.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        slug, number = stem, 2
        while slug in taken:
            slug, number = f"{stem}-{number}", number + 1
        return Organization.objects.create(slug=slug, name=name, name_key=name_key(name))

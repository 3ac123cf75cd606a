"""Which files are missing from the store: noted when somebody wanted one, forgotten when it is there again."""

from django.core.files.storage import default_storage

from verification.models import MissingFile
from verification.queries.document_content import FileMissing

MOST_AT_A_TIME = 1000


def note_missing(error: FileMissing) -> None:
    MissingFile.objects.bulk_create([MissingFile(name=error.name, what=error.what)], ignore_conflicts=True)


def look_again() -> int:
    """Forget what is there again; answers how many files are still missing. Raises OSError when the store is away."""
    noted = list(MissingFile.objects.all()[:MOST_AT_A_TIME])
    found = [each.pk for each in noted if default_storage.exists(each.name)]
    MissingFile.objects.filter(pk__in=found).delete()
    return MissingFile.objects.count()

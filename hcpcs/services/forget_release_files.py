"""Files of imports are kept for a time beside the report; the report stays."""

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from hcpcs.models import ImportState, ReleaseImport
from hcpcs.queries.release_imports import with_files_of_old


def forget_release_files() -> int:
    """Delete the files that RELEASE_FILE_DAYS have passed for; a preview that nobody confirmed ends with its file."""
    forgotten = 0
    for asked in with_files_of_old(timezone.now()):
        with transaction.atomic():
            row = ReleaseImport.objects.select_for_update(of=("self",)).get(pk=asked.pk)
            if row.is_at_work:
                continue
            name = str(row.file.name)
            row.file = ""
            if row.state == ImportState.READY:
                row.state, row.finished_at = ImportState.DISCARDED, timezone.now()
            row.save()
        # After the commit: a row may never name a file that is gone.
        default_storage.delete(name)
        forgotten += 1
    return forgotten

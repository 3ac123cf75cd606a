"""Files of imported lists are kept for a time beside the report; the report stays."""

from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from pcl.models import ListImport, ListImportState
from pcl.models.list_import import LIST_AT_WORK


def forget_list_files() -> int:
    """Delete the files that LIST_FILE_DAYS have passed for; a preview that nobody confirmed ends with its file."""
    old = timezone.now() - timedelta(days=settings.LIST_FILE_DAYS)
    forgotten = 0
    for asked in ListImport.objects.filter(asked_at__lt=old).exclude(file="").exclude(state__in=LIST_AT_WORK):
        with transaction.atomic():
            row = ListImport.objects.select_for_update(of=("self",)).get(pk=asked.pk)
            if row.is_at_work:
                continue
            name = str(row.file.name)
            row.file = ""
            if row.state == ListImportState.READY:
                row.state, row.finished_at = ListImportState.DISCARDED, timezone.now()
            row.save()
        # After the commit: a row may never name a file that is gone.
        default_storage.delete(name)
        forgotten += 1
    return forgotten

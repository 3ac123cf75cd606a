"""Lists as a registrar would upload them."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from pcl.models import ListImport
from pcl.services.list_imports import ask_for_list_import
from pcl.services.run_list_import import make_list_preview

HEADER = ["HCPCS", "Manufacturer", "Product", "Model", "Begin", "End", "Distributor", "Group", "Comment", "Aliases"]


def as_csv(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def as_workbook(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in [header, *rows]:
        book.worksheets[0].append(list(row))
    book.save(content)
    return content.getvalue()


def list_upload(content: bytes, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def brought(rows: Sequence[Sequence[Any]] | bytes, *, by: Any, **given: Any) -> ListImport:
    content = rows if isinstance(rows, bytes) else as_csv(rows)
    said = {"source": "The old list", "reason": "Taken over from the contractor before.", **given}
    return ask_for_list_import(by=by, upload=list_upload(content), **said)


def looked_at(rows: Sequence[Sequence[Any]] | bytes, *, by: Any, **given: Any) -> ListImport:
    """An import whose preview has been made."""
    asked = brought(rows, by=by, **given)
    make_list_preview(list_import_id=asked.pk)
    asked.refresh_from_db()
    return asked

from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser

from verification.models import Document
from verification.queries.document_content import DocumentUnreadable, FileMissing, open_document
from verification.queries.file_store import file_store, try_file_store
from verification.services.missing_files import look_again, note_missing


class Command(BaseCommand):
    help = "Tries the store of files; with --documents also holds each attached document against its fingerprint."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", action="store_true", help="Read every document: takes a while.")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = try_file_store()
        if wrong:
            raise CommandError(wrong)
        look_again()
        self.stdout.write(f"Files are kept in {file_store().where}.")
        if options["documents"]:
            self._documents()

    def _documents(self) -> None:
        bad = seen = 0
        for document in Document.objects.order_by("pk").iterator():
            seen += 1
            try:
                open_document(document).close()
            except DocumentUnreadable as error:
                bad += 1
                if isinstance(error, FileMissing):
                    note_missing(error)
                self.stderr.write(f"Document {document.pk} of application {document.application_id}: {error}")
        self._strays()
        if bad:
            raise CommandError(f"{bad} of {seen} documents are not as they were attached.")
        self.stdout.write(f"{seen} documents are as they were attached.")

    def _strays(self) -> None:
        """What an upload left behind that was never attached, because its process was killed."""
        known = set(Document.objects.values_list("file", flat=True))
        for folder in _folders("documents"):
            for name in default_storage.listdir(folder)[1]:
                if f"{folder}/{name}" not in known:
                    self.stdout.write(f"{folder}/{name} belongs to no document.")


def _folders(top: str) -> list[str]:
    try:
        return [f"{top}/{folder}" for folder in default_storage.listdir(top)[0]]
    except FileNotFoundError:
        return []

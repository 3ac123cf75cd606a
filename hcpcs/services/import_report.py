"""What an import did, for the person who ran it."""

from dataclasses import dataclass, field
from datetime import date

from hcpcs.models import Release
from hcpcs.parsing.record import LayoutRecord, ParsedFile, SkippedLine
from hcpcs.services.derive_catalogue import CatalogueChanges, CodeChange


@dataclass
class ImportReport:
    """`added`, `changed` and `ended` are relative to the catalogue as it was before the import."""

    file_name: str
    release: Release
    # False: the file was loaded before, or says what the loaded file says.
    anything_written: bool = False
    # A sentence on why nothing was written, or on which file was replaced.
    note: str = ""
    codes: int = 0
    modifiers: int = 0
    added: list[tuple[str, str]] = field(default_factory=list)
    reused: list[tuple[str, str]] = field(default_factory=list)
    changed: list[CodeChange] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    # Older than this complete release and missing in it. CMS keeps ended codes in its files: nothing is ended for it.
    absent: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[SkippedLine] = field(default_factory=list)
    copyrighted: int = 0
    warnings: list[str] = field(default_factory=list)
    # What the file says, for whoever wants more than a code's name.
    records: list[LayoutRecord] = field(default_factory=list, repr=False)

    @property
    def ended(self) -> list[tuple[str, str, date]]:
        """Codes of the catalogue that now have a last day of use that they had not."""
        return [(change.kind, change.code, change.ends_on) for change in self.changed if change.ends_on]

    def take_file(self, parsed: ParsedFile) -> None:
        self.records = parsed.records
        self.skipped = parsed.skipped
        self.copyrighted = parsed.copyrighted
        self.warnings += parsed.warnings
        self.modifiers = sum(record.kind == "modifier" for record in parsed.records)
        self.codes = len(parsed.records) - self.modifiers

    def take_changes(self, changes: CatalogueChanges) -> None:
        self.added, self.reused, self.removed = changes.added, changes.reused, changes.removed
        self.changed = changes.changed
        self.warnings += [
            f"{code} has been given a new meaning, and no loaded release says when the earlier one ended; {day} is "
            "taken, the day before the new one began. Load the releases in between."
            for _, code, day in changes.unseen_ends
        ]

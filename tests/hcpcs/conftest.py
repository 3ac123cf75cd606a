from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from hcpcs.models import FileFormat, Release
from hcpcs.parsing.file import parse_release_file, read_release_file, release_name
from hcpcs.parsing.record import ParsedFile
from hcpcs.services.import_release import store_release
from hcpcs.services.import_report import ImportReport

# CMS's files are works of the US government, and too large for the repository.
PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "hcpcs"
TEXT_2019 = "HCPC2019_CONTR_ANWEB.txt"
WORKBOOK_2019 = "HCPC2019_CONTR_ANWEB.xlsx"
WORKBOOK_2023 = "HCPC2023_JAN_ANWEB_v3.xlsx"
TEXT_2025 = "HCPC2025_OCT_ANWEB_v3_reconstructed.txt"


def published_file(name: str) -> Path:
    path = PUBLISHED / name
    if not path.exists():
        pytest.skip(f"CMS's file {name} is not at {PUBLISHED}")
    return path


@cache
def parsed_published_file(name: str) -> tuple[FileFormat, ParsedFile]:
    return parse_release_file(read_release_file(published_file(name)))


@pytest.fixture
def parsed() -> Callable[[str], ParsedFile]:
    """A published file by name, parsed once per run."""
    return lambda name: parsed_published_file(name)[1]


@pytest.fixture
def load() -> Callable[[str], ImportReport]:
    """Loads a published file by name, as `import_release` does, without parsing it again."""

    def load(name: str) -> ImportReport:
        file_format, parsed = parsed_published_file(name)
        named = release_name(name)
        assert named.year is not None
        release = Release(
            year=named.year,
            quarter=named.quarter,
            revision=named.revision,
            file_format=file_format,
            file_name=name,
            sha256=name.rjust(64),
        )
        return store_release(release=release, parsed=parsed)

    return load

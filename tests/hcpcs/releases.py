"""Three small releases with one of every change, for tests of what the catalogue tells about releases."""

from datetime import date
from pathlib import Path

from hcpcs.models import Release
from hcpcs.services.import_release import import_release
from tests.hcpcs.files import first_line, release_file

JANUARY_2023 = "HCPC2023_JAN_ANWEB.txt"
JANUARY_2024 = "HCPC2024_JAN_ANWEB.txt"
OCTOBER_2025 = "HCPC2025_OCT_ANWEB.txt"
LAST_DAY = date(2024, 12, 31)

LINES = {
    JANUARY_2023: [
        first_line("A0001", "Stays as it is"),
        first_line("A0002", "Garment, full leg, each"),
        first_line("A0003", "Ends"),
        first_line("A0004", "Priced anew", pricing="32"),
        first_line("A0005", "Covered otherwise", coverage="C"),
        first_line("A0006", "Only noted"),
        first_line("A0007", "Its end is taken back", terminated="20221231"),
        first_line("A0008", "Left out by 2025"),
        first_line("A0009", "Ends, described anew"),
        first_line("GY", "Item statutorily excluded"),
    ],
    OCTOBER_2025: [
        first_line("A0001", "Stays as it is"),
        first_line("A0002", "Garment, half leg, each"),
        first_line("A0003", "Ends", terminated="20241231"),
        first_line("A0004", "Priced anew", pricing="36"),
        first_line("A0005", "Covered otherwise", coverage="D"),
        first_line("A0006", "Only noted", action="20250101"),
        first_line("A0007", "Its end is taken back"),
        first_line("A0009", "Ended, described anew, as =SUM", terminated="20241231"),
        first_line("A0010", "Is new", added="20240101"),
        first_line("A0011", "Came and went", added="20240101", terminated="20241231"),
        first_line("GY", "Item or service statutorily excluded"),
    ],
}
LINES[JANUARY_2024] = [
    *[line for line in LINES[JANUARY_2023] if not line.startswith("A0002")],
    first_line("A0002", "Garment, half leg, each"),
    first_line("A0010", "Is new", added="20240101"),
]


def load_releases(folder: Path, *names: str) -> list[Release]:
    """In the order of `names`; January 2023 and October 2025 without any."""
    chosen = names or (JANUARY_2023, OCTOBER_2025)
    return [import_release(path=release_file(folder, LINES[name], name=name)).release for name in chosen]

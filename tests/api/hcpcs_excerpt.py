"""Two small releases in CMS's layout, with the cases that a terminology has to get right."""

from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap

from hcpcs.services.import_release import import_release
from tests.hcpcs.files import A1, E0193, K0800, continuation, first_line, release_file

# "Today" of the tests; an hour in which it is the same day in UTC and in US Eastern time.
NOW = datetime(2025, 11, 1, 17, 0, tzinfo=UTC)


def line(code: str, long: str, short: str, **fields: str) -> list[str]:
    """The lines of one code; a description longer than 80 characters goes on in the next line."""
    pieces = wrap(long, 79)
    first = first_line(code, pieces[0], **fields)
    lines = [first[:91] + f"{short:<28}" + first[119:]]
    return lines + [continuation(code, piece) for piece in pieces[1:]]


OLD = [
    E0193.replace("Powered air flotation bed   ", "Pwrd air flotation bed      "),
    *line("J9380", "Injection, vincristine sulfate, 5 mg", "Vincristine sulfate 5 mg inj", terminated="20101231",
          added="19860101", action="20110101"),
]  # fmt: skip
NEW = [
    A1,
    *line("A4616", "Tubing (oxygen), per foot", "Tubing (oxygen) per foot"),
    *line("C8904", "Magnetic resonance imaging without contrast, breast; unilateral", "Mri w/o cont, breast, uni",
          xref="77046A4616D0120"),
    E0193,
    *line("E0470", "Respiratory assist device, bi-level pressure capability, without backup rate feature, used with "
          "noninvasive interface", "Rad w/o backup non-inv intfc", added="20040101"),
    *line("E1390", "Oxygen concentrator, single delivery port", "Oxygen concentrator"),
    *line("E1399", "Durable medical equipment, miscellaneous", "Durable medical equipment mi"),
    *line("E9998", "Oxygen thing of next year", "Oxygen thing next year", added="20260101"),
    *line("G8701", "Rehabilitation services were not ordered, reason not otherwise specified", "Rehab not ordered",
          terminated="20141231", added="20120101", action="20150101"),
    *line("J9380", "Injection, teclistamab-cqyv, 0.5 mg", "Inj teclistamab cqyv 0.5 mg", added="20230701"),
    K0800,
    *line("K0898", "Power wheelchair, not otherwise classified", "Power wheelchair noc"),
    *line("K1032", "Non-pneumatic sequential compression garment, full leg", "Non pneum seq comp full leg",
          added="20220401", terminated="20231231", action="20240101"),
]  # fmt: skip
# Every code and modifier of the two, in order; J9380 once.
CODES = [
    "A1",
    "A4616",
    "C8904",
    "E0193",
    "E0470",
    "E1390",
    "E1399",
    "E9998",
    "G8701",
    "J9380",
    "K0800",
    "K0898",
    "K1032",
]


def load_excerpt(folder: Path) -> None:
    """As complete releases of 2019 and of October 2025 (revision 3)."""
    import_release(path=release_file(folder, OLD, name="HCPC2019_CONTR_ANWEB.txt"))
    import_release(path=release_file(folder, NEW, name="HCPC2025_OCT_ANWEB_v3.txt"))

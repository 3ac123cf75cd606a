"""What is odd about a file's records, though each can be read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from operator import itemgetter

from hcpcs.indicators import is_known
from hcpcs.models import Release
from hcpcs.models.release import QUARTER_MONTHS
from hcpcs.parsing.record import LayoutRecord

# The fields with a table of values in CMS's record layout.
INDICATOR_FIELDS = (
    "pricing_indicators",
    "multiple_pricing_indicator",
    "lab_certifications",
    "coverage",
    "mog_indicator",
    "betos",
    "types_of_service",
    "action_code",
)


# Fewer are an excerpt, whatever it calls itself.
FEWEST_OF_A_RELEASE = 1000


def warnings_about(records: Iterable[LayoutRecord]) -> list[str]:
    """Sentences about values that no table explains, and about codes that were never valid."""
    listed = list(records)
    warnings: list[str] = []
    for name in INDICATOR_FIELDS:
        position = LayoutRecord._fields.index(name)
        # A few hundred values, single or tuples of some, fill a release.
        counts: Counter[str] = Counter()
        for found, times in Counter(map(itemgetter(position), listed)).items():
            for value in _each(found):
                counts[value] += times
        for value, count in sorted(counts.items()):
            if value and not is_known(name, value):
                warnings.append(f"{name.replace('_', ' ')}: the value {value!r} is unknown ({_in_records(count)})")
    for record in listed:
        if record.added and record.terminated and record.added > record.terminated:
            warnings.append(
                f"{record.code}: added on {record.added}, after its last day of use {record.terminated}; "
                "never valid, so it is kept with this release and left out of the catalogue"
            )
        elif record.added is None:
            warnings.append(f"{record.code}: no added date; it counts as valid from the beginning")
    return warnings


def warnings_about_the_period(release: Release, records: Sequence[LayoutRecord]) -> list[str]:
    """Whether the file is of another quarter than it is loaded as: of a release, the newest codes begin with it."""
    newest = max((record.added for record in records if record.added), default=None)
    if newest is None or not release.is_complete or len(records) < FEWEST_OF_A_RELEASE:
        return []
    begins = release.in_force_from
    ends = date(begins.year + begins.month // 10, (begins.month + 2) % 12 + 1, 1)
    if begins <= newest < ends:
        return []
    meant = f"{QUARTER_MONTHS[(newest.month + 2) // 3]} {newest.year}"
    doubt = (
        f"It is loaded as {release.label}, but its newest codes were added on {newest}, as in a release of {meant}. "
        "If the file's name is wrong, load it with the right year and quarter."
    )
    return [doubt]


def _each(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (str(value),)


def _in_records(count: int) -> str:
    return "in 1 record" if count == 1 else f"in {count:,} records"

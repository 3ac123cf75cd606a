"""After each import only the strings that it can have changed are derived anew; the catalogue must not show it."""

from datetime import date
from typing import NamedTuple

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hcpcs.models import LAYOUT_FIELDS, Code, Release
from hcpcs.parsing.record import LayoutRecord, ParsedFile
from hcpcs.services.derive_catalogue import derive_catalogue
from hcpcs.services.import_release import store_release

pytestmark = pytest.mark.django_db

BLANK = dict.fromkeys(LayoutRecord._fields, "") | dict.fromkeys(
    ("pricing_indicators", "cim_references", "mcm_references", "lab_certifications", "cross_references",
     "types_of_service"), ()
) | dict.fromkeys(("asc_effective", "mog_effective", "anesthesia_base_units", "added", "action_effective",
                   "terminated"))  # fmt: skip


class Said(NamedTuple):
    """What a release says of a string."""

    added: date | None
    terminated: date | None
    description: str
    coverage: str


# A few days and words, so that releases often agree and often contradict each other.
DAYS = st.sampled_from([None, date(2018, 1, 1), date(2020, 1, 1), date(2020, 7, 1), date(2021, 1, 1), date(2022, 4, 1)])
SAID = st.builds(Said, DAYS, DAYS, st.sampled_from(["A bed", "a BED", "A chair", "A lamp"]), st.sampled_from("CDM"))
PERIODS = [(year, quarter) for year in range(2019, 2023) for quarter in (None, 1, 2, 3, 4)]
RELEASES = st.lists(
    st.tuples(
        st.sampled_from(PERIODS),
        st.dictionaries(st.sampled_from(["E0001", "E0002", "A1"]), SAID, min_size=1),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda release: (release[0], release[2]),
)
# What a release repeats of the one drawn before it.
REPEATS = st.lists(st.booleans(), min_size=18, max_size=18)


def catalogue() -> list[tuple[object, ...]]:
    return list(Code.objects.order_by("pk").values_list("pk", *LAYOUT_FIELDS, "first_release_id", "last_release_id"))


def load(number: int, period: tuple[int, int | None], said: dict[str, Said], *, is_complete: bool) -> None:
    year, quarter = period
    records = [
        LayoutRecord(
            **BLANK
            | {
                "kind": "modifier" if len(code) == 2 else "code",
                "code": code,
                "long_description": what.description,
                "added": what.added,
                "terminated": what.terminated,
                "coverage": what.coverage,
            }
        )
        for code, what in said.items()
    ]
    release = Release(
        year=year, quarter=quarter, revision=1, is_complete=is_complete, file_name="x", sha256=str(number).rjust(64)
    )
    store_release(release=release, parsed=ParsedFile(records=records))


@settings(max_examples=120, deadline=None)
@given(RELEASES, REPEATS)
def test_it_is_the_catalogue_that_deriving_everything_gives(
    releases: list[tuple[tuple[int, int | None], dict[str, Said], bool]], repeats: list[bool]
) -> None:
    with transaction.atomic():
        before: dict[str, Said] = {}
        for number, (period, drawn, is_complete) in enumerate(releases):
            # CMS's releases repeat nearly everything, and what is repeated is what is not derived anew.
            said = {
                code: before[code] if code in before and repeats[3 * number + place] else what
                for place, (code, what) in enumerate(drawn.items())
            }
            load(number, period, said, is_complete=is_complete)
            before |= said
            quick = catalogue()
            changes = derive_catalogue()
            assert (changes.added, changes.changed, changes.removed) == ([], [], [])
            assert catalogue() == quick
        transaction.set_rollback(True)


def test_a_release_in_between_changes_nothing_of_what_its_neighbours_say_alike() -> None:
    same = {"E0001": Said(date(2018, 1, 1), None, "A bed", "C")}
    load(1, (2019, None), same, is_complete=True)
    load(3, (2021, 1), same, is_complete=True)
    before = catalogue()
    load(2, (2020, 1), {"E0001": same["E0001"]._replace(coverage="M")}, is_complete=True)
    assert catalogue() == before
    assert derive_catalogue().changed == []


def test_an_excerpt_in_between_is_not_overlooked() -> None:
    """The string ended in the excerpt, and was used again after it: the complete releases around it do not say so."""
    load(1, (2019, 1), {"E0001": Said(date(2018, 1, 1), None, "A bed", "C")}, is_complete=True)
    load(2, (2020, 1), {"E0001": Said(date(2018, 1, 1), date(2020, 3, 31), "A bed", "C")}, is_complete=False)
    load(3, (2020, 3), {"E0001": Said(date(2018, 1, 1), None, "A bed", "C")}, is_complete=True)
    quick = catalogue()
    assert derive_catalogue().changed == []
    assert catalogue() == quick


def test_meanings_that_trade_their_dates_do_not_collide() -> None:
    """An older release shows that the excerpt corrects it: each of the two meanings gets the other's added date."""
    load(1, (2021, None), {"E0001": Said(date(2020, 1, 1), date(2022, 4, 1), "A chair", "C")}, is_complete=True)
    load(2, (2021, 1), {"E0001": Said(date(2018, 1, 1), date(2018, 1, 1), "A chair", "C")}, is_complete=False)
    load(3, (2019, 3), {"E0001": Said(date(2020, 1, 1), None, "a BED", "D")}, is_complete=True)
    assert [code.added for code in Code.objects.order_by("added")] == [date(2018, 1, 1), date(2020, 1, 1)]

"""Any edit of history is found and located: in the tables, by the command; in an export, by the script."""

import copy
import importlib.util
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from pcl.models import Listing, ListingChange, RegisterEntry
from pcl.queries.chain_check import Fault, KnownHash, faults_in
from pcl.services.changes import FIRST_PREVIOUS_HASH, hash_of_change, instant_text
from pcl.services.end_date_listing import end_date_listing
from tests.factories.register import publish

SCRIPT = settings.BASE_DIR / "docs" / "verify_changes.py"
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
LENGTH = 9


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify_changes", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


VERIFY = script()


def a_chain() -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = []
    previous = FIRST_PREVIOUS_HASH
    for seq in range(1, LENGTH + 1):
        change: dict[str, Any] = {
            "seq": seq,
            "at": BEGIN + timedelta(days=seq),
            "kind": "listed" if seq < 5 else "corrected",
            "listing": seq if seq < 5 else seq - 4,
            "before": None if seq < 5 else {"product": "Öld", "id": seq - 4},
            "after": {"product": f"Prodüct {seq}", "id": seq, "model_number": None},
            "reason": f"Reason {seq}",
            "previous_hash": previous,
        }
        previous = change["hash"] = hash_of_change(**change)
        changes.append(change)
    return changes


CHAIN = a_chain()
HEAD = CHAIN[-1]


def as_told(change: dict[str, Any]) -> dict[str, Any]:
    """As the API tells it."""
    return {**change, "at": instant_text(change["at"])}


def first_fault_of_the_command(changes: list[dict[str, Any]]) -> int | None:
    known = [KnownHash(HEAD["seq"], HEAD["hash"])]
    return next((fault.seq for fault in faults_in(changes, known=known)), None)


def first_fault_of_the_script(changes: list[dict[str, Any]]) -> int | None:
    lines = iter([json.dumps(as_told(change), ensure_ascii=False) for change in changes])
    told = VERIFY.changes_in(lines, "the export")
    return next((seq for seq, _ in VERIFY.faults_in(told, known={HEAD["seq"]: HEAD["hash"]})), None)


def another(value: Any) -> Any:
    match value:
        case bool() | None:
            return {"product": "New"}
        case int():
            return value + 1
        case str():
            return f"{value} "
        case datetime():
            return value + timedelta(microseconds=1)
        case _:
            return {**value, "product": f"{value['product']}."}


FIELD = st.sampled_from(["seq", "at", "kind", "listing", "before", "after", "reason", "previous_hash", "hash"])
PLACE = st.integers(min_value=0, max_value=LENGTH - 1)


@st.composite
def edited(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The chain after one to three edits: of a field, a removal, an insertion, an exchange."""
    changes = copy.deepcopy(CHAIN)
    for _ in range(draw(st.integers(min_value=1, max_value=3))):
        place = draw(PLACE) % max(1, len(changes))
        match draw(st.sampled_from(["field", "field", "remove", "insert", "swap"])):
            case "field" if changes:
                field = draw(FIELD)
                changes[place][field] = another(changes[place][field])
            case "remove" if changes:
                del changes[place]
            case "insert":
                forged = copy.deepcopy(draw(st.sampled_from(CHAIN)))
                if draw(st.booleans()):
                    # With a fingerprint that is right for what it says.
                    forged["reason"] = "Forged."
                    forged["hash"] = hash_of_change(**{key: value for key, value in forged.items() if key != "hash"})
                changes.insert(place, forged)
            case "swap" if changes:
                other = draw(PLACE) % len(changes)
                changes[place], changes[other] = changes[other], changes[place]
            case _:
                pass
    return changes


def first_difference(changes: list[dict[str, Any]]) -> int | None:
    """The number of the change in whose place something else stands first."""
    for place, original in enumerate(CHAIN):
        if place >= len(changes) or changes[place] != original:
            return place + 1
    return LENGTH + 1 if len(changes) > LENGTH else None


def is_located(found: int | None, changes: list[dict[str, Any]]) -> bool:
    where = first_difference(changes)
    if where is None:
        return found is None
    if where == LENGTH + 1:
        # What follows the last change that was noted may be a change made since; a forged one rarely fits.
        return found in {where, changes[LENGTH]["seq"]}
    # A change put in that bears the number and the link of the one it displaces, and fits what it says, can only be
    # told from that one by what follows: then the fault shows at the next place.
    told = changes[where - 1] if where <= len(changes) else None
    fits = told is not None and (
        told["seq"] == where
        and told["previous_hash"] == CHAIN[where - 1]["previous_hash"]
        and hash_of_change(**{key: value for key, value in told.items() if key != "hash"}) == told["hash"]
    )
    if fits:
        return found is not None and where <= found <= where + 1
    if where > len(changes):
        # Cut off at the end: the fingerprint noted of the last change says so.
        return found == HEAD["seq"]
    return found == where


@given(edited())
def test_any_edit_is_found_and_located_by_the_command(changes: list[dict[str, Any]]) -> None:
    assert is_located(first_fault_of_the_command(changes), changes)


@given(edited())
def test_any_edit_is_found_and_located_by_the_script(changes: list[dict[str, Any]]) -> None:
    assert is_located(first_fault_of_the_script(changes), changes)


def test_a_chain_calculated_anew_is_found_by_a_fingerprint_noted_earlier() -> None:
    changes = copy.deepcopy(CHAIN)
    changes[3]["reason"] = "Another."
    previous = changes[2]["hash"]
    for change in changes[3:]:
        change["previous_hash"] = previous
        previous = change["hash"] = hash_of_change(**{key: value for key, value in change.items() if key != "hash"})

    assert list(faults_in(changes)) == []
    assert [fault.seq for fault in faults_in(changes, known=[KnownHash(6, CHAIN[5]["hash"])])] == [6]
    assert [fault.seq for fault in faults_in(changes, known=[KnownHash(3, CHAIN[2]["hash"])])] == []


# In the tables


@pytest.fixture
def register() -> list[Listing]:
    listings = [publish(f"Product {number}", model_number=f"M-{number}") for number in range(1, 4)]
    end_date_listing(listing=listings[0], last_day=date(2024, 12, 31), reason="Withdrawn.", by=None)
    return listings


def verified(*arguments: str) -> tuple[int, str]:
    """Exit code and output of the command."""
    out = StringIO()
    try:
        call_command("verify_changes", *arguments, stdout=out, stderr=StringIO())
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def behind_the_registers_back(sql: str, *values: Any) -> None:
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        # What the database would refuse at commit, a forger with all rights would have switched off.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.django_db
def test_an_honest_register_passes(register: list[Listing]) -> None:
    last = ListingChange.objects.order_by("-seq").first()
    assert last
    assert verified("--known", f"4:{last.hash}") == (
        0,
        f"4 changes, unbroken; every listing is what its newest change says. Note for next time: 4:{last.hash}\n",
    )


@pytest.mark.django_db
def test_an_empty_register_passes() -> None:
    assert verified() == (0, "There are no changes yet.\n")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sql", "told"),
    [
        (
            "UPDATE pcl_listingchange SET reason = 'Better.' WHERE seq = 2",
            ["Change 2: Change 2 was altered: its fields do not have the fingerprint that it carries."],
        ),
        (
            "UPDATE pcl_listingchange SET at = at + interval '1 microsecond' WHERE seq = 4",
            ["Change 4: Change 4 was altered: its fields do not have the fingerprint that it carries."],
        ),
        (
            "UPDATE pcl_listingchange SET hash = repeat('a', 64) WHERE seq = 2",
            [
                "Change 2: Change 2 was altered: its fields do not have the fingerprint that it carries.",
                "Change 3: Change 3 does not carry the fingerprint of the change told before it.",
            ],
        ),
        (
            "DELETE FROM pcl_listingchange WHERE seq = 2",
            [
                "Change 2: Change 2 is missing, or told later than 3.",
                "Change 3: Change 3 does not carry the fingerprint of the change told before it.",
                "Change 0: Listing {1} has had 1 changes, and the last of them is missing.",
            ],
        ),
        (
            "DELETE FROM pcl_listingchange WHERE seq = 4",
            ["Change 1: Listing {0} has had 2 changes, and the last of them is missing."],
        ),
        (
            "UPDATE pcl_registerentry SET product = 'Another' WHERE listing_id = {2}",
            ["Change 3: What search shows of listing {2} is not what change 3, its newest, says."],
        ),
        (
            "UPDATE pcl_product SET name = 'Another' WHERE name = 'Product 3'",
            ["Change 3: Listing {2} is not what change 3, its newest, says."],
        ),
        (
            "UPDATE pcl_productmodel SET model_number = '' WHERE model_number = 'M-2'",
            ["Change 2: Listing {1} is not what change 2, its newest, says."],
        ),
        (
            "DELETE FROM pcl_registerentry WHERE listing_id = {1}",
            ["Change 2: What search shows of listing {1} is not what change 2, its newest, says."],
        ),
    ],
)
def test_an_edit_in_the_tables_is_found(register: list[Listing], sql: str, told: list[str]) -> None:
    numbers = [listing.pk for listing in register]

    behind_the_registers_back(sql.format(*numbers))

    assert verified() == (1, "".join(f"{line.format(*numbers)}\n" for line in told))


@pytest.mark.django_db
def test_two_changes_that_were_exchanged_are_found(register: list[Listing]) -> None:
    fields = ["at", "kind", "listing_id", "version", "before", "after", "reason", "previous_hash", "hash"]
    columns = ", ".join(f'"{field}"' for field in fields)
    behind_the_registers_back(
        f"""
        CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM pcl_listingchange WHERE seq IN (2, 3);
        DELETE FROM pcl_listingchange WHERE seq IN (2, 3);
        INSERT INTO pcl_listingchange (seq, {columns}) SELECT 5 - seq, {columns} FROM kept
        """  # noqa: S608
    )

    code, told = verified()

    assert code == 1
    assert told.startswith("Change 2: Change 2 was altered")
    assert "Change 3: Change 3 was altered" in told


@pytest.mark.django_db
def test_a_listing_with_more_changes_than_it_counts_is_found(register: list[Listing]) -> None:
    entry = RegisterEntry.objects.get(pk=register[0].pk)
    behind_the_registers_back("UPDATE pcl_listing SET version = 1 WHERE id = %s", entry.pk)

    assert verified() == (
        1,
        f"Change 1: Listing {entry.pk} counts 1 changes, but its newest, change 4, is number 2.\n",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("noted", ["4", "x:y", "4:abc", f"-1:{'a' * 64}"])
def test_a_fingerprint_that_is_none_is_refused_in_words(noted: str) -> None:
    with pytest.raises(CommandError, match="write the number of a change and its fingerprint"):
        call_command("verify_changes", f"--known={noted}")


@pytest.mark.django_db
def test_many_faults_are_counted_not_listed(register: list[Listing]) -> None:
    for number in range(30):
        publish(f"More {number}")
    behind_the_registers_back("UPDATE pcl_listingchange SET reason = 'Better.'")

    code, told = verified()
    assert code == 1
    assert told.splitlines()[-1] == "and 14 more (--all lists them)"
    assert len(told.splitlines()) == 21
    assert len(verified("--all")[1].splitlines()) == 34


# From an export, by the script as a process of its own


def run(*arguments: str, given: str = "") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *arguments], input=given, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def export(client: Client, register: list[Listing]) -> list[dict[str, Any]]:
    return client.get("/api/v1/changes/").json()["results"]


@pytest.mark.django_db
def test_the_script_verifies_an_export(export: list[dict[str, Any]], tmp_path: Path) -> None:
    lines = "".join(f"{json.dumps(change)}\n" for change in export)
    said = f"4 changes, unbroken. Note for next time: 4:{export[-1]['hash']}\n"
    (tmp_path / "changes.ndjson").write_text(lines)
    (tmp_path / "page.json").write_text(json.dumps({"count": 4, "results": export}, indent=1))
    (tmp_path / "first.json").write_text(json.dumps({"results": export[:2]}))
    (tmp_path / "second.json").write_text(json.dumps({"results": export[2:]}))

    assert run(str(tmp_path / "changes.ndjson"), "--known", f"2:{export[1]['hash']}") == (0, said, "")
    assert run(str(tmp_path / "page.json")) == (0, said, "")
    assert run(str(tmp_path / "first.json"), str(tmp_path / "second.json")) == (0, said, "")
    assert run("-", given=lines) == (0, said, "")
    assert run(str(tmp_path / "second.json"), "--after", f"2:{export[1]['hash']}")[0] == 0
    assert run(str(tmp_path / "second.json"))[0] == 1
    assert run("-", given="") == (0, "There are no changes to check.\n", "")


@pytest.mark.django_db
def test_the_script_says_where_an_export_was_edited(export: list[dict[str, Any]]) -> None:
    export[2]["after"]["product"] = "Another"
    code, told, _ = run("-", given="".join(f"{json.dumps(change)}\n" for change in export))

    assert code == 1
    assert told.splitlines() == [
        "change 3: altered: its fields do not have the fingerprint that it carries",
        "HISTORY WAS EDITED: 1 faults in 4 changes, the first of them above.",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("no json", "standard input is neither JSON nor one change in each line"),
        ('{"count": 0}', "standard input holds no list of changes"),
        ('{"results": [{"seq": 1}]}', "standard input, change 1 is no change: it must have"),
        (f"{json.dumps(as_told(CHAIN[0]))}\n{{", "standard input, line 2 is not JSON"),
        (json.dumps({**as_told(CHAIN[0]), "seq": "1"}), "standard input, first change is no change: its number"),
        ("[" * 100_000, "standard input is neither JSON nor one change in each line"),
    ],
)
def test_the_script_says_what_it_cannot_read(given: str, said: str) -> None:
    code, told, complained = run("-", given=given)

    assert (code, told) == (2, "")
    assert complained.startswith(f"Not checked to the end. {said}")


def test_the_script_names_a_file_that_is_not_there() -> None:
    assert run("/nowhere/changes.ndjson") == (
        2,
        "",
        "Not checked to the end. /nowhere/changes.ndjson: No such file or directory\n",
    )


@pytest.mark.django_db(transaction=True)
def test_the_script_reads_the_register_page_by_page(live_server: Any) -> None:
    for number in range(5):
        publish(f"Product {number}")
    changes = list(ListingChange.objects.order_by("seq"))
    address = f"{live_server.url}/api/v1/changes/?limit=2"

    assert run(address) == (0, f"5 changes, unbroken. Note for next time: 5:{changes[4].hash}\n", "")
    assert run(address, "--after", f"3:{changes[2].hash}")[:2] == (
        0,
        f"2 changes, unbroken. Note for next time: 5:{changes[4].hash}\n",
    )


@pytest.mark.django_db
def test_the_register_offers_the_script(client: Client) -> None:
    response = client.get("/changes/verify_changes.py")

    assert response.content == SCRIPT.read_bytes()
    assert response["Content-Disposition"] == 'attachment; filename="verify_changes.py"'


def test_a_fault_says_where_it_is() -> None:
    assert list(faults_in([CHAIN[0], CHAIN[3]])) == [
        Fault(2, "Changes 2 to 3 are missing, or told later than 4."),
        Fault(4, "Change 4 does not carry the fingerprint of the change told before it."),
    ]

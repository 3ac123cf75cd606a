from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hcpcs.queries.codes import Status, latest_meaning, search_codes
from hcpcs.queries.releases import record_history
from hcpcs.services.import_release import import_release
from tests.hcpcs.files import first_line, release_file

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def catalogue(tmp_path: Path) -> None:
    lines = [
        first_line("GY", "Item statutorily excluded"),
        first_line("A6549", "Gradient compression garment, not otherwise specified"),
        first_line("E0601", "Continuous positive airway pressure (cpap) device"),
        first_line("E0610", "Pacemaker monitor, self-contained, checks battery depletion/other"),
        first_line("K1032", "Non-pneumatic sequential compression garment, full leg", terminated="20231231"),
        first_line("K9999", "Compression garments of tomorrow", added="20270101"),
    ]
    import_release(path=release_file(tmp_path, lines, name="HCPC2026_OCT_ANWEB.txt"))


def found(q: str = "", status: Status = "all", **conditions: Any) -> list[str]:
    return [code.code for code in search_codes(q=q, on=TODAY, status=status, **conditions)]


@pytest.mark.parametrize(
    ("q", "codes"),
    [
        ("E06", ["E0601", "E0610"]),
        ("e0601", ["E0601"]),
        ("compression", ["A6549", "K1032", "K9999"]),
        ("leg compression", ["K1032"]),
        ("COMPRESS garm", ["A6549", "K1032", "K9999"]),
        ("garments", ["A6549", "K1032", "K9999"]),
        ("non-pneumatic", ["K1032"]),
        ("pneumatic, LEG!", ["K1032"]),
        ("batteries", ["E0610"]),
        ("other depletion", ["E0610"]),
        ("(cpap)", ["E0601"]),
        ("cpap leg", []),
        ("k1032 leg", ["K1032"]),
        ("E0601 the device", []),
        ("   ", ["A6549", "E0601", "E0610", "GY", "K1032", "K9999"]),
    ],
)
def test_words_and_beginnings(q: str, codes: list[str]) -> None:
    assert found(q) == codes


@pytest.mark.parametrize(
    ("status", "codes"),
    [
        ("current", ["A6549"]),
        ("ended", ["K1032"]),
        ("future", ["K9999"]),
        ("all", ["A6549", "K1032", "K9999"]),
    ],
)
def test_status_on_a_date(status: Status, codes: list[str]) -> None:
    assert found("compression", status) == codes


def test_unknown_status_is_refused() -> None:
    with pytest.raises(ValueError, match="current, ended, future or all"):
        found(status="active")  # type: ignore[arg-type]


def test_kind() -> None:
    assert found(kind="modifier") == ["GY"]


@pytest.mark.parametrize(
    "q",
    [
        "!!!",
        "&|()<->:*",
        "'",
        "\\",
        "%",
        "_",
        "\x00",
        "é",
        "x" * 10_000,
        "a " * 5_000,
        "the of",
        ":* & !",
        "\U0001f600",
    ],
)
def test_odd_input_is_answered(q: str) -> None:
    assert len(found(q)) <= 6


def test_punctuation_finds_nothing_rather_than_everything() -> None:
    assert found("?!") == []


@pytest.mark.parametrize("code", ["", "\x00", "K1032\x00", "x" * 10_000, "'; DROP"])
def test_odd_codes_are_answered(code: str) -> None:
    assert (latest_meaning(code) is not None) is (code == "K1032\x00")
    assert bool(record_history(code)) is (code == "K1032\x00")

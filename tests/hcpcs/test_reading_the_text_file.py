from datetime import date

from hcpcs.models import LAYOUT_FIELDS
from hcpcs.parsing.record import LayoutRecord, ParsedFile
from hcpcs.parsing.text import parse_text
from tests.hcpcs.files import A1, E0193, K0800, continuation, first_line


def read(*lines: str, end: str = "\r\n") -> ParsedFile:
    return parse_text("".join(line + end for line in lines).encode("cp1252"))


def test_record_has_the_layouts_fields_in_order() -> None:
    assert LayoutRecord._fields == LAYOUT_FIELDS


def test_every_field_of_a_real_line() -> None:
    [record] = read(E0193).records
    assert record == LayoutRecord(
        kind="code",
        code="E0193",
        sequence_number="00100",
        long_description="Powered air flotation bed (low air loss therapy)",
        short_description="Powered air flotation bed",
        pricing_indicators=("36",),
        multiple_pricing_indicator="A",
        cim_references=(),
        mcm_references=(),
        statute="",
        lab_certifications=(),
        cross_references=(),
        coverage="C",
        asc_group="",
        asc_effective=None,
        mog_group="",
        mog_indicator="",
        mog_effective=None,
        processing_note="",
        betos="D1E",
        types_of_service=("R",),
        anesthesia_base_units=0,
        added=date(1990, 1, 1),
        action_effective=date(1993, 1, 1),
        terminated=None,
        action_code="N",
    )


def test_modifier_stands_in_positions_4_and_5() -> None:
    [record] = read(A1).records
    assert (record.kind, record.code, record.added) == ("modifier", "A1", date(2002, 7, 1))


def test_pieces_of_a_description_are_stripped_and_joined_by_one_space() -> None:
    [record] = read(K0800, continuation("K0800", "  including 300 pounds  ")).records
    assert record.long_description == (
        "Power operated vehicle, group 1 standard, patient weight capacity up to and including 300 pounds"
    )


def test_modifier_description_continues_on_record_type_8() -> None:
    [record] = read(first_line("AB", "Audiology service"), continuation("AB", "without an order")).records
    assert record.long_description == "Audiology service without an order"


def test_preamble_is_passed_over() -> None:
    parsed = read("\t\t", "", "***Disclaimers\xa0", "*Inclusion does not imply coverage", first_line("E0001"))
    assert [record.code for record in parsed.records] == ["E0001"]
    assert (parsed.preamble_lines, parsed.skipped) == (4, [])


def test_short_continuation_line_is_padded() -> None:
    trimmed = continuation("G8891", "appropriate").rstrip()
    parsed = read(first_line("G8891", "Reason not clinically"), trimmed, first_line("G8892"))
    assert parsed.records[0].long_description == "Reason not clinically appropriate"
    assert parsed.skipped == []


def test_line_trimmed_after_the_action_code_is_whole() -> None:
    assert len(read(E0193, K0800, end="\n").records) == 2


def test_repeating_fields_keep_the_order_and_drop_blanks_at_the_end() -> None:
    [record] = read(first_line("E0001", pricing="0011", xref="99999AM")).records
    assert record.pricing_indicators == ("00", "11")
    assert record.cross_references == ("99999", "AM")


def test_last_day_is_read() -> None:
    [record] = read(first_line("K1032", added="20220401", terminated="20231231", action="20240101")).records
    assert (record.added, record.terminated, record.action_effective) == (
        date(2022, 4, 1),
        date(2023, 12, 31),
        date(2024, 1, 1),
    )


def test_cpt_and_cdt_codes_are_dropped_and_counted_with_their_continuations() -> None:
    parsed = read(
        first_line("99213"),
        continuation("99213", "office visit"),
        first_line("0001F"),
        first_line("0042T"),
        first_line("D0120"),
        first_line("E0001"),
    )
    assert [record.code for record in parsed.records] == ["E0001"]
    assert (parsed.copyrighted, parsed.skipped) == (4, [])


def test_line_with_an_impossible_date_is_reported_by_number_and_the_rest_is_read() -> None:
    parsed = read(
        first_line("E0001"), first_line("E0002", added="20191332"), continuation("E0002", "x"), first_line("E0003")
    )
    assert [record.code for record in parsed.records] == ["E0001", "E0003"]
    [skipped] = parsed.skipped
    assert skipped.number == 2
    assert "code added date is '20191332'" in skipped.reason


def test_line_that_is_no_record_is_reported_by_number() -> None:
    parsed = read(first_line("E0001"), "Page 2 of the file", "", first_line("E0003"))
    assert [skipped.number for skipped in parsed.skipped] == [2]
    assert len(parsed.records) == 2


def test_first_line_cut_in_the_middle_of_the_file_is_reported() -> None:
    parsed = read(first_line("E0001"), first_line("E0002")[:200], first_line("E0003"))
    assert [(line.number, "200 characters" in line.reason) for line in parsed.skipped] == [(2, True)]


def test_code_that_stands_twice_is_kept_once_and_reported() -> None:
    parsed = read(first_line("E0001", "First"), first_line("E0001", "Second"), continuation("E0001", "more"))
    assert [record.long_description for record in parsed.records] == ["First"]
    assert [line.number for line in parsed.skipped] == [2]


def test_continuation_of_another_code_is_reported() -> None:
    parsed = read(first_line("E0001", "First"), continuation("E0002", "astray"))
    assert [record.long_description for record in parsed.records] == ["First"]
    assert [line.number for line in parsed.skipped] == [2]

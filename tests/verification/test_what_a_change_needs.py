"""What a change to a listed product needs: each row of changes.toml, on both sides of its dates and codes."""

from datetime import date

import pytest

from verification.kinds import changes_to_choose, what_a_change_needs

LATER = date(2015, 1, 1)
SADMERC = date(2008, 7, 31)
NEW = "new_application"


@pytest.mark.parametrize(
    ("change", "code", "coded_on", "kind", "why"),
    [
        ("models-added", "L1832", SADMERC, NEW, "before August 1, 2008"),
        ("models-added", "L1832", date(2008, 8, 1), "model_addition", "attestation on your letterhead"),
        ("maker-renamed", "L1832", SADMERC, NEW, "before August 1, 2008"),
        ("maker-renamed", "L1832", date(2008, 8, 1), "name_change", "attestation of the change of name"),
        ("maker-renamed", "K0823", LATER, "name_change", "attestation of the change of name"),
        ("models-added", "L0650", date(2010, 5, 14), NEW, "spinal orthosis"),
        ("models-added", "L0650", date(2010, 5, 15), "model_addition", "attestation on your letterhead"),
        ("models-added", "L0450", date(2010, 5, 14), NEW, "spinal orthosis"),
        ("models-added", "L0172", date(2010, 5, 14), "model_addition", "attestation on your letterhead"),
        ("models-added", "K0800", LATER, NEW, "power mobility device"),
        ("models-added", "K0898", LATER, NEW, "power mobility device"),
        ("models-added", "K0005", LATER, "model_addition", "attestation on your letterhead"),
        ("size-changed", "A6021", LATER, NEW, "surgical dressing"),
        ("size-changed", "E0371", LATER, "model_addition", "Sizes of one product"),
        ("name-changed", "E0371", LATER, NEW, "new product name"),
        ("maker-changed", "E0371", LATER, NEW, "changed with the manufacturer"),
        ("product-changed", "E0371", LATER, NEW, "another product"),
        ("reinstate", "E0371", LATER, NEW, "end date"),
        ("discontinued", "E0371", SADMERC, "listing_update", "as it was reviewed"),
        ("correct", "K0823", LATER, "listing_update", "as it was reviewed"),
    ],
)
def test_each_rule(change: str, code: str, coded_on: date, kind: str, why: str) -> None:
    need = what_a_change_needs(change=change, codes=["Z9999", code], coded_on=coded_on)
    assert need.kind == kind
    assert why in need.why
    assert need.source.startswith("DOMAIN 1.")


@pytest.mark.parametrize("change", [key for key, _ in changes_to_choose()])
def test_every_change_has_an_answer_also_where_the_day_is_not_known(change: str) -> None:
    assert what_a_change_needs(change=change, codes=["E0371"], coded_on=None).why


def test_a_change_that_is_in_no_list() -> None:
    with pytest.raises(KeyError):
        what_a_change_needs(change="painted", codes=["E0371"], coded_on=LATER)

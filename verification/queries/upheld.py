"""How the determination of a reconsideration compares with the one that it reconsiders."""

from verification.models import Determination
from verification.queries.drafted import drafted


def is_upheld(determination: Determination) -> bool:
    """Whether it assigns exactly the codes that the first one did, to the same models.

    Found out once for each instance, as `drafted`, since guards, letter and page ask for the same.
    """
    first = determination.application.reconsiders
    assert first is not None, "only a reconsideration upholds or revises"  # noqa: S101
    known: bool | None = getattr(determination, "_is_upheld", None)
    if known is None:
        known = _same_codes(determination, first)
        determination._is_upheld = known  # type: ignore[attr-defined]  # noqa: SLF001
    return known


def _same_codes(determination: Determination, first: Determination) -> bool:
    said = {(each.model.normalized, row.code_id) for each in drafted(determination).models for row in each.codes}
    return said == set(first.codes.values_list("model__normalized", "code_id"))

"""How the determination of a reconsideration compares with the one that it reconsiders."""

from verification.models import Determination
from verification.queries.drafted import drafted


def is_upheld(determination: Determination) -> bool:
    """Whether it assigns exactly the codes that the first one did, to the same models."""
    first = determination.application.reconsiders
    assert first is not None, "only a reconsideration upholds or revises"  # noqa: S101
    said = {(each.model.normalized, row.code_id) for each in drafted(determination).models for row in each.codes}
    return said == codes_of_the_first(first)


def codes_of_the_first(first: Determination) -> set[tuple[str, int]]:
    """Normalized model number and code's key. Asked once for each instance: what was published stays as it is."""
    known: set[tuple[str, int]] | None = getattr(first, "_codes_of_the_first", None)
    if known is None:
        known = set(first.codes.values_list("model__normalized", "code_id"))
        first._codes_of_the_first = known  # type: ignore[attr-defined]  # noqa: SLF001
    return known

"""How the determination of a reconsideration compares with the one that it reconsiders."""

from verification.models import Determination


def is_upheld(determination: Determination) -> bool:
    """Whether it assigns exactly the codes that the first one did, to the same models."""
    first = determination.application.reconsiders
    assert first is not None, "only a reconsideration upholds or revises"  # noqa: S101
    return _said(determination) == _said(first)


def _said(determination: Determination) -> set[tuple[str, int]]:
    return set(determination.codes.values_list("model__normalized", "code_id"))

from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application


def check(application: Application) -> Iterator[Gap]:
    """An application without evidence of FDA registration, or another required item, is rejected as incomplete."""
    attached = set(application.documents.filter(removed_at=None).values_list("kind", flat=True))
    for kind in application.group.documents:
        if kind.required and kind.key not in attached:
            yield Gap("documents", f"Attach: {kind.label}.", kind.key)

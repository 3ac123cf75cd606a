from collections.abc import Iterator

from verification.checks.gap import Gap
from verification.models import Application, Stands
from verification.queries.evidence import elements


def check(application: Application) -> Iterator[Gap]:
    """Each element of the requested codes: where it is shown, or why it is not."""
    for element in elements(application):
        said, about = element.said, element.row.ask
        field = f"evidence-{element.key}"
        if said is None or not said.stands:
            yield Gap("evidence", f"Say where this is shown: {about}", field)
        elif said.stands != Stands.SHOWN:
            if not said.note:
                yield Gap("evidence", f"Say why it is not met or does not apply: {about}", field)
        elif said.document is None:
            yield Gap("evidence", f"Name the document that shows it: {about}", field)
        elif said.document.removed_at is not None:
            yield Gap("evidence", f"{said.document.name} was removed. Name another document for: {about}", field)
        elif said.page is None:
            yield Gap("evidence", f"Give the page of {said.document.name} that shows it: {about}", field)

"""Links to a page of a document: `{% load documents %}`."""

from django import template
from django.template.context import RequestContext

from verification.models import Document
from verification.queries.document_standing import Scan, scan_of
from verification.viewer import addresses

register = template.Library()


def _door(context: RequestContext) -> addresses.Door:
    """The applicant's link leads an applicant, the contractor's one the contractor's people."""
    # Not `context["request"]`: within an include with `only` there is none.
    request = getattr(context, "request", None)
    match = request.resolver_match if request is not None else None
    return "apply" if match is not None and match.namespace == "apply" else "review"


@register.filter
def scan(document: Document) -> Scan:
    """What is known of its virus scan: `text`, `tag` (the kind of a status tag) and `sentence`."""
    return scan_of(document)


@register.simple_tag(takes_context=True)
def document_at_page(context: RequestContext, document: Document, page: int | None = None) -> str:
    """The address of the page that shows `document`, at this door."""
    return addresses.document_at_page(document, page, door=_door(context))


@register.inclusion_tag("components/document_link.html", takes_context=True)
def document_link(
    context: RequestContext, document: Document, page: int | None = None, text: str = ""
) -> dict[str, object]:
    """A link to `document`, which a viewer on the same page shows at once (static/scripts/document-viewer.js)."""
    door = _door(context)
    return {
        "document": document,
        "page": page,
        "text": text,
        "page_url": addresses.document_at_page(document, page, door=door),
        "frame_url": addresses.frame_at_page(document, page, door=door),
    }

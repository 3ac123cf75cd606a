"""Saving where the requirements of the requested codes are shown, and which size asks for which code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from hcpcs.models import Code
from pcl.text import clean_text
from verification.models import Application, CodeEvidence, Document, Stands
from verification.services.drafts import count_change, open_draft


@dataclass(frozen=True, kw_only=True)
class ElementSaid:
    """What the applicant says of one element. A document and a page go only with `shown`."""

    stands: str = ""
    document: Document | None = None
    page: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class SizeSaid:
    """A size of the product: as on its label, in the group's unit, and the codes requested for it."""

    size: str = ""
    measure: Decimal | None = None
    codes: Iterable[Code] = ()


@transaction.atomic
def save_evidence(*, application: Application, said: Mapping[str, ElementSaid], seen_version: int) -> Application:
    """Save the elements in `said`, by key, complete or not; others stay. Raises NotFromHere or Stale."""
    application = open_draft(application=application, seen_version=seen_version)
    for element, each in said.items():
        shown = each.stands == Stands.SHOWN
        CodeEvidence.objects.update_or_create(
            application=application,
            element=element,
            defaults={
                "stands": each.stands,
                "document": each.document if shown else None,
                "page": each.page if shown else None,
                "note": clean_text(each.note),
            },
        )
    count_change(application, section="evidence")
    return application


@transaction.atomic
def save_sizes(*, application: Application, sizes: Mapping[int, SizeSaid], seen_version: int) -> Application:
    """Save the sizes of the application's models, by the model's key; others stay. Raises NotFromHere or Stale."""
    application = open_draft(application=application, seen_version=seen_version)
    for model in application.models.filter(pk__in=sizes):
        said = sizes[model.pk]
        model.size = clean_text(said.size)
        model.measure = said.measure
        model.save(update_fields=["size", "measure"])
        model.codes.set(said.codes)
    count_change(application, section="sizes")
    return application

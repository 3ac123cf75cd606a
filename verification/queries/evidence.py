"""The elements of the requested codes, with what the applicant said of each."""

from dataclasses import dataclass

from verification.models import Application, ApplicationModel, CodeEvidence, Document
from verification.product_groups import ChecklistRow


@dataclass(frozen=True)
class Element:
    row: ChecklistRow
    codes: tuple[str, ...]
    """Of the requested codes, those that ask it."""
    said: CodeEvidence | None

    @property
    def key(self) -> str:
        return self.row.key


def elements(application: Application) -> list[Element]:
    """Everything that the applicant has to show for the requested codes, in the order of the group's file."""
    if not application.group.asks_for_evidence:
        return []
    said = evidence_by_element(application)
    requested = application.requested_codes.all()
    if not _is_fetched(application, "requested_codes"):
        requested = requested.select_related("code")
    wanted = application.group.elements_for(row.code.code for row in requested)
    return [Element(row=row, codes=codes, said=said.get(row.key)) for row, codes in wanted]


def evidence_by_element(application: Application) -> dict[str, CodeEvidence]:
    if not application.group.asks_for_evidence:
        return {}
    said = application.code_evidence.all()
    if not _is_fetched(application, "code_evidence"):
        said = said.select_related("document")
    return {each.element: each for each in said}


def _is_fetched(application: Application, name: str) -> bool:
    """Whether the page fetched these already, so that they cost no other query."""
    return name in getattr(application, "_prefetched_objects_cache", {})


def attached_documents(application: Application) -> list[Document]:
    """What can be pointed to: attached and not removed, in the order in which the group asks for documents."""
    if application.pk is None:
        return []
    order = [kind.key for kind in application.group.documents]
    attached = application.documents.filter(removed_at=None)
    return sorted(attached, key=lambda each: (order.index(each.kind) if each.kind in order else len(order), each.pk))


def names_of_documents(application: Application) -> dict[int, str]:
    """By key; of documents that are attached now."""
    return {each.pk: each.name for each in attached_documents(application)}


def sized_models(application: Application) -> list[ApplicationModel]:
    return list(application.models.prefetch_related("codes"))


def misfits(application: Application) -> list[tuple[ApplicationModel, str]]:
    """Sizes that lie outside of what a code requested for them says, each with what is wrong."""
    sizes = application.group.sizes
    if sizes is None:
        return []
    found = []
    for model in sized_models(application):
        for code in model.codes.all():
            bound = sizes.bound_of(code.code)
            if bound and model.measure is not None and not bound.fits(model.measure):
                measure = f"{model.measure.normalize():f} {sizes.unit}"
                found.append((model, f"{code.code} is for {bound.in_words(sizes.unit)}; this size is {measure}."))
    return found

"""The rules of the check once more: slow, obvious, and written without looking at the SQL."""

from datetime import date

from hcpcs.models import Code
from pcl.models import Organization, OrganizationName, Product, RegisterEntry, Requirement
from pcl.names import name_key
from pcl.queries.check.line import Line
from pcl.text import fold, normalize_model_number

MOST_LISTINGS = 500


def head(organization: Organization) -> int:
    while organization.merged_into is not None:
        organization = organization.merged_into
    return organization.pk


def heads_named(name: str) -> set[int]:
    key = name_key(name)
    named = [each for each in Organization.objects.all() if each.name_key == key]
    named += [each.organization for each in OrganizationName.objects.all() if each.name_key == key]
    return {head(each) for each in named}


def one_word(name: str) -> str:
    return fold(name).replace(" ", "")


def fits(line: Line, entry: RegisterEntry) -> bool:
    model = entry.listing.model
    product: Product = model.product
    if line.manufacturer:
        its = {head(each) for each in (product.manufacturer, product.distributor) if each}
        if not its & heads_named(line.manufacturer):
            return False
    if line.product:
        names = [product.name, *(each.name for each in product.names.all())]
        if one_word(line.product) not in map(one_word, names):
            return False
    return not line.model_number or normalize_model_number(line.model_number) == model.normalized


def can_be_billed(entry: RegisterEntry, day: date) -> bool:
    ends = entry.effective_to
    return entry.effective_from <= day and (ends is None or day <= ends) and entry.code_meaning.valid_on(day)


def everything_listed() -> list[RegisterEntry]:
    return list(
        RegisterEntry.objects.select_related(
            "code_meaning",
            "listing__model__product__manufacturer__merged_into",
            "listing__model__product__distributor__merged_into",
        ).prefetch_related("listing__model__product__names")
    )


def reference(line: Line, listed: list[RegisterEntry]) -> tuple[str, list[int]]:  # noqa: PLR0911  # one per answer
    """The answer, and the listings that it cites where it is one of the first two."""
    meanings = [code for code in Code.objects.filter(kind="code") if code.code == line.code]
    if not meanings:
        return "unknown_code", []
    valid = [code for code in meanings if code.valid_on(line.day)]
    if not valid:
        return "code_not_valid", []
    meant = max(valid, key=lambda code: (code.added or date.min, code.pk))
    required = any(
        requirement.in_force_from in (None, *_before(requirement.in_force_from, line.day))
        and (requirement.in_force_to is None or line.day <= requirement.in_force_to)
        for requirement in Requirement.objects.filter(code=meant)
    )
    if not (line.manufacturer or line.product or line.model_number):
        return ("ambiguous" if required else "verification_not_required"), []
    entries = [entry for entry in listed if fits(line, entry)]
    models = {entry.listing.model_id for entry in entries}
    if len(entries) > MOST_LISTINGS:
        return "ambiguous", []
    open_ = [entry for entry in entries if can_be_billed(entry, line.day)]
    here = {entry.listing.model_id for entry in open_ if entry.code == line.code}
    anywhere = {entry.listing.model_id for entry in open_}
    if models and here == models:
        return "listed", sorted(entry.pk for entry in open_ if entry.code == line.code)
    if models and not here and anywhere == models:
        return "listed_under_other_code", sorted(entry.pk for entry in open_)
    if anywhere:
        return "ambiguous", []
    return ("not_listed" if required else "verification_not_required"), []


def _before(first: date | None, day: date) -> list[date]:
    return [first] if first is not None and first <= day else []

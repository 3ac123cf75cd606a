"""What can be followed by mail, a code, an organization or a product, and how it is called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from hcpcs.queries.codes import latest_meaning
from pcl.models import Organization, Product, RegisterEntry
from pcl.models.change_subject import about_code, about_organization, about_product
from pcl.queries.organization_names import find_organization
from pcl.queries.organizations import public_organizations
from pcl.queries.parameters import LARGEST_NUMBER, BadParameter


@dataclass(frozen=True)
class Followed:
    about: str
    """As ChangeSubject has it."""
    words: str
    """“code K1007”, “Argo Technologies”, “ReWalk by Argo Technologies”."""
    parameter: str
    value: str
    """The parameter of the subscription page that means it."""
    narrowing: Mapping[str, str]
    """The parameters of the changes page that mean it."""

    @property
    def title(self) -> str:
        """The words at the beginning of a line. A name stays as it is."""
        return f"Code {self.value}" if self.parameter == "code" else self.words

    @property
    def changes_path(self) -> str:
        """The changes about it, as a page."""
        return f"{reverse('public:changes')}?{urlencode(self.narrowing)}"


def followed_in(given: Mapping[str, str]) -> Followed | None:
    """What `code`, `organization` (slug or name) or `product` (its number) means; None where none of them is given.

    Raises BadParameter when it means nothing, or more than one of them is given.
    """
    said = {name: given.get(name, "").replace("\x00", "").strip() for name in ("code", "organization", "product")}
    named = [name for name, value in said.items() if value]
    if not named:
        return None
    if len(named) > 1:
        raise BadParameter(named[1], "Follow one thing at a time: leave the code or the organization empty.")
    name, value = named[0], said[named[0]]
    return {"code": _code, "organization": _organization, "product": _product}[name](value)


def followed_of(abouts: Iterable[str]) -> dict[str, Followed]:
    """By `about`, however many there are in a few queries."""
    numbers: dict[str, dict[int, str]] = {"organization": {}, "product": {}}
    found: dict[str, Followed] = {}
    for about in abouts:
        kind, _, value = about.partition(":")
        if kind == "code":
            found[about] = _as_code(value)
        else:
            numbers[kind][int(value)] = about
    if its := numbers["organization"]:
        found |= {
            its[organization.pk]: _as_organization(organization)
            for organization in Organization.objects.filter(pk__in=its)
        }
    if its := numbers["product"]:
        products = Product.objects.filter(pk__in=its).select_related("manufacturer")
        found |= {its[product.pk]: _as_product(product) for product in products}
    return found


def _code(value: str) -> Followed:
    code = value.upper()[:30]
    if latest_meaning(code) is None:
        raise BadParameter("code", f"{code} is not in the catalogue of codes. Write it as on the claim, such as K1007.")
    return _as_code(code)


def _organization(value: str) -> Followed:
    found = public_organizations().filter(slug=value).first()
    if found is None and (named := find_organization(value)):
        found = public_organizations().filter(pk=named.pk).first()
    if found is None:
        raise BadParameter(
            "organization",
            "No organization of that name is on the list. Write its whole name, or follow it from its own page.",
        )
    return _as_organization(found)


def _product(value: str) -> Followed:
    number = int(value) if value.isascii() and value.isdigit() and len(value) < len(str(LARGEST_NUMBER)) else 0
    product = Product.objects.select_related("manufacturer").filter(pk=number).first()
    if product is None or not RegisterEntry.objects.filter(listing__model__product=product).exists():
        raise BadParameter("product", "There is no such product on the list. Follow it from the page of its listing.")
    return _as_product(product)


def _as_code(code: str) -> Followed:
    return Followed(about_code(code), f"code {code}", "code", code, {"code": code})


def _as_organization(found: Organization) -> Followed:
    return Followed(about_organization(found.pk), found.name, "organization", found.slug, {"organization": found.slug})


def _as_product(product: Product) -> Followed:
    words = f"{product.name} by {product.manufacturer.name}"
    narrowing = {"organization": product.manufacturer.slug, "product": product.name}
    return Followed(about_product(product.pk), words, "product", str(product.pk), narrowing)

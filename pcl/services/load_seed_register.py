"""The register as the joint publication of December 28, 2023 left it."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from hcpcs.models import Code
from hcpcs.queries.codes import latest_meaning
from pcl.errors import RegisterError
from pcl.models import Helpline, Listing, Origin, ProductName, Publication, Requirement
from pcl.queries.organization_names import find_organization
from pcl.services.organizations import create_organization
from pcl.services.products import ensure_model, ensure_product
from pcl.services.publish_listing import publish_listing

SEED = Path(__file__).resolve().parents[1] / "seed"


@transaction.atomic
def load_seed_register() -> None:
    """Load pcl/seed/register.toml; what is there already stays as it is. Needs the seed's codes to be loaded.

    Raises RegisterError when a code of the seed is not in the catalogue.
    """
    seed = tomllib.loads((SEED / "register.toml").read_text())
    Helpline.objects.get_or_create(name=seed["helpline"].pop("name"), defaults=seed["helpline"])
    for said in seed["publications"]:
        _load_publication(said)
    for said in seed["requirements"]:
        _load_requirement(said)
    for said in seed["listings"]:
        _load_listing(said)


def _code(code: str) -> Code:
    found = latest_meaning(code)
    if found is None:
        raise RegisterError(f"The code {code} is not in the catalogue. Load the codes first.")
    return found


def _load_publication(said: Mapping[str, Any]) -> None:
    fields = dict(said)
    slug, codes, history = fields.pop("slug"), fields.pop("codes"), fields.pop("history")
    fields["body"] = (SEED / fields.pop("body_file")).read_text()
    publication, is_new = Publication.objects.get_or_create(slug=slug, defaults=fields)
    if is_new:
        publication.codes.set([_code(code) for code in codes])
        for row in history:
            publication.history.create(**row)


def _load_requirement(said: Mapping[str, Any]) -> None:
    fields = dict(said)
    code = _code(fields.pop("code"))
    fields["in_force"] = DateRange(fields.pop("in_force_from"), None)
    fields["publication"] = Publication.objects.get(slug=fields["publication"])
    if not Requirement.objects.filter(code=code, in_force__overlap=fields["in_force"]).exists():
        Requirement.objects.create(code=code, **fields)


def _load_listing(said: Mapping[str, Any]) -> None:
    code = _code(said["code"])
    maker = find_organization(said["manufacturer"]) or create_organization(name=said["manufacturer"])
    product = ensure_product(manufacturer=maker, name=said["product"], classification=said["classification"])
    for name in said["also_known_as"]:
        # Another spelling, with no known days of use.
        ProductName.objects.get_or_create(product=product, name=name, used=DateRange(None, None))
    model = ensure_model(product=product, model_number=said["model_number"])
    if not Listing.objects.filter(model=model, code=code).exists():
        publish_listing(
            model=model,
            code=code,
            begins=said["begins"],
            origin=Origin(said["origin"]),
            comment=said["comment"],
            reason=said["reason"],
        )

"""Writing an application: started, saved section by section, never submitted here."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from hcpcs.models import Code
from pcl.models import Organization
from pcl.text import clean_text, normalize_model_number
from verification.models import Application, ApplicationKind, ApplicationModel, AppliesAs, Representation
from verification.product_groups import group
from verification.workflow.errors import NotFromHere, Stale
from verification.workflow.perform import start
from verification.workflow.states import EDITABLE

if TYPE_CHECKING:
    from accounts.models import User

# The plain fields of each section. Everything else of an application is written by a verb of its own.
SECTION_FIELDS: dict[str, tuple[str, ...]] = {
    "reason": ("reason", "previous_dcn"),
    "manufacturer": (
        "manufacturer_name",
        "manufacturer_address",
        "fda_establishment_number",
        "contact_name",
        "contact_email",
        "contact_phone",
    ),
    "distributor": (
        "distributor_name",
        "distributor_address",
        "distributor_contact_name",
        "distributor_contact_email",
        "distributor_contact_phone",
    ),
    "representative": (
        "representative_name",
        "representative_address",
        "representative_contact_name",
        "representative_contact_email",
        "representative_contact_phone",
    ),
    "product": ("product_name", "description", "first_marketed", "fda_status", "fda_submission_number"),
    "signature": ("signed_name", "signed_title", "attested"),
}


def known_beforehand(
    *,
    organization: Organization,
    person: "User",
    made_by: Organization | None = None,
    applies_as: str = AppliesAs.MANUFACTURER,
) -> dict[str, str]:
    """What a new draft of `person` for `organization` begins with, by field.

    The person stands as contact in the part of the organization to which they belong: A.1, A.2 or A.3.
    """
    side = "distributor" if applies_as == AppliesAs.DISTRIBUTOR else "manufacturer"
    known = {f"{side}_name": organization.name}
    if made_by is not None:
        side = "representative"
        known["representative_name"] = made_by.name
    contact = "contact" if side == "manufacturer" else f"{side}_contact"
    return known | {f"{contact}_name": person.name, f"{contact}_email": person.email}


def start_application(
    *,
    organization: Organization,
    product_group: str,
    by: "User",
    made_by: Organization | None = None,
    applies_as: str = AppliesAs.MANUFACTURER,
) -> Application:
    """A new draft for one product of `organization`, with what is known of the organization and the person filled in.

    `made_by` is the designated representative whose person `by` is; None where `by` is of the organization itself.
    Raises KeyError for an unknown product group.
    """
    chosen = group(product_group)
    known = known_beforehand(organization=organization, person=by, made_by=made_by, applies_as=applies_as)
    return start(
        Application(
            organization=organization,
            made_by=made_by,
            applies_as=applies_as,
            created_by=by,
            product_group=chosen.slug,
            product_group_version=chosen.version,
            **known,
            **(_said_of_oneself(made_by) if made_by else {}),
        ),
        by=by,
    )


def _said_of_oneself(representative: Organization) -> dict[str, str]:
    """Address and telephone, as the representative last gave them."""
    fields = ("representative_address", "representative_contact_phone")
    last = Application.objects.filter(made_by=representative).exclude(representative_address="").order_by("-saved_at")
    return last.values(*fields).first() or {}


@transaction.atomic
def begin_application(
    *,
    organization: Organization,
    product_group: str,
    by: "User",
    made_by: Organization | None = None,
    applies_as: str = AppliesAs.MANUFACTURER,
) -> Application:
    """The draft of `by` in which nothing was said yet, or else a new one: a double click starts one application.

    Raises KeyError for an unknown product group.
    """
    untouched = untouched_draft(
        kind=ApplicationKind.INITIAL,
        organization=organization,
        by=by,
        made_by=made_by,
        applies_as=applies_as,
        product_group=product_group,
        product_group_version=group(product_group).version,
        # One that was begun from an earlier application or a listing says something already.
        product_name="",
    )
    return untouched or start_application(
        organization=organization, product_group=product_group, by=by, made_by=made_by, applies_as=applies_as
    )


def untouched_draft(
    *, kind: ApplicationKind, organization: Organization, by: "User", **about: Any
) -> Application | None:
    """The draft of `by` in which nothing was said yet, with the fields `about`: a double click begins one."""
    # Of two clicks at once the second waits here and finds the draft of the first.
    list(Representation.objects.select_for_update().filter(user=by, ended_at=None))
    return Application.objects.filter(
        kind=kind,
        organization=organization,
        created_by=by,
        status__in=EDITABLE,
        discarded_at=None,
        version=1,
        **about,
    ).first()


@transaction.atomic
def open_draft(*, application: Application, seen_version: int | None) -> Application:
    """The draft, locked for writing. Raises NotFromHere when it is none any more, Stale when it was changed since."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.status not in EDITABLE:
        raise NotFromHere("The application was submitted and cannot be changed any more.")
    if application.discarded_at is not None:
        raise NotFromHere("The draft was discarded. Put it back to go on with it.")
    if seen_version is not None and application.version != seen_version:
        raise Stale(
            "Somebody saved this application after you opened the page. Your text is still here: "
            "compare, then save again."
        )
    return application


def count_change(application: Application, *, section: str) -> None:
    """Save the draft as changed. A signature attests what was there when it was given, so a later change undoes it."""
    application.version += 1
    if section != "signature":
        application.attested = False
        application.signed_at = None
    application.save()


@transaction.atomic
def save_section(
    *, application: Application, section: str, values: Mapping[str, Any], seen_version: int
) -> Application:
    """Save the plain fields of one section, complete or not. Raises NotFromHere or Stale."""
    application = open_draft(application=application, seen_version=seen_version)
    for name in SECTION_FIELDS[section]:
        setattr(application, name, _clean(values[name]))
    if section == "signature":
        application.signed_at = timezone.now() if application.attested else None
    count_change(application, section=section)
    return application


@transaction.atomic
def save_product(
    *,
    application: Application,
    values: Mapping[str, Any],
    model_numbers: Iterable[str],
    codes: Iterable[Code],
    seen_version: int,
) -> Application:
    """Save section B: the product, its model numbers (the same one twice counts once) and the codes requested."""
    application = save_section(application=application, section="product", values=values, seen_version=seen_version)
    numbers: dict[str, str] = {}
    for number in map(clean_text, model_numbers):
        if normalized := normalize_model_number(number):
            numbers.setdefault(normalized, " ".join(number.split()))
    application.models.exclude(normalized__in=numbers).delete()
    for normalized, number in numbers.items():
        application.models.update_or_create(normalized=normalized, defaults={"model_number": number})
    wanted = list(codes)
    application.requested_codes.exclude(code__in=wanted).delete()
    for code in wanted:
        application.requested_codes.get_or_create(code=code)
    # A size asks only for codes that the application asks for.
    ApplicationModel.codes.through.objects.filter(applicationmodel__application=application).exclude(
        code__in=wanted
    ).delete()
    return application


@transaction.atomic
def save_answers(*, application: Application, answers: Mapping[str, Any], seen_version: int) -> Application:
    """Save section C, the answers to the product group's questions, complete or not."""
    application = open_draft(application=application, seen_version=seen_version)
    application.answers = _clean(dict(answers))
    count_change(application, section="questions")
    return application


@transaction.atomic
def discard_draft(*, application: Application, seen_version: int) -> None:
    """Put a draft aside: it is in no list and cannot be written or submitted. Nothing of it is lost.

    Twice is once. Raises NotFromHere when it was submitted, Stale when it was changed since.
    """
    now = Application.objects.select_for_update().get(pk=application.pk)
    if now.is_draft and now.discarded_at is not None:
        return
    now = open_draft(application=now, seen_version=seen_version)
    now.discarded_at = timezone.now()
    now.save(update_fields=["discarded_at"])


@transaction.atomic
def put_back_draft(*, application: Application) -> None:
    """Undo discard_draft: the draft is as it was, its signature included. Of one that is not discarded, nothing.

    Raises NotFromHere for a reconsideration while another one of the same determination is open or decided.
    """
    try:
        with transaction.atomic():
            Application.objects.filter(pk=application.pk).update(discarded_at=None)
    except IntegrityError as error:
        raise NotFromHere(
            "There is another reconsideration of this determination, so this draft stays discarded. Its text is kept."
        ) from error


def _clean(value: Any) -> Any:
    """`value` with every text in it as `clean_text` leaves it."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list | tuple) else value

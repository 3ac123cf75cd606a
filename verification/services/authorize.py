"""Authorizations: asked for by a representative or given by a manufacturer, confirmed, ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from pcl.dates import day_in_words, refuse_implausible_day
from pcl.errors import RegisterError
from pcl.models import Organization
from pcl.queries.organization_names import find_look_alike, find_organization
from pcl.services.organizations import create_organization, lock_organization_names, refuse_impossible_name
from pcl.uploads import NotStoredError, storing
from verification.models import AccessAct, Authorization, Capacity, Ending
from verification.models.application import ApplicationKind
from verification.queries.representation import administrators_of, authorizations_between, family_of
from verification.services.access_log import note
from verification.services.tell_authorization import tell_of_answer, tell_of_end, tell_of_request
from verification.services.uploads import UploadRefused, check_upload

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_FILE_NAME = 255


@dataclass(frozen=True)
class Terms:
    """What is allowed: in which capacity, from which day to which, both inclusive, US Eastern, and for what."""

    begins: date
    until: date | None = None
    """None: until it is ended."""
    capacity: Capacity = Capacity.REPRESENTATIVE
    kinds: tuple[str, ...] = field(default=())
    """Of ApplicationKind; empty: all of them."""
    document: UploadedFile | None = None
    """The manufacturer's letter."""


@transaction.atomic
def give_authorization(*, manufacturer: Organization, name: str, terms: Terms, by: "User") -> Authorization:
    """`by`, who administers `manufacturer`, lets the organization of that name apply for it, from the first day on.

    Raises RegisterError where nobody with an account acts under that name, and for days that cannot be meant.
    """
    _refuse_stranger(by, manufacturer)
    representative = find_organization(name)
    if representative is None or not administrators_of(representative).exists():
        raise RegisterError(
            f"Nobody with an account here acts for “{' '.join(name.split())}”. Ask them to create an account and to "
            "name their organization; then give the authorization under exactly that name."
        )
    authorization = _create(manufacturer, representative, "", terms, by)
    authorization.confirmed_by = by
    authorization.confirmed_at = timezone.now()
    authorization.save(update_fields=["confirmed_by", "confirmed_at"])
    note(AccessAct.AUTHORIZATION_CONFIRMED, by=by, authorization=authorization)
    tell_of_answer(authorization, "confirmed", by=by)
    return authorization


@transaction.atomic
def ask_for_authorization(*, representative: Organization, name: str, terms: Terms, by: "User") -> Authorization:
    """`by`, who administers `representative`, asks the organization of that name to be allowed to apply for it.

    Its administrators answer; where nobody with an account administers it, the contractor does, on the document that is
    then required. Raises RegisterError, also where the register knows an organization by almost that name.
    """
    _refuse_stranger(by, representative)
    refuse_impossible_name(name)
    manufacturer = find_organization(name)
    alike = None if manufacturer else find_look_alike(name)
    if alike is not None:
        raise RegisterError(f"The register knows “{alike.name}”. Write it like that if you mean it.")
    if (manufacturer is None or not administrators_of(manufacturer).exists()) and terms.document is None:
        raise RegisterError(
            f"Nobody with an account here acts for “{' '.join(name.split())}”, so the contractor answers. "
            "Attach the manufacturer's letter of authorization."
        )
    authorization = _create(manufacturer, representative, " ".join(name.split()), terms, by)
    tell_of_request(authorization)
    return authorization


def _create(
    manufacturer: Organization | None, representative: Organization, asked_name: str, terms: Terms, by: "User"
) -> Authorization:
    _refuse_days(terms)
    waiting = Authorization.objects.filter(representative=representative, confirmed_at=None, ended_at=None)
    if manufacturer is None and waiting.filter(asked_name__iexact=asked_name, capacity=terms.capacity).exists():
        raise RegisterError("This was asked for already and waits for an answer.")
    if manufacturer is not None:
        if manufacturer.pk in family_of(representative):
            raise RegisterError("An organization needs no authorization to act for itself.")
        # Of two clicks at once the second waits here and finds the first.
        list(
            Organization.objects.select_for_update().filter(pk__in=(manufacturer.pk, representative.pk)).order_by("pk")
        )
        open_ones = authorizations_between(manufacturer, representative).filter(capacity=terms.capacity, ended_at=None)
        if open_ones.filter(confirmed_at=None).exists():
            raise RegisterError("This was asked for already and waits for an answer.")
        if _same(open_ones, terms):
            raise RegisterError("There is an authorization for the same days and applications already.")
    authorization = Authorization(
        manufacturer=manufacturer,
        asked_name=asked_name,
        representative=representative,
        capacity=terms.capacity,
        kinds=sorted(kind for kind in terms.kinds if kind in ApplicationKind.values),
        begins=terms.begins,
        until=terms.until,
        asked_by=by,
    )
    if terms.document is not None:
        _keep_document(authorization, terms.document)
    authorization.save()
    note(AccessAct.AUTHORIZATION_ASKED, by=by, authorization=authorization)
    return authorization


def _same(open_ones: Iterable[Authorization], terms: Terms) -> bool:
    return any(
        (each.begins, each.until, tuple(each.kinds)) == (terms.begins, terms.until, tuple(sorted(terms.kinds)))
        for each in open_ones
    )


def _refuse_days(terms: Terms) -> None:
    refuse_implausible_day(terms.begins)
    if terms.until is None:
        return
    refuse_implausible_day(terms.until)
    if terms.until < terms.begins:
        raise RegisterError("The last day is before the first. Give a last day on or after it, or none.")
    if terms.until < timezone.localdate():
        raise RegisterError(
            f"The last day, {day_in_words(terms.until)}, has passed already. Give a later one, or none."
        )


def _keep_document(authorization: Authorization, upload: UploadedFile) -> None:
    try:
        checked = check_upload(upload)
        with storing(upload):
            authorization.file = default_storage.save(f"authorizations/{uuid4().hex}{checked.ending}", upload)
    except (UploadRefused, NotStoredError) as error:
        raise RegisterError(str(error)) from error
    authorization.file_name = (upload.name or "document")[-LONGEST_FILE_NAME:]
    authorization.content_type = checked.content_type
    authorization.sha256 = checked.sha256


@transaction.atomic
def confirm_authorization(*, authorization: Authorization, by: "User") -> Authorization:
    """The manufacturer's administrator, or the contractor where it has none, lets the representative apply.

    Raises RegisterError once it was answered, after its last day, and to anybody else.
    """
    authorization = _unanswered(authorization, by)
    if authorization.until is not None and authorization.until < timezone.localdate():
        raise RegisterError("Its last day has passed. Refuse it; they can ask again.")
    if authorization.manufacturer is None:
        lock_organization_names()
        name = authorization.asked_name
        authorization.manufacturer = find_organization(name) or create_organization(name=name)
        if authorization.manufacturer.pk in family_of(authorization.representative):
            raise RegisterError("The two are one organization by now. Refuse it.")
    authorization.confirmed_by = by
    authorization.confirmed_at = timezone.now()
    authorization.confirmed_by_contractor = bool(by.roles)
    authorization.save()
    note(AccessAct.AUTHORIZATION_CONFIRMED, by=by, authorization=authorization)
    tell_of_answer(authorization, "confirmed", by=by)
    return authorization


@transaction.atomic
def refuse_authorization(*, authorization: Authorization, by: "User") -> Authorization:
    """The manufacturer's administrator, or the contractor, says no. Raises RegisterError once it was answered."""
    authorization = _unanswered(authorization, by)
    _end(authorization, Ending.REFUSED, by)
    note(AccessAct.AUTHORIZATION_REFUSED, by=by, authorization=authorization)
    tell_of_answer(authorization, "refused", by=by)
    return authorization


@transaction.atomic
def end_authorization(*, authorization: Authorization, by: "User") -> Authorization:
    """From now on the representative's people do not see the manufacturer's applications.

    Revoked by the manufacturer's administrator (or the contractor, on its word), given up by the representative's; what
    was not confirmed yet is taken back. Raises RegisterError when it has ended already, and to anybody else.
    """
    authorization = _locked(authorization)
    if authorization.ended_at is not None:
        raise RegisterError("This has ended already.")
    is_given_up = by in administrators_of(authorization.representative)
    if not is_given_up:
        _refuse_who_may_not_answer(authorization, by)
    if authorization.confirmed_at is None:
        if not is_given_up:
            raise RegisterError("This waits for an answer. Refuse it instead.")
        ending, act = Ending.TAKEN_BACK, AccessAct.AUTHORIZATION_TAKEN_BACK
    elif is_given_up and not _speaks_for_manufacturer(authorization, by):
        ending, act = Ending.GIVEN_UP, AccessAct.AUTHORIZATION_GIVEN_UP
    else:
        ending, act = Ending.REVOKED, AccessAct.AUTHORIZATION_REVOKED
    _end(authorization, ending, by)
    note(act, by=by, authorization=authorization)
    if ending != Ending.TAKEN_BACK:
        tell_of_end(authorization, by=by)
    return authorization


def _end(authorization: Authorization, ending: Ending, by: "User") -> None:
    authorization.ending = ending
    authorization.ended_at = timezone.now()
    authorization.ended_by = by
    authorization.save(update_fields=["ending", "ended_at", "ended_by"])


def _locked(authorization: Authorization) -> Authorization:
    rows = Authorization.objects.select_for_update(of=("self",)).select_related("manufacturer", "representative")
    return rows.get(pk=authorization.pk)


def _unanswered(authorization: Authorization, by: "User") -> Authorization:
    """Locked, for somebody who may answer it. Of two who answer at once the second is told."""
    authorization = _locked(authorization)
    _refuse_who_may_not_answer(authorization, by)
    if authorization.confirmed_at is not None or authorization.ended_at is not None:
        raise RegisterError("This request has been answered already.")
    return authorization


def _refuse_who_may_not_answer(authorization: Authorization, by: "User") -> None:
    if _speaks_for_manufacturer(authorization, by):
        return
    if not by.roles:
        raise RegisterError(f"Only an administrator of {authorization.principal_name} can do this.")
    if authorization.manufacturer is not None and administrators_of(authorization.manufacturer).exists():
        raise RegisterError(f"{authorization.manufacturer.name} has administrators of its own, who answer this.")
    if not authorization.file:
        raise RegisterError("There is no document to go by.")


def _speaks_for_manufacturer(authorization: Authorization, by: "User") -> bool:
    return authorization.manufacturer is not None and by in administrators_of(authorization.manufacturer)


def _refuse_stranger(by: "User", organization: Organization) -> None:
    if by not in administrators_of(organization):
        raise RegisterError(f"Only an administrator of {organization.name} can do this.")

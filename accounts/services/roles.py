"""Who may do what for the contractor: granted, revoked, and accounts closed and opened again; each with its reason.

The rooms above know what speaks against it (somebody acts for an applicant; reviews are open): they say so through
`object_to_granting` and `object_to_losing` when they are loaded.
"""

from collections.abc import Callable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccountEvent, EventKind, Role, RoleAssignment, User
from accounts.services.sessions import end_sessions


class RoleRefused(ValueError):
    """What cannot be done. Its text says why and what to do."""


# Given the person and the role; answers with what speaks against it, or nothing.
Objection = Callable[[User, str], str]
_against_granting: dict[str, Objection] = {}
_against_losing: dict[str, Objection] = {}


def object_to_granting(name: str, objection: Objection) -> None:
    _against_granting[name] = objection


def object_to_losing(name: str, objection: Objection) -> None:
    _against_losing[name] = objection


@transaction.atomic
def grant_role(*, user: User, role: Role, reason: str, by: User | None) -> RoleAssignment:
    """Let `user` act as `role` from now on, and tell them by mail. by=None: somebody at the server's command line.

    Raises RoleRefused: nobody grants a role to themselves, an auditor holds no other, a closed account none.
    """
    user = _locked(user)
    reason = _stated(reason)
    if by is not None and by.pk == user.pk:
        raise RoleRefused("Nobody grants a role to themselves. Ask another administrator.")
    if not user.is_active:
        raise RoleRefused(f"{user} cannot sign in: the account is deactivated. Reactivate it first.")
    if user.has_role(role):
        raise RoleRefused(f"{user} is {_a(role)} already.")
    refuse_auditor_beside_others({*user.roles, role})
    for objection in _against_granting.values():
        if against := objection(user, role):
            raise RoleRefused(against)
    assignment = give_role(user, role, reason=reason, by=by)
    _tell(user, "granted", [role])
    return assignment


def give_role(user: User, role: Role, *, reason: str, by: User | None, **about: object) -> RoleAssignment:
    """Without asking what speaks against it, and without a mail: grant_role and accept_invitation do."""
    assignment = RoleAssignment.objects.create(user=user, role=role, granted_by=by)
    if role == Role.ADMINISTRATOR:
        user.is_staff = user.is_superuser = True
        user.save(update_fields=["is_staff", "is_superuser"])
    AccountEvent.objects.create(
        kind=EventKind.ROLE_GRANTED, by=by, person=user, reason=reason, about={"role": role.value, **about}
    )
    return assignment


@transaction.atomic
def revoke_role(*, user: User, role: Role, reason: str, by: User) -> None:
    """From now on `user` may not act as `role`, and has to sign in anew.

    Raises RoleRefused for the last administrator, and for what is open.
    """
    user = _locked(user)
    if not user.has_role(role):
        raise RoleRefused(f"{user} is not {_a(role)}.")
    _end_roles(user, [role], _stated(reason), by)
    end_sessions(user)
    _tell(user, "revoked", [role])


@transaction.atomic
def deactivate(*, user: User, reason: str, by: User) -> None:
    """Close the account: no sign-in, no role, no API key in use. Raises RoleRefused as `revoke_role` does."""
    user = _locked(user)
    reason = _stated(reason)
    if by.pk == user.pk:
        raise RoleRefused("Nobody deactivates their own account. Ask another administrator.")
    if not user.is_active:
        raise RoleRefused(f"The account of {user} is deactivated already.")
    roles = [Role(role) for role in sorted(user.roles)]
    _end_roles(user, roles, reason, by)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    AccountEvent.objects.create(kind=EventKind.DEACTIVATED, by=by, person=user, reason=reason)
    _tell(user, "deactivated", roles)


@transaction.atomic
def reactivate(*, user: User, reason: str, by: User) -> None:
    """Let the person sign in again, without any role: those are granted anew."""
    user = _locked(user)
    if user.is_active:
        raise RoleRefused(f"{user} can sign in already.")
    user.is_active = True
    user.save(update_fields=["is_active"])
    AccountEvent.objects.create(kind=EventKind.REACTIVATED, by=by, person=user, reason=_stated(reason))
    _tell(user, "reactivated", [])


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _stated(reason: str) -> str:
    if not reason.strip():
        raise RoleRefused("Say why: it stays in the log.")
    return reason.strip()


def refuse_auditor_beside_others(roles: set[str]) -> None:
    """Raises RoleRefused where `roles` name an auditor and something else."""
    if Role.AUDITOR in roles and len(roles) > 1:
        others = ", ".join(Role(role).label.lower() for role in sorted(roles - {Role.AUDITOR}))
        raise RoleRefused(f"An auditor changes nothing, so the role goes with no other ({others}). Revoke one first.")


def _end_roles(user: User, roles: list[Role], reason: str, by: User) -> None:
    for role in roles:
        for objection in _against_losing.values():
            if against := objection(user, role):
                raise RoleRefused(against)
    if Role.ADMINISTRATOR in roles:
        # Two administrators who revoke each other's role at once: one waits here, and finds the other's gone.
        administrators = RoleAssignment.objects.select_for_update(of=("self",)).filter(
            role=Role.ADMINISTRATOR, revoked_at=None, user__is_active=True
        )
        if {each.user_id for each in administrators.order_by("pk")} == {user.pk}:
            raise RoleRefused(f"{user} is the last administrator. Make somebody else one first.")
        user.is_staff = user.is_superuser = False
        user.save(update_fields=["is_staff", "is_superuser"])
    for role in roles:
        RoleAssignment.objects.filter(user=user, role=role, revoked_at=None).update(revoked_at=timezone.now())
        AccountEvent.objects.create(
            kind=EventKind.ROLE_REVOKED, by=by, person=user, reason=reason, about={"role": role.value}
        )


def _a(role: str) -> str:
    label = Role(role).label.lower()
    return f"{'an' if label[0] in 'aeiou' else 'a'} {label}"


SUBJECTS = {
    "granted": "You were given a role in the PCL Registry",
    "revoked": "A role of yours in the PCL Registry has ended",
    "deactivated": "Your account at the PCL Registry was closed",
    "reactivated": "Your account at the PCL Registry is open again",
}


def _tell(user: User, what: str, roles: list[Role]) -> None:
    """In the caller's transaction. The reason stays in the log: a mail may be read by others."""
    context = {
        "user": user,
        "roles": [_a(role) for role in roles],
        "link": settings.SITE_URL + reverse("account_login"),
    }
    send_mail(SUBJECTS[what], render_to_string(f"accounts/mail/role_{what}.txt", context), None, [user.email])
